// Covariances of features, as they are or shrunk towards a multiple of the identity.

internal import Stages
internal import Tensors

/// How much of a covariance matrix is replaced by its mean variance.
enum Shrinkage: ParameterValue, Hashable {
    /// By Ledoit and Wolf (2004), of standardised features.
    case auto
    case share(Double)

    static var kind: ParameterKind { .either([.choice(["auto"]), .float(.between(0, 1))]) }

    init?(canonical: Canonical) {
        if let share = canonical.floatValue {
            self = .share(share)
        } else if canonical == .text("auto") {
            self = .auto
        } else {
            return nil
        }
    }

    var canonical: Canonical {
        switch self {
        case .auto: .text("auto")
        case .share(let share): .float(share)
        }
    }
}

struct Covariance {
    /// Features at most: the matrix takes 512 MB, and its eigenvectors a minute or two.
    static let most = 8192

    /// Row after row; divides by the number of rows.
    let elements: [Double]

    /// The covariance of all features over training rows.
    init(_ training: TrainingSet, _ form: FeatureForm, _ shrinkage: Shrinkage?) throws {
        let blocks = try RowBlocks(training, form, bytes: PrincipalLimits().block)
        let mean = try blocks.mean()
        let (size, count) = (form.count, Double(training.count))
        var matrix = try blocks.scatter(mean)
        for index in matrix.indices { matrix[index] /= count }
        guard firstNotFinite(matrix) == nil else {
            throw Failure(
                "the variance of the training rows is too large for a double",
                advice: "scale the features first, by scale.standard")
        }
        switch shrinkage {
        case nil: break
        case .share(let share): Self.shrink(&matrix, size, by: share)
        case .auto:
            let scales = (0..<size).map { feature in
                let variance = matrix[feature * size + feature]
                return isRounding(variance, mean: mean[feature], count: count) ? 1 : variance.squareRoot()
            }
            for row in 0..<size {
                for column in 0..<size { matrix[row * size + column] /= scales[row] * scales[column] }
            }
            var fourth = 0.0
            for index in 0..<training.count {
                let row = try form.row(try training.tensor(index))
                var squares = 0.0
                for feature in 0..<size {
                    let score = (row[feature] - mean[feature]) / scales[feature]
                    squares += score * score
                }
                fourth += squares * squares
            }
            Self.shrink(&matrix, size, by: Self.share(matrix, size, fourth: fourth, count: count))
            for row in 0..<size {
                for column in 0..<size { matrix[row * size + column] *= scales[row] * scales[column] }
            }
        }
        elements = matrix
    }

    private static func shrink(_ matrix: inout [Double], _ size: Int, by share: Double) {
        var trace = 0.0
        for index in 0..<size { trace += matrix[index * size + index] }
        for index in matrix.indices { matrix[index] *= 1 - share }
        for index in 0..<size { matrix[index * size + index] += share * trace / Double(size) }
    }

    /// Ledoit and Wolf's estimate of the best share: how much single rows scatter about the covariance, over how far that
    /// is from the identity. `fourth` is Σ |row|⁴.
    private static func share(_ matrix: [Double], _ size: Int, fourth: Double, count: Double) -> Double {
        guard size > 1 else { return 0 }
        var (trace, squares) = (0.0, 0.0)
        for index in 0..<size { trace += matrix[index * size + index] }
        for element in matrix { squares += element * element }
        let distance = squares - trace * trace / Double(size)
        let scatter = min((fourth / count - squares) / count, distance)
        return scatter == 0 || distance <= 0 ? 0 : scatter / distance
    }
}

/// Whether a variance is nothing but the rounding of numbers about a mean: scikit-learn's bound.
func isRounding(_ variance: Double, mean: Double, count: Double) -> Bool {
    let rounding = count * mean * Double.ulpOfOne
    return variance <= count * .ulpOfOne * variance + rounding * rounding
}
