// Alternating least squares: the factor of each axis in turn is the best for those of the others. Columns are kept at
// length 1, which changes no step, as each factor is found anew from the directions of the others.

internal import Linear
internal import Stages
internal import Tensors

struct CpFit {
    private let elements: [Double]
    /// Of the samples stacked: their number first.
    private let shape: [Int]
    private let rank: Int
    private let squares: Double
    /// One an axis, the axis of samples first: (size, rank).
    private var factors: [[Double]]

    /// √(|X − sum of components|²) / |X| after each sweep.
    private(set) var errors = [Double]()
    private(set) var hasConverged = false

    /// Starts from the leading eigenvectors of each axis' Gram matrix; columns beyond its size, and very long axes, start
    /// from numbers that are always the same.
    init(_ elements: [Double], samples: Int, shape own: [Int], rank: Int) throws {
        (self.elements, shape, self.rank) = (elements, [samples] + own, rank)
        squares = Blas.dot(elements, elements)
        guard squares > 0, squares.isFinite else {
            throw squares > 0
                ? AxisSpectrum.isTooLarge
                : Failure("the training rows are 0 everywhere, so that there is nothing to decompose")
        }
        // The axis of samples is found first, and needs no start.
        factors = [[Double](repeating: 0, count: samples * rank)]
        var numbers = RandomStream(named: Digest(of: .text("decompose.cp")))
        for axis in 1..<shape.count {
            let size = shape[axis]
            var found = AxisFactor(size: size, rank: 0, elements: [], directions: 0)
            if size <= AxisSpectrum.most {
                var gram = AxisGram(size: size, isLast: axis == shape.count - 1)
                gram.add(elements, from: 0, axisForm(shape, axis))
                found = try AxisSpectrum(gram.matrix(), size: size).factor(min(rank, size))
            }
            var factor = [Double](repeating: 0, count: size * rank)
            for row in 0..<size {
                for column in 0..<rank {
                    factor[row * rank + column] =
                        column < found.directions ? found.elements[row * found.rank + column] : numbers.uniform()
                }
            }
            factors.append(factor)
        }
    }

    mutating func iterate(tolerance: Double, most: Int) throws {
        hasConverged = tolerance == 0
        for sweep in 1...most {
            var (products, factor, gram) = ([Double](), [Double](), [Double]())
            for axis in shape.indices {
                products = self.products(axis)
                gram = Self.gram(factors.enumerated().filter { $0.offset != axis }.map(\.element), rank: rank)
                let inverse = try Self.inverse(gram, rank: rank)
                factor = [Double](repeating: 0, count: shape[axis] * rank)
                Blas.gemm(products, .plain(shape[axis], rank), inverse, .plain(rank, rank), into: &factor)
                factors[axis] = Self.normalised(factor, rank: rank).factor
            }
            // Of the last axis, whose factor has all the lengths.
            let own = Self.gram([factor], rank: rank)
            let (made, common) = (Blas.dot(own, gram), Blas.dot(products, factor))
            let error = abs(squares + made - 2 * common).squareRoot() / squares.squareRoot()
            guard error.isFinite else { throw AxisSpectrum.isTooLarge }
            errors.append(error)
            if sweep > 1, abs(errors[sweep - 2] - error) < tolerance {
                hasConverged = true
                break
            }
        }
    }

    /// The lengths of the components in the training samples, the largest first, and the factors of the axes of a sample,
    /// each column with its entry of the largest size positive.
    func components() throws -> (weights: [Double], factors: [[Double]]) {
        let own = Array(factors.dropFirst())
        let inverse = try Self.inverse(Self.gram(own, rank: rank), rank: rank)
        var factor = [Double](repeating: 0, count: shape[0] * rank)
        Blas.gemm(products(0), .plain(shape[0], rank), inverse, .plain(rank, rank), into: &factor)
        let lengths = Self.normalised(factor, rank: rank).lengths
        let order = lengths.indices.sorted { lengths[$0] != lengths[$1] ? lengths[$0] > lengths[$1] : $0 < $1 }
        let sorted = own.enumerated().map { axis, factor in
            var sorted = factor
            let size = shape[axis + 1]
            for (place, column) in order.enumerated() {
                let entries = (0..<size).map { factor[$0 * rank + column] }
                let isNegative = isTurned(entries)
                for (row, entry) in entries.enumerated() { sorted[row * rank + place] = isNegative ? -entry : entry }
            }
            return sorted
        }
        return (order.map { lengths[$0] }, sorted)
    }

    /// The unfolding of the samples along an axis times the Khatri–Rao product of the other factors.
    private func products(_ axis: Int) -> [Double] {
        let count = shape[1...].reduce(1, *)
        if axis == 0 {
            var sum = [Double](repeating: 0, count: shape[0] * rank)
            let outer = Self.khatriRao(Array(factors.dropFirst()), rank: rank)
            Blas.gemm(elements, .plain(shape[0], count), outer, .plain(count, rank), into: &sum)
            return sum
        }
        let size = shape[axis]
        var sum = [Double](repeating: 0, count: size * rank)
        let before = Self.khatriRao(Array(factors[1..<axis]), rank: rank)
        let after = Self.khatriRao(Array(factors[(axis + 1)...]), rank: rank)
        let (blocks, behind) = (before.count / rank, after.count / rank)
        var part = [Double](repeating: 0, count: blocks * size * rank)
        for sample in 0..<shape[0] {
            Blas.axisProduct(
                elements, from: sample * count, AxisForm(before: blocks * size, size: behind, after: 1), after,
                rank: rank, into: &part, at: 0)
            let weights = factors[0][sample * rank..<(sample + 1) * rank]
            Self.contract(part, before, Array(weights), size: size, into: &sum)
        }
        return sum
    }

    /// Adds the sum over blocks of `part` (block, size, rank) times `before` (block, rank), times `weights` (rank).
    private static func contract(
        _ part: [Double], _ before: [Double], _ weights: [Double], size: Int, into sum: inout [Double]
    ) {
        let rank = weights.count
        var scales = [Double](repeating: 0, count: rank)
        for block in 0..<before.count / rank {
            for column in 0..<rank { scales[column] = before[block * rank + column] * weights[column] }
            for row in 0..<size {
                let place = (block * size + row) * rank
                for column in 0..<rank { sum[row * rank + column] += part[place + column] * scales[column] }
            }
        }
    }

    /// Column by column the outer product of factors: the last axis runs fastest. A single row of ones where there are none.
    static func khatriRao(_ factors: [[Double]], rank: Int) -> [Double] {
        var product = [Double](repeating: 1, count: rank)
        for factor in factors {
            var next = [Double]()
            next.reserveCapacity(product.count / rank * factor.count)
            for row in 0..<product.count / rank {
                for own in 0..<factor.count / rank {
                    for column in 0..<rank { next.append(product[row * rank + column] * factor[own * rank + column]) }
                }
            }
            product = next
        }
        return product
    }

    /// The products of the columns of factors with each other, multiplied over the factors: (rank, rank).
    static func gram(_ factors: [[Double]], rank: Int) -> [Double] {
        var product = [Double](repeating: 1, count: rank * rank)
        for factor in factors {
            var own = [Double](repeating: 0, count: rank * rank)
            Blas.syrk(factor, .transposed(factor.count / rank, rank), into: &own)
            for place in product.indices { product[place] *= own[place] }
        }
        return product
    }

    /// The pseudo-inverse of a symmetric matrix.
    static func inverse(_ matrix: [Double], rank: Int) throws -> [Double] {
        let found: (values: [Double], vectors: [Double])
        do { found = try Lapack.eigen(symmetric: matrix, size: rank) } catch { throw AxisSpectrum.isTooLarge }
        let bound = (found.values.first ?? 0) * Double(rank) * .ulpOfOne
        var scaled = found.vectors
        for (row, value) in found.values.enumerated() {
            let scale = value > bound ? 1 / value : 0
            for column in 0..<rank { scaled[row * rank + column] *= scale }
        }
        var inverse = [Double](repeating: 0, count: rank * rank)
        Blas.gemm(found.vectors, .transposed(rank, rank), scaled, .plain(rank, rank), into: &inverse)
        return inverse
    }

    /// Columns of length 1, and the lengths that they had. A column of zeros stays one.
    private static func normalised(_ factor: [Double], rank: Int) -> (factor: [Double], lengths: [Double]) {
        var (squares, made) = ([Double](repeating: 0, count: rank), factor)
        for (place, entry) in factor.enumerated() { squares[place % rank] += entry * entry }
        let lengths = squares.map { $0.squareRoot() }
        for place in made.indices where lengths[place % rank] > 0 { made[place] /= lengths[place % rank] }
        return (made, lengths)
    }
}
