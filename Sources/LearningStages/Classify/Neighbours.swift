// The nearest of many rows. For Euclidean distances, products of blocks of rows (one gemm) tell which rows may be near,
// with a bound for their rounding; the distances of those, and so the order, are computed from the rows themselves.

internal import Linear
internal import Stages
internal import Tensors

/// Rows to be compared with.
struct Neighbours {
    /// The rows nearest to a row, the nearest first, and how far they are.
    struct Nearest {
        var rows = [Int]()
        var distances = [Double]()
    }

    private let rows: Elements
    private let width: Int
    private let power: Int
    private let count: Int
    /// Of each row, for Euclidean distances, the square of its length.
    private let squares: [Double]
    /// Rows in a block.
    private let step: Int

    /// Nil where the rows are so large that distances would not be finite.
    init?(_ rows: Elements, width: Int, power: Int) {
        (self.rows, self.width, self.power, count) = (rows, width, power, rows.count / width)
        step = max(16, min(4096, (1 << 18) / width))
        var sizes = [Double]()
        sizes.reserveCapacity(count)
        for start in stride(from: 0, to: count, by: step) {
            let block = Self.block(rows, start..<min(start + step, count), width)
            sizes += Self.sizes(block, width, power)
        }
        guard sizes.allSatisfy({ $0 < 1e300 }) else { return nil }
        squares = power == 2 ? sizes : []
    }

    /// Rows as Double.
    private static func block(_ rows: Elements, _ range: Range<Int>, _ width: Int) -> [Double] {
        let elements = range.lowerBound * width..<range.upperBound * width
        return switch rows {
        case .float64(let rows): elements.count == rows.count ? rows : Array(rows[elements])
        case .float32(let rows):
            [Double](unsafeUninitializedCapacity: elements.count) { block, filled in
                rows.withUnsafeBufferPointer { rows in
                    for index in 0..<elements.count { block[index] = Double(rows[elements.lowerBound + index]) }
                }
                filled = elements.count
            }
        default: preconditionFailure("rows are held as Float or Double")
        }
    }

    /// The distance of each row from zero, for Euclidean ones its square.
    private static func sizes(_ rows: [Double], _ width: Int, _ power: Int) -> [Double] {
        let zero = [Double](repeating: 0, count: width)
        return rows.withUnsafeBufferPointer { rows in
            zero.withUnsafeBufferPointer { zero in
                stride(from: 0, to: rows.count, by: width).map { start in
                    let row = UnsafeBufferPointer(rebasing: rows[start..<start + width])
                    return power == 1 ? absolute(row, zero) : square(row, zero)
                }
            }
        }
    }

    /// The `wanted` nearest rows of each query; nil where a query is so large that distances would not be finite.
    func nearest(_ wanted: Int, to queries: [Double]) -> [Nearest]? {
        let sizes = Self.sizes(queries, width, power)
        guard sizes.allSatisfy({ $0 < 1e300 }) else { return nil }
        var found = [Nearest](repeating: Nearest(), count: sizes.count)
        for start in stride(from: 0, to: count, by: step) {
            let range = start..<min(start + step, count)
            let block = Self.block(rows, range, width)
            if power == 1 {
                search(block, range, queries, wanted, &found)
            } else {
                search(block, range, queries, sizes, wanted, &found)
            }
        }
        if power == 2 {
            for index in found.indices {
                for place in found[index].distances.indices { found[index].distances[place].formSquareRoot() }
            }
        }
        return found
    }

    private func search(
        _ block: [Double], _ range: Range<Int>, _ queries: [Double], _ wanted: Int, _ found: inout [Nearest]
    ) {
        block.withUnsafeBufferPointer { block in
            queries.withUnsafeBufferPointer { queries in
                for query in found.indices {
                    let own = UnsafeBufferPointer(rebasing: queries[query * width..<(query + 1) * width])
                    for row in 0..<range.count {
                        let other = UnsafeBufferPointer(rebasing: block[row * width..<(row + 1) * width])
                        found[query].insert(range.lowerBound + row, Self.absolute(own, other), wanted)
                    }
                }
            }
        }
    }

    private func search(
        _ block: [Double], _ range: Range<Int>, _ queries: [Double], _ sizes: [Double], _ wanted: Int,
        _ found: inout [Nearest]
    ) {
        var products = [Double](repeating: 0, count: found.count * range.count)
        Blas.gemm(
            queries, .plain(found.count, width), block, .transposed(range.count, width), into: &products, scale: -2)
        // Both ways to a square are off by less than this share of the squares of the lengths.
        let rounding = 8 * Double(width + 8) * Double.ulpOfOne
        let least = squares[range].map { $0 * (1 - rounding) }
        block.withUnsafeBufferPointer { block in
            queries.withUnsafeBufferPointer { queries in
                products.withUnsafeBufferPointer { products in
                    least.withUnsafeBufferPointer { least in
                        for query in found.indices {
                            let own = UnsafeBufferPointer(rebasing: queries[query * width..<(query + 1) * width])
                            let offset = sizes[query] * (1 - rounding)
                            var bound = found[query].bound(wanted) - offset
                            for row in 0..<range.count
                            where least[row] + products[query * range.count + row] <= bound {
                                let other = UnsafeBufferPointer(rebasing: block[row * width..<(row + 1) * width])
                                found[query].insert(range.lowerBound + row, Self.square(own, other), wanted)
                                bound = found[query].bound(wanted) - offset
                            }
                        }
                    }
                }
            }
        }
    }

    // Eight sums side by side: what vectors do, whatever the processor.

    private static func square(_ a: UnsafeBufferPointer<Double>, _ b: UnsafeBufferPointer<Double>) -> Double {
        var sums = SIMD8<Double>(repeating: 0)
        let whole = a.count / 8 * 8
        for start in stride(from: 0, to: whole, by: 8) {
            var distance = SIMD8<Double>()
            for lane in 0..<8 { distance[lane] = a[start + lane] - b[start + lane] }
            sums += distance * distance
        }
        var sum = sums.sum()
        for index in whole..<a.count { sum += (a[index] - b[index]) * (a[index] - b[index]) }
        return sum
    }

    private static func absolute(_ a: UnsafeBufferPointer<Double>, _ b: UnsafeBufferPointer<Double>) -> Double {
        var sums = SIMD8<Double>(repeating: 0)
        let whole = a.count / 8 * 8
        for start in stride(from: 0, to: whole, by: 8) {
            var distance = SIMD8<Double>()
            for lane in 0..<8 { distance[lane] = abs(a[start + lane] - b[start + lane]) }
            sums += distance
        }
        var sum = sums.sum()
        for index in whole..<a.count { sum += abs(a[index] - b[index]) }
        return sum
    }
}

extension Neighbours.Nearest {
    /// What a distance must not exceed to be among the nearest.
    func bound(_ wanted: Int) -> Double { distances.count < wanted ? .infinity : distances[wanted - 1] }

    /// Puts a row where it belongs, behind those at the same distance.
    mutating func insert(_ row: Int, _ distance: Double, _ wanted: Int) {
        guard distances.count < wanted || distance < distances[wanted - 1] else { return }
        if distances.count == wanted {
            distances.removeLast()
            rows.removeLast()
        }
        var (low, high) = (0, distances.count)
        while low < high {
            let middle = (low + high) / 2
            if distances[middle] <= distance { low = middle + 1 } else { high = middle }
        }
        distances.insert(distance, at: low)
        rows.insert(row, at: low)
    }
}
