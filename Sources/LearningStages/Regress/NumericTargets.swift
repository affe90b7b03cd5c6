// The targets of a training set as numbers.

internal import Stages
internal import Tensors

/// What a regression is fitted on.
struct NumericTargets {
    let values: [Double]

    init(_ training: TrainingSet) throws(Failure) {
        let targets = training.targets
        guard targets.count == training.count else {
            throw Failure("expected a target for each of \(training.count) training rows, got \(targets.count)")
        }
        guard !targets.isEmpty else { throw Failure("there are no rows to fit on") }
        var values = [Double]()
        for target in targets { values.append(try number(target, "a training row")) }
        self.values = values
    }

    var mean: Double {
        let count = Double(values.count)
        let mean = values.reduce(0, +) / count
        // The sum may be too large where the mean is not.
        return mean.isFinite ? mean : values.reduce(0) { $0 + $1 / count }
    }
}

/// A target as a number.
func number(_ target: Scalar, _ row: String) throws(Failure) -> Double {
    switch target {
    case .int(let value): return Double(value)
    case .float(let value) where value.isFinite: return value
    case .float(let value) where value.isInfinite:
        throw Failure("the target of \(row) is \(decimal(value))", advice: "leave such rows out of the data")
    case .missing, .float:
        throw Failure("\(row) has no target", advice: "leave such rows out of the data")
    case .bool, .string:
        throw Failure(
            "expected targets that are numbers, got \"\(target)\" (\(target.typeName)) in \(row)",
            advice: "name a column of numbers as the target, or take classify.* and evaluate.classification")
    }
}

/// One number a row, as values.
func estimates(_ numbers: [Double]) throws(Failure) -> [Value] {
    guard firstNotFinite(numbers) == nil else {
        throw Failure(
            "the features of a row are too large: its estimate is not a finite number",
            advice: "scale the features first, by scale.standard")
    }
    return numbers.map { Estimate($0).value }
}
