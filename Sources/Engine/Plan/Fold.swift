// Folds: which role each row has. Roles are decided once a split, before anything runs; a fold's path is part of the
// recipe of whatever depends on it.

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
}

/// One fold of one split.
public struct Fold: Sendable {
    public let path: FoldPath
    /// Of the split, repeat not included: that is in the path.
    public let split: Digest
    /// What is held out, where that has a name.
    public let label: String
    public let roles: [Role]
    /// Over the roles of all rows; part of what shortcuts are keyed by.
    let rolesDigest: Digest
    /// Which seed gave this fold; nil where the split draws nothing.
    public let seed: Int?
    /// Of each row, to tell whether failures cost a fold a class or a group.
    let targets: [Scalar]?
    let groups: [Scalar]?
    private let byRole: [Role: [Int]]

    init(
        path: FoldPath, split: Digest, label: String, roles: [Role], seed: Int?, targets: [Scalar]? = nil,
        groups: [Scalar]? = nil
    ) {
        self.path = path
        self.split = split
        self.label = label
        self.roles = roles
        byRole = Dictionary(grouping: roles.indices) { roles[$0] }
        self.seed = seed
        self.targets = targets
        self.groups = groups
        rolesDigest = Digest(of: Array(roles.map(\.rawValue).joined(separator: ",").utf8))
    }

    /// The rows of some roles, in order.
    func rows(_ wanted: Set<Role>) -> [Int] {
        if wanted.count == 1, let role = wanted.first { return byRole[role] ?? [] }
        return roles.indices.filter { wanted.contains(roles[$0]) }
    }

    /// What the fold lost for good when these rows failed: a class or a group of training, or all that it tests.
    func loss(failed: Set<Int>) -> String? {
        if failed.isEmpty { return nil }
        let (training, testing) = (rows([.train]), rows([.test]))
        if testing.allSatisfy(failed.contains) { return "all its test rows failed" }
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
