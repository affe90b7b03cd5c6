// Products of matrices and vectors of Float, by OpenBLAS: the twins of those of Double.

internal import CBlas

extension Blas {
    /// c ← scale · a · b + keep · c. Sizes that do not fit are a fault in the program and trap.
    public static func gemm(
        _ a: [Float], _ left: Operand, _ b: [Float], _ right: Operand, into c: inout [Float], scale: Float = 1,
        keep: Float = 0
    ) {
        let (m, n, k) = (left.shape.rows, right.shape.columns, left.shape.columns)
        precondition(right.shape.rows == k, "inner sizes differ")
        precondition(a.count == left.stored.count && b.count == right.stored.count && c.count == m * n, "wrong sizes")
        if m == 0 || n == 0 { return }
        _ = OpenBLAS.isReady
        cblas_sgemm(
            CblasRowMajor, left.flag, right.flag, Int32(m), Int32(n), Int32(k), scale, a, left.stored.stride, b,
            right.stored.stride, keep, &c, Int32(n))
    }

    /// y ← scale · a · x + keep · y.
    public static func gemv(
        _ a: [Float], _ matrix: Operand, _ x: [Float], into y: inout [Float], scale: Float = 1, keep: Float = 0
    ) {
        precondition(a.count == matrix.stored.count, "wrong sizes")
        precondition(x.count == matrix.shape.columns && y.count == matrix.shape.rows, "wrong sizes")
        if y.isEmpty { return }
        if x.isEmpty {
            for index in y.indices { y[index] = keep == 0 ? 0 : keep * y[index] }
            return
        }
        _ = OpenBLAS.isReady
        cblas_sgemv(
            CblasRowMajor, matrix.flag, Int32(matrix.stored.rows), Int32(matrix.stored.columns), scale, a,
            matrix.stored.stride, x, 1, keep, &y, 1)
    }

    /// Σ xᵢ yᵢ.
    public static func dot(_ x: [Float], _ y: [Float]) -> Float {
        precondition(x.count == y.count, "wrong sizes")
        _ = OpenBLAS.isReady
        return cblas_sdot(Int32(x.count), x, 1, y, 1)
    }

    /// y ← y + scale · x.
    public static func axpy(_ scale: Float, _ x: [Float], into y: inout [Float]) {
        precondition(x.count == y.count, "wrong sizes")
        _ = OpenBLAS.isReady
        cblas_saxpy(Int32(x.count), scale, x, 1, &y, 1)
    }

    /// c ← scale · a · aᵀ + keep · c (with `a` transposed: aᵀ · a), whole and exactly symmetric.
    public static func syrk(_ a: [Float], _ matrix: Operand, into c: inout [Float], scale: Float = 1, keep: Float = 0) {
        let (n, k) = (matrix.shape.rows, matrix.shape.columns)
        precondition(a.count == matrix.stored.count && c.count == n * n, "wrong sizes")
        if n == 0 { return }
        _ = OpenBLAS.isReady
        cblas_ssyrk(
            CblasRowMajor, CblasUpper, matrix.flag, Int32(n), Int32(k), scale, a, matrix.stored.stride, keep, &c,
            Int32(n))
        for row in 0..<n {
            for column in 0..<row { c[row * n + column] = c[column * n + row] }
        }
    }
}
