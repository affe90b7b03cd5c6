// split.holdout

internal import Stages
internal import Tensors

struct SplitHoldout: SplitStage {
    struct Parameters: ParameterSet {
        var testSize = Portion.share(0.25)
        var trainSize: Portion?
        var stratify = Stratify.no
        var validationSize: Portion?

        static var fields: [Field<Self>] {
            [
                Field("test_size", \.testSize, "a share of the rows, rounded up, or a number of rows"),
                Field("train_size", \.trainSize, "a share or a number of rows; null: all that are not tested"),
                Field("stratify", \.stratify, "spread evenly: true for the target, or the name of a column"),
                Field("validation_size", \.validationSize, validationHelp),
            ]
        }
    }

    static let declaration = Declaration(
        "split.holdout", revision: 1, kind: .rows,
        summary: "One fold: some rows at random to test, the others to train.",
        documentation: """
            With `stratify` each class gives its share to the test side: the whole part, then one row more by the largest \
            remainder, ties going to the class that comes first. `test_size: 1/3, stratify: actor` takes 20 of each \
            actor's 60 clips.

            An int is a number of rows, a number below 1 a share. With `train_size` the rows that are in neither are \
            `excluded`. Rows of one group may come to lie on both sides; use split.group_holdout where that is a leak.

            A class with a single row, and sizes that leave a side (or, stratified, a class on a side) empty, are problems.
            """,
        inputs: [Port("in", "the items to split")], output: "the same items, each with a role", readsTarget: true,
        draws: true)

    let parameters: Parameters
    init(_ parameters: Parameters) { self.parameters = parameters }

    var keepsGroups: Bool { false }
    var stratify: Stratify { parameters.stratify }
    var isRandom: Bool { true }

    func output(for inputs: [Signature]) throws(Problem) -> Signature { inputs.first ?? .unknown }

    func folds(of population: Population, stream: RandomStream) throws(Problem) -> [SplitFold] {
        let count = population.count
        let testCount = try parameters.testSize.count(of: count, "rows", at: "test_size")
        var trainCount = count - testCount
        if let size = parameters.trainSize {
            trainCount = try size.count(of: count, "rows", at: "train_size")
            guard trainCount + testCount <= count else {
                throw Problem(
                    "train_size takes \(trainCount) and test_size \(testCount) of \(count) rows", at: ["train_size"])
            }
        }
        let classes = try Classes(of: population, by: stratify)
        var pools = classes?.rows ?? [Array(0..<count)]
        if let classes {
            try classes.require(2, "the two that a stratified split needs", at: ["stratify"])
            for (name, size) in [("test_size", testCount), ("train_size", trainCount)] where size < classes.names.count
            {
                throw Problem(
                    "\(name) takes \(size) rows, fewer than the \(classes.names.count) classes to spread over them",
                    at: [name])
            }
        }
        let tested = proportional(pools.map(\.count), draws: testCount)
        let trained = proportional(zip(pools, tested).map { $0.count - $1 }, draws: trainCount)
        var stream = stream
        var roles = [Role](repeating: .excluded, count: count)
        for position in pools.indices {
            stream.shuffle(&pools[position])
            for row in pools[position].prefix(tested[position]) { roles[row] = .test }
            for row in pools[position].dropFirst(tested[position]).prefix(trained[position]) { roles[row] = .train }
        }
        let fold = SplitFold(roles: roles)
        return [try withValidation(parameters.validationSize, fold, classes: classes, stream: &stream)]
    }

    func inner(_ count: Int, hasGroups: Bool) throws(Problem) -> any SplitStage {
        plainFolds(count, parameters.stratify)
    }
}
