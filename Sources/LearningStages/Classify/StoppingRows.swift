// Which training rows are held out to stop by, where no validation rows are there: whole groups, or rows drawn class by
// class.

internal import Stages
internal import Tensors

enum StoppingRows {
    /// Whole groups, drawn until they hold the share of the rows; at least one, and never all.
    static func groups(
        _ values: [Scalar], of column: String, share: Double, _ stream: inout RandomStream
    ) throws(Failure) -> Set<Int> {
        let missing = values.count { $0.isAbsent }
        guard missing == 0 else {
            throw Failure(
                "\(missing) of \(values.count) training rows have no value in \(column)",
                advice: "fill the column, or leave those rows out with samples.select: complete: [\(column)]")
        }
        let members = Dictionary(grouping: values.indices) { values[$0].comparable }
        var names = members.keys.sorted()
        guard names.count > 1 else {
            throw Failure(
                "all training rows have the same \(column), so that none can be held out to stop by",
                advice: "name another validation_group, or give split.validation_size")
        }
        stream.shuffle(&names)
        var held = Set<Int>()
        for name in names.dropLast() where Double(held.count) < share * Double(values.count) {
            held.formUnion(members[name] ?? [])
        }
        return held
    }

    /// ⌈share · rows⌉ rows, from each class its part of them; the first of equal claims to what is left by rounding is
    /// drawn.
    static func stratified(
        _ targets: ClassTargets, share: Double, _ stream: inout RandomStream
    ) throws(Failure) -> Set<Int> {
        let count = targets.positions.count
        let wanted = Int((share * Double(count)).rounded(.up))
        guard wanted > 1, wanted < count else {
            throw Failure(
                "\(wanted) of \(count) training rows would be held out to stop by, at least 2 are needed",
                advice: "raise validation_fraction, or turn early_stopping off")
        }
        let parts = targets.counts.map { Double(wanted) * Double($0) / Double(count) }
        var taken = parts.map { Int($0) }
        var claims = Array(parts.indices)
        stream.shuffle(&claims)
        let rests = zip(parts, taken).map { $0 - Double($1) }
        let order = claims.enumerated().sorted { (rests[$1.element], $0.offset) < (rests[$0.element], $1.offset) }
        for (_, place) in order.prefix(wanted - taken.reduce(0, +)) { taken[place] += 1 }
        var held = Set<Int>()
        for position in targets.counts.indices {
            var rows = targets.positions.indices.filter { targets.positions[$0] == position }
            stream.shuffle(&rows)
            held.formUnion(rows.prefix(taken[position]))
        }
        return held
    }
}
