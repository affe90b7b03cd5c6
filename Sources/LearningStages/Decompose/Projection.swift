// Rows of features along directions: what the linear decompositions do once they are fitted.

internal import Linear
internal import Stages
internal import Tensors

/// Directions that a state holds, and what of a row is taken off before it is measured along them.
struct Projection {
    let form: FeatureForm
    /// How many directions.
    let count: Int
    private let directions: Tensor
    private let mean: [Double]

    /// - Parameters:
    ///   - directions: the name of the tensor (component, feature).
    ///   - mean: the name of what is taken off, if anything is.
    init(_ state: Bundle, _ directions: String, mean: String? = nil) throws(Failure) {
        form = try FeatureForm(state, directions, axis: 1)
        guard let tensor = state.tensors[directions], tensor.axes.count == 2,
            tensor.type == .float64 || tensor.type == .float32
        else { throw Failure("the fitted state has no fitting \(directions)") }
        self.directions = tensor
        count = tensor.shape[0]
        guard let mean else {
            self.mean = [Double](repeating: 0, count: form.count)
            return
        }
        guard let values = state.tensors[mean]?.doubles(), values.count == form.count else {
            throw Failure("the fitted state has no fitting \(mean)")
        }
        self.mean = values
    }

    /// One tensor a row over the axis `component`, each number times its scale.
    func values(of rows: [[Value]], scales: [Double]? = nil) throws(Failure) -> [Value] {
        let labels = directions.labels["component"].map { ["component": $0] } ?? [:]
        var made = [Value]()
        made.reserveCapacity(rows.count)
        for start in stride(from: 0, to: rows.count, by: 256) {
            var held = [Elements]()
            for row in rows[start..<min(start + 256, rows.count)] {
                held.append(try form.held(try FeatureForm.tensor(of: row), "a row"))
            }
            var scores = [Double](repeating: 0, count: held.count * count)
            for columns in Panel.cuts(of: form.count, rows: max(held.count, count)) {
                let left = Panel(held, columns, minus: mean)
                let right = Panel(directions.elements, rows: count, width: form.count, columns)
                Blas.gemm(
                    left.elements, .plain(held.count, columns.count), right.elements, .transposed(count, columns.count),
                    into: &scores, keep: 1)
            }
            for row in held.indices {
                var own = Array(scores[row * count..<(row + 1) * count])
                if let scales { for index in own.indices { own[index] *= scales[index] } }
                made.append(try componentValue(own, labels: labels))
            }
        }
        return made
    }
}

/// A row's components as a value; a failure where one is not finite.
func componentValue(_ values: [Double], labels: [String: [String]]) throws(Failure) -> Value {
    guard firstNotFinite(values) == nil else {
        throw Failure(
            "the features of a row are too large: a component is not a finite number",
            advice: "scale the features first, by scale.standard")
    }
    return .tensor(Tensor(.float64(values), shape: [values.count], axes: ["component"], labels: labels))
}

/// The labels of components: `svd_0`, `svd_1` …
func componentLabels(_ prefix: String, _ count: Int) -> [String] { (0..<count).map { "\(prefix)_\($0)" } }

/// What comes out of a decomposition of rows of features; a problem where more components are wanted than there are
/// features, which none of those has that ask.
func componentSignature(_ inputs: [Signature], _ prefix: String, _ count: Int?) throws(Problem) -> Signature {
    let axis = try featureAxis(inputs)
    guard let count else { return .tensor(.float64, [Axis("component")]) }
    if let size = axis.size, count > size {
        throw Problem(
            "expected at most \(size), the number of features, got \(count)", at: ["n_components"],
            advice: "lower n_components")
    }
    // A number that no fit can reach gets no labels.
    guard count <= 1 << 20 else { return .tensor(.float64, [Axis("component", size: count)]) }
    return .tensor(.float64, [Axis("component", labels: componentLabels(prefix, count))])
}

extension FeatureForm {
    /// Features without names.
    init(count: Int) { (axis, self.count, labels) = ("feature", count, nil) }

    /// A tensor of one row of features a component.
    func tensor(_ elements: Elements, components names: [String]) -> Tensor {
        let axis = self.axis == "component" ? "feature" : self.axis
        var labels = ["component": names]
        labels[axis] = self.labels
        return Tensor(elements, shape: [names.count, count], axes: ["component", axis], labels: labels)
    }

    /// A tensor of one row of features a class.
    func tensor(_ elements: [Double], classes: [String]) -> Tensor {
        let axis = self.axis == "class" ? "feature" : self.axis
        var labels = ["class": classes]
        labels[axis] = self.labels
        return Tensor(.float64(elements), shape: [classes.count, count], axes: ["class", axis], labels: labels)
    }
}

/// A tensor of one number a component.
func alongComponents(_ values: [Double], _ names: [String]) -> Tensor {
    Tensor(.float64(values), shape: [values.count], axes: ["component"], labels: ["component": names])
}
