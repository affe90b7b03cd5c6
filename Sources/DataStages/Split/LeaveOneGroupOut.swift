// split.leave_one_group_out

internal import Stages
internal import Tensors

struct SplitLeaveOneGroupOut: SplitStage {
    struct Parameters: ParameterSet {
        var validationSize: Portion?
        var trainGroups: Portion?

        static var fields: [Field<Self>] {
            [
                Field("validation_size", \.validationSize, validationHelp),
                Field("train_groups", \.trainGroups, as: trainGroupsKind, trainGroupsHelp),
            ]
        }
    }

    static let declaration = Declaration(
        "split.leave_one_group_out", revision: 1, kind: .rows,
        summary: "A fold a group: that group is tested, all others train.",
        documentation: """
            The folds come in the order of the groups (numbers by value, text by its bytes) and carry the group's name in \
            the results. With `group: actor` this is leave one speaker out.

            \(trainGroupsDocumentation)

            Needs the spec's `group`. A row without a group, and a single group, are problems.
            """,
        inputs: [Port("in", "the items to split")], output: "the same items, each with a role a fold", draws: true)

    let parameters: Parameters
    init(_ parameters: Parameters) { self.parameters = parameters }

    var keepsGroups: Bool { true }
    var stratify: Stratify { .no }
    var isRandom: Bool { parameters.validationSize != nil || parameters.trainGroups != nil }

    func output(for inputs: [Signature]) throws(Problem) -> Signature { inputs.first ?? .unknown }

    func folds(of population: Population, stream: RandomStream) throws(Problem) -> [SplitFold] {
        let groups = try Groups(of: population, for: "split.leave_one_group_out")
        var stream = stream
        var result = [SplitFold]()
        for (position, name) in groups.names.enumerated() {
            let fold = fold(testing: groups.positions.map { $0 == position }, label: name.description)
            result.append(try withValidation(parameters.validationSize, fold, groups: groups, stream: &stream))
        }
        return try withTrainGroups(parameters.trainGroups, result, groups, stream: &stream)
    }

    func inner(_ count: Int, hasGroups: Bool) throws(Problem) -> any SplitStage {
        groupFolds(count)
    }
}
