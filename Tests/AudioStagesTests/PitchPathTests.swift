import Foundation
import Tensors
import Testing

@testable import AudioStages

@Suite struct PitchPathTests {
    /// Viterbi's algorithm over the whole matrix of transitions, as the definition has it.
    private func slow(
        _ candidates: [[PitchPath.Candidate]], _ voiced: [Double], bins: Int, width: Int, switching: Double
    ) -> [Int] {
        let tiny = Double.leastNormalMagnitude
        let half = width / 2
        func weight(_ from: Int, _ to: Int) -> Double {
            let distance = abs(to % bins - from % bins)
            guard distance <= half else { return log(tiny) }
            let sum = (-half...half).reduce(0) { total, move in
                (0..<bins).contains(from % bins + move) ? total + half + 1 - abs(move) : total
            }
            let share = Double(half + 1 - distance) / Double(sum)
            return log(share * ((from < bins) == (to < bins) ? 1 - switching : switching) + tiny)
        }
        func observed(_ frame: Int, _ state: Int) -> Double {
            if state >= bins { return log((1 - voiced[frame]) / Double(bins) + tiny) }
            return log((candidates[frame].first { $0.bin == state }?.probability ?? 0) + tiny)
        }
        var values = (0..<2 * bins).map { log(1 / Double(2 * bins)) + observed(0, $0) }
        var back = [[Int]]()
        for frame in 1..<candidates.count {
            var (next, from) = ([Double](), [Int]())
            for to in 0..<2 * bins {
                let ways = (0..<2 * bins).map { values[$0] + weight($0, to) }
                let best = ways.indices.reduce(0) { ways[$1] > ways[$0] ? $1 : $0 }
                next.append(ways[best] + observed(frame, to))
                from.append(best)
            }
            (values, back) = (next, back + [from])
        }
        var states = [values.indices.reduce(0) { values[$1] > values[$0] ? $1 : $0 }]
        for from in back.reversed() { states.insert(from[states[0]], at: 0) }
        return states
    }

    /// Among these are leaps beyond the width, frames that are certainly voiced, and empty ones. Where a course is
    /// voiced it is the same to the bin; unvoiced bins are often equally likely, and told by the last bits.
    @Test(arguments: 0..<40) func agreesWithTheWholeMatrix(seed: Int) {
        var stream = RandomStream(named: Digest(of: .int(seed)))
        let (bins, frames) = (12 + seed % 9, 9)
        let width = [1, 3, 5, 11][seed % 4]
        var candidates = [[PitchPath.Candidate]]()
        for _ in 0..<frames {
            let count = stream.index(below: 4)
            var found = [Int: Double]()
            for _ in 0..<count { found[stream.index(below: bins)] = stream.uniform() }
            let total = max(1, found.values.reduce(0, +) / (seed % 3 == 0 ? 1 : 0.8))
            candidates.append(
                found.sorted { $0.key < $1.key }.map { PitchPath.Candidate(bin: $0.key, probability: $0.value / total) }
            )
        }
        let voiced = candidates.map { min(1, $0.reduce(0) { $0 + $1.probability }) }
        let switching = [0.01, 0.2, 0.5][seed % 3]
        let got = PitchPath(bins: bins, width: width, switching: switching).mostLikely(candidates, voiced: voiced)
        let want = slow(candidates, voiced, bins: bins, width: width, switching: switching)
        #expect(got.map { $0 < bins ? $0 : bins } == want.map { $0 < bins ? $0 : bins })
    }

    @Test func oneFrameAndNone() {
        let path = PitchPath(bins: 5, width: 3, switching: 0.01)
        #expect(path.mostLikely([], voiced: []).isEmpty)
        #expect(path.mostLikely([[PitchPath.Candidate(bin: 3, probability: 0.9)]], voiced: [0.9]) == [3])
        #expect(path.mostLikely([[]], voiced: [0]) == [5])
    }
}
