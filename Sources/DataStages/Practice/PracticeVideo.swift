// The pictures of a practice clip.

internal import Tensors

enum PracticeVideo {
    /// Frames a second.
    static let rate = 25

    static func frames(of clip: PracticeSpeech.Clip, seed: Int, width: Int, height: Int) -> [UInt8] {
        let performance = Performance(of: clip, seed: seed)
        var actorStream = stream("actor \(clip.actor)", seed)
        let face = PracticeFace(actor: clip.actor, &actorStream)
        var clipStream = stream(clip.name, seed)
        let strength = face.liveliness * (clip.intensity == 2 ? 1.25 : 0.9)
        let expression = FaceExpression.emotions[clip.emotion - 1].scaled(strength).varied(by: 0.3, &clipStream)
        let motion = FaceMotion(
            performance.utterance, voice: performance.expression, face: face, expression: expression, &clipStream)
        var drawing = FaceDrawing(face, width: width, height: height)
        // As long as the voice, to the end of its last frame.
        let count = Int((performance.utterance.duration * Double(rate)).rounded(.up))
        var frames = [UInt8]()
        frames.reserveCapacity(count * width * height * 3)
        for number in 0..<count {
            drawing.draw(motion.pose(at: (Double(number) + 0.5) / Double(rate)))
            frames += drawing.picture
        }
        return frames
    }

    private static func stream(_ name: String, _ seed: Int) -> RandomStream {
        RandomStream(named: Digest(of: .array([.text("practice face"), .int(seed), .text(name)])))
    }
}
