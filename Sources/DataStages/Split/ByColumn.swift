// split.by_column

internal import Stages
internal import Tensors

struct SplitByColumn: SplitStage {
    /// What the column says of a row.
    enum Meaning: String, Sendable, Hashable, CaseIterable, ParameterValue {
        case role, fold
    }

    struct Parameters: ParameterSet {
        var column = ""
        var holds = Meaning.role
        var validationSize: Portion?
        var trainGroups: Portion?

        static var fields: [Field<Self>] {
            [
                Field("column", \.column, as: .column, isRequired: true, "the column that says where a row belongs"),
                Field(
                    "holds", \.holds, "role: train, validation or test; fold: the name of the fold that tests the row"),
                Field("validation_size", \.validationSize, validationHelp),
                Field("train_groups", \.trainGroups, trainGroupsHelp),
            ]
        }
    }

    static let declaration = Declaration(
        "split.by_column", revision: 1, kind: .rows,
        summary: "A split that is written down in a column: a published one, or one made elsewhere.",
        documentation: """
            With `holds: role` the column has `train`, `validation` or `test` for each row, and there is one fold. With \
            `holds: fold` each distinct value names a fold, in which the rows with that value are tested and all others \
            train; the folds come in the order of the values.

            `train_groups` leaves that many groups in training and excludes the others: the groups of a smaller number \
            are among those of a larger one, and the tested and validation rows are the same for all, so a sweep over \
            it is a learning curve.

            Where the spec names a `group`, a group with rows on both sides contradicts the column: a problem, as are \
            rows without a value, other words than those three, and a column that leaves a side empty.
            """,
        inputs: [Port("in", "the items to split")], output: "the same items, each with a role a fold", draws: true)

    let parameters: Parameters
    init(_ parameters: Parameters) { self.parameters = parameters }

    /// Twins on both sides are kept out of training, and not moved: the column is to be taken at its word.
    var keepsGroups: Bool { true }
    var needsGroups: Bool { false }
    /// The column reaches the split as the one to stratify by.
    var stratify: Stratify { .column(parameters.column) }
    var isRandom: Bool { parameters.validationSize != nil || parameters.trainGroups != nil }

    func output(for inputs: [Signature]) throws(Problem) -> Signature { inputs.first ?? .unknown }

    func folds(of population: Population, stream: RandomStream) throws(Problem) -> [SplitFold] {
        guard let values = population.strata else { throw problem("there is no column \(parameters.column)") }
        let missing = values.count { $0.isAbsent }
        guard missing == 0 else {
            throw problem("\(missing) of \(values.count) rows have no value in \(parameters.column)")
        }
        let plain = try parameters.holds == .role ? [roles(values)] : foldsByValue(values)
        // A single group has no rest to be checked against.
        let groups =
            population.groups.map { Set($0).count > 1 } == true
            ? try Groups(of: population, for: "split.by_column") : nil
        var stream = stream
        var result = [SplitFold]()
        for fold in plain {
            for role in [Role.train, .test] where !fold.roles.contains(role) {
                throw problem("\(parameters.column) leaves no row for \(role.rawValue)")
            }
            if let groups, let name = contradiction(fold, groups) {
                throw problem(
                    "the group \(name) has rows on both sides of the split that \(parameters.column) describes")
            }
            result.append(try withValidation(parameters.validationSize, fold, groups: groups, stream: &stream))
        }
        return try withTrainGroups(parameters.trainGroups, result, groups, stream: &stream)
    }

    func inner(_ count: Int, hasGroups: Bool) throws(Problem) -> any SplitStage {
        hasGroups ? groupFolds(count) : plainFolds(count)
    }

    private func roles(_ values: [Scalar]) throws(Problem) -> SplitFold {
        var roles = [Role]()
        for value in values {
            guard let role = Role(rawValue: value.description), role != .excluded else {
                throw problem("\(parameters.column) holds \(value); expected train, validation or test")
            }
            roles.append(role)
        }
        return SplitFold(roles: roles)
    }

    private func foldsByValue(_ values: [Scalar]) -> [SplitFold] {
        Set(values).sorted().map { name in fold(testing: values.map { $0 == name }, label: name.description) }
    }

    private func contradiction(_ fold: SplitFold, _ groups: Groups) -> Scalar? {
        zip(groups.names, groups.rows).first { _, rows in Set(rows.map { fold.roles[$0] }).count > 1 }?.0
    }

    private func problem(_ message: String) -> Problem { Problem(message, at: ["column"]) }
}
