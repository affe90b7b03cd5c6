// The stage types of this library, by name.

public import Stages

/// `tensor.*`, `scale.*`, `classify.*`, `evaluate.*`.
public let learningStages = Catalogue([
    TensorFlatten.self
])
