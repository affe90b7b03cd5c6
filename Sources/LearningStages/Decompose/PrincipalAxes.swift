// The directions along which rows of features vary most. A matrix that is not large is decomposed whole; of a large one
// never more than two blocks of rows are held, and the decomposition is that of its smaller product with itself.

internal import Linear
internal import Stages
internal import Tensors

/// How large is large. Sizes are of the problem and not of the machine, so that a result does not depend on where it was
/// computed.
struct PrincipalLimits {
    /// Numbers in a matrix that is decomposed whole, 256 MB.
    var whole = 1 << 25
    /// Bytes in a block of rows.
    var block = 64 << 20
    /// Rows or columns of a product of the matrix with itself, 2 GB.
    var product = 1 << 14
    /// Numbers in components that are kept as Double, 128 MB.
    var double = 1 << 24
    /// Numbers in components that are kept at all, 2 GB.
    var kept = 1 << 29
}

/// Variances along directions, the largest first.
struct PrincipalAxes {
    /// What the directions are made from.
    private enum Source {
        /// They are there, each a row.
        case directions([Double])
        /// Each is a sum of rows of features, with these weights.
        case weights([Double], RowBlocks)
    }

    let mean: [Double]
    /// Singular values of the rows less their mean, min(rows, features) of them; 0 where there is nothing but rounding.
    let singular: [Double]
    /// The squares of all of them.
    let total: Double
    private let source: Source
    private let limits: PrincipalLimits

    /// How many directions the rows vary along.
    var rank: Int { singular.count { $0 > 0 } }

    /// - Parameter isCentred: whether the mean is taken off the rows; else it is 0 in what follows.
    init(
        _ training: TrainingSet, _ form: FeatureForm, _ limits: PrincipalLimits, isCentred: Bool = true
    ) throws {
        self.limits = limits
        let blocks = try RowBlocks(training, form, bytes: limits.block)
        mean = try isCentred ? blocks.mean() : [Double](repeating: 0, count: form.count)
        let (rows, features) = (training.count, form.count)
        let rounding: Double
        let values: [Double]
        do {
            if rows * features <= limits.whole {
                let found = try Lapack.rightSingular(of: blocks.centred(mean), rows: rows, columns: features)
                (values, source) = (found.values, .directions(found.vectors))
                let bound = Double(max(rows, features)) * .ulpOfOne
                rounding = bound * bound
            } else {
                let size = min(rows, features)
                guard size <= limits.product else {
                    throw Failure(
                        "\(rows) training rows of \(features) features are too many: of either there may be "
                            + "\(limits.product) at most", advice: "fit on fewer rows, or make larger cells of features"
                    )
                }
                let isWide = features > rows
                let product = try isWide ? blocks.gram(mean) : blocks.scatter(mean)
                let found = try Lapack.eigen(symmetric: product, size: size)
                values = found.values.map { max(0, $0).squareRoot() }
                source = isWide ? .weights(found.vectors, blocks) : .directions(found.vectors)
                rounding = Double(64 + 10 * size) * .ulpOfOne
            }
        } catch LapackError.notFinite {
            throw Self.isTooLarge
        } catch LapackError.didNotConverge {
            throw Failure("the decomposition of the training rows did not converge")
        }
        guard firstNotFinite(values) == nil else { throw Self.isTooLarge }
        let bound = (values.first ?? 0) * rounding.squareRoot()
        singular = values.map { $0 > bound ? $0 : 0 }
        total = singular.reduce(0) { $0 + $1 * $1 }
        guard total.isFinite else { throw Self.isTooLarge }
    }

    private static let isTooLarge = Failure(
        "the variance of the training rows is too large for a double",
        advice: "scale the features first, by scale.standard")

    /// The first directions, each a row of length 1 whose entry of the largest size is positive. Those beyond the rank are
    /// zero: what a decomposition gives for them is not in the rows.
    func directions(_ count: Int) throws -> Elements {
        let features = mean.count
        guard count * features <= limits.kept else {
            throw Failure(
                "\(count) components of \(features) features take \(count * features >> 28) GB",
                advice: "lower n_components, or make fewer features")
        }
        return count * features <= limits.double
            ? .float64(try signed(count) as [Double]) : .float32(try signed(count) as [Float])
    }

    /// As many directions as there are features, each a row of length 1, those without variance among them; nil where there
    /// are fewer rows than features.
    var basis: [Double]? {
        if case .directions(let all) = source, all.count == mean.count * mean.count { all } else { nil }
    }

    /// Rows of features along the first `count` directions, whose signs are open: row after row. Directions are those that
    /// the rows vary along.
    func components(of rows: [Double], rows height: Int, count: Int) throws -> [Double] {
        precondition(count <= rank)
        let features = mean.count
        var found = [Double](repeating: 0, count: height * count)
        switch source {
        case .directions(let all):
            Blas.gemm(
                rows, .plain(height, features), Array(all[..<(count * features)]), .transposed(count, features),
                into: &found)
        case .weights(let weights, let blocks):
            let size = blocks.training.count
            let products = try blocks.products(with: rows, height, mean)
            Blas.gemm(
                products, .plain(height, size), Array(weights[..<(count * size)]), .transposed(count, size),
                into: &found)
            for index in found.indices { found[index] /= singular[index % count] }
        }
        return found
    }

    /// Sums of the first `count` directions, as `components` has them, with weights of which each row of `weights` holds
    /// one a direction.
    func sums(_ weights: [Double], rows height: Int, count: Int) throws -> [Double] {
        precondition(count <= rank)
        let features = mean.count
        switch source {
        case .directions(let all):
            var sums = [Double](repeating: 0, count: height * features)
            Blas.gemm(
                weights, .plain(height, count), Array(all[..<(count * features)]), .plain(count, features), into: &sums)
            return sums
        case .weights(let own, let blocks):
            let size = blocks.training.count
            var scaled = weights
            for index in scaled.indices { scaled[index] /= singular[index % count] }
            var combined = [Double](repeating: 0, count: height * size)
            Blas.gemm(
                scaled, .plain(height, count), Array(own[..<(count * size)]), .plain(count, size), into: &combined)
            return try blocks.sums(combined, height, mean)
        }
    }

    private func signed<Number: BinaryFloatingPoint>(_ count: Int) throws -> [Number] {
        var directions: [Number] =
            switch source {
            case .directions(let all): all[..<(count * mean.count)].map { Number($0) }
            case .weights(let weights, let blocks): try blocks.sums(weights, count, mean)
            }
        for row in 0..<count { normalise(&directions, row * mean.count..<(row + 1) * mean.count, row < rank) }
        return directions
    }

    private func normalise<Number: BinaryFloatingPoint>(
        _ all: inout [Number], _ range: Range<Int>, _ isDirection: Bool
    ) {
        var squares = 0.0
        for index in range {
            let entry = Double(all[index])
            squares += entry * entry
        }
        guard isDirection, squares > 0 else {
            for index in range { all[index] = 0 }
            return
        }
        let scale = isTurned(all[range]) ? -squares.squareRoot() : squares.squareRoot()
        for index in range { all[index] = Number(Double(all[index]) / scale) }
    }
}

// Passes over the rows.

extension RowBlocks {
    /// The mean of each feature.
    func mean() throws -> [Double] {
        var sums = [Double](repeating: 0, count: form.count)
        for index in 0..<training.count {
            switch try form.held(try training.tensor(index), "a training row") {
            case .float32(let row): for feature in 0..<form.count { sums[feature] += Double(row[feature]) }
            case .float64(let row): for feature in 0..<form.count { sums[feature] += row[feature] }
            default: break
            }
        }
        let means = sums.map { $0 / Double(training.count) }
        if let feature = firstNotFinite(means) {
            throw Failure(
                "the mean of \(form.name(feature)) is too large for a double",
                advice: "scale the features first, by scale.minmax")
        }
        return means
    }

    /// The whole matrix, less the mean.
    fileprivate func centred(_ mean: [Double]) throws -> [Double] {
        var matrix = [Double]()
        matrix.reserveCapacity(training.count * form.count)
        for index in 0..<training.count {
            matrix += Panel(try read(index..<index + 1), 0..<form.count, minus: mean).elements
        }
        return matrix
    }

    /// The products of all rows with each other. Two blocks are held at a time.
    fileprivate func gram(_ mean: [Double]) throws -> [Double] {
        let size = training.count
        var gram = [Double](repeating: 0, count: size * size)
        for (position, range) in ranges.enumerated() {
            let block = try read(range)
            for otherRange in ranges[position...] {
                let other = otherRange == range ? block : try read(otherRange)
                var tile = [Double](repeating: 0, count: range.count * otherRange.count)
                for columns in Panel.cuts(of: form.count, rows: max(range.count, otherRange.count)) {
                    let left = Panel(block, columns, minus: mean)
                    if otherRange == range {
                        Blas.syrk(left.elements, .plain(range.count, columns.count), into: &tile, keep: 1)
                        continue
                    }
                    let right = Panel(other, columns, minus: mean)
                    Blas.gemm(
                        left.elements, .plain(range.count, columns.count), right.elements,
                        .transposed(otherRange.count, columns.count), into: &tile, keep: 1)
                }
                for (i, row) in range.enumerated() {
                    for (j, column) in otherRange.enumerated() {
                        gram[row * size + column] = tile[i * otherRange.count + j]
                        gram[column * size + row] = tile[i * otherRange.count + j]
                    }
                }
            }
        }
        return gram
    }

    /// The products of all features with each other.
    func scatter(_ mean: [Double]) throws -> [Double] {
        let size = form.count
        var scatter = [Double](repeating: 0, count: size * size)
        for range in ranges {
            let panel = Panel(try read(range), 0..<size, minus: mean)
            Blas.syrk(panel.elements, .transposed(range.count, size), into: &scatter, keep: 1)
        }
        return scatter
    }

    /// The products of other rows of features with these: a row of as many numbers as there are training rows for each.
    fileprivate func products(with others: [Double], _ count: Int, _ mean: [Double]) throws -> [Double] {
        var products = [Double](repeating: 0, count: count * training.count)
        for range in ranges {
            let block = try read(range)
            var tile = [Double](repeating: 0, count: count * range.count)
            for columns in Panel.cuts(of: form.count, rows: max(range.count, count)) {
                let panel = Panel(block, columns, minus: mean)
                let other = Panel(.float64(others), rows: count, width: form.count, columns)
                Blas.gemm(
                    other.elements, .plain(count, columns.count), panel.elements,
                    .transposed(range.count, columns.count), into: &tile, keep: 1)
            }
            for row in 0..<count {
                for index in 0..<range.count {
                    products[row * training.count + range.lowerBound + index] = tile[row * range.count + index]
                }
            }
        }
        return products
    }

    /// The first `count` sums of rows, with weights of which each row of `weights` holds one a training row.
    fileprivate func sums<Number: BinaryFloatingPoint>(
        _ weights: [Double], _ count: Int, _ mean: [Double]
    ) throws -> [Number] {
        var sums = [Number](repeating: 0, count: count * form.count)
        for range in ranges {
            let block = try read(range)
            var own = [Double]()
            for row in 0..<count {
                own += weights[row * training.count + range.lowerBound..<row * training.count + range.upperBound]
            }
            for columns in Panel.cuts(of: form.count, rows: max(range.count, count)) {
                let panel = Panel(block, columns, minus: mean)
                var part = [Double](repeating: 0, count: count * columns.count)
                Blas.gemm(
                    own, .plain(count, range.count), panel.elements, .plain(range.count, columns.count), into: &part)
                for row in 0..<count {
                    let (from, to) = (row * columns.count, row * form.count + columns.lowerBound)
                    for index in 0..<columns.count { sums[to + index] += Number(part[from + index]) }
                }
            }
        }
        return sums
    }
}
