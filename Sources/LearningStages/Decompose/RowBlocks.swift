// Rows of features too many to be a matrix of Double: held as they were read, and turned into Double a panel of columns
// at a time. HOG features are up to 613,440 columns of Float.

internal import Stages
internal import Tensors

/// A few columns of a few rows, as a matrix of Double.
struct Panel {
    private(set) var elements = [Double]()
    let columns: Range<Int>

    /// The columns of rows, less the mean of each.
    init(_ rows: some Collection<Elements>, _ columns: Range<Int>, minus mean: [Double]) {
        self.columns = columns
        elements = [Double](repeating: 0, count: rows.count * columns.count)
        for (position, row) in rows.enumerated() {
            load(row, from: columns.lowerBound, at: position * columns.count)
            subtract(mean, at: position * columns.count)
        }
    }

    /// The columns of a matrix of `rows` times `width` elements.
    init(_ matrix: Elements, rows: Int, width: Int, _ columns: Range<Int>) {
        self.columns = columns
        elements = [Double](repeating: 0, count: rows * columns.count)
        for row in 0..<rows { load(matrix, from: row * width + columns.lowerBound, at: row * columns.count) }
    }

    private mutating func load(_ source: Elements, from start: Int, at place: Int) {
        let count = columns.count
        elements.withUnsafeMutableBufferPointer { elements in
            switch source {
            case .float32(let values):
                values.withUnsafeBufferPointer { values in
                    for index in 0..<count { elements[place + index] = Double(values[start + index]) }
                }
            case .float64(let values):
                values.withUnsafeBufferPointer { values in
                    for index in 0..<count { elements[place + index] = values[start + index] }
                }
            default: preconditionFailure("rows are held as Float or Double")
            }
        }
    }

    private mutating func subtract(_ mean: [Double], at place: Int) {
        let (count, start) = (columns.count, columns.lowerBound)
        elements.withUnsafeMutableBufferPointer { elements in
            mean.withUnsafeBufferPointer { mean in
                for index in 0..<count { elements[place + index] -= mean[start + index] }
            }
        }
    }

    /// All columns in panels that are not large, `rows` rows each. The cut depends on the sizes alone.
    static func cuts(of width: Int, rows: Int) -> [Range<Int>] {
        let step = max(256, min(4096, (1 << 20) / max(1, rows)))
        return stride(from: 0, to: width, by: step).map { $0..<min($0 + step, width) }
    }
}

extension FeatureForm {
    /// The features of one row as Float or Double, none of which is NaN or infinite.
    func held(_ tensor: Tensor, _ role: String) throws(Failure) -> Elements {
        guard case .float32(let values) = tensor.elements else {
            return .float64(try finiteRow(tensor, role))
        }
        let form = try FeatureForm(tensor)
        // Its message tells what is wrong.
        if form.count != count || firstNotFinite(values) != nil { return .float64(try finiteRow(tensor, role)) }
        return tensor.elements
    }
}

/// Training rows in blocks that are read when they are wanted.
struct RowBlocks {
    let training: TrainingSet
    let form: FeatureForm
    /// The rows of each block.
    let ranges: [Range<Int>]

    /// - Parameter bytes: what a block may hold.
    init(_ training: TrainingSet, _ form: FeatureForm, bytes: Int) throws {
        (self.training, self.form) = (training, form)
        let size = try training.tensor(0).type == .float32 ? 4 : 8
        let step = max(1, bytes / (size * form.count))
        ranges = stride(from: 0, to: training.count, by: step).map { $0..<min($0 + step, training.count) }
    }

    func read(_ rows: Range<Int>) throws -> [Elements] {
        var held = [Elements]()
        held.reserveCapacity(rows.count)
        for index in rows { held.append(try form.held(try training.tensor(index), "a training row")) }
        return held
    }
}
