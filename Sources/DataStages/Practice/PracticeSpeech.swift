// Practice data: synthetic clips named like RAVDESS's, so that everything can be tried, and tested, without a download. The
// bits depend on the seed and the clip's name alone, on every processor.

public import Media
internal import Tensors

/// Makes practice recordings.
public enum PracticeSpeech {
    /// Hz.
    public static let sampleRate = 16_000

    /// How many clips there will be: neutral has one intensity, the seven other emotions have two; two statements each.
    public static func count(actors: Int, repetitions: Int) -> Int { actors * 30 * repetitions }

    /// Writes `Actor_NN/03-01-EE-II-SS-RR-AA.wav`, 16-bit mono, below `directory`.
    /// - Parameters:
    ///   - actors: 1 to 99.
    ///   - repetitions: of each sentence, 1 to 99.
    ///   - progress: is told how many clips are written.
    /// - Returns: the number of clips.
    /// - Precondition: both numbers are in their ranges.
    @discardableResult
    public static func write(
        to directory: String, actors: Int, repetitions: Int = 1, seed: Int = 0, progress: (Int) -> Void = { _ in }
    ) throws(MediaError) -> Int {
        precondition((1...99).contains(actors) && (1...99).contains(repetitions))
        var written = 0
        for actor in 1...actors {
            let folder = directory + "/Actor_" + twoDigits(actor)
            try MediaWriter.makeDirectory(folder)
            for clip in clips(of: actor, repetitions: repetitions) {
                try MediaWriter.write(
                    wav(samples(of: clip, seed: seed), sampleRate: sampleRate), to: folder + "/" + clip.name + ".wav")
                written += 1
                progress(written)
            }
        }
        return written
    }

    /// A clip by the fields of its name, counted from 1.
    struct Clip {
        let emotion: Int
        let intensity: Int
        let statement: Int
        let repetition: Int
        let actor: Int

        var name: String {
            "03-01-"
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
