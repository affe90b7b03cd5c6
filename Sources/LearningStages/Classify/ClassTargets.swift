// The targets of a training set as positions in a list of classes.

internal import Stages
internal import Tensors

/// What the rows of a training set are, class by class.
struct ClassTargets {
    let classes: [String]
    /// The class of each row.
    let positions: [Int]
    /// How many rows each class has.
    let counts: [Int]

    init(_ training: TrainingSet) throws(Failure) {
        let targets = training.targets
        guard targets.count == training.count else {
            throw Failure("expected a target for each of \(training.count) training rows, got \(targets.count)")
        }
        guard !targets.isEmpty else { throw Failure("there are no rows to fit on") }
        let list = try classList(of: targets)
        var counts = [Int](repeating: 0, count: list.count)
        var positions = [Int]()
        for target in targets {
            guard target != .missing, let position = list.position(of: target) else {
                throw Failure("a training row has no target", advice: "leave such rows out of the data")
            }
            counts[position] += 1
            positions.append(position)
        }
        (classes, self.positions, self.counts) = (list.names, positions, counts)
    }

    /// The targets of rows to tell classes apart by: there are at least two.
    init(severalOf training: TrainingSet) throws(Failure) {
        try self.init(training)
        guard classes.count > 1 else {
            throw Failure(
                "there is only one class in training: \(classes.first ?? "none")",
                advice: "check the split; every training set needs at least two classes")
        }
    }

    /// `counts` as a part of a state: it also tells the classes, by the labels of its axis.
    var tensor: Tensor {
        Tensor(
            .int64(counts.map(Int64.init)), shape: [classes.count], axes: ["class"], labels: ["class": classes])
    }

    /// The weight of each class: 1, or what makes all classes weigh the same.
    func weights(isBalanced: Bool) -> [Double] {
        counts.map { isBalanced ? Double(positions.count) / (Double(classes.count) * Double($0)) : 1 }
    }
}

/// What rows weigh by their class.
enum ClassWeight: String, CaseIterable, ParameterValue { case balanced }

/// The distinct classes, of one type of scalar.
func classList(of targets: [Scalar]) throws(Failure) -> ClassList {
    let types = Set(targets.map(\.typeName)).subtracting(["missing"]).sorted()
    guard types.count <= 1 else {
        throw Failure("expected targets of one type, got \(types.joined(separator: " and "))")
    }
    return ClassList(targets)
}

/// The classes that a classifier's state was fitted on.
func fittedClasses(of state: Bundle) throws(Failure) -> [String] {
    guard let classes = state.tensors["counts"]?.labels["class"] else {
        throw Failure("the fitted state has no classes")
    }
    return classes
}
