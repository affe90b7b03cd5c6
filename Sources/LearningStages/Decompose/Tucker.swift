// decompose.tucker

internal import Stages

struct DecomposeTucker: TuckerStage {
    struct Parameters: ParameterSet {
        var ranks: TuckerRanks?
        var options = TuckerOptions()

        static var fields: [Field<Self>] {
            [
                Field(
                    "ranks", \.ranks, as: TuckerRanks.orNumber,
                    "how many components each axis keeps: a number for all, a list in their order, or {height: 8, …}")
            ] + Field.all(of: \.options)
        }
    }

    static let declaration = Declaration(
        "decompose.tucker", revision: 1, kind: .fitted,
        summary: "Tucker: samples projected along all of their axes on what training samples have in common.",
        documentation: """
            What decompose.partial_tucker does, along all axes of a sample: a sample times the transposed factor of each \
            axis, which is the core of a Tucker decomposition. With a single training sample it is that of TensorLy's \
            tucker; of several, the axis of samples is not reduced.

            `ranks` is one number for all axes, a list in the order of the axes, or a map that names each axis. In place \
            of them, `explained` takes of each axis the fewest eigenvectors of its Gram matrix that have this share of the \
            squared norm.

            Algorithms, passes over the samples, memory, state, metrics and failures are those of decompose.partial_tucker.
            """,
        inputs: [tuckerPort],
        output: "the axes of a sample, each as long as its rank; float32 from float32, else float64",
        arithmetic: [.openblas], tolerance: 1e-4)

    let parameters: Parameters
    var limits = SampleLimits()
    var options: TuckerOptions { parameters.options }
    var choice: TuckerChoice {
        TuckerChoice(ranks: parameters.ranks, explained: parameters.options.explained, takesAll: true)
    }

    init(_ parameters: Parameters) throws(Problem) {
        self.parameters = parameters
        try choice.check()
    }
}
