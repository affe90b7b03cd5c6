// Systems of equations with a symmetric matrix that is positive definite, by LAPACK.

internal import CLapacke

extension Lapack {
    /// The solution of matrix · x = b. Of the matrix only the part below the diagonal is read. Nil where it is not positive
    /// definite, up to rounding. Sizes that do not fit are a fault in the program and trap.
    public static func solve(positiveDefinite matrix: consuming [Double], size: Int, _ b: [Double]) -> [Double]? {
        precondition(matrix.count == size * size && b.count == size, "wrong size")
        if size == 0 { return [] }
        _ = OpenBLAS.isReady
        let diagonal = (0..<size).map { matrix[$0 * (size + 1)] }
        var x = b
        // Above the diagonal by columns is below it by rows.
        let status = LAPACKE_dposv(
            LAPACK_COL_MAJOR, CChar(UInt8(ascii: "U")), Int32(size), 1, &matrix, Int32(size), &x, Int32(size))
        guard status == 0 else { return nil }
        // The square of each number on the factor's diagonal is what is left of that on the matrix's own once the unknowns
        // before it are found; how large the one is beside the next says nothing, as unknowns may have any unit.
        for index in 0..<size {
            let root = matrix[index * (size + 1)]
            guard root * root > Double(size) * .ulpOfOne * diagonal[index] else { return nil }
        }
        return x
    }
}
