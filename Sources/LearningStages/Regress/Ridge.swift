// regress.ridge

internal import Linear
internal import Stages
internal import Tensors

struct RegressRidge: FittedStage {
    struct Parameters: ParameterSet {
        var alpha = 1.0
        var fitIntercept = true

        static var fields: [Field<Self>] {
            [
                Field("alpha", \.alpha, as: .float(.atLeast(0)), "strength of the penalty"),
                Field("fit_intercept", \.fitIntercept, "whether there is an intercept; it is never penalised"),
            ]
        }
    }

    static let declaration = Declaration(
        "regress.ridge", revision: 1, kind: .fitted,
        summary: "Linear regression with a penalty on the squares of its coefficients.",
        documentation: """
            The minimum of |y − X w − b|² + alpha |w|², for targets y that are numbers. With an intercept the mean of \
            the training rows is taken off first. The equations are those of the features or, where there are more \
            features than rows, of the rows, solved by Cholesky's factors. Where they have no single solution (alpha 0 \
            and features that depend on each other), the smallest coefficients are taken, and a warning says so.

            The state has `coef` (feature) and the number `intercept`. Fails on NaN or infinite features, on targets \
            that are not numbers, and with more than 16384 of both rows and features.

            A regression has one target. Several are swept, `sweep: {grid: {target: [arousal, valence]}}`: what does not \
            read the target is computed once for all of them.

            Parameters, defaults and meaning are those of scikit-learn's Ridge.
            """,
        inputs: [featuresPort], output: "an estimate", readsTarget: true, arithmetic: [.openblas], tolerance: 1e-6)

    let parameters: Parameters
    init(_ parameters: Parameters) { self.parameters = parameters }

    func output(for inputs: [Signature]) throws(Problem) -> Signature {
        _ = try featureAxis(inputs)
        return .estimate
    }

    /// Rows or features in equations, 2 GB.
    private static let most = 1 << 14

    func fit(_ input: FitInput) throws -> Fitted {
        let targets = try NumericTargets(input.training)
        let features = try FeatureMatrix(input.training)
        let form = try FeatureForm(input.training.tensor(0))
        let (rows, width) = (features.rows, features.columns)
        guard min(rows, width) <= Self.most else {
            throw Failure(
                "\(rows) training rows of \(width) features are too many: of either there may be \(Self.most) at most",
                advice: "put decompose.pca before this stage")
        }
        var (matrix, values) = (features.elements, targets.values)
        var means = [Double](repeating: 0, count: width)
        let mean = parameters.fitIntercept ? targets.mean : 0
        if parameters.fitIntercept {
            for row in 0..<rows {
                for column in 0..<width { means[column] += matrix[row * width + column] }
            }
            for column in 0..<width { means[column] /= Double(rows) }
            for row in 0..<rows {
                values[row] -= mean
                for column in 0..<width { matrix[row * width + column] -= means[column] }
            }
        }
        let found = try solve(matrix, rows, width, values)
        let intercept = mean - Blas.dot(means, found.coefficients)
        guard firstNotFinite(found.coefficients) == nil, intercept.isFinite else { throw Self.isTooLarge }
        return Fitted(
            Bundle(
                tensors: ["coef": form.tensor(found.coefficients)], scalars: ["intercept": .float(intercept)]),
            warnings: found.isUnique
                ? []
                : [
                    "the features depend on each other: of many solutions the one with the smallest coefficients is taken"
                ])
    }

    private static let isTooLarge = Failure(
        "the features or the targets are too large: the solution is not finite",
        advice: "scale the features first, by scale.standard")

    private func solve(
        _ matrix: [Double], _ rows: Int, _ width: Int, _ values: [Double]
    ) throws(Failure) -> (coefficients: [Double], isUnique: Bool) {
        let isByRow = width > rows
        let size = min(rows, width)
        var products = [Double](repeating: 0, count: size * size)
        Blas.syrk(matrix, isByRow ? .plain(rows, width) : .transposed(rows, width), into: &products)
        var sums = values
        if !isByRow {
            sums = [Double](repeating: 0, count: width)
            Blas.gemv(matrix, .transposed(rows, width), values, into: &sums)
        }
        guard firstNotFinite(products) == nil, firstNotFinite(sums) == nil else { throw Self.isTooLarge }
        for index in 0..<size { products[index * (size + 1)] += parameters.alpha }

        var (solution, isUnique) = ([Double](), true)
        if let found = Lapack.solve(positiveDefinite: products, size: size, sums) {
            solution = found
        } else {
            solution = try smallest(products, size, sums)
            isUnique = false
        }
        guard isByRow else { return (solution, isUnique) }
        var coefficients = [Double](repeating: 0, count: width)
        Blas.gemv(matrix, .transposed(rows, width), solution, into: &coefficients)
        return (coefficients, isUnique)
    }

    /// The solution of the smallest length among those that leave the least error.
    private func smallest(_ products: [Double], _ size: Int, _ sums: [Double]) throws(Failure) -> [Double] {
        let values: [Double]
        let vectors: [Double]
        do throws(LapackError) {
            (values, vectors) = try Lapack.eigen(symmetric: products, size: size)
        } catch {
            throw Failure("the equations of the training rows have no solution", advice: Self.isTooLarge.advice)
        }
        var parts = [Double](repeating: 0, count: size)
        Blas.gemv(vectors, .plain(size, size), sums, into: &parts)
        let bound = (values.first ?? 0) * Double(size) * .ulpOfOne
        for index in parts.indices { parts[index] = values[index] > bound ? parts[index] / values[index] : 0 }
        var solution = [Double](repeating: 0, count: size)
        Blas.gemv(vectors, .transposed(size, size), parts, into: &solution)
        return solution
    }

    func apply(_ state: Bundle, to rows: [[Value]]) throws -> [Value] {
        let form = try FeatureForm(state, "coef")
        guard let coefficients = state.tensors["coef"]?.doubles(), coefficients.count == form.count,
            case .float(let intercept)? = state.scalars["intercept"]
        else { throw Failure("the fitted state has no fitting coef and intercept") }
        let features = try FeatureMatrix(rows, as: form)
        var numbers = [Double](repeating: intercept, count: features.rows)
        Blas.gemv(features.elements, .plain(features.rows, form.count), coefficients, into: &numbers, keep: 1)
        return try estimates(numbers)
    }
}
