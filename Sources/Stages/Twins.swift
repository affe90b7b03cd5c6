// Twins: rows whose media have equal bytes. One of them in training and another in test would be a leak that no split on
// names can see, so splits are asked about units in which twins are one, or, where groups stay whole, the twin of a tested
// row is kept out of training.

public import Tensors

/// The folds of a split, with rows of equal bytes on one side.
///
/// Where the split does not keep groups, twins are divided as one unit, with the group and stratum of the first. Where it
/// does, groups stay whole, and a training row with a twin in test (or in validation) is `excluded` in that fold.
/// - Parameter ids: what problems call the rows; empty where they have no names.
/// - Returns: the folds, and each set of two or more rows with equal bytes, in the order of their first rows.
public func assignRoles(
    split: any SplitStage, ids: [String] = [], groups: [Scalar]?, strata: [Scalar]?, digests: [Digest?],
    stream: RandomStream
) throws(Problem) -> (folds: [SplitFold], twins: [[Int]]) {
    let twins = twinSets(digests)
    if split.keepsGroups {
        let population = Population(count: digests.count, ids: ids, groups: groups, strata: strata)
        let folds = try split.folds(of: population, stream: stream)
        return (folds.map { excludingTwins($0, twins) }, twins)
    }
    var units = [[Int]]()
    var followers = Set<Int>()
    for set in twins { followers.formUnion(set.dropFirst()) }
    let setsByFirst = Dictionary(twins.map { ($0[0], $0) }) { first, _ in first }
    for row in digests.indices where !followers.contains(row) {
        units.append(setsByFirst[row] ?? [row])
    }
    let population = Population(
        count: units.count, ids: ids.isEmpty ? [] : units.map { ids[$0[0]] },
        groups: groups.map { groups in units.map { groups[$0[0]] } },
        strata: strata.map { strata in units.map { strata[$0[0]] } })
    let folds = try split.folds(of: population, stream: stream)
    let expanded = folds.map { fold in
        var roles = [Role](repeating: .train, count: digests.count)
        for (members, role) in zip(units, fold.roles) {
            for member in members { roles[member] = role }
        }
        return SplitFold(label: fold.label, roles: roles)
    }
    return (expanded, twins)
}

/// Sets of rows with equal digests; a row without one has no twin.
private func twinSets(_ digests: [Digest?]) -> [[Int]] {
    var rows = [Digest: [Int]]()
    for (row, digest) in digests.enumerated() {
        if let digest { rows[digest, default: []].append(row) }
    }
    return rows.values.filter { $0.count > 1 }.sorted { $0[0] < $1[0] }
}

private func excludingTwins(_ fold: SplitFold, _ twins: [[Int]]) -> SplitFold {
    var roles = fold.roles
    for set in twins {
        let held = set.map { fold.roles[$0] }
        for row in set {
            switch fold.roles[row] {
            case .train where held.contains(.test) || held.contains(.validation): roles[row] = .excluded
            // Stopping must not look at tested bytes either.
            case .validation where held.contains(.test): roles[row] = .excluded
            default: break
            }
        }
    }
    return SplitFold(label: fold.label, roles: roles)
}
