// Practice data: synthetic clips named like RAVDESS's, so that everything can be tried, and tested, without a download. The
// bits of a voice, and of the frames of a face, depend on the seed and the clip's name alone, on every processor; those of
// an .mp4 file on libav's encoders too.

internal import Foundation
internal import Media
internal import Tensors

/// Makes practice recordings.
public enum PracticeSpeech {
    /// Hz.
    public static let sampleRate = 16_000

    /// How many clips there will be: neutral has one intensity, the seven other emotions have two; two statements each.
    public static func count(actors: Int, repetitions: Int) -> Int { actors * 30 * repetitions }

    /// Writes `Actor_NN/03-01-EE-II-SS-RR-AA.wav`, 16-bit mono, below `directory`; with faces,
    /// `Actor_NN/01-01-EE-II-SS-RR-AA.mp4` beside each.
    /// - Parameters:
    ///   - actors: 1 to 99.
    ///   - repetitions: of each sentence, 1 to 99.
    ///   - faces: how the faces are filmed; nil for voices alone.
    ///   - jobs: how many clips are made at once.
    ///   - progress: is told after each clip how many are written.
    /// - Returns: the number of clips.
    /// - Throws: `MediaError` where a file cannot be written, `MediaRequestFailure` where a video cannot be made.
    /// - Precondition: the numbers are in their ranges.
    @discardableResult
    public static func write(
        to directory: String, actors: Int, repetitions: Int = 1, seed: Int = 0, faces: PracticeVideo? = nil,
        jobs: Int = 1, progress: @escaping @Sendable (Int) -> Void = { _ in }
    ) throws -> Int {
        precondition((1...99).contains(actors) && (1...99).contains(repetitions) && jobs > 0)
        var all = [Clip]()
        for actor in 1...actors {
            try MediaWriter.makeDirectory(directory + "/" + folder(of: actor))
            all += clips(of: actor, repetitions: repetitions)
        }
        let clips = all
        let work = Lock(Work())
        DispatchQueue.concurrentPerform(iterations: min(jobs, clips.count)) { _ in
            do {
                let encoder = try faces.map { _ in try Mp4Encoder() }
                while let index = work.withLock({ $0.next(below: clips.count) }) {
                    let clip = clips[index]
                    let path = directory + "/" + folder(of: clip.actor) + "/"
                    let samples = samples(of: clip, seed: seed)
                    try MediaWriter.write(wav(samples, sampleRate: sampleRate), to: path + clip.name + ".wav")
                    if let faces, let encoder {
                        try MediaWriter.write(
                            faces.file(of: clip, seed: seed, sound: samples, by: encoder),
                            to: path + clip.faceName + ".mp4")
                    }
                    progress(work.withLock { $0.finished() })
                }
            } catch {
                work.withLock { $0.failure = $0.failure ?? error }
            }
        }
        if let failure = work.withLock({ $0.failure }) { throw failure }
        return clips.count
    }

    /// Which clips are taken and made.
    private struct Work {
        private var taken = 0
        private var done = 0
        var failure: (any Error)?

        mutating func next(below count: Int) -> Int? {
            guard failure == nil, taken < count else { return nil }
            taken += 1
            return taken - 1
        }

        mutating func finished() -> Int {
            done += 1
            return done
        }
    }

    private static func folder(of actor: Int) -> String { "Actor_" + twoDigits(actor) }

    /// A clip by the fields of its name, counted from 1.
    struct Clip {
        let emotion: Int
        let intensity: Int
        let statement: Int
        let repetition: Int
        let actor: Int

        /// The voice alone.
        var name: String { "03-" + recording }

        /// Face and voice.
        var faceName: String { "01-" + recording }

        private var recording: String {
            "01-"
                + [emotion, intensity, statement, repetition, actor].map(PracticeSpeech.twoDigits).joined(
                    separator: "-")
        }
    }

    static func clips(of actor: Int, repetitions: Int) -> [Clip] {
        var clips = [Clip]()
        for emotion in 1...8 {
            for intensity in 1...(emotion == 1 ? 1 : 2) {
                for statement in 1...2 {
                    for repetition in 1...repetitions {
                        clips.append(
                            Clip(
                                emotion: emotion, intensity: intensity, statement: statement, repetition: repetition,
                                actor: actor))
                    }
                }
            }
        }
        return clips
    }

    static func samples(of clip: Clip, seed: Int) -> [Int16] {
        var performance = Performance(of: clip, seed: seed)
        return performance.samples()
    }

    static func stream(_ name: String, _ seed: Int) -> RandomStream {
        RandomStream(named: Digest(of: .array([.text("practice speech"), .int(seed), .text(name)])))
    }

    static func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : String(number) }
}

/// A clip as it is spoken: by whom, how, and when each syllable.
struct Performance {
    let voice: PracticeVoice
    let expression: Expression
    let utterance: Utterance
    private var stream: RandomStream

    init(of clip: PracticeSpeech.Clip, seed: Int) {
        var actorStream = PracticeSpeech.stream("actor \(clip.actor)", seed)
        voice = PracticeVoice(actor: clip.actor, &actorStream)
        stream = PracticeSpeech.stream(clip.name, seed)
        let strength = voice.liveliness * (clip.intensity == 2 ? 1.35 : 1)
        expression = Expression.emotions[clip.emotion - 1].scaled(strength).varied(by: 0.45, &stream)
        utterance = Utterance(
            Syllable.statements[clip.statement - 1], slowness: expression.slowness, &stream)
    }

    mutating func samples() -> [Int16] {
        let sound = synthesize(
            utterance, by: voice, as: expression, sampleRate: PracticeSpeech.sampleRate, &stream)
        return sound.map { Int16(($0 * 32_000).rounded()) }
    }
}
