// split.group_holdout

internal import Stages
internal import Tensors

struct SplitGroupHoldout: SplitStage {
    struct Parameters: ParameterSet {
        var testSize = Portion.share(0.25)
        var validationSize: Portion?
        var trainGroups: Portion?

        static var fields: [Field<Self>] {
            [
                Field("test_size", \.testSize, "a share of the groups, rounded up, or a number of groups"),
                Field("validation_size", \.validationSize, validationHelp),
                Field("train_groups", \.trainGroups, as: trainGroupsKind, trainGroupsHelp),
            ]
        }
    }

    static let declaration = Declaration(
        "split.group_holdout", revision: 1, kind: .rows,
        summary: "One fold: some groups at random to test, the others to train.",
        documentation: """
            Groups stay whole, so no actor is on both sides. `test_size` counts groups, not rows: a quarter of 24 actors \
            is 6 actors, however many clips they have.

            \(trainGroupsDocumentation)

            Needs the spec's `group`. A row without a group, a single group, and a size that leaves a side empty are problems.
            """,
        inputs: [Port("in", "the items to split")], output: "the same items, each with a role", draws: true)

    let parameters: Parameters
    init(_ parameters: Parameters) { self.parameters = parameters }

    var keepsGroups: Bool { true }
    var stratify: Stratify { .no }
    var isRandom: Bool { true }

    func output(for inputs: [Signature]) throws(Problem) -> Signature { inputs.first ?? .unknown }

    func folds(of population: Population, stream: RandomStream) throws(Problem) -> [SplitFold] {
        let groups = try Groups(of: population, for: "split.group_holdout")
        let count = try parameters.testSize.count(of: groups.count, "groups", at: "test_size")
        var stream = stream
        var order = Array(0..<groups.count)
        stream.shuffle(&order)
        let tested = Set(order.prefix(count))
        let fold = fold(testing: groups.positions.map { tested.contains($0) })
        let result = [try withValidation(parameters.validationSize, fold, groups: groups, stream: &stream)]
        return try withTrainGroups(parameters.trainGroups, result, groups, stream: &stream)
    }

    func inner(_ count: Int, hasGroups: Bool) throws(Problem) -> any SplitStage {
        groupFolds(count)
    }
}
