// Recipes and keys: the two identities that the engine makes. A recipe is known before anything runs and says which nodes
// are one; a key is known once the inputs are and says whether a result was ever computed.

internal import Stages
internal import Tensors

/// What of a stage is the same wherever it stands: type, revision and parameters.
struct StageIdentity: Sendable, Hashable {
    let type: String
    let revision: Int
    /// Without locations, and with the digests of files in place of their paths.
    let parameters: [String: Canonical]

    var canonical: Canonical {
        .map(["type": .text(type), "revision": .int(revision), "parameters": .map(parameters)])
    }
}

/// The parts that a recipe is made of.
struct Recipe: Sendable {
    var identity: StageIdentity
    /// Locations too: where a source looks is part of the plan's identity, and of no key's.
    var locations: [String: Canonical] = [:]
    /// `fit`, `apply` …, where one stage is two nodes.
    var part: String?
    var inputs: [(port: String, recipe: Digest)]
    /// Names that label what comes out, where the type takes them from its inputs.
    var names: [String] = []
    /// What names its random streams, if the type draws.
    var stream: StreamName?
    var only: Role?
    /// Which rows of the inputs come out, of a rows stage.
    var rows: Digest?
    /// The column of targets, if the node reads it: two targets are two nodes.
    var target: String?
    /// The split's recipe and the fold path, where anything at or above is fitted.
    var fold: (split: Digest, path: FoldPath)?

    var canonical: Canonical {
        var map: [String: Canonical] = [
            "stage": identity.canonical,
            "inputs": .array(inputs.map { .array([.text($0.port), .digest($0.recipe)]) }),
        ]
        if !locations.isEmpty { map["locations"] = .map(locations) }
        if let part { map["part"] = .text(part) }
        if !names.isEmpty { map["names"] = .array(names.map { .text($0) }) }
        if let stream { map["stream"] = stream.canonical }
        if let only { map["only"] = .text(only.rawValue) }
        if let rows { map["rows"] = .digest(rows) }
        if let target { map["target"] = .text(target) }
        if let fold { map["fold"] = .array([.digest(fold.split), fold.path.canonical]) }
        return .map(map)
    }

    var digest: Digest { Digest(of: canonical) }
}

/// Keys, by kind of node. Each begins with what it is a key of, so that no two kinds share one.
enum Key {
    /// Of one sample of a map: its inputs by digest, or by key where the edge is transient.
    static func map(_ node: PlanNode, inputs: [Digest], columns: [Scalar], stream: Digest?) -> Digest {
        var parts = head("map", node)
        parts.append(.array(zip(node.ports, inputs).map { .array([.text($0), .digest($1)]) }))
        parts.append(.array(columns.map(\.canonical)))
        if let stream { parts.append(.digest(stream)) }
        return Digest(of: .array(parts))
    }

    /// Of the summary of a block of training rows.
    static func summary(_ node: PlanNode, rows: TableRoots) -> Digest {
        Digest(of: .array(head("summary", node) + [rows.canonical]))
    }

    /// Of the summary of all training rows: over the keys of the blocks that it was added up from.
    static func summary(_ node: PlanNode, blocks: [Digest]) -> Digest {
        Digest(of: .array(head("summaries", node) + [.array(blocks.map { .digest($0) })]))
    }

    /// Of a fit: over its training rows, and those to stop by; and over their summary, which was added up in some order.
    static func fit(
        _ node: PlanNode, summary: Digest?, training: TableRoots, validation: TableRoots?, stream: Digest?
    ) -> Digest {
        var parts = head("fit", node)
        if let summary { parts.append(.digest(summary)) }
        parts.append(training.canonical)
        parts.append(validation?.canonical ?? .null)
        if let stream { parts.append(.digest(stream)) }
        return Digest(of: .array(parts))
    }

    /// Of a block of rows of an `apply`; the state's port comes first.
    static func apply(_ node: PlanNode, state: Digest, block: TableRoots) -> Digest {
        Digest(of: .array(head("apply", node) + [.digest(state), block.canonical]))
    }

    /// Of a gather.
    static func gather(_ node: PlanNode, rows: TableRoots) -> Digest {
        Digest(of: .array(head("gather", node) + [rows.canonical]))
    }

    /// Of a report: by role, the roots of its rows and of their ids; and all that what it asks about leads through.
    static func report(
        _ node: PlanNode, roles: [(role: String, rows: TableRoots, ids: Digest)], asked: Canonical?
    ) -> Digest {
        let parts = roles.map { Canonical.array([.text($0.role), $0.rows.canonical, .digest($0.ids)]) }
        return Digest(of: .array(head("report", node) + [.array(parts)] + (asked.map { [$0] } ?? [])))
    }

    /// Of a report over several folds: by part and role, the roots of the rows and of their ids.
    static func pooled(_ node: PlanNode, parts: [(role: String, rows: Digest, targets: Digest, ids: Digest)]) -> Digest
    {
        let parts = parts.map {
            Canonical.array([.text($0.role), .digest($0.rows), .digest($0.targets), .digest($0.ids)])
        }
        return Digest(of: .array(head("pooled", node) + [.array(parts)]))
    }

    /// What it is a key of, the stage, and the names that label what comes out.
    private static func head(_ word: String, _ node: PlanNode) -> [Canonical] {
        [.text(word), .digest(node.identityDigest), .array(node.inputNames.map { .text($0) })]
    }

    /// Of the shortcut of a node.
    static func shortcut(_ node: PlanNode, roots: [Digest], roles: Digest?) -> Digest {
        var parts: [Canonical] = [.text("shortcut"), .digest(node.recipe), .array(roots.map { .digest($0) })]
        if let roles { parts.append(.digest(roles)) }
        if !node.roles.isEmpty { parts.append(.array(node.roles.map(\.rawValue).sorted().map { .text($0) })) }
        return Digest(of: .array(parts))
    }
}

/// The roots of some rows, as a stage sees them: of the values by port, and of the columns that it reads.
struct TableRoots {
    var values: [(port: String, root: Digest)]
    var columns: [(name: String, root: Digest)]

    var canonical: Canonical {
        .array([
            .array(values.map { .array([.text($0.port), .digest($0.root)]) }),
            .array(columns.map { .array([.text($0.name), .digest($0.root)]) }),
        ])
    }
}

/// What names random streams: where a number is drawn says which number it is, never when or by whom.
struct StreamName: Sendable {
    let seed: Int
    let address: String
    var branch: [String] = []

    var canonical: Canonical {
        .array([.int(seed), .text(address)] + (branch.isEmpty ? [] : [.array(branch.map { .text($0) })]))
    }

    /// Of a sample, of a repeat, or of what else draws once.
    func digest(repetition: Int? = nil, sample: String? = nil) -> Digest {
        var map: [String: Canonical] = ["seed": .int(seed), "address": .text(address)]
        if !branch.isEmpty { map["branch"] = .array(branch.map { .text($0) }) }
        if let repetition { map["repeat"] = .int(repetition) }
        if let sample { map["sample"] = .text(sample) }
        return Digest(of: .map(map))
    }
}
