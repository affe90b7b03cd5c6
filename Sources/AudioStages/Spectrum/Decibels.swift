// Powers in decibels, as `librosa.power_to_db`.

internal import Glibc
internal import Stages
internal import Tensors

/// How powers become decibels.
struct Decibels: Sendable, Hashable {
    /// The power that is 0 dB.
    enum Reference: Sendable, Hashable, ParameterValue {
        case power(Double)
        /// The greatest of the array.
        case max

        static var kind: ParameterKind { .either([.float(.above(0)), .choice(["max"])]) }

        init?(canonical: Canonical) {
            if canonical == .text("max") {
                self = .max
            } else {
                guard let power = canonical.floatValue else { return nil }
                self = .power(power)
            }
        }

        var canonical: Canonical {
            switch self {
            case .power(let power): .float(power)
            case .max: .text("max")
            }
        }
    }

    var reference = Reference.power(1)
    /// Powers below it count as it.
    var least = 1e-10
    /// Nothing lies further below the maximum of the whole array than this; nil for no such limit.
    var range: Double? = 80

    /// 10 · log10 of each power over the reference, in float32.
    func apply(_ powers: [Float]) -> [Float] {
        let floor = Float(least)
        let zero: Float =
            switch reference {
            case .power(let power): Float(10 * log10(Swift.max(least, power)))
            case .max: 10 * log10(Swift.max(floor, powers.max() ?? 0))
            }
        var decibels = powers.map { 10 * log10(Swift.max(floor, $0)) - zero }
        if let range, let greatest = decibels.max() {
            let lowest = greatest - Float(range)
            for index in decibels.indices { decibels[index] = Swift.max(decibels[index], lowest) }
        }
        return decibels
    }
}
