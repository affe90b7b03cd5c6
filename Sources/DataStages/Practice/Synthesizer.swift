// A small formant synthesizer: pulses of the vocal folds (Rosenberg 1971) and noise, through four resonators (Klatt 1980)
// whose frequencies glide from vowel to vowel.

internal import Tensors

/// A syllable: a vowel, and the noise of the consonant before it.
struct Syllable {
    /// Hz, of a long vocal tract.
    let formants: [Double]
    /// Hz around which the consonant's noise lies; 0 for a voiced one.
    let friction: Double
    /// Relative to the others.
    let duration: Double
    let isAccented: Bool

    /// The two statements of RAVDESS, roughly: "Kids are talking by the door", "Dogs are sitting by the door".
    static let statements = [
        [
            Syllable(formants: [400, 1950, 2550, 3500], friction: 2600, duration: 1.1, isAccented: true),
            Syllable(formants: [620, 1250, 2400, 3400], friction: 0, duration: 0.6, isAccented: false),
            Syllable(formants: [620, 950, 2450, 3450], friction: 3800, duration: 1.3, isAccented: true),
            Syllable(formants: [370, 1900, 2500, 3500], friction: 2400, duration: 0.7, isAccented: false),
            Syllable(formants: [640, 1500, 2450, 3400], friction: 0, duration: 0.9, isAccented: false),
            Syllable(formants: [510, 900, 2350, 3300], friction: 0, duration: 1.5, isAccented: true),
        ],
        [
            Syllable(formants: [660, 1050, 2450, 3400], friction: 0, duration: 1.2, isAccented: true),
            Syllable(formants: [620, 1250, 2400, 3400], friction: 4500, duration: 0.6, isAccented: false),
            Syllable(formants: [390, 1980, 2550, 3500], friction: 5200, duration: 1.0, isAccented: true),
            Syllable(formants: [370, 1900, 2500, 3500], friction: 3600, duration: 0.7, isAccented: false),
            Syllable(formants: [640, 1500, 2450, 3400], friction: 0, duration: 0.9, isAccented: false),
            Syllable(formants: [510, 900, 2350, 3300], friction: 0, duration: 1.5, isAccented: true),
        ],
    ]
}

/// A sentence as it is spoken this once.
struct Utterance {
    /// Seconds of silence before and after.
    static let pause = 0.06

    let syllables: [Syllable]
    /// Seconds that each syllable lasts.
    let lengths: [Double]

    init(_ syllables: [Syllable], slowness: Double, _ stream: inout RandomStream) {
        let tempo = 0.135 * powerOfTwo(slowness)
        self.syllables = syllables
        lengths = syllables.map { $0.duration * tempo * powerOfTwo(0.1 * stream.bell()) }
    }

    /// Seconds from the first syllable's beginning to the last one's end.
    var speech: Double { lengths.reduce(0, +) }

    /// Seconds in all.
    var duration: Double { speech + 2 * Self.pause }
}

/// A resonator of two poles, with gain 1 at 0 Hz.
private struct Resonator {
    private var a = 1.0, b = 0.0, c = 0.0
    private var last = 0.0, beforeLast = 0.0

    mutating func tune(_ frequency: Double, bandwidth: Double, sampleRate: Double) {
        let radius = exponential(-3.141592653589793 * bandwidth / sampleRate)
        c = -radius * radius
        b = 2 * radius * cosine(turns: frequency / sampleRate)
        a = 1 - b - c
    }

    mutating func pass(_ input: Double) -> Double {
        let output = a * input + b * last + c * beforeLast
        beforeLast = last
        last = output
        return output
    }
}

/// One spoken sentence, between −1 and 1.
func synthesize(
    _ utterance: Utterance, by voice: PracticeVoice, as expression: Expression, sampleRate: Int,
    _ stream: inout RandomStream
) -> [Double] {
    let rate = Double(sampleRate)
    let (syllables, lengths, pause) = (utterance.syllables, utterance.lengths, Utterance.pause)
    let speech = utterance.speech
    let count = Int(utterance.duration * rate)
    let level = amplitude(decibels: -23 + voice.level + expression.level)
    let background = amplitude(decibels: voice.background)
    let breath = expression.breath * voice.breath
    // A first-order low pass is the tilt of the pulses' spectrum.
    let cutOff = 900 * powerOfTwo(voice.brightness + expression.brightness)
    let tilt = 1 - exponential(-6.283185307179586 * cutOff / rate)
    var resonators = [Resonator](repeating: Resonator(), count: 4)
    var hiss = Resonator()
    var samples = [Double]()
    samples.reserveCapacity(count)
    var (phase, lastPulse, filtered, wobble) = (0.0, 0.0, 0.0, 0.0)
    var (index, start) = (0, pause)
    var (pitch, envelope, friction) = (voice.pitch, 0.0, 0.0)
    for number in 0..<count {
        let time = Double(number) / rate
        // What moves slowly is set every 2.5 ms.
        if number % 40 == 0 {
            while index < syllables.count - 1, time >= start + lengths[index] {
                start += lengths[index]
                index += 1
            }
            let syllable = syllables[index]
            let place = min(max((time - start) / lengths[index], 0), 1)
            let progress = min(max((time - pause) / speech, 0), 1)
            wobble = 0.9 * wobble + expression.tremor * stream.bell()
            let accent = syllable.isAccented ? 4 * place * (1 - place) : 0
            pitch =
                voice.pitch
                * powerOfTwo(
                    expression.pitch + expression.slope * (progress - 0.5) + expression.range * accent + wobble)
            let isOutside = time < pause || time >= pause + speech
            let swell = 1 - (2 * place - 1) * (2 * place - 1) * (2 * place - 1) * (2 * place - 1)
            envelope = isOutside ? 0 : swell * (syllable.isAccented ? 1 : 0.6)
            let onset = syllable.friction > 0 && place < 0.3 ? 1 - place / 0.3 : 0
            friction = isOutside ? 0 : onset
            envelope *= 1 - friction
            if friction > 0 { hiss.tune(syllable.friction * voice.tract, bandwidth: 900, sampleRate: rate) }
            // The second half of a vowel glides to the next.
            let next = syllables[min(index + 1, syllables.count - 1)]
            let glide = max(0, place - 0.5)
            for formant in 0..<4 {
                let open = formant == 0 ? expression.openness : formant == 1 ? expression.openness / 4 : 0
                let target = syllable.formants[formant] + (next.formants[formant] - syllable.formants[formant]) * glide
                resonators[formant].tune(
                    target * voice.tract * powerOfTwo(voice.formants[formant] + open), bandwidth: 60 + 0.03 * target,
                    sampleRate: rate)
            }
        }
        phase += pitch / rate
        if phase >= 1 { phase -= 1 }
        let noise = Double(Int32(bitPattern: stream.next32())) * 0x1p-31
        let pulse = glottalFlow(phase)
        let excitation = (pulse - lastPulse) * rate / 4000 + breath * noise
        lastPulse = pulse
        filtered += tilt * (excitation * envelope - filtered)
        var voiced = filtered
        for formant in 0..<4 { voiced = resonators[formant].pass(voiced) }
        let consonant = friction > 0 ? hiss.pass(noise * friction) : 0
        let sound = level * (voiced * 1.6 + consonant * 0.25) + background * noise
        // Bends what is too loud back below 1.
        samples.append(sound / (1 + sound * sound).squareRoot())
    }
    return samples
}

/// Rosenberg's pulse: opening, closing, closed.
private func glottalFlow(_ phase: Double) -> Double {
    let (opening, closing) = (0.4, 0.16)
    if phase < opening {
        let x = phase / opening
        return x * x * (3 - 2 * x)
    }
    let x = (phase - opening) / closing
    return x < 1 ? 1 - x * x : 0
}
