// The BLAS library behind this module: which one it is, and how it is set up.

internal import CBlas

/// The OpenBLAS library that this process is linked to.
public enum OpenBLAS {
    /// Limits the library to the calling thread, once: workers are threads of our own, and the order of its sums must not
    /// depend on how many there are.
    static let isReady: Bool = {
        openblas_set_num_threads(1)
        return true
    }()

    /// Version and the kernels picked for this processor: `0.3.21 SkylakeX`. What results depend on.
    public static let profile: String = {
        _ = isReady
        guard let config = openblas_get_config(), let core = openblas_get_corename() else { return "not known" }
        let words = String(cString: config).split(separator: " ")
        return (words.count > 1 ? words[1] : "not known") + " " + String(cString: core)
    }()
}

/// Rows and columns of a matrix as it lies in memory, row after row.
public struct Shape: Sendable, Hashable {
    public let rows: Int
    public let columns: Int

    public init(_ rows: Int, _ columns: Int) {
        self.rows = rows
        self.columns = columns
    }

    var count: Int { rows * columns }
    var transposed: Shape { Shape(columns, rows) }
    /// BLAS wants at least 1, also where nothing is to be done.
    var stride: Int32 { Int32(max(1, columns)) }
}

/// A matrix in a product: its shape in memory, and whether it is taken transposed.
public struct Operand: Sendable, Hashable {
    let stored: Shape
    let isTransposed: Bool

    public static func plain(_ rows: Int, _ columns: Int) -> Operand {
        Operand(stored: Shape(rows, columns), isTransposed: false)
    }

    /// A matrix that lies in memory as `rows` × `columns`, and is taken as `columns` × `rows`.
    public static func transposed(_ rows: Int, _ columns: Int) -> Operand {
        Operand(stored: Shape(rows, columns), isTransposed: true)
    }

    var shape: Shape { isTransposed ? stored.transposed : stored }
    var flag: CBLAS_TRANSPOSE { isTransposed ? CblasTrans : CblasNoTrans }
}
