// Learning curves: training on some of the training groups, the others excluded. What is taken are beginnings of one order
// a fold, so that a larger number of groups holds all of a smaller one. The orders are drawn after all else, so asking for
// fewer groups moves no tested and no validation row.

internal import Stages
internal import Tensors

/// What is said of the parameter, which all splits that keep groups share.
let trainGroupsHelp =
    "how many of the training groups to train on: a number, or a share of them, rounded up; null: all"
let trainGroupsDocumentation = """
    `train_groups` leaves that many groups in training and excludes the others: the groups of a smaller number are among \
    those of a larger one, and the tested and validation rows are the same for all, so a sweep over it is a learning curve.
    """
/// All of them are a share too, so that a curve can end with 1.0.
let trainGroupsKind = ParameterKind.optional(
    .either([.int(.atLeast(1)), .float(Bounds(lower: 0, upper: 1, isLowerOpen: true))]))

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
        groups.rows.indices.filter { groups.rows[$0].first.map { fold.roles[$0] } == .train }
    }
    let fewest = candidates.map(\.count).min() ?? 0
    var result = [SplitFold]()
    for (fold, candidates) in zip(folds, candidates) {
        let count = size.number(of: candidates.count)
        guard count >= 1, count <= candidates.count else {
            throw Problem(
                "train_groups takes \(count) of \(counted(candidates.count, "training group"))", at: ["train_groups"],
                advice: "set train_groups to at least 1 and at most \(fewest), or to null for all")
        }
        var order = candidates
        stream.shuffle(&order)
        var roles = fold.roles
        for group in order.dropFirst(count) {
            for row in groups.rows[group] { roles[row] = .excluded }
        }
        result.append(SplitFold(label: fold.label, roles: roles))
    }
    return result
}
