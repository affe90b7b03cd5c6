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

    /// The probability of the second of two classes.
    private static func share(_ raw: Double) -> Double {
        let small = exponential(-abs(raw))
        return raw > 0 ? 1 / (1 + small) : small / (1 + small)
    }

    /// The probabilities of all classes.
    static func probabilities(_ raw: [Double]) -> [Double] {
        if raw.count == 1 { return [share(-raw[0]), share(raw[0])] }
        let largest = raw.max() ?? 0
        let powers = raw.map { exponential($0 - largest) }
        let sum = powers.reduce(0, +)
        return powers.map { $0 / sum }
    }

    /// The mean loss.
    func mean(_ raw: [Double]) -> Double {
        let rows = classes.count
        var sum = 0.0
        for (row, own) in classes.enumerated() {
            if outputs == 1 {
                let score = own == 1 ? raw[row] : -raw[row]
                sum += max(0, -score) + logarithm(1 + exponential(-abs(score)))
                continue
            }
            let largest = largest(raw, row)
            var powers = 0.0
            for output in 0..<outputs { powers += exponential(raw[output * rows + row] - largest) }
            sum += logarithm(powers) + largest - raw[own * rows + row]
        }
        return sum / Double(rows)
    }

    private func largest(_ raw: [Double], _ row: Int) -> Double {
        var largest = raw[row]
        for output in 1..<outputs { largest = max(largest, raw[output * classes.count + row]) }
        return largest
    }

    /// Gradient and diagonal of the Hessian for each raw score, rounded to float32 as in scikit-learn.
    func derivatives(_ raw: [Double]) -> [SIMD2<Double>] {
        let rows = classes.count
        var pairs = [SIMD2<Double>](repeating: .zero, count: raw.count)
        func pair(_ share: Double, isOwn: Bool) -> SIMD2<Double> {
            SIMD2(Double(Float(isOwn ? share - 1 : share)), Double(Float(share * (1 - share))))
        }
        var powers = [Double](repeating: 0, count: outputs)
        for (row, own) in classes.enumerated() {
            if outputs == 1 {
                pairs[row] = pair(Self.share(raw[row]), isOwn: own == 1)
                continue
            }
            let largest = largest(raw, row)
            var sum = 0.0
            for output in 0..<outputs {
                powers[output] = exponential(raw[output * rows + row] - largest)
                sum += powers[output]
            }
            for output in 0..<outputs {
                pairs[output * rows + row] = pair(powers[output] / sum, isOwn: own == output)
            }
        }
        return pairs
    }
}
