// split.k_fold

internal import Stages
internal import Tensors

struct SplitKFold: SplitStage {
    struct Parameters: ParameterSet {
        var nSplits = 5
        var shuffle = true
        var stratify = Stratify.no
        var validationSize: Portion?

        static var fields: [Field<Self>] {
            [
                Field("n_splits", \.nSplits, as: .int(.atLeast(2)), "the number of folds"),
                Field("shuffle", \.shuffle, "deal the rows out at random, not in the order of their ids"),
                Field("stratify", \.stratify, "spread evenly: true for the target, or the name of a column"),
                Field("validation_size", \.validationSize, validationHelp),
            ]
        }
    }

    static let declaration = Declaration(
        "split.k_fold", revision: 1, kind: .rows,
        summary: "Folds of rows: each row is tested once.",
        documentation: """
            Shuffled unless told otherwise, which is not scikit-learn's default: rows are ordered by id, so unshuffled \
            folds would be folds of neighbours (of one actor, of one recording session). Without shuffling the folds are \
            those of scikit-learn's KFold and, with `stratify`, StratifiedKFold on the rows ordered by id.

            With `stratify` the folds' counts of a class differ by at most one. Rows of one group may come to lie on both \
            sides; use split.group_k_fold where that is a leak.

            More folds than rows, and a class with fewer rows than folds, are problems.
            """,
        inputs: [Port("in", "the items to split")], output: "the same items, each with a role a fold",
        readsTarget: true, draws: true)

    let parameters: Parameters
    init(_ parameters: Parameters) { self.parameters = parameters }

    var keepsGroups: Bool { false }
    var stratify: Stratify { parameters.stratify }
    var isRandom: Bool { parameters.shuffle || parameters.validationSize != nil }

    func output(for inputs: [Signature]) throws(Problem) -> Signature { inputs.first ?? .unknown }

    func folds(of population: Population, stream: RandomStream) throws(Problem) -> [SplitFold] {
        let count = parameters.nSplits
        guard count <= population.count else {
            throw Problem(
                "n_splits is \(count), but there \(population.count == 1 ? "is 1 row" : "are \(population.count) rows")",
                at: ["n_splits"])
        }
        var stream = stream
        let classes = try Classes(of: population, by: stratify)
        let numbers: [Int]
        if let classes {
            try classes.require(count, "n_splits, which is \(count)", at: ["n_splits"])
            numbers = stratified(classes, stream: &stream)
        } else {
            numbers = plain(population.count, stream: &stream)
        }
        var result = [SplitFold]()
        for fold in DataStages.folds(numbers, of: count) {
            result.append(try withValidation(parameters.validationSize, fold, classes: classes, stream: &stream))
        }
        return result
    }

    func inner(_ count: Int, hasGroups: Bool) throws(Problem) -> any SplitStage {
        plainFolds(count, parameters.stratify)
    }

    /// Runs of rows, the first ones longer by one where the division leaves a rest.
    private func plain(_ rows: Int, stream: inout RandomStream) -> [Int] {
        var order = Array(0..<rows)
        if parameters.shuffle { stream.shuffle(&order) }
        let (size, rest) = rows.quotientAndRemainder(dividingBy: parameters.nSplits)
        let sequence = (0..<parameters.nSplits).flatMap { [Int](repeating: $0, count: size + ($0 < rest ? 1 : 0)) }
        var numbers = [Int](repeating: 0, count: rows)
        for (row, number) in zip(order, sequence) { numbers[row] = number }
        return numbers
    }

    /// scikit-learn's StratifiedKFold: classes in the order in which they appear; how many rows of each a fold gets is
    /// found by dealing the rows, sorted by class, round robin.
    private func stratified(_ classes: Classes, stream: inout RandomStream) -> [Int] {
        let order = classes.rows.indices.sorted { classes.rows[$0][0] < classes.rows[$1][0] }
        var numbers = [Int](repeating: 0, count: classes.positions.count)
        var dealt = 0
        for position in order {
            let rows = classes.rows[position]
            var sizes = [Int](repeating: 0, count: parameters.nSplits)
            for _ in rows {
                sizes[dealt % parameters.nSplits] += 1
                dealt += 1
            }
            var sequence = sizes.enumerated().flatMap { [Int](repeating: $0, count: $1) }
            if parameters.shuffle { stream.shuffle(&sequence) }
            for (row, number) in zip(rows, sequence) { numbers[row] = number }
        }
        return numbers
    }
}
