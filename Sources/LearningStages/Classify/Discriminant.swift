// Linear discriminants: the directions in which classes differ most, for the spread within them. `classify.lda` and
// `decompose.lda` are both made of these.

internal import Glibc
internal import Linear
internal import Stages
internal import Tensors

/// What both types may be told.
struct DiscriminantParameters: ParameterSet {
    var shrinkage: Shrinkage?
    var priors: ClassPriors?
    var tolerance = 1e-4
    var limits = PrincipalLimits()

    static var fields: [Field<Self>] {
        [
            Field(
                "shrinkage", \.shrinkage,
                "how much of the covariances is replaced by their mean variance; auto: by Ledoit and Wolf; null: nothing"
            ),
            Field("priors", \.priors, ClassPriors.help),
            Field(
                "tol", \.tolerance, as: .float(.atLeast(0)),
                "in the solver svd: standard deviations at most this, of scaled features, are taken for 0"),
        ]
    }

    /// - Parameter other: a solver that shrinks, where svd is asked for.
    func check(orElse other: String?) throws(Problem) {
        if let other, shrinkage != nil {
            throw Problem(
                "the solver svd makes no covariance that could be shrunk", at: ["shrinkage"],
                advice: "add solver: \(other), or leave shrinkage out")
        }
        try priors?.check()
    }
}

struct Discriminant {
    let targets: ClassTargets
    let priors: [Double]
    let form: FeatureForm
    /// One row of features a class.
    private(set) var coefficients = [Double]()
    private(set) var intercepts = [Double]()
    /// What is taken off a row before it is measured along the directions.
    private(set) var center: [Double]
    /// Directions, each a row of features, the one along which classes differ most first; none of the solver lsqr.
    private(set) var directions = [Double]()
    /// How many directions there are.
    private(set) var count = 0
    /// The share of the variance between classes along each.
    private(set) var ratios = [Double]()
    /// Along how many directions rows vary within classes.
    private(set) var rank = 0

    private let means: [Double]
    private var classes: Int { targets.classes.count }

    private init(_ training: TrainingSet, _ priors: ClassPriors?) throws {
        targets = try ClassTargets(severalOf: training)
        self.priors = try targets.priors(priors)
        form = try FeatureForm(training.tensor(0))
        means = try targets.means(training, form)
        center = [Double](repeating: 0, count: form.count)
    }

    // By the singular values of rows less their class's mean; no covariance is made.

    init(svd training: TrainingSet, _ parameters: DiscriminantParameters) throws {
        try self.init(training, parameters.priors)
        let (classes, size, rows) = (classes, form.count, Double(training.count))
        for position in 0..<classes {
            for feature in 0..<size { center[feature] += priors[position] * means[position * size + feature] }
        }
        let scales = try scales(training)
        let (form, means, positions) = (form, means, targets.positions)
        let within = TrainingSet(count: training.count) { index in
            var row = try form.finiteRow(try training.tensor(index), "a training row")
            let start = positions[index] * size
            for feature in 0..<size { row[feature] = (row[feature] - means[start + feature]) / scales[feature] }
            return [.tensor(Tensor(.float64(row), shape: [size], axes: [form.axis], labels: [:]))]
        }
        let axes = try PrincipalAxes(within, form, parameters.limits, isCentred: false)
        let deviations = axes.singular.map { $0 / rows.squareRoot() }
        rank = deviations.count { $0 > parameters.tolerance && $0 > 0 }
        guard rank > 0 else { throw Self.isConstant }

        // Class means along directions that have variance 1 within classes, and their own main directions.
        var between = [Double](repeating: 0, count: classes * size)
        for position in 0..<classes {
            let weight = (rows * priors[position] / Double(classes - 1)).squareRoot()
            for feature in 0..<size {
                let place = position * size + feature
                between[place] = weight * (means[place] - center[feature]) / scales[feature]
            }
        }
        var scores = try axes.components(of: between, rows: classes, count: rank)
        for index in scores.indices { scores[index] /= deviations[index % rank] }
        let found = try decomposed { () throws(LapackError) in
            try Lapack.rightSingular(of: scores, rows: classes, columns: rank)
        }
        let total = found.values.reduce(0) { $0 + $1 * $1 }
        let most = min(classes - 1, size)
        let largest = found.values.first ?? 0
        count = min(most, found.values.count { $0 > parameters.tolerance * largest && $0 > 0 })
        ratios = found.values.prefix(count).map { $0 * $0 / total }
        var weights = Array(found.vectors[..<(count * rank)])
        for index in weights.indices { weights[index] /= deviations[index % rank] }
        directions = try axes.sums(weights, rows: count, count: rank)
        for index in directions.indices { directions[index] /= scales[index % size] }
        fixSigns()

        var centred = means
        for index in centred.indices { centred[index] -= center[index % size] }
        var own = [Double](repeating: 0, count: classes * count)
        Blas.gemm(centred, .plain(classes, size), directions, .transposed(count, size), into: &own)
        coefficients = [Double](repeating: 0, count: classes * size)
        Blas.gemm(own, .plain(classes, count), directions, .plain(count, size), into: &coefficients)
        intercepts = (0..<classes).map { position in
            var intercept = log(priors[position])
            for score in own[position * count..<(position + 1) * count] { intercept -= score * score / 2 }
            for feature in 0..<size { intercept -= center[feature] * coefficients[position * size + feature] }
            return intercept
        }
        try check()
    }

    /// The standard deviation of each feature within classes; 1 where there is none.
    private func scales(_ training: TrainingSet) throws -> [Double] {
        let (size, count) = (form.count, Double(training.count))
        var squares = [Double](repeating: 0, count: size)
        for (index, position) in targets.positions.enumerated() {
            let row = try form.row(try training.tensor(index))
            for feature in 0..<size {
                let distance = row[feature] - means[position * size + feature]
                squares[feature] += distance * distance
            }
        }
        if let feature = firstNotFinite(squares) {
            throw Failure("the variance of \(form.name(feature)) is too large for a double")
        }
        return (0..<size).map { feature in
            var largest = 0.0
            for position in 0..<classes { largest = max(largest, abs(means[position * size + feature])) }
            let variance = squares[feature] / count
            return isRounding(variance, mean: largest, count: count) ? 1 : variance.squareRoot()
        }
    }

    // By covariances.

    /// Within classes, weighed by their probabilities.
    private func within(_ training: TrainingSet, _ shrinkage: Shrinkage?, _ solver: String) throws -> [Double] {
        guard form.count <= Covariance.most else {
            throw Failure(
                "the solver \(solver) takes at most \(Covariance.most) features, got \(form.count)",
                advice: "use solver: svd, or put decompose.pca before this stage")
        }
        var within = [Double](repeating: 0, count: form.count * form.count)
        for position in 0..<classes {
            let own = try Covariance(targets.rows(of: position, training), form, shrinkage)
            for index in within.indices { within[index] += priors[position] * own.elements[index] }
        }
        return within
    }

    init(lsqr training: TrainingSet, _ parameters: DiscriminantParameters) throws {
        try self.init(training, parameters.priors)
        let (classes, size) = (classes, form.count)
        let within = try within(training, parameters.shrinkage, "lsqr")
        let found = try decomposed { () throws(LapackError) in try Lapack.eigen(symmetric: within, size: size) }
        // The shortest solution: nothing along directions without variance but for rounding.
        let bound = (found.values.first ?? 0) * Double(size) * .ulpOfOne
        rank = found.values.count { $0 > bound && $0 > 0 }
        guard rank > 0 else { throw Self.isConstant }
        let vectors = Array(found.vectors[..<(rank * size)])
        var scores = [Double](repeating: 0, count: classes * rank)
        Blas.gemm(means, .plain(classes, size), vectors, .transposed(rank, size), into: &scores)
        for index in scores.indices { scores[index] /= found.values[index % rank] }
        coefficients = [Double](repeating: 0, count: classes * size)
        Blas.gemm(scores, .plain(classes, rank), vectors, .plain(rank, size), into: &coefficients)
        setIntercepts()
        try check()
    }

    init(eigen training: TrainingSet, _ parameters: DiscriminantParameters) throws {
        try self.init(training, parameters.priors)
        let (classes, size) = (classes, form.count)
        let within = try within(training, parameters.shrinkage, "eigen")
        var between = try Covariance(training, form, parameters.shrinkage).elements
        for index in between.indices { between[index] -= within[index] }
        let found = try decomposed { () throws(LapackError) in
            try Lapack.eigen(symmetric: between, within, size: size)
        }
        guard let found else {
            throw Failure(
                "the covariance within classes is singular: features are constant, or sums of others",
                advice: "use solver: svd, or a shrinkage")
        }
        rank = size
        count = min(classes - 1, size)
        let total = found.values.reduce(0, +)
        ratios = found.values.prefix(count).map { total == 0 ? 0 : $0 / total }
        directions = Array(found.vectors[..<(count * size)])
        fixSigns()
        var scores = [Double](repeating: 0, count: classes * size)
        Blas.gemm(means, .plain(classes, size), found.vectors, .transposed(size, size), into: &scores)
        coefficients = [Double](repeating: 0, count: classes * size)
        Blas.gemm(scores, .plain(classes, size), found.vectors, .plain(size, size), into: &coefficients)
        setIntercepts()
        try check()
    }

    // What all have in common.

    private mutating func setIntercepts() {
        intercepts = (0..<classes).map { position in
            var intercept = log(priors[position])
            for place in position * form.count..<(position + 1) * form.count {
                intercept -= means[place] * coefficients[place] / 2
            }
            return intercept
        }
    }

    /// The entry of the largest size of each direction is positive: the first of equals.
    private mutating func fixSigns() {
        for start in stride(from: 0, to: directions.count, by: form.count) {
            let range = start..<start + form.count
            if isTurned(directions[range]) { for index in range { directions[index].negate() } }
        }
    }

    private func check() throws(Failure) {
        guard firstNotFinite(coefficients) == nil, firstNotFinite(intercepts) == nil, firstNotFinite(directions) == nil,
            firstNotFinite(ratios) == nil
        else { throw Self.isTooLarge }
    }

    private func decomposed<Result>(_ body: () throws(LapackError) -> Result) throws(Failure) -> Result {
        do throws(LapackError) { return try body() } catch {
            switch error {
            case .notFinite: throw Self.isTooLarge
            case .didNotConverge: throw Failure("the decomposition of the training rows did not converge")
            }
        }
    }

    private static let isTooLarge = Failure(
        "the training rows are too large: their discriminants are not finite numbers",
        advice: "scale the features first, by scale.standard")

    private static let isConstant = Failure(
        "the training rows of each class are all the same, so that there is no variance within classes",
        advice: "check the features; classify.knn does without such a variance")
}
