// The rows that support a machine, as a part of a fitted state, and what they say of other rows.

internal import Linear
internal import Stages
internal import Tensors

/// Support vectors, those of one group (a class) after those of another.
struct SupportState {
    private let form: FeatureForm
    private let vectors: [Double]
    /// Each row: a weight for each vector.
    private let weights: [Double]
    private let sizes: [Int]

    /// From a fitted state, with as many vectors in each group as it says.
    init(_ state: Bundle, sizes: [Int]) throws(Failure) {
        form = try FeatureForm(state, "support_vectors", axis: 1)
        let count = sizes.reduce(0) { $0 &+ $1 }
        guard let vectors = state.tensors["support_vectors"], let weights = state.tensors["dual_coef"],
            sizes.allSatisfy({ $0 >= 0 && $0 <= vectors.shape[0] }), vectors.shape == [count, form.count],
            weights.shape == [max(1, sizes.count - 1), count], let rows = vectors.doubles(),
            let own = weights.doubles()
        else { throw Failure("the fitted state has no fitting support_vectors and dual_coef") }
        (self.vectors, self.weights, self.sizes) = (rows, own, sizes)
    }

    /// The part of a state.
    /// - Parameters:
    ///   - supports: training rows that support, group by group.
    ///   - weights: each row: a weight for each training row.
    static func bundle(
        _ features: FeatureMatrix, _ form: FeatureForm, supports: [[Int]], weights: [Double]
    ) -> Bundle {
        let (width, rows) = (features.columns, supports.flatMap(\.self))
        var (vectors, kept) = ([Double](), [Double]())
        vectors.reserveCapacity(rows.count * width)
        for row in rows { vectors += features.elements[row * width..<(row + 1) * width] }
        for start in stride(from: 0, to: weights.count, by: features.rows) {
            for row in rows { kept.append(weights[start + row]) }
        }
        // Nothing is lost where the features were single floats.
        let isSingle = vectors.allSatisfy { Double(Float($0)) == $0 }
        let axis = form.axis == "support" ? "feature" : form.axis
        return Bundle(tensors: [
            "support_vectors": Tensor(
                isSingle ? .float32(vectors.map { Float($0) }) : .float64(vectors), shape: [rows.count, width],
                axes: ["support", axis], labels: form.labels.map { [axis: $0] } ?? [:]),
            "dual_coef": Tensor(
                .float64(kept), shape: [weights.count / features.rows, rows.count], axes: ["opponent", "support"]),
        ])
    }

    /// Sums of weighted kernel values, `outputs` a row.
    /// - Parameter output: to which of them a row of weights counts for the vectors of a group.
    func decisions(
        _ rows: [[Value]], _ kernel: KernelFunction, outputs: Int, _ output: (_ group: Int, _ weights: Int) -> Int
    ) throws(Failure) -> [Double] {
        let (count, opponents) = (sizes.reduce(0, +), max(1, sizes.count - 1))
        // Cut up by groups once.
        var groups = [(vectors: [Double], squares: [Double], weights: [Double])]()
        var start = 0
        for size in sizes {
            let own = Array(vectors[start * form.count..<(start + size) * form.count])
            var ownWeights = [Double]()
            for opponent in 0..<opponents {
                ownWeights += weights[opponent * count + start..<opponent * count + start + size]
            }
            groups.append((own, KernelFunction.squares(own, width: form.count), ownWeights))
            start += size
        }
        var decisions = [Double]()
        decisions.reserveCapacity(rows.count * outputs)
        for start in stride(from: 0, to: rows.count, by: 256) {
            let features = try FeatureMatrix(Array(rows[start..<min(start + 256, rows.count)]), as: form)
            var block = [Double](repeating: 0, count: features.rows * outputs)
            for (group, part) in groups.enumerated() {
                let values = try kernel.values(
                    features.elements, features.rows, part.vectors, part.squares, width: form.count)
                var sums = [Double](repeating: 0, count: features.rows * opponents)
                Blas.gemm(
                    values, .plain(features.rows, part.squares.count), part.weights,
                    .transposed(opponents, part.squares.count), into: &sums)
                for opponent in 0..<opponents {
                    let place = output(group, opponent)
                    for row in 0..<features.rows {
                        block[row * outputs + place] += sums[row * opponents + opponent]
                    }
                }
            }
            decisions += block
        }
        guard firstNotFinite(decisions) == nil else { throw KernelFunction.rowIsTooLarge }
        return decisions
    }
}

/// What is to be said of the number of libsvm's iterations.
func iterationWarnings(_ iterations: Int, _ hasConverged: Bool, limit: Int) -> [String] {
    if !hasConverged {
        return ["did not converge in \(iterations) iterations: scale the features, lower C or raise tol"]
    }
    if limit >= 0, iterations > limit {
        return [
            "did not converge in \(limit) iterations, which is max_iter: the solver, which cannot be stopped, took "
                + "\(iterations)"
        ]
    }
    return []
}
