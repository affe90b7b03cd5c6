// A spec at one point of its sweep, checked: what the plan is made from.

public import Stages

/// The experiment at one point: cases picked, chains taken apart, parameters converted, inputs connected.
public struct Resolved: Sendable {
    public let seed: Int
    public let target: String?
    public let group: String?
    public let repeats: Int
    public let split: StageUse?
    /// A stage comes after those that it takes; the order does not depend on that of the spec.
    public let stages: [StageUse]
}

/// A stage type put to use.
public struct StageUse: Sendable {
    /// How messages and records call it, unique at a point: the address without the names of cases, `classifier`,
    /// `curves.spline`; in a branch set with the branch, `curves.spline[noise]`.
    public let name: String
    /// What names its stream of random numbers, together with the branch: `classifier.mlp`, `curves.spline`.
    public let address: String
    /// The branch of each open branch set that this is the run for, the outermost first.
    public let branch: [String]
    public let type: any StageType.Type
    public let stage: any StageType
    /// In the order of the ports, those of a list port one after another, those of a branch set by name.
    public let inputs: [Input]
    /// What is known of its values.
    public let signature: Signature
    /// `only: train`: other rows pass as they are.
    public let isForTraining: Bool
    public let limits: Limits
    /// Where its type is named.
    public let range: SourceRange
}

/// An edge of the graph.
public struct Input: Sendable, Hashable {
    public let port: String
    /// The name of the stage use that it comes from.
    public let stage: String
    /// What it is called where several come into one port: the branch, or the stage.
    public let label: String
    /// Whether it is one of the branches that the stage joins: then what comes out is labelled with it, be it the only one.
    public var isBranch = false
}

/// What a stage may take, and what is kept of it; no part of any identity.
public struct Limits: Sendable, Hashable {
    /// The most generous of two.
    public mutating func widen(to other: Limits) {
        keep = [Keep.never, .auto, .always].last { $0 == keep || $0 == other.keep } ?? keep
        timeout = timeout.flatMap { own in other.timeout.map { max(own, $0) } }
        memory = memory.flatMap { own in other.memory.map { max(own, $0) } }
        // Nothing said is one thread.
        if threads != nil || other.threads != nil { threads = max(threads ?? 1, other.threads ?? 1) }
    }

    public enum Keep: String, Sendable, Hashable, CaseIterable {
        case auto, always, never
    }

    public var keep = Keep.auto
    /// Seconds a sample.
    public var timeout: Double?
    /// Bytes a sample.
    public var memory: Int?
    public var threads: Int?

    public init() {}
}

/// A set of branches and where it ends, for people.
public struct BranchSummary: Sendable, Hashable {
    /// Of the stage or step with `branches`.
    public let address: String
    public let branches: [String]
    /// The stages that close it.
    public let joinedBy: [String]
}
