// Systems of equations with a symmetric matrix that is positive definite, by LAPACK.

internal import CLapacke

extension Lapack {
    /// The solution of matrix · x = b. Of the matrix only the part below the diagonal is read. Nil where it is not positive
    /// definite, up to rounding. Sizes that do not fit are a fault in the program and trap.
    public static func solve(positiveDefinite matrix: consuming [Double], size: Int, _ b: [Double]) -> [Double]? {
        precondition(matrix.count == size * size && b.count == size, "wrong size")
        if size == 0 { return [] }
        _ = OpenBLAS.isReady
        var largest = 0.0
        for index in 0..<size { largest = max(largest, matrix[index * (size + 1)]) }
        var x = b
        // Above the diagonal by columns is below it by rows.
        let status = LAPACKE_dposv(
            LAPACK_COL_MAJOR, CChar(UInt8(ascii: "U")), Int32(size), 1, &matrix, Int32(size), &x, Int32(size))
        guard status == 0 else { return nil }
        // The squares of the factor's diagonal are what is left of the matrix's own once all before is known.
        let least = Double(size) * .ulpOfOne * largest
        for index in 0..<size where !(matrix[index * (size + 1)] * matrix[index * (size + 1)] > least) { return nil }
        return x
    }
}
