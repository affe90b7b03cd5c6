// Products of matrices and vectors of Double, by OpenBLAS. Matrices are arrays, row after row; shapes are checked.

internal import CBlas

/// Basic linear algebra over arrays; `Double` here, `Float` in its own file.
public enum Blas {}

extension Blas {
    /// c ← scale · a · b + keep · c. Sizes that do not fit are a fault in the program and trap.
    public static func gemm(
        _ a: [Double], _ left: Operand, _ b: [Double], _ right: Operand, into c: inout [Double], scale: Double = 1,
        keep: Double = 0
    ) {
        let (m, n, k) = (left.shape.rows, right.shape.columns, left.shape.columns)
        precondition(right.shape.rows == k, "inner sizes differ")
        precondition(a.count == left.stored.count && b.count == right.stored.count && c.count == m * n, "wrong sizes")
        if m == 0 || n == 0 { return }
        _ = OpenBLAS.isReady
        cblas_dgemm(
            CblasRowMajor, left.flag, right.flag, Int32(m), Int32(n), Int32(k), scale, a, left.stored.stride, b,
            right.stored.stride, keep, &c, Int32(n))
    }

    /// y ← scale · a · x + keep · y.
    public static func gemv(
        _ a: [Double], _ matrix: Operand, _ x: [Double], into y: inout [Double], scale: Double = 1, keep: Double = 0
    ) {
        precondition(a.count == matrix.stored.count, "wrong sizes")
        precondition(x.count == matrix.shape.columns && y.count == matrix.shape.rows, "wrong sizes")
        if y.isEmpty { return }
        if x.isEmpty {
            for index in y.indices { y[index] = keep == 0 ? 0 : keep * y[index] }
            return
        }
        _ = OpenBLAS.isReady
        cblas_dgemv(
            CblasRowMajor, matrix.flag, Int32(matrix.stored.rows), Int32(matrix.stored.columns), scale, a,
            matrix.stored.stride, x, 1, keep, &y, 1)
    }

    /// Σ xᵢ yᵢ.
    public static func dot(_ x: [Double], _ y: [Double]) -> Double {
        precondition(x.count == y.count, "wrong sizes")
        _ = OpenBLAS.isReady
        return cblas_ddot(Int32(x.count), x, 1, y, 1)
    }

    /// y ← y + scale · x.
    public static func axpy(_ scale: Double, _ x: [Double], into y: inout [Double]) {
        precondition(x.count == y.count, "wrong sizes")
        _ = OpenBLAS.isReady
        cblas_daxpy(Int32(x.count), scale, x, 1, &y, 1)
    }

    /// c ← scale · a · aᵀ + keep · c (with `a` transposed: aᵀ · a), whole and exactly symmetric.
    public static func syrk(
        _ a: [Double], _ matrix: Operand, into c: inout [Double], scale: Double = 1, keep: Double = 0
    ) {
        let (n, k) = (matrix.shape.rows, matrix.shape.columns)
        precondition(a.count == matrix.stored.count && c.count == n * n, "wrong sizes")
        if n == 0 { return }
        _ = OpenBLAS.isReady
        cblas_dsyrk(
            CblasRowMajor, CblasUpper, matrix.flag, Int32(n), Int32(k), scale, a, matrix.stored.stride, keep, &c,
            Int32(n))
        for row in 0..<n {
            for column in 0..<row { c[row * n + column] = c[column * n + row] }
        }
    }
}
