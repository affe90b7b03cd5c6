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
    /// How messages and records call it: the address without the names of cases, `classifier`, `curves.spline`.
    public let name: String
    /// What names its stream of random numbers: `classifier.mlp`, `curves.spline`.
    public let address: String
    public let type: any StageType.Type
    public let stage: any StageType
    /// In the order of the ports, those of a list port one after another.
    public let inputs: [Input]
    /// What is known of its values.
    public let signature: Signature
    /// Where its type is named.
    public let range: SourceRange
}

/// An edge of the graph.
public struct Input: Sendable, Hashable {
    public let port: String
    /// The name of the stage use that it comes from.
    public let stage: String
}
