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
    /// The stream's seed and address, if the type draws.
    var stream: (seed: Int, address: String)?
    var only: String?
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
        if let stream { map["stream"] = .array([.int(stream.seed), .text(stream.address)]) }
        if let only { map["only"] = .text(only) }
        if let target { map["target"] = .text(target) }
        if let fold { map["fold"] = .array([.digest(fold.split), fold.path.canonical]) }
        return .map(map)
    }

    var digest: Digest { Digest(of: canonical) }
}

/// Keys, by kind of node. Each begins with what it is a key of, so that no two kinds share one.
enum Key {
    /// Of one sample of a map: its inputs by digest, or by key where the edge is transient.
    static func map(
        _ node: PlanNode, inputs: [Digest], columns: [Scalar], stream: Digest?
    ) -> Digest {
        var parts: [Canonical] = [.text("map"), .digest(node.identityDigest), .array(inputs.map { .digest($0) })]
        if !node.inputNames.isEmpty { parts.append(.array(node.inputNames.map { .text($0) })) }
        if !columns.isEmpty { parts.append(.array(columns.map(\.canonical))) }
        if let stream { parts.append(.digest(stream)) }
        return Digest(of: .array(parts))
    }

    /// Of a fit: over its training rows.
    static func fit(_ node: PlanNode, roots: [Digest], stream: Digest?) -> Digest {
        var parts: [Canonical] = [.text("fit"), .digest(node.identityDigest), .array(roots.map { .digest($0) })]
        if let stream { parts.append(.digest(stream)) }
        return Digest(of: .array(parts))
    }

    /// Of a block of rows of an `apply`.
    static func apply(_ node: PlanNode, state: Digest, block: [Digest]) -> Digest {
        Digest(
            of: .array([
                .text("apply"), .digest(node.identityDigest), .digest(state), .array(block.map { .digest($0) }),
            ]))
    }

    /// Of a gather or a report, over table roots.
    static func table(_ node: PlanNode, roots: [Digest]) -> Digest {
        Digest(of: .array([.text(node.kindWord), .digest(node.identityDigest), .array(roots.map { .digest($0) })]))
    }

    /// Of the shortcut of a node.
    static func shortcut(_ node: PlanNode, roots: [Digest], roles: Digest?) -> Digest {
        var parts: [Canonical] = [.text("shortcut"), .digest(node.recipe), .array(roots.map { .digest($0) })]
        if let roles { parts.append(.digest(roles)) }
        if !node.roles.isEmpty { parts.append(.array(node.roles.map(\.rawValue).sorted().map { .text($0) })) }
        return Digest(of: .array(parts))
    }
}

/// Names of random streams: where a number is drawn says which number it is, never when or by whom.
enum StreamName {
    static func of(seed: Int, address: String, repetition: Int? = nil, sample: String? = nil) -> Digest {
        var map: [String: Canonical] = ["seed": .int(seed), "address": .text(address)]
        if let repetition { map["repeat"] = .int(repetition) }
        if let sample { map["sample"] = .text(sample) }
        return Digest(of: .map(map))
    }
}
