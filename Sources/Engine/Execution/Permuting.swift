// What would have come out if an input had been that of other rows: everything between that input and what is asked about
// is computed again, for rows that were given another row's value there. Nothing is fitted again, and nothing is stored.

internal import Cache
internal import Stages
internal import Tensors

/// Rows of a node in pairs: which are computed, and whose value each has where the permuted input is met.
private struct PairedRows {
    var own: [Int]
    var others: [Int]
}

extension Run {
    /// What a node gives for some rows if the values of `input` are those of these rows in another order.
    func permuted(_ end: Int, _ rows: [Int], order: [Int], at input: Int) throws -> [Value] {
        let path = plan.path(from: input, to: end)
        var made = [Value]()
        for start in stride(from: 0, to: rows.count, by: 64) {
            let range = start..<min(start + 64, rows.count)
            made += try values(
                of: end, PairedRows(own: Array(rows[range]), others: order[range].map { rows[$0] }), path, input)
        }
        return made
    }

    private func values(of index: Int, _ rows: PairedRows, _ path: Set<Int>, _ input: Int) throws -> [Value] {
        func recorded(_ rows: [Int]) throws -> [Value] {
            try rows.map { row in
                var memo = Memo()
                return try value(index, row: row, memo: &memo)
            }
        }
        if index == input { return try recorded(rows.others) }
        if !path.contains(index) { return try recorded(rows.own) }
        let node = plan.nodes[index]
        if node.handsRowsOn { return try handedOn(index, rows, path, input) }
        let taken = try plan.valueInputs(of: index).map { try values(of: $0, rows, path, input) }
        let byRow = rows.own.indices.map { row in taken.map { $0[row] } }
        do {
            switch node.work {
            case .map(let map):
                return try zip(rows.own, byRow).map { row, values in
                    try apply(map, to: mapInput(node, row, values), limits: node.limits)
                }
            case .apply(let stage): return try stage.apply(try state(node.inputs[0]), to: byRow)
            default:
                throw Failure(
                    "\(node.name) is between what is permuted and what is asked about, and needs all rows at once",
                    advice: "ask about a stage behind it")
            }
        } catch let failure as Failure {
            throw NodeFailure(node: index, cause: failure.cause, advice: failure.advice)
        }
    }

    /// Rows that another node has, or that a stage for training rows passes as they are.
    private func handedOn(_ index: Int, _ rows: PairedRows, _ path: Set<Int>, _ input: Int) throws -> [Value] {
        let node = plan.nodes[index]
        return try zip(rows.own, rows.others).map { own, other in
            guard let place = plan.passed(node, own), let otherPlace = plan.passed(node, other),
                place.node == otherPlace.node
            else {
                throw NodeFailure(
                    node: index, cause: "its rows come from several tables, and cannot take each other's values",
                    advice: "ask about a stage behind it")
            }
            return try values(of: place.node, PairedRows(own: [place.row], others: [otherPlace.row]), path, input)[0]
        }
    }

    /// All that decides what a permuted input leads to, beside the rows that are reported on: its values, the stages
    /// between, and what else goes into these. Nil for a report that asks nothing.
    func askedContent(of report: Int) throws -> Canonical? {
        guard let asked = plan.asked[report], let end = plan.nodes[report].inputs.first else { return nil }
        func content(_ index: Int) throws -> Canonical {
            if plan.nodes[index].work.isState {
                return .digest(tables[index].withLock { $0.root } ?? Digest(of: .null))
            }
            return .digest(Merkle.root(of: try digests(of: index).compactMap(\.self)))
        }
        return .array(
            try asked.map { input in
                let between = plan.path(from: input.node, to: end).sorted {
                    plan.nodes[$0].recipe < plan.nodes[$1].recipe
                }
                return .array([
                    .text(input.name), try content(input.node),
                    .array(
                        try between.map { index in
                            let node = plan.nodes[index]
                            let beside = node.inputs.filter { !between.contains($0) && $0 != input.node }
                            return .array([
                                .digest(node.recipe), .array(try beside.map(content)),
                            ])
                        }),
                ])
            })
    }
}
