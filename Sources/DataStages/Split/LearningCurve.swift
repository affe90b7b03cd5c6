// Learning curves: training on a part of the training side, the others excluded. The parts are prefixes of one order a
// fold, so that a larger one holds all of a smaller one. The orders are drawn after all else, so asking for a part moves
// no tested and no validation row.

internal import Stages
internal import Tensors

/// The help of the parameter, which all splits of groups share.
let trainGroupsHelp =
    "how many of the training groups to train on: a number, or a share below 1, rounded up; null: all"

/// The folds with `size` of their training groups left in training.
func withTrainGroups(
    _ size: Portion?, _ folds: [SplitFold], _ groups: Groups?, stream: inout RandomStream
) throws(Problem) -> [SplitFold] {
    guard let size else { return folds }
    guard let groups else {
        throw Problem(
            "train_groups counts groups, and there are none to tell apart", at: ["train_groups"],
            advice: "name the group column, beside target: group: COLUMN")
    }
    let candidates = folds.map { fold in
        groups.rows.filter { rows in rows.first.map { fold.roles[$0] } == .train }
    }
    return try limited(folds, to: size, of: candidates, "groups", at: "train_groups") {
        stream.shuffle(&$0)
    }
}

/// The folds with `size` of their training rows left in training, evenly over classes where `classes` is given.
func withTrainSize(
    _ size: Portion?, _ folds: [SplitFold], _ classes: Classes?, stream: inout RandomStream
) throws(Problem) -> [SplitFold] {
    guard let size else { return folds }
    let candidates = folds.map { fold in fold.roles.indices.filter { fold.roles[$0] == .train }.map { [$0] } }
    if let classes, let fewest = candidates.map({ size.number(of: $0.count) }).min(), fewest < classes.names.count {
        throw Problem(
            "train_size takes \(counted(fewest, "row")), fewer than the \(classes.names.count) classes to spread over them",
            at: ["train_size"])
    }
    return try limited(folds, to: size, of: candidates, "rows", at: "train_size") { rows in
        stream.shuffle(&rows)
        if let classes { rows = spread(rows) { classes.positions[$0[0]] } }
    }
}

/// Excludes what is not in the first part of each fold's candidates, in the order that `order` gives them.
private func limited(
    _ folds: [SplitFold], to size: Portion, of candidates: [[[Int]]], _ noun: String, at name: String,
    _ order: (inout [[Int]]) -> Void
) throws(Problem) -> [SplitFold] {
    var result = [SplitFold]()
    let fewest = candidates.map(\.count).min() ?? 0
    for (fold, candidates) in zip(folds, candidates) {
        let count = size.number(of: candidates.count)
        guard count >= 1, count <= candidates.count else {
            throw Problem(
                "\(name) takes \(count) of \(candidates.count) training \(noun)", at: [name],
                advice: "set \(name) to at least 1 and at most \(fewest), or to null for all")
        }
        var ordered = candidates
        order(&ordered)
        var roles = fold.roles
        for row in ordered.dropFirst(count).joined() { roles[row] = .excluded }
        result.append(SplitFold(label: fold.label, roles: roles))
    }
    return result
}

/// An order of which each beginning holds the classes in about their shares: first one of each, then each where its
/// share of its class falls.
private func spread(_ rows: [[Int]], by position: ([Int]) -> Int) -> [[Int]] {
    let sizes = Dictionary(rows.map { (position($0), 1) }, uniquingKeysWith: +)
    var ranks = [Int: Int]()
    return rows.map { row in
        let position = position(row)
        let rank = ranks[position, default: 0]
        ranks[position] = rank + 1
        let place = rank == 0 ? 0 : (Double(rank) + 0.5) / Double(sizes[position] ?? 1)
        return (row: row, place: place, position: position)
    }
    .sorted { ($0.place, $0.position) < ($1.place, $1.position) }
    .map(\.row)
}
