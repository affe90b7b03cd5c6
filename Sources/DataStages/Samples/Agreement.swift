// What rows of several tables have in common, as far as it is known before anything runs.

internal import Stages

/// The signature of rows that come from several tables; what is not known of all is not known.
/// - Throws: where two contradict each other. Sizes may differ (clips are of any length), labels may not.
func agreed(_ inputs: [Signature]) throws(Problem) -> Signature {
    for (position, one) in inputs.enumerated() {
        for other in inputs[..<position] {
            guard agree(one.content, other.content), agree(one.type, other.type),
                agree(one.axes?.map(\.name), other.axes?.map(\.name))
            else {
                throw Problem(
                    "the rows of a table have values of one kind, and these are \(other.phrase) and \(one.phrase)",
                    advice: "bring them to one form first")
            }
            for (axis, same) in zip(one.axes ?? [], other.axes ?? []) where !agree(axis.labels, same.labels) {
                throw Problem(
                    "the rows of a table have the same labels, and these differ along \(axis.name)",
                    advice: "take the same features of all")
            }
        }
    }
    let axes = inputs.compactMap(\.axes)
    guard axes.count == inputs.count, let first = axes.first else {
        return Signature(common(inputs.map(\.content)), type: common(inputs.map(\.type)))
    }
    return Signature(
        common(inputs.map(\.content)), type: common(inputs.map(\.type)),
        axes: first.indices.map { position in
            Axis(
                first[position].name, size: common(axes.map { $0[position].size }),
                labels: common(axes.map { $0[position].labels }))
        })
}

/// Whether two are equal as far as both are known.
private func agree<Known: Equatable>(_ one: Known?, _ other: Known?) -> Bool {
    one == nil || other == nil || one == other
}

/// What all are; nil where one is not known, or they differ.
private func common<Known: Equatable>(_ all: [Known?]) -> Known? {
    all.first.flatMap { first in all.allSatisfy { $0 == first } ? first : nil }
}
