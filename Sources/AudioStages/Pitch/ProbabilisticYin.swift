// pYIN: the troughs of all frames weighed over many thresholds, and the most likely course of pitch and voicing through
// them. Follows librosa 0.11, down to candidates of one frame in one place of the grid, of which the longest period counts.

internal import Glibc
internal import Linear
internal import Stages
internal import Tensors

struct ProbabilisticYin: Sendable {
    private let yin: Yin
    private let parameters: AudioPitch.Parameters
    private let thresholds: [Double]
    /// How likely a threshold lies between one and the one before it.
    private let thresholdShares: [Double]
    /// Sums of these from the first.
    private let thresholdSums: [Double]
    private let binsPerSemitone: Int
    private let bins: Int
    private let width: Int

    init(_ parameters: AudioPitch.Parameters, yin: Yin) throws(Failure) {
        (self.parameters, self.yin) = (parameters, yin)
        let count = parameters.thresholds
        // Multiples of a rounded step, as `numpy.linspace` has them.
        thresholds = (1...count).map { $0 == count ? 1 : Double($0) * (1 / Double(count)) }
        let below = ([0] + thresholds).map { incompleteBeta($0, parameters.beta[0], parameters.beta[1]) }
        thresholdShares = (0..<count).map { below[$0 + 1] - below[$0] }
        thresholdSums = thresholdShares.reduce(into: [0]) { $0.append(($0.last ?? 0) + $1) }
        binsPerSemitone = Int((1 / parameters.resolution).rounded(.up))
        bins = Int((Double(12 * binsPerSemitone) * log2(parameters.highest / parameters.lowest)).rounded(.down)) + 1
        let semitones =
            (parameters.transitionRate * 12 * Double(parameters.hopLength) / yin.sampleRate)
            .rounded(.toNearestOrEven)
        let width = semitones * Double(binsPerSemitone) + 1
        guard width <= Double(bins) else {
            throw Failure(
                "max_transition_rate lets the pitch move by \(decimal(semitones)) semitones a frame, further than from "
                    + "fmin to fmax (\(decimal(Double(bins - 1) / Double(binsPerSemitone))) semitones)",
                advice: "lower max_transition_rate or hop_length, or put fmin and fmax further apart")
        }
        self.width = Int(width)
    }

    /// f0, voiced and voiced_prob.
    func columns(_ differences: Differences) -> [[Float]] {
        var candidates = [[PitchPath.Candidate]]()
        candidates.reserveCapacity(differences.frames)
        var voiced = [Double]()
        for frame in 0..<differences.frames {
            let found = self.candidates(differences, frame)
            candidates.append(found)
            voiced.append(min(1, max(0, found.reduce(0) { $0 + $1.probability })))
        }
        let path = PitchPath(bins: bins, width: width, switching: parameters.switching)
        let states = path.mostLikely(candidates, voiced: voiced)
        let pitches = states.map { state in
            state < bins || parameters.unvoiced == nil
                ? Float(parameters.lowest * pow(2, Double(state % bins) / Double(12 * binsPerSemitone)))
                : Float(parameters.unvoiced ?? 0)
        }
        return [pitches, states.map { $0 < bins ? 1 : 0 }, voiced.map(Float.init)]
    }

    /// The places in the grid that a frame speaks for, in order.
    private func candidates(_ differences: Differences, _ frame: Int) -> [PitchPath.Candidate] {
        let (values, periods) = (differences.values, differences.periods)
        let (start, count) = (frame * periods, thresholdShares.count)
        let troughs = (0..<periods).filter { Yin.isTrough(values, start, $0, of: periods) }
        if troughs.isEmpty { return [] }
        let heights = troughs.map { values[start + $0] }
        // The first threshold above each trough.
        let levels = heights.map { height in thresholds.firstIndex { height < $0 } ?? count }
        var probabilities = [Double](repeating: 0, count: troughs.count)
        // Boltzmann's distribution over the troughs below a threshold.
        let decays = troughs.indices.map { exp(-parameters.boltzmann * Double($0)) }
        var factors = [Double](repeating: 0, count: troughs.count + 1)
        for number in 1...troughs.count {
            factors[number] = expm1(-parameters.boltzmann) / expm1(-parameters.boltzmann * Double(number))
        }
        for threshold in 0..<count {
            var number = 0
            for level in levels where level <= threshold { number += 1 }
            if number == 0 { continue }
            let share = factors[number] * thresholdShares[threshold]
            var position = 0
            for trough in levels.indices where levels[trough] <= threshold {
                probabilities[trough] += share * decays[position]
                position += 1
            }
        }
        var lowest = 0
        for trough in heights.indices where heights[trough] < heights[lowest] { lowest = trough }
        probabilities[lowest] += parameters.noTrough * thresholdSums[levels[lowest]]
        var places = [Int: Double]()
        for (trough, probability) in zip(troughs, probabilities) where probability != 0 {
            let pitch = yin.sampleRate / yin.refined(values, start, trough, of: periods)
            let place = (Double(12 * binsPerSemitone) * log2(pitch / parameters.lowest)).rounded(.toNearestOrEven)
            places[Int(max(0, min(Double(bins), place)))] = probability
        }
        return places.filter { $0.key < bins }.sorted { $0.key < $1.key }
            .map { PitchPath.Candidate(bin: $0.key, probability: $0.value) }
    }
}
