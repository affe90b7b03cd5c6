// The door to other processes, closed but for `martlet-media`: isolated stages run in the thread that asks.

public import Engine
public import Spec
public import Stages
public import Tensors

public struct InThreadRunner: Runner {
    private let media = ChildRunner()

    public init() {}
    public func apply(_ stage: any MapStage, to input: MapInput, in place: Place, limits: Limits) throws -> Value {
        place == .media ? try media.apply(stage, to: input, in: place, limits: limits) : try stage.apply(input)
    }
    public func rest() { media.rest() }
}
