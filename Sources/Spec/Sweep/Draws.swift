// `random`: values that are drawn. Each draw has a stream of its own, named by the block's seed, the address and the
// number of the draw, so that no address moves another's, more points leave the first as they are, and none is held.

internal import Stages
internal import Tensors

/// What a value is drawn from.
enum Distribution: Sendable {
    /// From the first up to the second.
    case uniform(Double, Double)
    /// Uniform in the logarithm.
    case logUniform(Double, Double)
    /// Both ends may be drawn.
    case int(Int, Int)
    case choice([SweptValue])

    static let words = ["uniform", "log_uniform", "int", "choice"]
}

/// A drawn address.
struct Variable: Sendable {
    let place: Place
    let distribution: Distribution
    /// Where the distribution is written: a draw that is wrong is wrong there.
    let range: SourceRange
    /// The ends of a range, to be checked before any draw is.
    let ends: [Located]
}

/// The draws of a block.
struct Draws: Sendable {
    let count: Int
    let seed: Int
    let variables: [Variable]

    func value(_ column: Int, at position: Int) -> SweptValue {
        let variable = variables[column]
        var stream = RandomStream(
            named: Digest(
                of: .array([.text("sweep"), .int(seed), .text(variable.place.address), .int(position)])))
        switch variable.distribution {
        case .choice(let values): return values[stream.index(below: values.count)]
        case .int(let low, let high): return drawn(.int(low + stream.index(below: high - low + 1)), variable)
        case .uniform(let low, let high):
            let share = stream.uniform()
            return drawn(.float(min(max(low * (1 - share) + high * share, low), high)), variable)
        case .logUniform(let low, let high):
            return drawn(.float(Self.logarithmic(from: low, to: high, stream.next())), variable)
        }
    }

    /// low · (high / low) ^ share, the share's binary digits being those of `bits`. By square roots, which every processor
    /// rounds alike: powers of a mathematical library differ in their last bit between machines, and with it the points.
    private static func logarithmic(from low: Double, to high: Double, _ bits: UInt64) -> Double {
        // The fourth root of the ratio: the ratio itself may be too large for a number.
        var root = high.squareRoot().squareRoot() / low.squareRoot().squareRoot()
        var value = low
        if bits >> 63 == 1 { value = value * root * root }
        for digit in 1..<53 {
            if bits >> (63 - digit) & 1 == 1 { value *= root }
            root = root.squareRoot()
        }
        return min(max(value, low), high)
    }

    private func drawn(_ value: Canonical, _ variable: Variable) -> SweptValue {
        let located = Located(value, at: variable.range)
        return SweptValue(value: located, cell: Cell(located, of: variable.place))
    }
}
