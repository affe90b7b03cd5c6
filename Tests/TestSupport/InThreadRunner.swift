// The door to other processes, closed: isolated stages run in the thread that asks.

public import Engine
public import Spec
public import Stages
public import Tensors

public struct InThreadRunner: Runner {
    public init() {}
    public func apply(_ stage: any MapStage, to input: MapInput, limits: Limits) throws -> Value {
        try stage.apply(input)
    }
    public func rest() {}
}
