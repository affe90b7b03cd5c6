// Folds: which role each row has. Roles are decided once a split, for the source items that rows descend from, before
// anything runs; every table that depends on a fold looks its rows' roles up by their origins. A fold's path is part of
// the recipe of whatever depends on it.

public import Stages
public import Tensors

/// The way to a fold: the repeat, the outer fold, then inner ones.
public struct FoldPath: Sendable, Hashable {
    public let repetition: Int
    public let folds: [Int]

    public init(repetition: Int, folds: [Int]) {
        self.repetition = repetition
        self.folds = folds
    }

    var canonical: Canonical { .array([.int(repetition)] + folds.map { .int($0) }) }
    /// The numbers of the folds: `3`, of an inner fold `3.0`.
    public var number: String { folds.map(String.init).joined(separator: ".") }
}

/// What a split divides: source items, together where a row descends from several of them.
final class Units: Sendable {
    /// The first origin of each, in order.
    let ids: [String]
    let position: [String: Int]

    init(_ origins: [[String]]) {
        ids = origins.map { $0[0] }
        var position = [String: Int]()
        for (unit, members) in origins.enumerated() { for member in members { position[member] = unit } }
        self.position = position
    }
}

/// One fold of one split.
public struct Fold: Sendable {
    public let path: FoldPath
    /// Of the split, repeat not included: that is in the path.
    public let split: Digest
    /// What is held out, where that has a name.
    public let label: String
    /// By unit; nil for what takes no part: an inner fold has only rows that train in the outer one.
    public let roles: [Role?]
    /// Which seed gave this fold; nil where the split draws nothing.
    public let seed: Int?
    let units: Units
    /// By row set, of those that depend on this fold.
    private(set) var views: [Int: FoldView] = [:]

    init(
        path: FoldPath, split: Digest, label: String, roles: [Role?], seed: Int?, units: Units
    ) {
        (self.path, self.split, self.label, self.roles, self.seed) = (path, split, label, roles, seed)
        self.units = units
    }

    /// Looks the roles of a table's rows up.
    mutating func see(_ rows: RowSet, as index: Int) throws(Failure) {
        if views[index] == nil { views[index] = try FoldView(rows, of: self) }
    }
}

/// A fold, as the rows of one table have part in it.
public struct FoldView: Sendable {
    /// Nil where a row is not there: its origins take no part, or it is a copy for training and they don't train.
    public let roles: [Role?]
    /// Part of what shortcuts are keyed by.
    let digest: Digest
    private let byRole: [Role: [Int]]

    fileprivate init(_ rows: RowSet, of fold: Fold) throws(Failure) {
        var roles = [Role?]()
        for row in 0..<rows.count {
            let own = Set(
                rows.origins(of: row).map { origin in fold.units.position[origin].flatMap { fold.roles[$0] } })
            guard own.count == 1, let role = own.first else {
                let words = own.map { $0?.rawValue ?? "no role" }.sorted().joined(separator: " and ")
                throw Failure(
                    "the row \(rows.ids[row]) descends from \(rows.origins(of: row).joined(separator: ", ")), which have \(words)"
                )
            }
            roles.append(role != .train && rows.forTraining.contains(row) ? nil : role)
        }
        self.roles = roles
        digest = Digest(of: Array(roles.map { $0?.rawValue ?? "" }.joined(separator: ",").utf8))
        var byRole = [Role: [Int]]()
        for (row, role) in roles.enumerated() { if let role { byRole[role, default: []].append(row) } }
        self.byRole = byRole
    }

    /// The rows of some roles, in order.
    public func rows(_ wanted: Set<Role>) -> [Int] {
        if wanted.count == 1, let role = wanted.first { return byRole[role] ?? [] }
        return roles.indices.filter { row in roles[row].map(wanted.contains) ?? false }
    }

    /// What the fold lost for good when these rows failed: a class or a group of training, or all that it tests.
    /// - Parameters:
    ///   - targets: of all rows, where it matters which classes there are.
    ///   - groups: of all rows, where there are any.
    func loss(failed: Set<Int>, targets: [Scalar]?, groups: [Scalar]?) -> String? {
        if failed.isEmpty { return nil }
        let (training, testing) = (rows([.train]), rows([.test]))
        if !testing.isEmpty, testing.allSatisfy(failed.contains) { return "all its test rows failed" }
        for (values, word) in [(targets, "class"), (groups, "group")] {
            guard let values else { continue }
            let left = Set(training.lazy.filter { !failed.contains($0) }.map { values[$0] })
            if let lost = training.first(where: { !left.contains(values[$0]) }) {
                return "every training row of the \(word) \(values[lost]) failed"
            }
        }
        return nil
    }
}
