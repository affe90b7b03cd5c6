// Who speaks, and how: actors differ in pitch, vocal tract and liveliness, emotions in pitch, melody, tempo, loudness and
// the strength of the upper partials. The directions follow what is known of acted speech (Banse and Scherer 1996); the
// distances are chosen so that emotions can be told apart for a new actor often, and not always.

internal import Tensors

/// How an emotion moves a voice away from neutral.
struct Expression {
    /// Octaves.
    var pitch = 0.0
    /// Octaves between the accents and the floor of the melody.
    var range = 0.12
    /// Octaves from the first syllable to the last.
    var slope = -0.1
    /// Octaves of duration: above 0 is slower.
    var slowness = 0.0
    /// Decibels.
    var level = 0.0
    /// Of the upper partials: octaves of the cut-off.
    var brightness = 0.0
    /// The share of breath in the voice.
    var breath = 0.03
    /// Octaves by which the vowels' first formant is moved: open or narrow.
    var openness = 0.0
    /// How unsteady the pitch is, in octaves.
    var tremor = 0.005

    /// In the order of RAVDESS's emotions.
    static let emotions = [
        Expression(),
        Expression(
            pitch: -0.08, range: 0.08, slope: -0.12, slowness: 0.12, level: -2.5, brightness: -0.35, breath: 0.05,
            openness: 0.08),
        Expression(pitch: 0.35, range: 0.4, slope: 0.02, slowness: -0.1, level: 3, brightness: 0.45, openness: 0.16),
        Expression(
            pitch: -0.12, range: 0.06, slope: -0.22, slowness: 0.28, level: -7, brightness: -0.8, breath: 0.16,
            openness: -0.2),
        Expression(
            pitch: 0.25, range: 0.3, slope: -0.2, slowness: -0.15, level: 8, brightness: 0.9, breath: 0.02,
            openness: 0.22),
        Expression(
            pitch: 0.5, range: 0.18, slope: 0.06, slowness: -0.25, level: 1, brightness: 0.15, breath: 0.12,
            openness: -0.08,
            tremor: 0.03),
        Expression(
            pitch: -0.15, range: 0.25, slope: -0.3, slowness: 0.15, level: 2, brightness: 0.35, openness: -0.25,
            tremor: 0.02),
        Expression(
            pitch: 0.55, range: 0.6, slope: 0.35, slowness: 0.0, level: 4, brightness: -0.05, breath: 0.08,
            openness: 0.34),
    ]

    /// The expression, that much further from neutral.
    func scaled(_ factor: Double) -> Expression {
        let neutral = Expression()
        func moved(_ path: KeyPath<Expression, Double>) -> Double {
            neutral[keyPath: path] + (self[keyPath: path] - neutral[keyPath: path]) * factor
        }
        return Expression(
            pitch: moved(\.pitch), range: moved(\.range), slope: moved(\.slope), slowness: moved(\.slowness),
            level: moved(\.level),
            brightness: moved(\.brightness), breath: moved(\.breath), openness: moved(\.openness),
            tremor: moved(\.tremor))
    }

    /// The expression as this once turned out: no one says a sentence twice alike.
    func varied(by amount: Double, _ stream: inout RandomStream) -> Expression {
        var copy = self
        copy.pitch += amount * 0.16 * stream.bell()
        copy.range *= powerOfTwo(amount * 0.6 * stream.bell())
        copy.slope += amount * 0.12 * stream.bell()
        copy.slowness += amount * 0.12 * stream.bell()
        copy.level += amount * 2.5 * stream.bell()
        copy.brightness += amount * 0.3 * stream.bell()
        copy.breath *= powerOfTwo(amount * 0.8 * stream.bell())
        copy.openness += amount * 0.12 * stream.bell()
        return copy
    }
}

/// A speaker.
struct PracticeVoice {
    /// Hz.
    let pitch: Double
    /// Formants relative to those of a long vocal tract.
    let tract: Double
    /// Octaves by which single formants are off.
    let formants: [Double]
    let brightness: Double
    let level: Double
    let breath: Double
    /// How far the emotions move this voice.
    let liveliness: Double
    /// Background, in decibels below full scale.
    let background: Double

    /// Actors with odd numbers are men, as in RAVDESS.
    init(actor: Int, _ stream: inout RandomStream) {
        let isMale = actor % 2 == 1
        pitch = (isMale ? 112 : 195) * powerOfTwo(0.25 * stream.bell())
        tract = (isMale ? 1.0 : 1.16) * powerOfTwo(0.07 * stream.bell())
        formants = (0..<4).map { _ in 0.03 * stream.bell() }
        brightness = 0.15 * stream.bell()
        level = 1.2 * stream.bell()
        breath = powerOfTwo(0.4 * stream.bell())
        liveliness = powerOfTwo(0.12 * stream.bell())
        background = -62 + 5 * stream.bell()
    }
}

extension RandomStream {
    /// About normal, between −3 and 3, with deviation 1: the sum of twelve uniform numbers would be; four do.
    mutating func bell() -> Double {
        (uniform() + uniform() + uniform() + uniform() - 2) * 1.7320508075688772
    }
}
