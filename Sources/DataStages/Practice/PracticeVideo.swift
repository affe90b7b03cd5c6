// The face of a practice clip as a video: drawn frame by frame, and encoded with the voice.

internal import Media
internal import Tensors

/// How practice faces are filmed.
public struct PracticeVideo: Sendable, Hashable {
    /// Pixels; both even, as the encoders need it.
    public let width, height: Int
    /// Frames a second.
    public static let rate = 25

    public static let widths = 64...1280
    public static let heights = 36...720

    /// A size like `320x180`; nil where it is none, or odd, or out of range.
    public init?(size: String) {
        let parts = size.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
        guard parts.count == 2, let width = parts[0], let height = parts[1] else { return nil }
        self.init(width: width, height: height)
    }

    public init?(width: Int, height: Int) {
        guard Self.widths.contains(width), Self.heights.contains(height), width % 2 == 0, height % 2 == 0 else {
            return nil
        }
        (self.width, self.height) = (width, height)
    }

    /// The bytes of an .mp4 file.
    func file(
        of clip: PracticeSpeech.Clip, seed: Int, sound samples: [Int16], by encoder: Mp4Encoder
    ) throws -> [UInt8] {
        let pixels = frames(of: clip, seed: seed)
        let frames = Tensor(
            .uint8(pixels), shape: [pixels.count / (width * height * 3), height, width, 3],
            axes: ["time", "height", "width", "channel"])
        let sound = Tensor(
            .float32(samples.map { Float($0) / 32_768 }), shape: [samples.count], axes: ["time"],
            attributes: ["sample_rate": .int(PracticeSpeech.sampleRate)])
        return try encoder.encode(frames: frames, rate: Double(Self.rate), sound: sound)
    }

    /// The frames, one after another, row by row, three bytes a pixel.
    func frames(of clip: PracticeSpeech.Clip, seed: Int) -> [UInt8] {
        let performance = Performance(of: clip, seed: seed)
        let (face, motion) = Self.motion(of: clip, performance, seed: seed)
        var drawing = FaceDrawing(face, width: width, height: height)
        // As long as the voice, to the end of its last frame.
        let count = Int((performance.utterance.duration * Double(Self.rate)).rounded(.up))
        var frames = [UInt8]()
        frames.reserveCapacity(count * width * height * 3)
        for number in 0..<count {
            drawing.draw(motion.pose(at: (Double(number) + 0.5) / Double(Self.rate)))
            frames += drawing.picture
        }
        return frames
    }

    static func motion(
        of clip: PracticeSpeech.Clip, _ performance: Performance, seed: Int
    ) -> (PracticeFace, FaceMotion) {
        var actorStream = stream("actor \(clip.actor)", seed)
        let face = PracticeFace(actor: clip.actor, &actorStream)
        var clipStream = stream(clip.name, seed)
        let strength = face.liveliness * (clip.intensity == 2 ? 1.25 : 0.9)
        let expression = FaceExpression.emotions[clip.emotion - 1].scaled(strength).varied(by: 0.3, &clipStream)
        return (
            face,
            FaceMotion(
                performance.utterance, voice: performance.expression, face: face, expression: expression, &clipStream)
        )
    }

    private static func stream(_ name: String, _ seed: Int) -> RandomStream {
        RandomStream(named: Digest(of: .array([.text("practice face"), .int(seed), .text(name)])))
    }
}
