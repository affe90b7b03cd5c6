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
        var train = Canonical.text("train")
        var validation = Canonical.text("validation")
        var test = Canonical.text("test")
        var validationSize: Portion?
        var trainGroups: Portion?

        static var fields: [Field<Self>] {
            [
                Field("column", \.column, as: .column, isRequired: true, "the column that says where a row belongs"),
                Field(
                    "holds", \.holds, "role: which side the row is on; fold: the name of the fold that tests the row"),
                Field("train", \.train, as: .cells, "the value, or values, of rows to train on, with holds: role"),
                Field("validation", \.validation, as: .cells, "likewise of rows for stopping alone"),
                Field("test", \.test, as: .cells, "likewise of rows to test"),
                Field("validation_size", \.validationSize, validationHelp),
                Field("train_groups", \.trainGroups, as: trainGroupsKind, trainGroupsHelp),
            ]
        }
    }

    static let declaration = Declaration(
        "split.by_column", revision: 1, kind: .rows,
        summary: "A split that is written down in a column: a published one, or one made elsewhere.",
        documentation: """
            With `holds: role` the column has `train`, `validation` or `test` for each row, or what these parameters say \
            instead (`validation: dev, test: [eval, extra]`), and there is one fold. With `holds: fold` each distinct \
            value names a fold, in which the rows with that value are tested and all others train; the folds come in the \
            order of the values. Numbers are compared by value; text is not a number.

            \(trainGroupsDocumentation)

            Where the spec names a `group`, a group with rows on two sides contradicts the column: a problem, as are rows \
            without a value, values that name no side, and a column that leaves training or test empty.
            """,
        inputs: [Port("in", "the items to split")], output: "the same items, each with a role a fold", draws: true)

    let parameters: Parameters
    /// The values of each side, as columns compare them.
    private let sides: [(role: Role, values: Set<Scalar>)]

    init(_ parameters: Parameters) throws(Problem) {
        let plain = Parameters()
        var sides = [(role: Role, values: Set<Scalar>)]()
        for (role, own, usual) in [
            (Role.train, parameters.train, plain.train), (.validation, parameters.validation, plain.validation),
            (.test, parameters.test, plain.test),
        ] {
            let name = role.rawValue
            if parameters.holds == .fold, own != usual {
                throw Problem("holds: fold names folds, and \(name) names a side of a single one", at: [name])
            }
            let values = try cells(own, at: [name])
            for other in sides {
                guard let shared = values.intersection(other.values).min() else { continue }
                throw Problem("\(shared.phrase) stands under \(other.role.rawValue) too", at: [name])
            }
            sides.append((role, values))
        }
        (self.parameters, self.sides) = (parameters, sides)
    }

    /// Twins on both sides are kept out of training, and not moved: the column is to be taken at its word.
    var keepsGroups: Bool { true }
    var needsGroups: Bool { parameters.trainGroups != nil }
    /// The column reaches the split as the one to stratify by.
    var stratify: Stratify { .column(parameters.column) }
    var isRandom: Bool { parameters.validationSize != nil || parameters.trainGroups != nil }

    func output(for inputs: [Signature]) throws(Problem) -> Signature { inputs.first ?? .unknown }

    func folds(of population: Population, stream: RandomStream) throws(Problem) -> [SplitFold] {
        guard let values = population.strata else { throw problem("there is no column \(parameters.column)") }
        if let lack = population.lack(of: values, in: parameters.column) {
            throw problem(lack, advice: "fill the column, or leave those rows out with samples.select")
        }
        let plain = try parameters.holds == .role ? [roles(values, of: population)] : foldsByValue(values)
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
            if let groups { try refuseContradiction(fold, groups, of: population) }
            result.append(try withValidation(parameters.validationSize, fold, groups: groups, stream: &stream))
        }
        return try withTrainGroups(parameters.trainGroups, result, groups, stream: &stream)
    }

    func inner(_ count: Int, hasGroups: Bool) throws(Problem) -> any SplitStage {
        hasGroups ? groupFolds(count) : plainFolds(count)
    }

    private func roles(_ values: [Scalar], of population: Population) throws(Problem) -> SplitFold {
        var roles = [Role]()
        for (row, value) in values.enumerated() {
            guard let side = sides.first(where: { $0.values.contains(value.comparable) }) else {
                let known = sides.flatMap { $0.values.sorted().map(\.phrase) }
                throw problem(
                    "\(parameters.column) is \(value.phrase) in \(population.ids.isEmpty ? "a row" : population.ids[row]); "
                        + "expected \(known.dropLast().joined(separator: ", ")) or \(known.last ?? "")",
                    advice: "correct it, or list it under train, validation or test")
            }
            roles.append(side.role)
        }
        return SplitFold(roles: roles)
    }

    private func foldsByValue(_ values: [Scalar]) -> [SplitFold] {
        Set(values).sorted().map { name in fold(testing: values.map { $0 == name }, label: name.description) }
    }

    /// Groups stay whole, whatever the column says.
    private func refuseContradiction(_ fold: SplitFold, _ groups: Groups, of population: Population) throws(Problem) {
        for (name, rows) in zip(groups.names, groups.rows) {
            guard let first = rows.first, let other = rows.first(where: { fold.roles[$0] != fold.roles[first] }) else {
                continue
            }
            let (side, otherSide) = (fold.roles[first].rawValue, fold.roles[other].rawValue)
            throw problem(
                "the group \(name) is whole, and \(parameters.column) has it in \(side) and in \(otherSide)"
                    + population.names(of: [first, other]),
                advice: "correct the column, or leave group out where samples of one group may be on both sides")
        }
    }

    private func problem(_ message: String, advice: String? = nil) -> Problem {
        Problem(message, at: ["column"], advice: advice)
    }
}
