// decompose.random_projection

internal import Glibc
internal import Stages
internal import Tensors

struct DecomposeRandomProjection: FittedStage {
    enum Matrix: String, CaseIterable, ParameterValue { case gaussian, sparse }

    struct Parameters: ParameterSet {
        var components = Canonical.text("auto")
        var eps = 0.1
        var matrix = Matrix.gaussian
        var density = Canonical.text("auto")

        static var fields: [Field<Self>] {
            [
                Field(
                    "n_components", \.components, as: .either([.choice(["auto"]), .int(.atLeast(1))]),
                    "how many; auto: so many that distances change by eps at most"),
                Field(
                    "eps", \.eps, as: .float(.inside(0, 1)),
                    "for n_components auto: by what share squared distances may change"),
                Field("kind", \.matrix, "gaussian: all weights are drawn; sparse: few are, and they are alike"),
                Field(
                    "density", \.density,
                    as: .either([
                        .choice(["auto"]), .float(Bounds(lower: 0, upper: 1, isLowerOpen: true)),
                    ]), "for kind sparse: the share of weights that are not 0; auto: 1 / √features"),
            ]
        }
    }

    static let declaration = Declaration(
        "decompose.random_projection", revision: 1, kind: .fitted,
        summary: "Rows times a random matrix: fewer numbers, between which distances are nearly what they were.",
        documentation: """
            `gaussian`: each weight of the matrix is drawn from a normal distribution of mean 0 and variance \
            1 / n_components. `sparse`: each is 0 but for a share `density`, and these are ±√(1 / density / \
            n_components), either sign as likely (Achlioptas 2003; Li, Hastie and Church 2006). Nothing is learned from \
            the training rows but how many they are, and how many features they have.

            `n_components: auto` is ⌊4 ln(rows) / (eps²/2 − eps³/3)⌋, for which the squared distances between that many \
            rows change by a share of `eps` at most, with high probability (Johnson and Lindenstrauss). It is large \
            (5885 for 960 rows and eps 0.1), and a failure where there are fewer features than that.

            The state has `components` (component, feature) in float32; of a sparse matrix the features of the weights \
            that are not 0, row after row (`columns`), whether each is positive (`positive`), and where each row begins \
            (`starts`). A matrix of more than 2²⁸ weights that are not 0, which take 1 GB, is a failure: of 613,440 \
            features a gaussian one has 437 components at most, a sparse one as many as are ever of use.

            Fails on NaN or an infinity in a row that it is applied to, and in training rows. More components than \
            features are a warning.

            Parameters, defaults and meaning are those of scikit-learn's GaussianRandomProjection and \
            SparseRandomProjection, but for the draws.
            """,
        inputs: [featuresPort], output: "float64 (component), with labels rp_0, rp_1 …", draws: true,
        arithmetic: [.openblas, .libm], tolerance: 1e-5)

    let parameters: Parameters
    /// The most weights that are kept.
    var limit = 1 << 28

    init(_ parameters: Parameters) { self.parameters = parameters }

    func output(for inputs: [Signature]) throws(Problem) -> Signature {
        _ = try featureAxis(inputs)
        // More components than features are allowed.
        return try componentSignature([], "rp", parameters.components.intValue)
    }

    func fit(_ input: FitInput) throws -> Fitted {
        let training = input.training
        guard training.count > 0 else { throw Failure("there are no rows to fit on") }
        let form = try FeatureForm(training.tensor(0))
        for index in 0..<training.count { _ = try form.held(try training.tensor(index), "a training row") }
        let count = try count(rows: training.count, features: form.count)
        let density = parameters.density.floatValue ?? 1 / Double(form.count).squareRoot()
        let weights = parameters.matrix == .gaussian ? 1 : density
        guard Double(count) * Double(form.count) * weights <= Double(limit), count <= 1 << 24 else {
            throw Failure(
                "a matrix of \(count) components and \(form.count) features is too large: it may have \(limit) weights",
                advice: parameters.matrix == .gaussian
                    ? "lower n_components, or set kind: sparse" : "lower n_components, or density")
        }
        var stream = input.stream
        let state =
            parameters.matrix == .gaussian
            ? gaussian(form, count, &stream) : sparse(form, count, density, &stream)
        var warnings = [String]()
        if count > form.count {
            warnings.append("there are more components (\(count)) than features (\(form.count))")
        }
        return Fitted(state, warnings: warnings, metrics: [Metric("n_components", Double(count))])
    }

    private func count(rows: Int, features: Int) throws(Failure) -> Int {
        if let count = parameters.components.intValue { return count }
        let eps = parameters.eps
        let bound = 4 * log(Double(rows)) / (eps * eps / 2 - eps * eps * eps / 3)
        guard bound >= 1 else {
            throw Failure("n_components: auto needs at least two training rows", advice: "set n_components")
        }
        guard bound < Double(features) + 1 else {
            throw Failure(
                "n_components: auto wants \(decimal(bound.rounded(.down))) components for \(rows) training rows and "
                    + "eps \(decimal(eps)), and there are \(features) features only",
                advice: "raise eps, or set n_components")
        }
        return Int(bound)
    }

    private func gaussian(_ form: FeatureForm, _ count: Int, _ stream: inout RandomStream) -> Bundle {
        let deviation = 1 / Double(count).squareRoot()
        var weights = [Float](repeating: 0, count: count * form.count)
        for index in stride(from: 0, to: weights.count, by: 2) {
            let (one, other) = normalPair(&stream)
            weights[index] = Float(deviation * one)
            if index + 1 < weights.count { weights[index + 1] = Float(deviation * other) }
        }
        return Bundle(tensors: [
            "components": form.tensor(.float32(weights), components: componentLabels("rp", count))
        ])
    }

    private func sparse(
        _ form: FeatureForm, _ count: Int, _ density: Double, _ stream: inout RandomStream
    ) -> Bundle {
        let threshold = UInt64((density * 0x1p32).rounded())
        var (columns, signs, starts) = ([Int32](), [Bool](), [Int64(0)])
        for _ in 0..<count {
            for feature in 0..<form.count where UInt64(stream.next32()) < threshold {
                columns.append(Int32(feature))
                signs.append(stream.next32() < 1 << 31)
            }
            starts.append(Int64(columns.count))
        }
        let weight = 1 / (density * Double(count)).squareRoot()
        return Bundle(
            tensors: [
                "columns": Tensor(.int32(columns), shape: [columns.count], axes: ["weight"]),
                "positive": Tensor(.bool(signs), shape: [signs.count], axes: ["weight"]),
                "starts": Tensor(.int64(starts), shape: [starts.count], axes: ["component"]),
            ],
            scalars: ["weight": .float(weight), "n_features": .int(form.count)])
    }

    func apply(_ state: Bundle, to rows: [[Value]]) throws -> [Value] {
        guard parameters.matrix == .sparse else { return try Projection(state, "components").values(of: rows) }
        guard case .int32(let columns)? = state.tensors["columns"]?.elements,
            case .bool(let signs)? = state.tensors["positive"]?.elements,
            case .int64(let starts)? = state.tensors["starts"]?.elements,
            case .float(let weight)? = state.scalars["weight"], case .int(let width)? = state.scalars["n_features"],
            starts.first == 0, starts.last == Int64(columns.count), zip(starts, starts.dropFirst()).allSatisfy(<=),
            signs.count == columns.count, columns.allSatisfy({ $0 >= 0 && Int($0) < width })
        else { throw Failure("the fitted state has no fitting columns, positive, starts and weight") }
        let form = FeatureForm(count: width)
        let labels = ["component": componentLabels("rp", starts.count - 1)]
        return try rows.map { row in
            let features = try form.finiteRow(try FeatureForm.tensor(of: row), "a row")
            var values = [Double]()
            values.reserveCapacity(starts.count - 1)
            for (start, end) in zip(starts, starts.dropFirst()) {
                var sum = 0.0
                for place in Int(start)..<Int(end) {
                    let feature = features[Int(columns[place])]
                    sum += signs[place] ? feature : -feature
                }
                values.append(weight * sum)
            }
            return try componentValue(values, labels: labels)
        }
    }
}
