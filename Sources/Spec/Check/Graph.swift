// From forms to a graph: cases picked, chains taken apart, branches run side by side, names connected, an order found.
// What a single stage is given wrong is told in `Connection.swift`; how branch sets multiply is in `Branching.swift`.

internal import Stages
internal import Tensors

/// The uses of a spec at one point, connected.
struct Graph {
    /// Where a form takes its input from.
    enum Incoming {
        case nothing
        case broken
        case written(InputForm)
        /// The step before, by name.
        case chained(String, Output)
    }

    struct Node {
        let form: StageForm
        let use: UseForm
        let type: (any StageType.Type)?
        /// Nil when something is wrong with it; what follows is then not judged.
        let stage: (any StageType)?
        let options: StageOptions
        /// The branch of each open set that it is the run for, the outermost first.
        let branch: [String]
        /// Nil when something is wrong with the connections.
        let edges: [Edge]?
        var signature = Signature.unknown

        var name: String { form.name + Self.suffix(branch) }

        /// `[noise,slow]`, behind the name of what runs once a branch.
        static func suffix(_ branch: [String]) -> String {
            branch.isEmpty ? "" : "[" + branch.joined(separator: ",") + "]"
        }
    }

    /// One input of a node.
    struct Edge {
        let port: Port
        /// The node that it comes from; nil when that is broken.
        let node: String?
        /// What messages call it: as written, or the step before, and its branch.
        let word: String
        /// What the stage calls it: the branch, or the stage.
        let label: String
        /// Whether it is one of the branches that a stage joins.
        var isBranch = false
        let range: SourceRange
    }

    let catalogue: Catalogue
    var errors = ErrorList()
    var nodes = [String: Node]()
    /// The names of nodes, each after those that it takes.
    private(set) var order = [String]()
    /// The stages that can stand behind `in`.
    let stages: [String]
    /// Those that nothing can follow.
    private(set) var reports = Set<String>()
    /// What a stage's name stands for in `in`; nothing yet for a stage that comes later.
    private(set) var outputs = [String: Output]()
    /// The stages that close a set, by the set's address.
    var joins = [String: (set: BranchSet, stages: [String])]()
    /// How many edges the nodes have.
    var edgeCount = 0
    /// Problems with values that were told of one branch, and not of the next that has the same.
    var told = Set<[String]>()

    init(_ outline: Outline, catalogue: Catalogue) {
        self.catalogue = catalogue
        stages = outline.stages.map(\.word)
        let (sorted, rings) = sorted(outline.stages)
        for stage in sorted {
            let output = add(stage, .nothing, StageOptions())
            outputs[stage.word] = rings.contains(stage.word) ? .broken : output
        }
        order = Ordering(nodes.mapValues { Set(($0.edges ?? []).compactMap(\.node)) }).order
        for name in order {
            let signature = signature(of: name)
            nodes[name]?.signature = signature
        }
        refuseOpenSets(outline)
        refuseIdleLimits(outline)
    }

    /// Adds the nodes of a form.
    private mutating func add(_ form: StageForm, _ inherited: Incoming, _ outer: StageOptions) -> Output {
        let incoming = form.input.map(Incoming.written) ?? (form.isInputBroken ? .broken : inherited)
        let options = form.options.inside(outer)
        switch form.body {
        case .broken: return .broken
        case .pass: return pass(form, incoming)
        case .cases(let forms, let pick):
            guard let picked = forms.first(where: { $0.word == pick?.text }) else { return .broken }
            return add(picked, incoming, options)
        case .steps(let forms):
            var from = incoming
            var output = Output.broken
            for step in forms {
                output = add(step, from, options)
                from = .chained(step.name, output)
            }
            return output
        case .branches(let forms):
            return collect(forms.map { ($0, add($0, incoming, options)) }, of: form)
        case .use(let use): return add(use, of: form, incoming, options)
        }
    }

    private mutating func add(
        _ use: UseForm, of form: StageForm, _ incoming: Incoming, _ options: StageOptions
    ) -> Output {
        let type = type(of: use, form)
        var stage: (any StageType)?
        if let type {
            var check = ParameterCheck()
            stage = check.stage(of: type, use, address: form.address)
            errors.add(check.errors)
            refuseOnly(options, type, stage?.kind ?? type.declaration.kind, form)
        }
        let connections = connect(form, use, type, incoming)
        guard let type, let connections, let runs = runs(of: connections, form) else {
            nodes[form.name] = Node(
                form: form, use: use, type: type, stage: stage, options: options, branch: [], edges: nil)
            return Output(sets: [], nodes: [form.name], isSure: false)
        }
        var names = [String]()
        for (branch, edges) in zip(Output.branches(of: runs.sets), runs.edges) {
            let node = Node(
                form: form, use: use, type: type, stage: stage, options: options, branch: branch, edges: edges)
            nodes[node.name] = node
            names.append(node.name)
        }
        var isSure = connections.allSatisfy(\.output.isSure)
        if isSure, type.declaration.kind == .report, let set = runs.sets.last {
            refuse(set, reaching: connections, form)
            isSure = false
        }
        return Output(sets: runs.sets, nodes: names, isSure: isSure)
    }

    private mutating func type(of use: UseForm, _ form: StageForm) -> (any StageType.Type)? {
        guard let type = catalogue[use.type.text] else {
            errors.add(Self.unknownType(use, form.address, among: errors.isFull ? [] : catalogue.names))
            return nil
        }
        if type is any SplitStage.Type {
            errors.add(
                "\(use.type.text) is a split, not a stage", at: use.type.range, address: form.address,
                advice: "it belongs to split, beside stages")
            return nil
        }
        return type
    }

    static func unknownType(_ use: UseForm, _ address: String, among names: [String]) -> SpecError {
        SpecError(
            range: use.type.range, address: address, message: "there is no stage type \(use.type.text)",
            advice: nearest(to: use.type.text, among: names).map { "did you mean \($0)?" }
                ?? "martlet stages lists them all")
    }

    // MARK: - Order

    /// Stages in an order in which each comes after those that it names, and the names of those that wait for each other.
    private mutating func sorted(_ forms: [StageForm]) -> (order: [StageForm], rings: Set<String>) {
        let byWord = Dictionary(forms.map { ($0.word, $0) }, uniquingKeysWith: { first, _ in first })
        reports = Set(forms.filter(isReport).map(\.word))
        let waits = byWord.mapValues { form in self.waits(form).filter { [reports] in !reports.contains($0.text) } }
        let ordering = Ordering(waits.mapValues { Set($0.map(\.text)) })
        for ring in ordering.rings {
            guard let first = ring.first, let form = byWord[first] else { continue }
            let next = ring.count > 1 ? ring[1] : first
            let words = zip(ring, ring.dropFirst() + [first]).map { "\($0) takes \($1)" }
            errors.add(
                "stages cannot wait for each other: \(words.joined(separator: ", "))",
                at: waits[first]?.first { $0.text == next }?.range ?? form.keyRange, address: first + ".in")
        }
        return (ordering.order.compactMap { byWord[$0] }, Set(ordering.rings.joined()))
    }

    /// The stages that a form takes, as its cases are picked.
    private func waits(_ form: StageForm) -> [Word] {
        let own = takesInput(form) ? form.input?.names ?? [] : []
        switch form.body {
        case .steps(let forms), .branches(let forms): return own + forms.flatMap(waits)
        case .cases(let forms, let pick): return own + (forms.first { $0.word == pick?.text }.map(waits) ?? [])
        case .use, .pass, .broken: return own
        }
    }

    /// Nothing waits for the input of a source, which is a mistake of its own.
    private func takesInput(_ form: StageForm) -> Bool {
        switch form.body {
        case .use(let use): catalogue[use.type.text]?.declaration.inputs.isEmpty != true
        case .steps(let forms): forms.first.map(takesInput) ?? true
        case .branches(let forms): forms.contains(where: takesInput)
        case .cases(let forms, let pick): forms.first { $0.word == pick?.text }.map(takesInput) ?? true
        case .pass, .broken: true
        }
    }

    /// … nor for a report.
    private func isReport(_ form: StageForm) -> Bool {
        switch form.body {
        case .use(let use): catalogue[use.type.text]?.declaration.kind == .report
        case .steps(let forms): forms.last.map(isReport) ?? false
        case .cases(let forms, let pick): forms.first { $0.word == pick?.text }.map(isReport) ?? false
        case .branches, .pass, .broken: false
        }
    }
}
