// Branch sets: what a stage gives is one node, or one for each branch of the sets that are open. A stage with such an
// input runs once a branch; a port that joins closes the innermost set.

internal import Stages
internal import Tensors

extension Graph {
    /// A set of branches, from where they begin until they are joined.
    struct BranchSet: Hashable {
        /// Of the form with `branches`.
        let address: String
        let branches: [String]

        /// `variants (noise, raw, slow)`.
        var phrase: String { address + " (" + enumerated(branches) + ")" }
    }

    /// What a form gives.
    struct Output {
        /// The sets that are open, the outermost first.
        let sets: [BranchSet]
        /// One for each choice of branches, those of the innermost set fastest; nil where it is broken.
        let nodes: [String?]
        /// Whether the open sets are known: an error above may have hidden some.
        let isSure: Bool

        static let broken = Output(sets: [], nodes: [nil], isSure: false)

        /// The choices of branches, in the order of nodes.
        static func branches(of sets: some Sequence<BranchSet>) -> [[String]] {
            sets.reduce([[]]) { choices, set in choices.flatMap { choice in set.branches.map { choice + [$0] } } }
        }

        static func count(of sets: some Sequence<BranchSet>) -> Int { sets.reduce(1) { $0 * $1.branches.count } }
    }

    /// What comes into a port.
    struct Connection {
        let port: Port
        /// The stage as written, or the step before.
        let word: String
        let range: SourceRange
        let output: Output

        var sets: [BranchSet] { output.sets }
    }

    /// Sets multiply, so a short text could ask for more than any machine holds.
    private static let mostNodes = 10_000
    private static let mostEdges = 100_000

    /// The runs of a stage: the sets that are open behind it, and the edges of each run. Nil where sets do not fit each
    /// other, which is then said.
    mutating func runs(of connections: [Connection], _ form: StageForm) -> (sets: [BranchSet], edges: [[Edge]])? {
        guard let deepest = connections.max(by: { $0.sets.count < $1.sets.count }) else { return ([], [[]]) }
        if let other = connections.first(where: { !deepest.sets.starts(with: $0.sets) }) {
            refuse(deepest, other, form)
            return nil
        }
        let joining = connections.filter(\.port.joinsBranches)
        let closed = joining.map(\.sets).max { $0.count < $1.count } ?? []
        let plain = connections.filter { !$0.port.joinsBranches }.map(\.sets) + [Array(closed.dropLast())]
        let sets = plain.max { $0.count < $1.count } ?? []
        let count = Output.count(of: sets)
        let joined = connections.count { $0.port.joinsBranches && $0.sets == closed && !closed.isEmpty }
        let inputs = connections.count + joined * ((closed.last?.branches.count ?? 1) - 1)
        if !deepest.sets.isEmpty {
            guard fits(nodes.count + count, Self.mostNodes, "stages", form),
                fits(edgeCount + count * inputs, Self.mostEdges, "inputs", form)
            else { return nil }
        }
        edgeCount += count * inputs
        if let set = closed.last { joins[set.address, default: (set, [])].stages.append(form.name) }

        let outer = Output.count(of: closed.dropLast())
        let edges = (0..<count).map { run in
            connections.flatMap { connection -> [Edge] in
                let nodes = connection.output.nodes
                guard let set = closed.last, connection.port.joinsBranches, connection.sets == closed else {
                    return [edge(connection, run / (count / nodes.count), connection.word)]
                }
                return set.branches.indices.map { branch in
                    let label = (joining.count > 1 ? connection.word + "." : "") + set.branches[branch]
                    return edge(connection, run / (count / outer) * set.branches.count + branch, label, isBranch: true)
                }
            }
        }
        return (sets, edges)
    }

    private func edge(
        _ connection: Connection, _ index: Int, _ label: String, isBranch: Bool = false
    ) -> Edge {
        var (choice, rest) = ([String](), index)
        for set in connection.sets.reversed() {
            choice.append(set.branches[rest % set.branches.count])
            rest /= set.branches.count
        }
        return Edge(
            port: connection.port, node: connection.output.nodes[index],
            word: connection.word + Node.suffix(choice.reversed()), label: label, isBranch: isBranch,
            range: connection.range)
    }

    /// The output of a form with branches, given those of its branches.
    mutating func collect(_ branches: [(form: StageForm, output: Output)], of form: StageForm) -> Output {
        let set = BranchSet(address: form.address, branches: branches.map(\.form.word))
        var isSure = branches.allSatisfy(\.output.isSure)
        var closed = branches.filter(\.output.isSure)
        closed.removeAll { branch, output in
            guard let inner = output.sets.last(where: { ($0.address + ".").hasPrefix(branch.address + ".") }) else {
                return false
            }
            errors.add(
                "the branches of \(inner.phrase) are not joined in the branch in which they begin",
                at: branch.keyRange, address: branch.address, advice: joinAdvice("at the end of the branch"))
            isSure = false
            return true
        }
        guard let first = closed.first else {
            return Output(sets: [set], nodes: set.branches.map { _ in nil }, isSure: false)
        }
        for (branch, output) in closed where output.sets != first.output.sets {
            errors.add(
                "the branches of \(form.address) give different branch sets: \(first.form.word) "
                    + "\(Self.phrase(first.output.sets)), and \(branch.word) \(Self.phrase(output.sets))",
                at: branch.keyRange, address: branch.address, advice: joinAdvice("in all of them, or in none"))
            isSure = false
        }
        let common = first.output.sets
        let count = Output.count(of: common)
        guard fits(count * branches.count, Self.mostNodes, "stages", form) else { return .broken }
        let nodes = (0..<count).flatMap { index in
            branches.map { $0.output.sets == common ? $0.output.nodes[index] : nil }
        }
        return Output(sets: common + [set], nodes: nodes, isSure: isSure)
    }

    private mutating func fits(_ count: Int, _ most: Int, _ noun: String, _ form: StageForm) -> Bool {
        if count <= most { return true }
        errors.add(
            "the branches multiply to more than \(most) \(noun)", at: form.keyRange, address: form.address,
            advice: joinAdvice("before more branches begin"))
        return false
    }
}

// MARK: - Mistakes

extension Graph {
    private mutating func refuse(_ deepest: Connection, _ other: Connection, _ form: StageForm) {
        guard deepest.output.isSure, other.output.isSure else { return }
        errors.add(
            "different branch sets meet: \(deepest.word) comes \(Self.phrase(deepest.sets)), and \(other.word) "
                + Self.phrase(other.sets), at: other.range, address: form.name + ".in",
            advice: joinAdvice("before they meet"))
    }

    /// A report takes the whole, not a branch.
    mutating func refuse(_ set: BranchSet, reaching connections: [Connection], _ form: StageForm) {
        guard let connection = connections.first(where: { $0.sets.contains(set) }) else { return }
        errors.add(
            "\(connection.word) comes \(Self.phrase(connection.sets)), and nothing has joined them",
            at: connection.range,
            address: form.name + ".in", advice: joinAdvice("before the report"))
    }

    /// Sets that reach the end of the graph. The cases that are not picked here take stages elsewhere; where what a stage
    /// takes can't be told, nobody knows the ends.
    mutating func refuseOpenSets(_ outline: Outline) {
        let forms = outline.stages.flatMap(\.all)
        let taken = Set(forms.flatMap { $0.input?.names ?? [] }.map(\.text))
        guard taken.isSubset(of: stages), !forms.contains(where: \.isInputBroken) else { return }
        for stage in outline.stages where !taken.contains(stage.word) {
            guard let output = outputs[stage.word], output.isSure, !output.sets.isEmpty else { continue }
            errors.add(
                "it comes \(Self.phrase(output.sets)), and nothing joins them", at: stage.keyRange,
                address: stage.address, advice: joinAdvice("behind it"))
        }
    }

    private static func phrase(_ sets: [BranchSet]) -> String {
        sets.isEmpty ? "once" : "once a branch of " + sets.map(\.phrase).joined(separator: " and ")
    }

    private func joinAdvice(_ place: String) -> String? {
        let joins = catalogue.types.map { $0.declaration }.filter { $0.inputs.contains(where: \.joinsBranches) }
        return joins.isEmpty ? nil : "join them \(place): " + joins.map(\.name).joined(separator: " or ")
    }
}
