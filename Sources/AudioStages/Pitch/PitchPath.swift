// The most likely course through a grid of pitches, voiced or not: Viterbi's algorithm over states 0 ..< bins (voiced) and
// bins ..< 2 · bins (unvoiced). From frame to frame the pitch moves by a triangle of weights, and voicing switches with
// a small probability. As in librosa, a probability of 0 counts as the least normal double, so that no course is
// impossible; of equally likely states the first is taken.

internal import Glibc
internal import Tensors

struct PitchPath: Sendable {
    struct Candidate: Sendable {
        let bin: Int
        let probability: Double
    }

    private let bins: Int
    /// What the first weight of the triangle moves a bin by.
    private let firstMove: Int
    /// Logarithms of the weights of the triangle, unscaled.
    private let moves: [Double]
    /// Logarithm of the sum of the weights that stay in the grid, for each bin that is left.
    private let sums: [Double]
    private let stay: Double
    private let change: Double
    /// The logarithm of a probability of 0.
    private let never = log(Double.leastNormalMagnitude)

    /// - Parameter width: weights in the triangle, at most `bins`.
    init(bins: Int, width: Int, switching: Double) {
        self.bins = bins
        // librosa centres the triangle in a row and rolls it into place, which for even widths favours a side.
        let firstMove = (bins - width) / 2 + bins / 2 + 1 - bins
        let weights = (0..<width).map { index in
            let fromEnd = min(index + 1, width - index)
            return width.isMultiple(of: 2) ? 2 * fromEnd - 1 : fromEnd
        }
        self.firstMove = firstMove
        moves = weights.map { log(Double($0)) }
        // Sums of ints, so that bins at equal distances from the ends have equal sums.
        let totals = weights.reduce(into: [0]) { $0.append(($0.last ?? 0) + $1) }
        sums = (0..<bins).map { bin in
            let (first, last) = (max(0, -firstMove - bin), min(width, bins - firstMove - bin))
            return log(Double(totals[last] - totals[first]))
        }
        (stay, change) = (log(1 - switching), log(switching))
    }

    /// The state of each frame.
    func mostLikely(_ candidates: [[Candidate]], voiced: [Double]) -> [Int] {
        let frames = candidates.count
        if frames == 0 { return [] }
        // All values that were reached, row-major (frame, state): the way back is found from these.
        var values = [Double](repeating: 0, count: frames * 2 * bins)
        let start = log(1 / Double(2 * bins))
        for state in 0..<2 * bins { values[state] = start }
        add(candidates[0], voiced[0], to: &values, at: 0)
        var scaled = [Double](repeating: 0, count: 2 * bins)
        var best = scaled
        for frame in 1..<max(1, frames) {
            let (before, now) = ((frame - 1) * 2 * bins, frame * 2 * bins)
            var highest = -Double.infinity
            for state in 0..<2 * bins {
                highest = max(highest, values[before + state])
                scaled[state] = values[before + state] - sums[state < bins ? state : state - bins]
            }
            spread(scaled, into: &best)
            for bin in 0..<bins {
                let (voiced, unvoiced) = (best[bin], best[bins + bin])
                values[now + bin] = max(voiced + stay, unvoiced + change, highest + never)
                values[now + bins + bin] = max(voiced + change, unvoiced + stay, highest + never)
            }
            add(candidates[frame], voiced[frame], to: &values, at: now)
        }
        return path(through: values, frames: frames)
    }

    /// Adds the logarithms of what a frame says of the states.
    private func add(_ candidates: [Candidate], _ voiced: Double, to values: inout [Double], at start: Int) {
        let unvoiced = logarithm((1 - voiced) / Double(bins))
        for bin in 0..<bins { values[start + bins + bin] += unvoiced }
        var next = 0
        for candidate in candidates {
            for bin in next..<candidate.bin { values[start + bin] += never }
            values[start + candidate.bin] += logarithm(candidate.probability)
            next = candidate.bin + 1
        }
        for bin in next..<bins { values[start + bin] += never }
    }

    private func logarithm(_ probability: Double) -> Double { log(probability + Double.leastNormalMagnitude) }

    /// For each state of either voicing, the best of what moves within reach give it.
    private func spread(_ scaled: [Double], into best: inout [Double]) {
        scaled.withUnsafeBufferPointer { scaled in
            best.withUnsafeMutableBufferPointer { best in
                for state in 0..<best.count { best[state] = -.infinity }
                for half in [0, bins] {
                    for (index, weight) in moves.enumerated() {
                        let move = firstMove + index
                        let first = max(0, -move)
                        let count = max(0, min(bins, bins - move) - first)
                        let from = UnsafeBufferPointer(rebasing: scaled[(half + first)...].prefix(count))
                        let to = UnsafeMutableBufferPointer(
                            rebasing: best[(half + first + move)...].prefix(count))
                        for index in 0..<count {
                            let value = from[index] + weight
                            to[index] = value > to[index] ? value : to[index]
                        }
                    }
                }
            }
        }
    }

    /// Back from the best last state, each time to the first of the states that give the most.
    private func path(through values: [Double], frames: Int) -> [Int] {
        var states = [Int](repeating: 0, count: frames)
        let last = (frames - 1) * 2 * bins
        for state in 0..<2 * bins where values[last + state] > values[last + states[frames - 1]] {
            states[frames - 1] = state
        }
        for frame in (0..<frames - 1).reversed() {
            let (target, start) = (states[frame + 1], frame * 2 * bins)
            var (best, found) = (-Double.infinity, 0)
            for state in 0..<2 * bins {
                let bin = state % bins
                let index = target % bins - bin - firstMove
                let isSame = (state < bins) == (target < bins)
                let way =
                    moves.indices.contains(index)
                    ? max(never, moves[index] - sums[bin] + (isSame ? stay : change)) : never
                let value = values[start + state] + way
                if value > best { (best, found) = (value, state) }
            }
            states[frame] = found
        }
        return states
    }
}
