// Validation rows: a part of the training rows that a fit may look at to decide when to stop, and never learns from. They
// are taken after the test rows, so asking for them moves no test fold.

internal import Stages
internal import Tensors

/// The help of the parameter, which all splits share.
let validationHelp =
    "how much of the training side is for stopping alone: a share, a number of rows (of groups, where they stay whole), or null"

/// The fold with a part of its training rows as validation rows: whole groups where `groups` is given, evenly over classes
/// where `classes` is.
func withValidation(
    _ size: Portion?, _ fold: SplitFold, groups: Groups? = nil, classes: Classes? = nil, stream: inout RandomStream
) throws(Problem) -> SplitFold {
    guard let size else { return fold }
    var roles = fold.roles
    if let groups {
        var candidates = groups.rows.indices.filter { groups.rows[$0].first.map { fold.roles[$0] } == .train }
        let count = try size.count(of: candidates.count, "training groups", at: "validation_size")
        stream.shuffle(&candidates)
        for group in candidates.prefix(count) {
            for row in groups.rows[group] { roles[row] = .validation }
        }
        return SplitFold(label: fold.label, roles: roles)
    }
    let training = roles.indices.filter { roles[$0] == .train }
    let count = try size.count(of: training.count, "training rows", at: "validation_size")
    var pools = classes.map { classes in classes.rows.map { $0.filter { fold.roles[$0] == .train } } } ?? [training]
    for (position, share) in proportional(pools.map(\.count), draws: count).enumerated() {
        stream.shuffle(&pools[position])
        for row in pools[position].prefix(share) { roles[row] = .validation }
    }
    return SplitFold(label: fold.label, roles: roles)
}

/// A fold from the rows that it tests.
func fold(testing isTested: [Bool], label: String = "") -> SplitFold {
    SplitFold(label: label, roles: isTested.map { $0 ? .test : .train })
}

/// Folds from the number of the fold that tests each row.
func folds(_ numbers: [Int], of count: Int) -> [SplitFold] {
    (0..<count).map { number in fold(testing: numbers.map { $0 == number }) }
}
