// Decompositions of matrices of Double, by LAPACK. Matrices are arrays, row after row; shapes are checked.

internal import CLapacke
internal import Tensors

/// Why a decomposition has no result.
public enum LapackError: Error, Sendable, Hashable {
    /// A NaN or an infinity is in the matrix.
    case notFinite
    /// The iteration came to no end.
    case didNotConverge
}

/// Decompositions. LAPACK counts in columns, so that it is given the transposed of what lies in memory.
public enum Lapack {
    /// Eigenvalues of a symmetric matrix, the largest first, and their eigenvectors of length 1, each a row. Only the
    /// part below the diagonal is read. A size that does not fit is a fault in the program and traps.
    public static func eigen(
        symmetric matrix: [Double], size: Int
    ) throws(LapackError) -> (values: [Double], vectors: [Double]) {
        precondition(matrix.count == size * size, "wrong size")
        if size == 0 { return ([], []) }
        guard firstNotFinite(matrix) == nil else { throw .notFinite }
        _ = OpenBLAS.isReady
        var vectors = matrix
        var values = [Double](repeating: 0, count: size)
        let order = Int32(size)
        let status = LAPACKE_dsyevd(LAPACK_COL_MAJOR, vectorsToo, upper, order, &vectors, order, &values)
        guard status == 0 else { throw .didNotConverge }
        reverse(&values, &vectors)
        return (values, vectors)
    }

    /// Eigenvalues of one symmetric matrix in the measure of another, the largest first: a v = λ b v; and eigenvectors with
    /// vᵀ b v = 1, each a row. Nil where `b` is not positive definite. Only the parts below the diagonals are read. A size
    /// that does not fit is a fault in the program and traps.
    public static func eigen(
        symmetric a: [Double], _ b: [Double], size: Int
    ) throws(LapackError) -> (values: [Double], vectors: [Double])? {
        precondition(a.count == size * size && b.count == a.count, "wrong size")
        if size == 0 { return ([], []) }
        guard firstNotFinite(a) == nil, firstNotFinite(b) == nil else { throw .notFinite }
        _ = OpenBLAS.isReady
        var (vectors, measure) = (a, b)
        var values = [Double](repeating: 0, count: size)
        let order = Int32(size)
        let status = LAPACKE_dsygvd(
            LAPACK_COL_MAJOR, 1, vectorsToo, upper, order, &vectors, order, &measure, order, &values)
        if status > order { return nil }
        guard status == 0 else { throw .didNotConverge }
        reverse(&values, &vectors)
        return (values, vectors)
    }

    /// From the smallest first, as LAPACK gives them, to the largest first.
    private static func reverse(_ values: inout [Double], _ vectors: inout [Double]) {
        let size = values.count
        for row in 0..<size / 2 {
            let other = size - 1 - row
            values.swapAt(row, other)
            for column in 0..<size { vectors.swapAt(row * size + column, other * size + column) }
        }
    }

    /// The min(rows, columns) singular values of a matrix, the largest first, and its right singular vectors, each a row
    /// of length `columns`. A size that does not fit is a fault in the program and traps.
    public static func rightSingular(
        of matrix: consuming [Double], rows: Int, columns: Int
    ) throws(LapackError) -> (values: [Double], vectors: [Double]) {
        precondition(matrix.count == rows * columns, "wrong size")
        let count = min(rows, columns)
        if count == 0 { return ([], []) }
        guard firstNotFinite(matrix) == nil else { throw .notFinite }
        _ = OpenBLAS.isReady
        var values = [Double](repeating: 0, count: count)
        // What is wanted are the left vectors of the transposed. "O" puts them where the matrix was, if they are no more
        // than it has columns, and the others where they are wanted otherwise: no second copy of the longer ones.
        let isWide = columns >= rows
        var own = [Double](repeating: 0, count: isWide ? 1 : columns * columns)
        var other = [Double](repeating: 0, count: isWide ? rows * rows : 1)
        let status = LAPACKE_dgesdd(
            LAPACK_COL_MAJOR, overwriting, Int32(columns), Int32(rows), &matrix, Int32(columns), &values, &own,
            Int32(columns), &other, Int32(isWide ? rows : 1))
        guard status == 0 else { throw .didNotConverge }
        return (values, isWide ? matrix : own)
    }

    private static let vectorsToo = CChar(UInt8(ascii: "V"))
    private static let overwriting = CChar(UInt8(ascii: "O"))
    /// Above the diagonal by columns is below it by rows.
    private static let upper = CChar(UInt8(ascii: "U"))
}
