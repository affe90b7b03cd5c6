// Products against plain loops, for all layouts, and for sizes of nothing.

import Linear
import Tensors
import Testing

@Suite struct BlasTests {
    private func numbers(_ count: Int, _ name: String) -> [Double] {
        var stream = RandomStream(named: Digest(of: .text(name)))
        return (0..<count).map { _ in stream.uniform() - 0.5 }
    }

    private func close(_ a: [Double], _ b: [Double], _ tolerance: Double = 1e-13) -> Bool {
        a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) <= tolerance }
    }

    @Test(arguments: [(3, 4, 5), (1, 1, 1), (7, 1, 2), (64, 33, 17), (2, 0, 3), (0, 2, 3)])
    func productsInAllLayouts(m: Int, k: Int, n: Int) {
        let (a, b, start) = (numbers(m * k, "a"), numbers(k * n, "b"), numbers(m * n, "c"))
        func turned(_ x: [Double], _ rows: Int, _ columns: Int) -> [Double] {
            (0..<rows * columns).map { x[$0 % rows * columns + $0 / rows] }
        }
        var want = start
        for row in 0..<m {
            for column in 0..<n {
                var sum = 0.0
                for inner in 0..<k { sum += a[row * k + inner] * b[inner * n + column] }
                want[row * n + column] = 2 * sum + 0.5 * start[row * n + column]
            }
        }
        for left in [false, true] {
            for right in [false, true] {
                var c = start
                Blas.gemm(
                    left ? turned(a, m, k) : a, left ? .transposed(k, m) : .plain(m, k),
                    right ? turned(b, k, n) : b, right ? .transposed(n, k) : .plain(k, n), into: &c, scale: 2, keep: 0.5
                )
                #expect(close(c, want))

                var single = start.map(Float.init)
                Blas.gemm(
                    (left ? turned(a, m, k) : a).map(Float.init), left ? .transposed(k, m) : .plain(m, k),
                    (right ? turned(b, k, n) : b).map(Float.init), right ? .transposed(n, k) : .plain(k, n),
                    into: &single, scale: 2, keep: 0.5)
                #expect(close(single.map(Double.init), want, 1e-4))
            }
        }
    }

    @Test(arguments: [(5, 3), (1, 9), (9, 1), (4, 0)])
    func gramMatricesAreSymmetric(rows: Int, columns: Int) {
        let a = numbers(rows * columns, "gram")
        var (gram, product) = ([Double](repeating: 7, count: rows * rows), [Double](repeating: 0, count: rows * rows))
        Blas.syrk(a, .plain(rows, columns), into: &gram)
        Blas.gemm(a, .plain(rows, columns), a, .transposed(rows, columns), into: &product)
        #expect(close(gram, product))
        for row in 0..<rows {
            for column in 0..<rows { #expect(gram[row * rows + column] == gram[column * rows + row]) }
        }
        var single = [Float](repeating: 0, count: columns * columns)
        Blas.syrk(a.map(Float.init), .transposed(rows, columns), into: &single)
        var other = [Double](repeating: 0, count: columns * columns)
        Blas.gemm(a, .transposed(rows, columns), a, .plain(rows, columns), into: &other)
        #expect(close(single.map(Double.init), other, 1e-5))
    }

    @Test func vectors() {
        let (a, x) = (numbers(12, "a"), numbers(4, "x"))
        var y = [1.0, 2, 3]
        Blas.gemv(a, .plain(3, 4), x, into: &y, keep: 1)
        var want = [1.0, 2, 3]
        for index in a.indices { want[index / 4] += a[index] * x[index % 4] }
        #expect(close(y, want))
        let square = a.map { $0 * $0 }.reduce(0, +)
        #expect(abs(Blas.dot(a, a) - square) < 1e-13)
        #expect(Blas.dot([Double](), []) == 0)
        #expect(Blas.dot([Float(2)], [3]) == 6)
        var sum = [1.0, 1, 1, 1]
        Blas.axpy(2, x, into: &sum)
        #expect(close(sum, x.map { 1 + 2 * $0 }))
        var none = [3.0, 4]
        Blas.gemv([], .plain(2, 0), [], into: &none)
        #expect(none == [0, 0])
    }

    @Test func theLibraryHasAName() {
        #expect(OpenBLAS.profile.split(separator: " ").count == 2)
        #expect(OpenBLAS.profile.first?.isNumber == true)
    }
}
