// What goes into a stage: the names behind `in` put to its ports, and what is known of their values compared with what
// the ports take.

internal import Stages
internal import Tensors

extension Graph {
    /// What comes into a use, in the order of its ports; nil when that cannot be told, which is then said.
    mutating func connect(
        _ form: StageForm, _ use: UseForm, _ type: (any StageType.Type)?, _ incoming: Incoming
    ) -> [Connection]? {
        let address = form.name + ".in"
        guard let type else {
            // The names at least are looked up.
            if case .written(let input) = incoming { for word in input.names { _ = output(word, address) } }
            return nil
        }
        let ports = type.declaration.inputs
        let typeName = type.declaration.name
        switch incoming {
        case .nothing:
            if ports.isEmpty { return [] }
            errors.add(
                "\(typeName) takes \(Self.list(ports)), and there is no in", at: use.type.range,
                address: form.address, advice: "add in: the name of a stage")
            return nil
        case .broken: return nil
        case .chained(let last, let output):
            guard let port = ports.first, ports.count == 1 else {
                errors.add(
                    ports.isEmpty
                        ? "\(typeName) takes no input, and so can only be the first step"
                        : "\(typeName) takes \(Self.list(ports)), and a step has one input", at: use.type.range,
                    address: form.address, advice: "make it a stage of its own")
                return nil
            }
            return [Connection(port: port, word: last, range: use.type.range, output: output)]
        case .written(let input):
            if ports.isEmpty {
                let isOwn = form.input != nil
                errors.add(
                    "\(typeName) takes no input", at: isOwn ? input.range : use.type.range, address: address,
                    advice: isOwn ? "leave in out" : "make it a stage of its own, or leave in out")
                return nil
            }
            guard let pairs = assign(input, to: ports, typeName, address: address) else { return nil }
            let connections = pairs.compactMap { port, word in
                output(word, address).map { Connection(port: port, word: word.text, range: word.range, output: $0) }
            }
            return connections.count == pairs.count ? connections : nil
        }
    }

    /// The output of a branch that gives what it takes.
    mutating func pass(_ form: StageForm, _ incoming: Incoming) -> Output {
        switch incoming {
        case .broken: return .broken
        case .chained(_, let output): return output
        case .nothing:
            errors.add(
                "\(form.word) passes its input on, and there is no in", at: form.keyRange, address: form.address,
                advice: "add in: the name of a stage, beside branches")
        case .written(let input):
            if let word = input.names.first, input.names.count == 1 {
                return output(word, form.name + ".in") ?? .broken
            }
            errors.add(
                "\(form.word) passes one input on, and in names \(input.names.count)", at: form.keyRange,
                address: form.address, advice: "say with uses what becomes of them")
        }
        return .broken
    }

    /// What a stage that is named gives; nil when it can't be taken, which is then said.
    private mutating func output(_ word: Word, _ address: String) -> Output? {
        // A stage in a ring of stages that wait for each other is not there yet.
        guard let output = outputs[word.text] ?? (stages.contains(word.text) ? .broken : nil) else {
            let names = stages.sorted(by: precedes)
            let owner = word.text.split(separator: ".").first.map(String.init) ?? ""
            errors.add(
                owner != word.text && names.contains(owner)
                    ? "in takes whole stages, and \(word.text) is inside of \(owner)"
                    : "there is no stage \(word.text); there are \(enumerated(names))", at: word.range,
                address: address, advice: errors.suggestion(for: word.text, among: names).map { "did you mean \($0)?" })
            return nil
        }
        if reports.contains(word.text) {
            errors.add("\(word.text) is a report, and nothing can follow it", at: word.range, address: address)
            return nil
        }
        return output
    }

    private mutating func assign(
        _ input: InputForm, to ports: [Port], _ typeName: String, address: String
    ) -> [(port: Port, word: Word)]? {
        func wrongCount(_ count: Int) {
            errors.add(
                "\(typeName) takes \(Self.list(ports)), and got \(count)", at: input.range, address: address,
                advice: ports.count > 1
                    ? "name the ports: {" + ports.map { $0.name + ": …" }.joined(separator: ", ") + "}" : nil)
        }
        switch input.content {
        case .one(let word):
            guard let port = ports.first, ports.count == 1 else {
                wrongCount(1)
                return nil
            }
            return [(port, word)]
        case .list(let words):
            // A list port takes what is left when it is the last.
            guard let last = ports.last, last.isList ? words.count >= ports.count : words.count == ports.count else {
                wrongCount(words.count)
                return nil
            }
            return words.enumerated().map { (ports[min($0, ports.count - 1)], $1) }
        case .ports(let given):
            return assign(given, to: ports, input, typeName, address: address)
        }
    }

    private mutating func assign(
        _ given: [(port: Word, inputs: [Word])], to ports: [Port], _ input: InputForm, _ typeName: String,
        address: String
    ) -> [(port: Port, word: Word)]? {
        let names = ports.map(\.name)
        var isRight = true
        for (word, inputs) in given {
            guard let port = ports.first(where: { $0.name == word.text }) else {
                errors.add(
                    "\(typeName) has no port \(word.text); it has \(enumerated(names))", at: word.range,
                    address: address,
                    advice: errors.suggestion(for: word.text, among: names).map { "did you mean \($0)?" })
                isRight = false
                continue
            }
            if inputs.count > 1, !port.isList {
                errors.add(
                    "the port \(port.name) takes one stage, got \(inputs.count)", at: word.range, address: address)
                isRight = false
            }
        }
        // A port that is misspelt is not missing as well.
        guard isRight else { return nil }
        for port in ports where !given.contains(where: { $0.port.text == port.name }) {
            errors.add(
                "the port \(port.name) of \(typeName) has no input: \(port.help)", at: input.range, address: address,
                advice: "add \(port.name): the name of a stage")
            isRight = false
        }
        guard isRight else { return nil }
        return ports.flatMap { port in
            given.filter { $0.port.text == port.name }.flatMap(\.inputs).map { (port, $0) }
        }
    }

    static func list(_ ports: [Port]) -> String {
        if let port = ports.first, ports.count == 1 { return port.isList ? "a list of inputs" : "one input" }
        return "\(ports.count) inputs (" + ports.map(\.name).joined(separator: ", ") + ")"
    }
}

// MARK: - Signatures

extension Graph {
    /// What is known of a node's values; unknown after an error, so that one mistake is told once.
    mutating func signature(of name: String) -> Signature {
        guard let node = nodes[name], let stage = node.stage, let edges = node.edges else { return .unknown }
        var isRight = true
        let signatures = edges.map { edge in edge.node.flatMap { nodes[$0]?.signature } ?? .unknown }
        for (edge, signature) in zip(edges, signatures) where !Self.fits(signature, edge.port) {
            isRight = false
            // What several branches have in common is told of the first.
            let place = "\(edge.port.name) \(edge.range.start)"
            if !told.insert([node.form.address, place, signature.phrase]).inserted { continue }
            let adapters = self.adapters(from: signature, to: edge.port)
            errors.add(
                "expected \(Self.phrase(edge.port)), but \(edge.word) gives \(signature.phrase)", at: edge.range,
                address: node.name + ".in",
                advice: adapters.isEmpty ? nil : "add \(adapters.joined(separator: " or ")) between them")
        }
        guard isRight else { return .unknown }
        do throws(Problem) {
            try stage.check(labels: edges.filter(\.port.isList).map(\.label))
            let output = try stage.output(for: signatures)
            if let input = signatures.first { refuseOnly(node, input, output) }
            return output
        } catch {
            if !told.insert([node.form.address, "problem", error.message]).inserted { return .unknown }
            if error.path.isEmpty, let edge = edges.first {
                errors.add(error.message, at: edge.range, address: node.name + ".in", advice: error.advice)
            } else {
                var check = ParameterCheck()
                check.add(
                    error, inside: node.use.with, else: node.use.type.range,
                    address: node.form.address + Node.suffix(node.branch))
                errors.add(check.errors)
            }
            return .unknown
        }
    }

    static func fits(_ signature: Signature, _ port: Port) -> Bool {
        if let content = signature.content, !port.accepts.isEmpty, !port.accepts.contains(content) { return false }
        if let type = signature.type, !port.types.isEmpty, !port.types.contains(type) { return false }
        if let axes = signature.axes, let wanted = port.axes, axes.map(\.name) != wanted { return false }
        return true
    }

    /// What a port takes: "a float32 tensor along (time, feature)".
    static func phrase(_ port: Port) -> String {
        let contents =
            port.accepts.isEmpty && (port.axes != nil || !port.types.isEmpty) ? [Content.tensor] : port.accepts
        let nouns = contents.map { content in
            switch content {
            case .tensor:
                let types = port.types.map(\.rawValue).joined(separator: " or ")
                let axes = port.axes.map { " along (" + $0.joined(separator: ", ") + ")" } ?? ""
                return "a " + (types.isEmpty ? "" : types + " ") + "tensor" + axes
            case .media: return "media"
            case .bundle: return "a bundle"
            case .prediction: return "predictions"
            case .estimate: return "estimates"
            case .nothing: return "items without a value"
            }
        }
        return nouns.isEmpty ? "anything" : nouns.joined(separator: " or ")
    }

    /// Maps of the catalogue that, as they are, turn the one into what the other takes.
    private func adapters(from signature: Signature, to port: Port) -> [String] {
        var names = [String]()
        for type in catalogue.types where type.declaration.kind == .map && type.declaration.inputs.count == 1 {
            guard names.count < 3, let entry = type.declaration.inputs.first, Self.fits(signature, entry),
                let stage = try? type.init(given: [:]), let output = try? stage.output(for: [signature]),
                output.content != nil, output != signature, Self.fits(output, port)
            else { continue }
            if port.axes != nil, output.axes == nil { continue }
            names.append(type.declaration.name)
        }
        return names
    }
}
