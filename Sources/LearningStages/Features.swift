// Rows of features: what scalers and classifiers are fitted on and applied to. A row is a tensor of real numbers with a
// single axis; all rows of a stage have the same length.

internal import Stages
internal import Tensors

/// Rows of features as one matrix.
struct FeatureMatrix {
    let rows: Int
    let columns: Int
    /// Row after row.
    let elements: [Double]

    /// All training rows; a number that is not finite is a failure that names the feature.
    init(_ training: TrainingSet) throws {
        guard training.count > 0 else { throw Failure("there are no rows to fit on") }
        let form = try FeatureForm(training.tensor(0))
        var elements = [Double]()
        elements.reserveCapacity(training.count * form.count)
        for index in 0..<training.count {
            elements += try form.finiteRow(try training.tensor(index), "a training row")
        }
        (rows, columns, self.elements) = (training.count, form.count, elements)
    }

    /// Rows to apply a state to that was fitted on rows of the form `form`.
    init(_ rows: [[Value]], as form: FeatureForm) throws(Failure) {
        var elements = [Double]()
        elements.reserveCapacity(rows.count * form.count)
        for row in rows { elements += try form.finiteRow(try FeatureForm.tensor(of: row), "a row") }
        (self.rows, columns, self.elements) = (rows.count, form.count, elements)
    }
}

/// What all rows of features have in common.
struct FeatureForm {
    /// The name of the axis, usually `feature`.
    let axis: String
    let count: Int
    let labels: [String]?

    init(_ tensor: Tensor) throws(Failure) {
        guard tensor.axes.count == 1, let axis = tensor.axes.first, let count = tensor.shape.first else {
            throw Failure(
                "expected rows of features (a tensor with one axis), got \(Value.tensor(tensor).phrase)",
                advice: FeatureForm.advice)
        }
        guard count > 0 else { throw Failure("expected at least one feature, got \(Value.tensor(tensor).phrase)") }
        (self.axis, self.count, labels) = (axis, count, tensor.labels[axis])
    }

    /// The form that a fitted tensor over the features has.
    init(_ state: Bundle, _ name: String, axis: Int = 0) throws(Failure) {
        guard let tensor = state.tensors[name], tensor.axes.indices.contains(axis) else {
            throw Failure("the fitted state has no \(name)")
        }
        self.axis = tensor.axes[axis]
        (count, labels) = (tensor.shape[axis], tensor.labels[tensor.axes[axis]])
    }

    static let advice = "put tensor.flatten before this stage"

    static func tensor(of row: [Value]) throws(Failure) -> Tensor {
        guard case .tensor(let tensor)? = row.first else {
            throw Failure("expected rows of features (a tensor), got \(row.first?.phrase ?? "nothing")")
        }
        return tensor
    }

    /// The features of one row, of the same number as in all others.
    func row(_ tensor: Tensor) throws(Failure) -> [Double] {
        let form = try FeatureForm(tensor)
        guard form.count == count else {
            throw Failure(
                "expected \(count) features as in the other rows, got \(Value.tensor(tensor).phrase)",
                advice:
                    "samples differ in size: bring them to one first, as by size and n_frames of video.decode, or tensor.summary"
            )
        }
        guard let elements = tensor.doubles() else { throw Failure("expected real numbers, got complex ones") }
        return elements
    }

    /// The features of one row, none of which is NaN or infinite.
    func finiteRow(_ tensor: Tensor, _ role: String) throws(Failure) -> [Double] {
        let elements = try row(tensor)
        if let index = elements.firstIndex(where: { !$0.isFinite }) {
            throw Failure(
                "\(name(index)) is \(decimal(elements[index])) in \(role)",
                advice: "find out where it comes from, or leave the sample out")
        }
        return elements
    }

    /// Rows with other numbers: `change` is given the features of each.
    func mapped(_ rows: [[Value]], _ change: (inout [Double]) -> Void) throws(Failure) -> [Value] {
        var made = [Value]()
        for row in rows {
            let tensor = try FeatureForm.tensor(of: row)
            var elements = try self.row(tensor)
            change(&elements)
            made.append(
                .tensor(
                    Tensor(
                        .float64(elements), shape: tensor.shape, axes: tensor.axes, labels: tensor.labels,
                        attributes: tensor.attributes)))
        }
        return made
    }

    func name(_ index: Int) -> String {
        guard let labels, labels.indices.contains(index) else { return "feature \(index)" }
        return "feature " + labels[index]
    }

    /// A tensor of one number a feature.
    func tensor(_ elements: [Double]) -> Tensor {
        Tensor(.float64(elements), shape: [count], axes: [axis], labels: labels.map { [axis: $0] } ?? [:])
    }
}

/// Element types that are real numbers.
let realTypes = ElementType.allCases.filter { $0 != .complex64 }

/// The port of stages that take rows of features.
let featuresPort = Port(
    accepts: [.tensor, .prediction, .estimate], types: realTypes, "rows of features: real numbers along one axis")

/// The axis of the features, as far as it is known; a problem where the input cannot be rows of features.
func featureAxis(_ inputs: [Signature]) throws(Problem) -> Axis {
    let unknown = Axis("feature")
    guard let input = inputs.first else { return unknown }
    if let content = input.content, ![.tensor, .prediction, .estimate].contains(content) {
        throw Problem("expected rows of features (a tensor with one axis), got \(input.phrase)")
    }
    if input.type == .complex64 { throw Problem("expected real numbers, got \(input.phrase)") }
    guard let axes = input.axes else {
        switch input.content {
        case .prediction: return Axis("class")
        case .estimate: return Axis("estimate", size: 1)
        default: return unknown
        }
    }
    guard axes.count == 1, let axis = axes.first else {
        throw Problem(
            "expected rows of features (a tensor with one axis), got \(input.phrase)", advice: FeatureForm.advice)
    }
    if axis.size == 0 { throw Problem("expected at least one feature, got \(input.phrase)") }
    return axis
}

/// What a stage gives that changes the numbers of its rows and nothing else.
func changedFeatures(_ inputs: [Signature]) throws(Problem) -> Signature {
    let axis = try featureAxis(inputs)
    return .tensor(.float64, inputs.first?.axes.map { _ in [axis] })
}
