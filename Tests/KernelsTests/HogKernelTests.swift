import Kernels
import Tensors
import Testing

/// The kernels of histograms of oriented gradients. Their twin with an arctangent a voxel is in Hog3dTests.
struct HogKernelTests {
    @Test("grey holds the exact sum and how NumPy's differs", arguments: [1, 2, 7, 8, 9, 10, 31, 33], [3, 4])
    func grey(_ width: Int, _ channels: Int) {
        var stream = RandomStream(named: Digest(of: .array([.text("grey"), .int(width)])))
        let rows = 5
        let pixels = (0..<rows * width * channels).map { _ in UInt8(stream.uniform() * 256) }
        let stride = (width + 15) / 16 * 16 + 2
        var grey = [Int32](repeating: -1, count: rows * stride)
        kernel_hog_grey(pixels, rows, width, channels, stride, &grey)
        for row in 0..<rows {
            let line = grey[row * stride..<(row + 1) * stride].map(\.self)
            for x in 0..<width {
                let place = (row * width + x) * channels
                let (red, green, blue) = (Int(pixels[place]), Int(pixels[place + 1]), Int(pixels[place + 2]))
                let exact = 2989 * red + 5870 * green + 1140 * blue
                let redAndGreen = 0.2989 * Double(red) + 0.5870 * Double(green)
                #expect((Int(line[1 + x]) + 128) >> 8 == exact)
                #expect(kernel_hog_value(line[1 + x], 1e-4) == redAndGreen + 0.1140 * Double(blue))
            }
            #expect(line[0] == line[1])
            #expect(line[(width + 1)...].allSatisfy { $0 == line[width] })
        }
    }

    @Test("all colours hold NumPy's sum") func colours() {
        var (grey, wrong) = ([Int32](repeating: 0, count: 258), 0)
        for red in stride(from: 0, through: 255, by: 5) {
            for green in stride(from: 0, through: 255, by: 3) {
                let pixels = (0..<256).flatMap { [UInt8(red), UInt8(green), UInt8($0)] }
                kernel_hog_grey(pixels, 1, 256, 3, 258, &grey)
                for blue in 0..<256 {
                    let redAndGreen = 0.2989 * Double(red) + 0.5870 * Double(green)
                    if kernel_hog_value(grey[1 + blue], 1e-4) != redAndGreen + 0.1140 * Double(blue) { wrong += 1 }
                }
            }
        }
        #expect(wrong == 0)
    }

    @Test("one channel passes as it is") func values() {
        var grey = [Int32](repeating: 0, count: 18)
        kernel_hog_grey([7, 255, 0], 1, 3, 1, 18, &grey)
        #expect(grey.prefix(4).map { kernel_hog_value($0, 1) } == [7, 7, 255, 0])
        #expect(grey[4...].allSatisfy { $0 == 0 })
    }
}
