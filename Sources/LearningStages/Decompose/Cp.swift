// decompose.cp

internal import Linear
internal import Stages
internal import Tensors

struct DecomposeCp: FittedStage {
    struct Parameters: ParameterSet {
        var rank = 1
        var sweeps = 100
        var tolerance = 1e-8

        static var fields: [Field<Self>] {
            [
                Field("rank", \.rank, as: .int(.atLeast(1)), isRequired: true, "the number of components"),
                Field("n_iter_max", \.sweeps, as: .int(.atLeast(1)), "the most sweeps"),
                Field(
                    "tol", \.tolerance, as: .float(.atLeast(0)),
                    "the sweeps end when the error changes by less; 0: all are made"),
            ]
        }
    }

    static let declaration = Declaration(
        "decompose.cp", revision: 1, kind: .fitted,
        summary: "Canonical polyadic decomposition: samples as sums of outer products, one vector an axis.",
        documentation: """
            A sample's weights on `rank` components, each an outer product of one vector an axis: those weights with which \
            the components come closest to the sample, by least squares. The vectors are found on the training samples, \
            stacked along one more axis, by alternating least squares: one axis after the other is fitted to the others, \
            in sweeps, until the error |X − sum of components| / |X| changes by less than `tol`; more than `n_iter_max` are \
            not made, which is a warning.

            It starts from the leading eigenvectors of each axis' Gram matrix; a rank above the size of an axis, and \
            an axis of more than 8192 positions, start there from numbers that look random and are always the same. Components are ordered by their length over all \
            training samples, the largest first; vectors have length 1, and their entry of the largest size is positive, \
            so that signs go to the weights.

            The state has a `factor_` (axis, component) for each axis, `weights` (component), the lengths, and \
            `reconstruction_error`. Metrics are the error, after each sweep and at last, and `n_iter`.

            Training samples are read once and held in double: 2²⁷ numbers at most, as of a sample times the rank. Fails \
            beyond that, on samples of different sizes, on samples that are 0 everywhere, and on NaN or an infinity.

            As parafac of TensorLy 0.10 with init svd; Kolda and Bader, SIAM Review 51 (2009) 455.
            """,
        inputs: [tuckerPort], output: "float64 (component), with labels cp_0, cp_1 …", arithmetic: [.openblas],
        tolerance: 1e-3)

    let parameters: Parameters
    /// The most numbers in all training rows together, 1 GB in double.
    var limit = 1 << 27

    init(_ parameters: Parameters) { self.parameters = parameters }

    func output(for inputs: [Signature]) throws(Problem) -> Signature {
        let input = inputs.first ?? .unknown
        if let content = input.content, content != .tensor {
            throw Problem("expected tensors, got \(input.phrase)")
        }
        if input.type == .complex64 { throw Problem("expected real numbers, got \(input.phrase)") }
        if let axes = input.axes {
            if axes.isEmpty { throw Problem("expected samples with axes, got \(input.phrase)") }
            if axes.contains(where: { $0.size == 0 }) {
                throw Problem("expected samples with elements, got \(input.phrase)")
            }
            let sizes = axes.compactMap(\.size)
            if sizes.count == axes.count, let most = Self.product(sizes), parameters.rank > most {
                throw Problem(Self.tooHigh(parameters.rank, most), at: ["rank"])
            }
        }
        // A rank in the millions is refused when there are samples; its labels would not be told apart anyway.
        let labels = parameters.rank <= 1 << 20 ? Self.labels(parameters.rank) : nil
        return .tensor(.float64, [Axis("component", size: parameters.rank, labels: labels)])
    }

    private static func product(_ sizes: [Int]) -> Int? {
        var product = 1
        for size in sizes {
            let (next, isTooLarge) = product.multipliedReportingOverflow(by: size)
            if isTooLarge { return nil }
            product = next
        }
        return product
    }

    private static func tooHigh(_ rank: Int, _ most: Int) -> String {
        "expected at most \(most), the numbers in a sample, got \(rank)"
    }

    private static func labels(_ count: Int) -> [String] { (0..<count).map { "cp_\($0)" } }

    func fit(_ input: FitInput) throws -> Fitted {
        let training = input.training
        guard training.count > 0 else { throw Failure("there are no rows to fit on") }
        let form = try SampleForm(SampleForm.tensor(of: training.row(0)))
        let rank = parameters.rank
        if rank > form.count {
            throw Failure("rank: " + Self.tooHigh(rank, form.count))
        }
        guard training.count * form.count <= limit, form.count * rank <= limit else {
            throw Failure(
                "\(training.count) training rows of \(form.phrase) and \(rank) components are too large: rows, or a row "
                    + "times the rank, may have \(limit) numbers",
                advice: "put decompose.partial_tucker before it, or fit on fewer rows")
        }
        var elements = [Double]()
        elements.reserveCapacity(training.count * form.count)
        for index in 0..<training.count {
            elements += try form.elements(of: SampleForm.tensor(of: training.row(index)), "a training row") as [Double]
        }
        var fit = try CpFit(elements, samples: training.count, shape: form.shape, rank: rank)
        try fit.iterate(tolerance: parameters.tolerance, most: parameters.sweeps)
        let (weights, factors) = try fit.components()

        let names = Self.labels(rank)
        var state = Bundle(tensors: ["shape": form.tensor])
        state.tensors["weights"] = Tensor(
            .float64(weights), shape: [rank], axes: ["component"], labels: ["component": names])
        for (axis, factor) in factors.enumerated() {
            let name = form.axes[axis]
            let column = name == "component" ? "rank" : "component"
            state.tensors["factor_" + name] = Tensor(
                .float64(factor), shape: [form.shape[axis], rank], axes: [name, column], labels: [column: names])
        }
        var warnings = [String]()
        if !fit.hasConverged {
            let change =
                fit.errors.count > 1 ? abs(fit.errors[fit.errors.count - 2] - fit.errors[fit.errors.count - 1]) : 1
            warnings.append(
                "it did not converge: after n_iter_max = \(parameters.sweeps) sweeps the error changed by "
                    + "\(decimal(change)), and tol is \(decimal(parameters.tolerance))")
        }
        let empty = weights.count { $0 == 0 }
        if empty > 0 {
            warnings.append("\(empty) of the \(rank) components are 0: the training rows have a lower rank")
        }
        let error = fit.errors.last ?? 0
        state.scalars["reconstruction_error"] = .float(error)
        var metrics = fit.errors.enumerated().map { Metric("reconstruction_error", step: $0 + 1, $1) }
        metrics.append(Metric("reconstruction_error", error))
        metrics.append(Metric("n_iter", Double(fit.errors.count)))
        return Fitted(state, warnings: warnings, metrics: metrics)
    }

    func apply(_ state: Bundle, to rows: [[Value]]) throws -> [Value] {
        let form = try SampleForm(state)
        let rank = state.tensors["weights"]?.count ?? 0
        let factors = form.axes.compactMap { state.tensors["factor_" + $0]?.doubles() }
        guard factors.count == form.axes.count, zip(factors, form.shape).allSatisfy({ $0.count == $1 * rank }) else {
            throw Failure("the fitted state has no fitting factors")
        }
        let inverse = try CpFit.inverse(CpFit.gram(factors, rank: rank), rank: rank)
        let outer = CpFit.khatriRao(factors, rank: rank)
        let names = Self.labels(rank)
        return try rows.map { row in
            let elements: [Double] = try form.elements(of: SampleForm.tensor(of: row), "a row")
            var products = [Double](repeating: 0, count: rank)
            Blas.gemv(outer, .transposed(form.count, rank), elements, into: &products)
            var weights = [Double](repeating: 0, count: rank)
            Blas.gemv(inverse, .plain(rank, rank), products, into: &weights)
            if firstNotFinite(weights) != nil {
                throw Failure("a row is too large: a component is not a finite number")
            }
            return .tensor(
                Tensor(.float64(weights), shape: [rank], axes: ["component"], labels: ["component": names]))
        }
    }
}
