// What a source found: who the rows are, and what they carry.

public import Stages
public import Tensors

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

    /// What a row carries, such that rows of equal content have equal digests; nil where it carries nothing.
    func content(_ row: Int) -> Digest? { values[row] == .nothing ? nil : digests[row] }
}
