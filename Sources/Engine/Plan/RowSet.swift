// Rows: who they are (ids, origins, columns) apart from what they carry (values, by digest), since most stages change the
// one and leave the other.

internal import Stages
public import Tensors

/// The rows of a table: ids in the order of their bytes, origins and columns. Shared by all tables that a map leads to.
public final class RowSet: Sendable {
    public let ids: [String]
    public let columns: [String: [Scalar]]
    /// Over (id, origins).
    public let identityRoot: Digest
    /// Of each row, sorted; nil where each row is its own.
    private let descent: [[String]]?
    /// The origins of what was looked up for a row; nil where nothing was.
    private let looked: [[String]]?
    /// Rows that are there only where their origins train.
    let forTraining: Set<Int>
    private let columnRoots: [String: Digest]

    /// - Parameters:
    ///   - ids: sorted by bytes, distinct.
    ///   - descent: the origins of each row; without it each item is its own origin.
    ///   - looked: the origins of what was looked up for each row.
    public init(
        ids: [String], columns: [String: [Scalar]], descent: [[String]]? = nil, looked: [[String]]? = nil,
        forTraining: Set<Int> = []
    ) {
        self.looked = looked
        self.ids = ids
        self.columns = columns
        self.descent = descent
        self.forTraining = forTraining
        identityRoot = Merkle.root(
            of: ids.indices.map { row in
                .array([.text(ids[row]), .array((descent?[row] ?? [ids[row]]).map { .text($0) })])
            })
        columnRoots = columns.mapValues { values in Merkle.root(of: values.map(\.canonical)) }
    }

    public var count: Int { ids.count }

    /// The ids of the source items that a row descends from.
    public func origins(of row: Int) -> [String] { descent?[row] ?? [ids[row]] }

    /// The ids of the source items that were looked up for a row, and gave it columns alone.
    func links(of row: Int) -> [String] { looked?[row] ?? [] }

    public func root(of column: String) -> Digest? { columnRoots[column] }

    /// The root of a column over some of the rows only.
    func root(of column: String, rows: [Int]) -> Digest? {
        columns[column].map { values in Merkle.root(of: rows.map { values[$0].canonical }) }
    }

    /// What makes two row sets one.
    var digest: Digest {
        Digest(
            of: .array([
                .digest(identityRoot), .map(columnRoots.mapValues { .digest($0) }),
                .array(forTraining.sorted().map { .int($0) }),
                looked.map { .array($0.map { .array($0.map { .text($0) }) }) } ?? .null,
            ]))
    }

    /// Rows of the same ids as one: columns and origins of both; a column that both have stays.
    func merged(with other: RowSet) -> RowSet {
        let isAlike = identityRoot == other.identityRoot
        let united =
            isAlike
            ? descent
            : ids.indices.map { Set(origins(of: $0) + other.origins(of: $0)).sorted(by: precedes) }
        return RowSet(
            ids: ids, columns: columns.merging(other.columns) { own, _ in own }, descent: united,
            looked: looked == nil && other.looked == nil
                ? nil : ids.indices.map { Set(links(of: $0) + other.links(of: $0)).sorted(by: precedes) },
            forTraining: forTraining)
    }
}

/// Where each row of a table of a rows stage comes from.
public final class RowMapping: Sendable {
    /// The position among the stage's inputs, and the row there.
    let places: [RowPlace]
    let digest: Digest

    init(_ places: [RowPlace]) {
        self.places = places
        var bytes = [UInt8]()
        for place in places {
            for number in [place.table, place.row] {
                withUnsafeBytes(of: UInt64(number).littleEndian) { bytes.append(contentsOf: $0) }
            }
        }
        digest = Digest(of: bytes)
    }
}
