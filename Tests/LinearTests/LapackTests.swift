// Decompositions put together again, and matrices that have none.

import Linear
import Tensors
import Testing

@Suite struct LapackTests {
    private func numbers(_ count: Int) -> [Double] {
        var stream = RandomStream(named: Digest(of: .text("lapack")))
        return (0..<count).map { _ in stream.uniform() - 0.5 }
    }

    private func isClose(_ a: [Double], _ b: [Double]) -> Bool {
        a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) < 1e-12 }
    }

    private func identity(_ size: Int) -> [Double] { (0..<size * size).map { $0 % (size + 1) == 0 ? 1 : 0 } }

    private func gram(_ rows: [Double], _ count: Int, _ columns: Int) -> [Double] {
        var gram = [Double](repeating: 0, count: count * count)
        Blas.syrk(rows, .plain(count, columns), into: &gram)
        return gram
    }

    @Test(arguments: [0, 1, 2, 7, 40]) func eigenvectors(size: Int) throws {
        let half = numbers(size * size)
        var matrix = half
        for row in 0..<size {
            for column in 0..<size { matrix[row * size + column] += half[column * size + row] }
        }
        let (values, vectors) = try Lapack.eigen(symmetric: matrix, size: size)
        #expect(values == values.sorted(by: >))
        #expect(isClose(gram(vectors, size, size), identity(size)))
        var again = [Double](repeating: 0, count: size * size)
        for (position, value) in values.enumerated() {
            let vector: [Double] = Array(vectors[position * size..<(position + 1) * size])
            for row in 0..<size {
                for column in 0..<size { again[row * size + column] += value * vector[row] * vector[column] }
            }
        }
        #expect(isClose(again, matrix))
        // Above the diagonal may be anything.
        for row in 0..<size {
            for column in 0..<size where column > row { matrix[row * size + column] = 7 }
        }
        #expect(try Lapack.eigen(symmetric: matrix, size: size).values == values)
    }

    @Test(arguments: [(0, 3), (3, 0), (1, 1), (1, 6), (6, 1), (5, 5), (40, 7), (7, 40), (60, 4), (4, 60)])
    func singularValues(rows: Int, columns: Int) throws {
        let matrix = numbers(rows * columns)
        let count = min(rows, columns)
        let (values, vectors) = try Lapack.rightSingular(of: matrix, rows: rows, columns: columns)
        #expect(values.count == count && vectors.count == count * columns)
        #expect(values == values.sorted(by: >))
        #expect(isClose(gram(vectors, count, columns), identity(count)))
        // The matrix times a vector has the length of its value, and such products are at right angles.
        var products = [Double](repeating: 0, count: count * rows)
        if count > 0 {
            Blas.gemm(vectors, .plain(count, columns), matrix, .transposed(rows, columns), into: &products)
        }
        var want = [Double](repeating: 0, count: count * count)
        for (position, value) in values.enumerated() { want[position * (count + 1)] = value * value }
        #expect(isClose(gram(products, count, rows), want))
    }

    @Test(arguments: [Double.nan, .infinity]) func numbersThatAreNone(bad: Double) {
        #expect(throws: LapackError.notFinite) { try Lapack.eigen(symmetric: [1, 0, bad, 1], size: 2) }
        #expect(throws: LapackError.notFinite) { try Lapack.rightSingular(of: [1, bad], rows: 1, columns: 2) }
    }
}
