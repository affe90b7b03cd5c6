// Kernels: what stands in for the product of two rows in a support vector machine. All are made of plain products, so that
// those of many rows come from one product of matrices.

internal import Glibc
internal import Linear
internal import Stages
internal import Tensors

enum Kernel: String, CaseIterable, ParameterValue { case linear, poly, rbf, sigmoid }

/// The factor in a kernel: from the training rows, or a number.
enum KernelGamma: Sendable, Hashable, ParameterValue {
    case scale, auto
    case number(Double)

    static var kind: ParameterKind { .either([.choice(["scale", "auto"]), .float(.atLeast(0))]) }

    init?(canonical: Canonical) {
        switch canonical {
        case .text("scale"): self = .scale
        case .text("auto"): self = .auto
        case .float(let number): self = .number(number)
        default: return nil
        }
    }

    var canonical: Canonical {
        switch self {
        case .scale: .text("scale")
        case .auto: .text("auto")
        case .number(let number): .float(number)
        }
    }
}

/// The parameters that all stages with a kernel have.
struct KernelParameters: ParameterSet {
    var kernel = Kernel.rbf
    var degree = 3
    var gamma = KernelGamma.scale
    var coef0 = 0.0

    static var fields: [Field<Self>] {
        [
            Field("kernel", \.kernel, "what stands in for the product of two rows"),
            Field("degree", \.degree, as: .int(.atLeast(0)), "the power of kernel poly; without effect on others"),
            Field(
                "gamma", \.gamma,
                "a number, or scale: 1 / (features · variance of all numbers in training), or auto: 1 / features"),
            Field("coef0", \.coef0, "what is added in kernels poly and sigmoid"),
        ]
    }

    static let documentation = """
        The kernel of two rows is `linear`: x·y; `poly`: (gamma x·y + coef0)^degree; `rbf`: exp(−gamma |x − y|²); \
        `sigmoid`: tanh(gamma x·y + coef0). With `gamma: scale` and no variance at all in training, gamma is 1. Scale \
        the features first (`scale.standard`).
        """

    /// The kernel for these training rows.
    func function(for features: FeatureMatrix) throws(Failure) -> KernelFunction {
        let gamma: Double
        switch self.gamma {
        case .number(let number): gamma = number
        case .auto: gamma = 1 / Double(features.columns)
        case .scale:
            let count = Double(features.elements.count)
            var sum = 0.0
            for element in features.elements { sum += element }
            let mean = sum / count
            var squares = 0.0
            for element in features.elements { squares += (element - mean) * (element - mean) }
            guard squares.isFinite else { throw KernelFunction.isTooLarge }
            gamma = squares > 0 ? 1 / (Double(features.columns) * (squares / count)) : 1
            guard gamma.isFinite else {
                throw Failure(
                    "the variance of the training rows is too small for gamma: scale",
                    advice: "scale the features first, by scale.standard")
            }
        }
        return KernelFunction(kernel: kernel, degree: degree, gamma: gamma, coef0: coef0)
    }

    /// The kernel that a state was fitted with.
    func function(fitted state: Bundle) throws(Failure) -> KernelFunction {
        guard case .float(let gamma)? = state.scalars["gamma"] else { throw Failure("the fitted state has no gamma") }
        return KernelFunction(kernel: kernel, degree: degree, gamma: gamma, coef0: coef0)
    }
}

/// A kernel with all its numbers.
struct KernelFunction {
    let kernel: Kernel
    let degree: Int
    let gamma: Double
    let coef0: Double

    static let isTooLarge = Failure(
        "the features are too large: a kernel value is not a number that libsvm can work with",
        advice: "scale the features first, by scale.standard")

    static let rowIsTooLarge = Failure(
        "the features of a row are too large: its decision is not a number to work with",
        advice: "scale the features first, by scale.standard")

    /// libsvm works on single floats.
    private static let limit = 1e36
    /// Rows of training: a matrix of 4 GB.
    private static let mostRows = 1 << 14

    /// Said before the rows are read.
    static func requireFew(rows: Int, else instead: String) throws(Failure) {
        guard rows <= mostRows else {
            throw Failure(
                "\(rows) training rows are too many: with a kernel there may be \(mostRows) at most",
                advice: "take \(instead), or fit on fewer rows")
        }
    }

    /// The kernel of all pairs of training rows.
    func matrix(_ features: FeatureMatrix) throws(Failure) -> KernelMatrix {
        let rows = features.rows
        var values = [Double](repeating: 0, count: rows * rows)
        Blas.syrk(features.elements, .plain(rows, features.columns), into: &values)
        let squares = (0..<rows).map { values[$0 * (rows + 1)] }
        values.withUnsafeMutableBufferPointer { values in
            for row in 0..<rows {
                let own = UnsafeMutableBufferPointer(rebasing: values[(row * rows + row)..<((row + 1) * rows)])
                squares.withUnsafeBufferPointer { squares in
                    apply(to: own, squares[row], UnsafeBufferPointer(rebasing: squares[row...]))
                }
                for column in row..<rows { values[column * rows + row] = own[column - row] }
            }
        }
        guard Self.isSmall(values) else { throw Self.isTooLarge }
        return KernelMatrix(values, size: rows)
    }

    /// The kernel of rows with others, row after row.
    /// - Parameter otherSquares: the squared length of each of the others.
    func values(
        _ rows: [Double], _ count: Int, _ others: [Double], _ otherSquares: [Double], width: Int
    ) throws(Failure) -> [Double] {
        let otherCount = otherSquares.count
        var values = [Double](repeating: 0, count: count * otherCount)
        Blas.gemm(rows, .plain(count, width), others, .transposed(otherCount, width), into: &values)
        let squares = Self.squares(rows, width: width)
        values.withUnsafeMutableBufferPointer { values in
            otherSquares.withUnsafeBufferPointer { otherSquares in
                for row in 0..<count {
                    let own = values[(row * otherCount)..<((row + 1) * otherCount)]
                    apply(to: UnsafeMutableBufferPointer(rebasing: own), squares[row], otherSquares)
                }
            }
        }
        guard Self.isSmall(values) else { throw Self.rowIsTooLarge }
        return values
    }

    /// The squared lengths of rows.
    static func squares(_ rows: [Double], width: Int) -> [Double] {
        guard width > 0 else { return [] }
        return rows.withUnsafeBufferPointer { rows in
            stride(from: 0, to: rows.count, by: width).map { start in
                var sum = 0.0
                for index in start..<start + width { sum += rows[index] * rows[index] }
                return sum
            }
        }
    }

    private static func isSmall(_ values: [Double]) -> Bool {
        var isSmall = true
        for value in values { isSmall = isSmall && abs(value) <= limit }
        return isSmall
    }

    /// Turns the products of one row with others into kernel values.
    private func apply(
        to products: UnsafeMutableBufferPointer<Double>, _ square: Double, _ squares: UnsafeBufferPointer<Double>
    ) {
        switch kernel {
        case .linear: break
        case .poly: for index in products.indices { products[index] = power(gamma * products[index] + coef0) }
        case .rbf:
            for index in products.indices {
                products[index] = exp(-gamma * max(0, square + squares[index] - 2 * products[index]))
            }
        case .sigmoid: for index in products.indices { products[index] = tanh(gamma * products[index] + coef0) }
        }
    }

    private func power(_ base: Double) -> Double {
        var (power, factor, rest) = (1.0, base, degree)
        while rest > 0 {
            if rest % 2 == 1 { power *= factor }
            factor *= factor
            rest /= 2
        }
        return power
    }
}
