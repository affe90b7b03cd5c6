// A face over the time of a sentence: the emotion comes up and stays, the mouth follows the syllables of the voice, the head
// moves a little, the eyes blink.

internal import Tensors

/// A face at a moment.
struct FacePose {
    var expression: FaceExpression = [:]
    /// How far the mouth is open for speaking, 0 to about 1.
    var opening = 0.0
    /// Of the lips for speaking: above 0 spread, below 0 rounded.
    var spread = 0.0
    /// 1 where the eyes are shut.
    var blink = 0.0
    /// The head turned to its left, to about 1.
    var yaw = 0.0
    /// The head turned up, to about 1.
    var pitch = 0.0
    /// Turns by which the head leans.
    var roll = 0.0
}

/// How a face moves while it says a sentence.
struct FaceMotion {
    private let utterance: Utterance
    private let expression: FaceExpression
    private let rest: FaceExpression
    private let restlessness: Double
    /// Of the mouth when it speaks; loud speech opens it further.
    private let articulation: Double
    /// Seconds until the emotion has come up.
    private let onset: Double
    private let flutter: [Double]
    private let phases: [Double]
    /// When the eyes blink, in seconds.
    private let blink: Double

    init(
        _ utterance: Utterance, voice: Expression, face: PracticeFace, expression: FaceExpression,
        _ stream: inout RandomStream
    ) {
        self.utterance = utterance
        self.expression = expression
        (rest, restlessness) = (face.rest, face.restlessness)
        articulation = min(max(0.62 + 0.03 * voice.level + 0.5 * voice.openness, 0.3), 1.1)
        onset = 0.1 + 0.35 * stream.uniform()
        flutter = ActionUnit.allCases.map { _ in stream.uniform() }
        phases = (0..<6).map { _ in stream.uniform() }
        // Some blink in a second, some do not.
        blink = stream.uniform() * 2 * utterance.duration
    }

    /// The face at a time, in seconds from the clip's beginning.
    func pose(at time: Double) -> FacePose {
        var pose = FacePose()
        let rise = min(max(time / onset, 0), 1)
        let strength = 0.35 + 0.65 * rise * rise * (3 - 2 * rise)
        var now = rest.plus(expression.scaled(strength))
        for (unit, phase) in zip(ActionUnit.allCases, flutter) { now[unit] += 0.04 * sine(turns: 1.3 * time + phase) }
        pose.expression = now.possible
        // Over 40 ms, as a camera's shutter sees it.
        for step in 0..<5 {
            let (opening, spread) = mouth(at: time + 0.008 * Double(step - 2))
            pose.opening += opening / 5
            pose.spread += spread / 5
        }
        let lid = 1 - abs(time - blink) / 0.09
        pose.blink = lid > 0 ? min(1, 1.6 * lid) : 0
        pose.yaw =
            restlessness * 0.16 * (sine(turns: 0.45 * time + phases[0]) + 0.4 * sine(turns: 1.1 * time + phases[1]))
        pose.pitch =
            0.5 * pose.expression[.headUp]
            + restlessness * (0.1 * sine(turns: 0.6 * time + phases[2]) - 0.16 * pose.opening + 0.06)
        pose.roll =
            restlessness * 0.007 * (sine(turns: 0.35 * time + phases[4]) + 0.5 * sine(turns: 0.9 * time + phases[5]))
        return pose
    }

    /// How far the mouth is open and the lips are spread by what is said then.
    private func mouth(at time: Double) -> (opening: Double, spread: Double) {
        var start = Utterance.pause
        for (syllable, length) in zip(utterance.syllables, utterance.lengths) {
            let place = (time - start) / length
            start += length
            if place < 0 { return (0, 0) }
            if place >= 1 { continue }
            // The first formant goes with the opening of the jaw, the second with the spreading of the lips.
            let vowel = 0.3 + 0.7 * min(max((syllable.formants[0] - 350) / 310, 0), 1)
            let lips = (syllable.formants[1] - 1400) / 600
            let swell = 4 * place * (1 - place)
            // A consonant of noise is made with the teeth nearly together.
            let isNarrow = syllable.friction > 0 && place < 0.3
            return (articulation * vowel * (isNarrow ? 0.25 : 0.2 + 0.8 * swell), lips * (0.3 + 0.7 * swell))
        }
        return (0, 0)
    }
}
