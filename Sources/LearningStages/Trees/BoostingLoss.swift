// The log loss that boosting reduces: binary for two classes, softmax for more. Raw scores are kept output after output.

/// The log loss of rows of known classes.
struct BoostingLoss: Sendable {
    /// The class of each row.
    let classes: [Int]
    let classCount: Int
    /// Raw scores a row: one for two classes, else one a class.
    var outputs: Int { classCount == 2 ? 1 : classCount }

    /// What is predicted before the first tree: the logarithms of the odds or, centred, of the classes' shares.
    static func baseline(counts: [Int]) -> [Double] {
        let total = Double(counts.reduce(0, +))
        let logarithms = counts.map { logarithm(Double($0) / total) }
        if counts.count == 2 { return [logarithms[1] - logarithms[0]] }
        let mean = logarithms.reduce(0, +) / Double(counts.count)
        return logarithms.map { $0 - mean }
    }

    /// The probabilities of all classes.
    static func probabilities(_ raw: [Double]) -> [Double] {
        if raw.count == 1 {
            let small = exponential(-abs(raw[0]))
            let (likely, other) = (1 / (1 + small), small / (1 + small))
            return raw[0] > 0 ? [other, likely] : [likely, other]
        }
        let largest = raw.max() ?? 0
        let powers = raw.map { exponential($0 - largest) }
        let sum = powers.reduce(0, +)
        return powers.map { $0 / sum }
    }

    private func scores(of row: Int, in raw: [Double]) -> [Double] {
        (0..<outputs).map { raw[$0 * classes.count + row] }
    }

    /// The mean loss.
    func mean(_ raw: [Double]) -> Double {
        var sum = 0.0
        for (row, own) in classes.enumerated() {
            let scores = scores(of: row, in: raw)
            if outputs == 1 {
                let score = own == 1 ? scores[0] : -scores[0]
                sum += max(0, -score) + logarithm(1 + exponential(-abs(score)))
            } else {
                let largest = scores.max() ?? 0
                var powers = 0.0
                for score in scores { powers += exponential(score - largest) }
                sum += logarithm(powers) + largest - scores[own]
            }
        }
        return sum / Double(classes.count)
    }

    /// Gradient and diagonal of the Hessian for each raw score, rounded to float32 as in scikit-learn.
    func derivatives(_ raw: [Double]) -> [SIMD2<Double>] {
        var pairs = [SIMD2<Double>](repeating: .zero, count: raw.count)
        for (row, own) in classes.enumerated() {
            let probabilities = Self.probabilities(scores(of: row, in: raw))
            for output in 0..<outputs {
                let (share, target) = outputs == 1 ? (probabilities[1], 1) : (probabilities[output], output)
                let gradient = share - (own == target ? 1 : 0)
                pairs[output * classes.count + row] = SIMD2(
                    Double(Float(gradient)), Double(Float(share * (1 - share))))
            }
        }
        return pairs
    }
}
