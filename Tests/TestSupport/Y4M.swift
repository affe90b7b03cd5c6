// Videos written by hand, uncompressed: nothing of the program under test makes its own input.

/// YUV4MPEG2: a line of text, then frames.
public enum Y4M {
    /// Frames in full colour resolution, BT.601 at limited range, from bytes of luma; colours are neutral, so that grey is
    /// what is shown: 16 is black, 235 white.
    public static func gray(
        frames: Int, height: Int, width: Int, rate: Int = 25, luma: (_ frame: Int, _ y: Int, _ x: Int) -> UInt8
    ) -> [UInt8] {
        var file = Array("YUV4MPEG2 W\(width) H\(height) F\(rate):1 Ip A1:1 C444\n".utf8)
        let neutral = [UInt8](repeating: 128, count: 2 * height * width)
        for frame in 0..<frames {
            file += Array("FRAME\n".utf8)
            for y in 0..<height { for x in 0..<width { file.append(luma(frame, y, x)) } }
            file += neutral
        }
        return file
    }
}
