// What is known of a node's output while a run goes on.

internal import Stages
internal import Tensors

/// Why a sample has no value at a stage.
public struct SampleFailure: Sendable, Hashable {
    /// The stage where it failed; what follows inherits the failure.
    public let node: Int
    /// The row there, where it was one row.
    public let row: Int?
    public let cause: String
    public let advice: String?
}

extension SampleFailure {
    /// - Parameter row: where the failure does not say it.
    init(_ failure: NodeFailure, row: Int? = nil) {
        self.init(node: failure.node, row: failure.row ?? row, cause: failure.cause, advice: failure.advice)
    }
}

/// What was done at a node.
public struct Tally: Sendable, Hashable {
    /// Results that were not known before.
    public var computed = 0
    /// Results that a record answered.
    public var cached = 0
    /// Known by digest, made again because somebody needed the bytes; cheap stages, which always are, not counted.
    public var remade = 0
    public var failed = 0
    public var seconds = 0.0
    /// Bytes of the values that were computed.
    public var bytes = 0
}

/// The output of a node, row by row.
struct NodeTable: Sendable {
    /// Rows of the row set.
    var rowCount = 0
    /// A digest for each row of the row set (of a transient node, a key); nil where it is not known or not asked for.
    /// Empty while none is known.
    var digests: [Digest?] = []
    /// Whether `digests` holds all that is known; false while a shortcut's payload has not been read.
    var isLoaded = true
    /// Over the rows asked for, once all of them are known. Of a fit, the digest of the state.
    var root: Digest?
    /// Rows that have no value, and why.
    var failures: [Int: SampleFailure] = [:]
    /// Rows whose failure was found when somebody wanted them.
    var found: Set<Int> = []
    /// Rows that failed here, after the blocks were counted.
    var gaps: Set<Int> = []
    /// Why the whole node has no output.
    var failure: SampleFailure?
    var tally = Tally()
    /// The key of the record that answered or was written: of a fit or a report.
    var key: Digest?
    /// The key of the shortcut's record, while its payload has not been read.
    var shortcut: Digest?
    /// Whether a shortcut answered, so that none need be written.
    var isAnswered = false
    var warnings: [String] = []
    /// Of a fit; they are in its record.
    var hasMetrics = false
    /// Of a report, by role: the headlines; all that it found is in its record.
    var reports: [(role: Role, report: Report)] = []

    /// Lets the list go, if it can be read again.
    mutating func unload() {
        guard root != nil, shortcut != nil, isLoaded else { return }
        digests = []
        isLoaded = false
    }

    /// Notes a row's digest. The list is made when the first comes: most nodes of a run that knows all never need one.
    mutating func put(_ digest: Digest, _ row: Int) {
        if digests.isEmpty { digests = Array(repeating: nil, count: rowCount) }
        digests[row] = digest
    }
}
