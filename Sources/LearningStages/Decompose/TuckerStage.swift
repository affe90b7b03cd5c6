// What decompose.partial_tucker and decompose.tucker have in common: all but how they are told which axes to reduce.

internal import Linear
internal import Stages
internal import Tensors

/// Parameters of both.
struct TuckerOptions: ParameterSet {
    var explained: Double?
    var tolerance = 1e-4
    var sweeps = 100
    var algorithm = TuckerAlgorithm.hooi

    static var fields: [Field<Self>] {
        [
            Field(
                "explained", \.explained, as: .optional(.float(Bounds(lower: 0, upper: 1, isLowerOpen: true))),
                "in place of ranks: the share of the squared norm that each axis is to keep by itself"),
            Field(
                "tol", \.tolerance, as: .float(.atLeast(0)),
                "hooi: the sweeps end when the error changes by less; 0: all are made"),
            Field("n_iter_max", \.sweeps, as: .int(.atLeast(1)), "hooi: the most sweeps"),
            Field(
                "algorithm", \.algorithm,
                "iteration; each axis after the samples were reduced along those before; or each axis by itself"),
        ]
    }
}

/// A stage that projects samples along several of their axes.
protocol TuckerStage: SummaryStage {
    var choice: TuckerChoice { get }
    var options: TuckerOptions { get }
    var limits: SampleLimits { get }
}

let tuckerPort = Port(accepts: [.tensor], types: realTypes, "samples of one size: real numbers along named axes")

extension TuckerStage {
    func output(for inputs: [Signature]) throws(Problem) -> Signature {
        let input = inputs.first ?? .unknown
        if let content = input.content, content != .tensor {
            throw Problem("expected tensors, got \(input.phrase)")
        }
        if input.type == .complex64 { throw Problem("expected real numbers, got \(input.phrase)") }
        let type = input.type.map { $0 == .float32 ? ElementType.float32 : .float64 }
        guard var axes = input.axes else { return .tensor(type) }
        if axes.isEmpty { throw Problem("expected samples with axes, got \(input.phrase)") }
        if axes.contains(where: { $0.size == 0 }) {
            throw Problem("expected samples with elements, got \(input.phrase)")
        }
        for reduced in try choice.reduced(axes.map(\.name), sizes: axes.map(\.size)) {
            axes[reduced.axis] = Axis(axes[reduced.axis].name, size: reduced.rank)
        }
        return .tensor(type, axes)
    }

    /// What a summary depends on is which axes are reduced, so that sweeps over ranks share it.
    var summaryParameters: [String: Canonical] { ["axes": choice.identity] }

    private func reduced(_ form: SampleForm) throws(Failure) -> [TuckerChoice.Reduced] {
        do throws(Problem) { return try choice.reduced(form.axes, sizes: form.shape) } catch {
            throw Failure(
                (error.path.isEmpty ? "" : error.path.joined(separator: ".") + ": ") + error.message,
                advice: error.advice)
        }
    }

    func summary(of row: [Value], target: Scalar) throws -> Bundle { try summary(of: TrainingSet([row])) }

    func summary(of rows: TrainingSet) throws -> Bundle {
        guard rows.count > 0 else { throw Failure("there are no rows to fit on") }
        let form = try SampleForm(SampleForm.tensor(of: rows.row(0)))
        let axes = try reduced(form).map(\.axis).sorted()
        var grams = axes.map { AxisGram(size: form.shape[$0], isLast: $0 == form.shape.count - 1) }
        func add<Number: SampleNumber>(_ elements: [Number]) {
            for (index, axis) in axes.enumerated() { grams[index].add(elements, from: 0, axisForm(form.shape, axis)) }
        }
        for index in 0..<rows.count {
            let tensor = try SampleForm.tensor(of: rows.row(index))
            if tensor.type == .float32 {
                add(try form.elements(of: tensor, "a training row") as [Float])
            } else {
                add(try form.elements(of: tensor, "a training row") as [Double])
            }
        }
        var tensors = ["shape": form.tensor]
        for (index, axis) in axes.enumerated() {
            let size = form.shape[axis]
            let matrix = grams[index].matrix()
            if firstNotFinite(matrix) != nil { throw AxisSpectrum.isTooLarge }
            tensors["gram_" + form.axes[axis]] = Tensor(
                .float64(matrix), shape: [size, size], axes: ["row", "column"])
        }
        return Bundle(tensors: tensors, scalars: ["samples": .int(rows.count)])
    }

    func merge(_ first: Bundle, _ second: Bundle) throws -> Bundle {
        let form = try SampleForm(first)
        try form.check(SampleForm(second), "a training row")
        guard case .int(let some)? = first.scalars["samples"], case .int(let others)? = second.scalars["samples"] else {
            throw Failure("the summary has no number of samples")
        }
        var sum = Bundle(tensors: ["shape": form.tensor], scalars: ["samples": .int(some + others)])
        for (name, tensor) in first.tensors where name != "shape" {
            guard let other = second.tensors[name]?.doubles(), var elements = tensor.doubles(),
                elements.count == other.count
            else { throw Failure("the summaries are of different axes") }
            for index in elements.indices { elements[index] += other[index] }
            sum.tensors[name] = Tensor(.float64(elements), shape: tensor.shape, axes: tensor.axes)
        }
        return sum
    }

    func fit(_ summary: Bundle, _ input: FitInput) throws -> Fitted {
        let training = input.training
        guard training.count > 0 else { throw Failure("there are no rows to fit on") }
        let form = try SampleForm(summary)
        let reduced = try reduced(form)
        var spectra = [AxisSpectrum]()
        var squares = 0.0
        for (index, mode) in reduced.enumerated() {
            let size = form.shape[mode.axis]
            guard let gram = summary.tensors["gram_" + form.axes[mode.axis]]?.doubles(), gram.count == size * size
            else {
                throw Failure("the summary has no Gram matrix of \(form.axes[mode.axis])")
            }
            spectra.append(try AxisSpectrum(gram, size: size))
            if index == 0 { squares = (0..<size).reduce(0) { $0 + gram[$1 * size + $1] } }
        }
        guard squares > 0, squares.isFinite else {
            throw squares > 0
                ? AxisSpectrum.isTooLarge
                : Failure("the training rows are 0 everywhere, so that there is nothing to decompose")
        }
        let ranks = zip(reduced, spectra).map { mode, spectrum in
            mode.rank ?? spectrum.rank(explaining: options.explained ?? 1)
        }
        let found =
            try training.tensor(0).type == .float32
            ? fitted(Float.self, training, form, reduced.map(\.axis), ranks, spectra, squares)
            : fitted(Double.self, training, form, reduced.map(\.axis), ranks, spectra, squares)
        return found
    }

    private func fitted<Number: SampleNumber>(
        _: Number.Type, _ training: TrainingSet, _ form: SampleForm, _ modes: [Int], _ ranks: [Int],
        _ spectra: [AxisSpectrum], _ squares: Double
    ) throws -> Fitted {
        // One axis needs no pass, so that there is nothing to hold.
        var limits = limits
        if modes.count == 1 { limits.samples = 0 }
        var fit = TuckerFit(
            try Samples<Number>(training, form, limits), modes: modes, ranks: ranks, spectra: spectra, squares: squares)
        switch options.algorithm {
        case .hooi: try fit.iterate(tolerance: options.tolerance, most: options.sweeps)
        case .sequential: try fit.projectInTurn()
        case .hosvd: try fit.project()
        }
        let error = fit.errors.last ?? 0
        guard error.isFinite else { throw AxisSpectrum.isTooLarge }

        var state = Bundle(tensors: ["shape": form.tensor], scalars: ["reconstruction_error": .float(error)])
        var metrics = [Metric]()
        var warnings = [String]()
        if options.algorithm == .hooi {
            metrics += fit.errors.enumerated().map { Metric("reconstruction_error", step: $0 + 1, $1) }
            metrics.append(Metric("n_iter", Double(fit.errors.count)))
            if !fit.hasConverged {
                let last = fit.errors.suffix(2)
                let change = fit.errors.count > 1 ? abs((last.first ?? 0) - (last.last ?? 0)) : error
                warnings.append(
                    "it did not converge: after n_iter_max = \(options.sweeps) sweeps the error changed by "
                        + "\(decimal(change)), and tol is \(decimal(options.tolerance))")
            }
        }
        let usual = TuckerOptions()
        if options.algorithm != .hooi, options.tolerance != usual.tolerance || options.sweeps != usual.sweeps {
            warnings.append("tol and n_iter_max have no effect with algorithm \(options.algorithm.rawValue)")
        }
        metrics.append(Metric("reconstruction_error", error))
        for (position, axis) in modes.enumerated() {
            guard let factor = fit.factors[axis] else { continue }
            let name = form.axes[axis]
            state.tensors["factor_" + name] = Tensor(
                .float64(factor.elements), shape: [factor.size, factor.rank],
                axes: [name, name == "component" ? "rank" : "component"])
            state.tensors["eigenvalues_" + name] = Tensor(
                .float64(spectra[position].values), shape: [factor.size], axes: [name])
            metrics.append(Metric("explained_variance", label: name, spectra[position].share(of: factor)))
            metrics.append(Metric("rank", label: name, Double(factor.rank)))
            if factor.directions < factor.rank {
                warnings.append(
                    "the training rows vary along \(factor.directions) directions of \(name) only: of its "
                        + "\(factor.rank) components the others are 0")
            }
        }
        return Fitted(state, warnings: warnings, metrics: metrics)
    }

    func apply(_ state: Bundle, to rows: [[Value]]) throws -> [Value] {
        let form = try SampleForm(state)
        var factors = [Int: AxisFactor]()
        for (axis, name) in form.axes.enumerated() {
            guard let factor = state.tensors["factor_" + name] else { continue }
            guard factor.shape.count == 2, factor.shape[0] == form.shape[axis], let elements = factor.doubles() else {
                throw Failure("the fitted state has no fitting factor of \(name)")
            }
            factors[axis] = AxisFactor(
                size: factor.shape[0], rank: factor.shape[1], elements: elements, directions: factor.shape[1])
        }
        var single = AxisProjection<Float>(form.shape, factors)
        var double = AxisProjection<Double>(form.shape, factors)
        return try rows.map { row in
            let tensor = try SampleForm.tensor(of: row)
            return try tensor.type == .float32
                ? projected(tensor, form, &single, factors) : projected(tensor, form, &double, factors)
        }
    }

    private func projected<Number: SampleNumber>(
        _ tensor: Tensor, _ form: SampleForm, _ projection: inout AxisProjection<Number>, _ factors: [Int: AxisFactor]
    ) throws(Failure) -> Value {
        let elements: [Number] = try form.elements(of: tensor, "a row")
        var made = [Number](repeating: 0, count: projection.count)
        projection.project(elements, from: 0, samples: 1, into: &made, at: 0)
        if Number.place(ofNotFinite: made) != nil {
            throw Failure("a row is too large: what is left of it is not a finite number")
        }
        let labels = tensor.labels.filter { name, _ in
            form.axes.firstIndex(of: name).map { factors[$0] == nil } ?? false
        }
        return .tensor(
            Tensor(
                Number.elements(made), shape: projection.shape, axes: form.axes, labels: labels,
                attributes: tensor.attributes))
    }
}
