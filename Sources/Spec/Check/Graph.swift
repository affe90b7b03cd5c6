// From forms to a graph: cases picked, chains taken apart, names connected, an order found. What a single stage is given
// wrong is told in `Connection.swift`.

internal import Stages
internal import Tensors

/// The uses of a spec at one point, connected.
struct Graph {
    /// Where a use takes its input from.
    enum Incoming {
        case nothing
        case broken
        case written(InputForm)
        /// The step before; nil when that is broken.
        case chained(String?)
    }

    struct Node {
        let form: StageForm
        let use: UseForm
        let type: (any StageType.Type)?
        /// Nil when something is wrong with it; what follows is then not judged.
        let stage: (any StageType)?
        let incoming: Incoming
        /// Nil when something is wrong with the connections.
        var edges: [Edge]?
        var signature = Signature.unknown

        var name: String { form.name }
    }

    /// One input of a node.
    struct Edge {
        let port: Port
        /// The node that it comes from; nil when that is broken.
        let node: String?
        /// As written; for a chain, the step before.
        let word: String
        let range: SourceRange
    }

    let catalogue: Catalogue
    var errors = ErrorList()
    var nodes = [String: Node]()
    /// The names of nodes, each after those that it takes.
    private(set) var order = [String]()
    /// What a stage's name stands for in `in`; nil when it is broken.
    private(set) var outputs = [String: String?]()

    init(_ outline: Outline, catalogue: Catalogue) {
        self.catalogue = catalogue
        for stage in outline.stages { outputs[stage.word] = .some(add(stage, .nothing)) }
        for name in nodes.keys.sorted(by: precedes) {
            let edges = connect(name)
            nodes[name]?.edges = edges
        }
        sort()
        for name in order {
            let signature = signature(of: name)
            nodes[name]?.signature = signature
        }
    }

    /// Adds the nodes of a form; gives the name of the one whose output is the form's.
    private mutating func add(_ form: StageForm, _ inherited: Incoming) -> String? {
        let incoming = form.input.map(Incoming.written) ?? (form.isInputBroken ? .broken : inherited)
        switch form.body {
        case .broken: return nil
        case .cases(let forms, let pick):
            guard let picked = forms.first(where: { $0.word == pick?.text }) else { return nil }
            return add(picked, incoming)
        case .steps(let forms):
            var last: String?
            for (index, step) in forms.enumerated() { last = add(step, index == 0 ? incoming : .chained(last)) }
            return last
        case .use(let use):
            var node = Node(form: form, use: use, type: nil, stage: nil, incoming: incoming)
            if let type = type(of: use, form) {
                var check = ParameterCheck()
                let stage = check.stage(of: type, use, address: form.address)
                errors.add(check.errors)
                node = Node(form: form, use: use, type: type, stage: stage, incoming: incoming)
            }
            nodes[form.name] = node
            return form.name
        }
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

    /// Kahn's algorithm, the first name first, so that the order is that of the graph alone.
    private mutating func sort() {
        var waiting = [String: Set<String>]()
        for (name, node) in nodes {
            waiting[name] = Set((node.edges ?? []).compactMap(\.node)).intersection(nodes.keys)
        }
        var followers = [String: [String]]()
        for (name, inputs) in waiting { for input in inputs { followers[input, default: []].append(name) } }
        var ready = waiting.filter(\.value.isEmpty).keys.sorted { precedes($1, $0) }
        while !waiting.isEmpty {
            guard let name = ready.popLast() else {
                let ring = findRing(waiting)
                tell(ring)
                // Told once; what hangs on the ring goes on as if it were broken.
                for name in ring {
                    nodes[name]?.edges = nil
                    waiting[name] = []
                }
                ready = ring.sorted { precedes($1, $0) }
                continue
            }
            guard waiting.removeValue(forKey: name) != nil else { continue }
            order.append(name)
            for follower in followers[name] ?? [] {
                waiting[follower]?.remove(name)
                guard waiting[follower]?.isEmpty == true, !ready.contains(follower) else { continue }
                let position = ready.firstIndex { precedes($0, follower) } ?? ready.count
                ready.insert(follower, at: position)
            }
        }
    }

    private func findRing(_ waiting: [String: Set<String>]) -> [String] {
        var path = [String]()
        var current = waiting.keys.min(by: precedes)
        while let name = current {
            if let start = path.firstIndex(of: name) {
                let ring = path[start...]
                // From the first name on, so that one ring has one sentence.
                let first = ring.indices.min { precedes(ring[$0], ring[$1]) } ?? start
                return Array(ring[first...] + ring[..<first])
            }
            path.append(name)
            current = waiting[name]?.filter { waiting[$0] != nil }.min(by: precedes)
        }
        return path
    }

    private mutating func tell(_ ring: [String]) {
        guard let first = ring.first, let node = nodes[first] else { return }
        let next = ring.count > 1 ? ring[1] : first
        let edge = node.edges?.first { $0.node == next }
        let words = zip(ring, ring.dropFirst() + [first]).map { "\($0) takes \($1)" }
        errors.add(
            "stages cannot wait for each other: \(words.joined(separator: ", "))",
            at: edge?.range ?? node.use.type.range,
            address: node.name + ".in")
    }
}
