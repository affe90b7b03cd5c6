// Items by row: who they are (ids, origins, columns) apart from what they carry (values, by digest), since most stages
// change the one and leave the other. Roots are Merkle roots over blocks of rows, counted from the table's first row, so
// that nothing outside a table moves a boundary.

public import Stages
public import Tensors

/// The rows of a table: ids in the order of their bytes, and columns. Shared by all tables that a map leads to.
public final class RowSet: Sendable {
    public let ids: [String]
    public let columns: [String: [Scalar]]
    /// Over (id, origins).
    public let identityRoot: Digest
    private let columnRoots: [String: Digest]

    /// - Parameter ids: sorted by bytes, distinct; each item is its own origin.
    public init(ids: [String], columns: [String: [Scalar]]) {
        self.ids = ids
        self.columns = columns
        identityRoot = Merkle.root(of: ids.map { .array([.text($0), .array([.text($0)])]) })
        columnRoots = columns.mapValues { values in Merkle.root(of: values.map(\.canonical)) }
    }

    public var count: Int { ids.count }

    public func root(of column: String) -> Digest? { columnRoots[column] }

    /// The root of a column over some of the rows only.
    func root(of column: String, rows: [Int]) -> Digest? {
        columns[column].map { values in Merkle.root(of: rows.map { values[$0].canonical }) }
    }
}

/// Merkle roots over blocks of rows.
public enum Merkle {
    /// Rows a block. Part of every identity of a table: changing it is a new cache format.
    public static let blockSize = 256

    /// The root of rows given by canonical values.
    public static func root(of rows: [Canonical]) -> Digest {
        var top = [UInt8]()
        for start in stride(from: 0, to: rows.count, by: blockSize) {
            let block = rows[start..<min(start + blockSize, rows.count)]
            Digest(of: .array(Array(block))).append(to: &top)
        }
        return close(top, count: rows.count)
    }

    /// The root of rows given by digests.
    public static func root(of digests: [Digest]) -> Digest {
        var top = [UInt8]()
        for start in stride(from: 0, to: digests.count, by: blockSize) {
            root(ofBlock: digests[start..<min(start + blockSize, digests.count)]).append(to: &top)
        }
        return close(top, count: digests.count)
    }

    /// The digest of one block of digests.
    static func root(ofBlock digests: ArraySlice<Digest>) -> Digest {
        var bytes = [UInt8]()
        bytes.reserveCapacity(32 * digests.count)
        for digest in digests { digest.append(to: &bytes) }
        return Digest(of: bytes)
    }

    private static func close(_ top: [UInt8], count: Int) -> Digest {
        Digest(of: .array([.int(count), .bytes(top)]))
    }
}

/// A source's table: rows, and the values that they carry from the start.
public struct SourceTable: Sendable {
    public let rows: RowSet
    public let values: [Value]
    /// Nil where the value could not be had; `failures` says why.
    public let digests: [Digest?]
    public let failures: [Int: Failure]
    /// Below the source's root; for the records.
    public let paths: [String]
    public let notes: [String]
    /// Nil where a value is missing.
    public let valuesRoot: Digest?

    public init(
        rows: RowSet, values: [Value], digests: [Digest?], failures: [Int: Failure] = [:], paths: [String],
        notes: [String] = []
    ) {
        self.rows = rows
        self.values = values
        self.digests = digests
        self.failures = failures
        self.paths = paths
        self.notes = notes
        let known = digests.compactMap(\.self)
        valuesRoot = known.count == digests.count ? Merkle.root(of: known) : nil
    }
}
