// table.npy

internal import Media
internal import Stages
internal import Tensors

struct TableNpy: SourceStage {
    struct Parameters: ParameterSet {
        var features = ""
        var columns = [String: String]()
        var axes: [String]?

        static var fields: [Field<Self>] {
            [
                Field(
                    "features", \.features, as: .file, isRequired: true, "a .npy array whose first axis counts the rows"
                ),
                Field("columns", \.columns, as: .map(.file), "names of columns, each to a one-dimensional .npy array"),
                Field("axes", \.axes, "names of the axes behind the first; null for feature, of an array of two axes"),
            ]
        }
    }

    static let declaration = Declaration(
        "table.npy", revision: 1, kind: .source,
        summary: "Rows of a numpy array, with labels from other arrays.",
        documentation: """
            The value of a row is `features[row]`, in the array's element type. An array of two axes gives tensors over \
            `feature`; of one, tensors of one feature; of more, `axes` must name them: `axes: [time, feature]`.

            Each array in `columns` has one element a row: ints, floats or bools. NaN is missing. Text arrays are not \
            read: save the codes, or use table.csv. Ids are row_0, row_1 …, padded with zeros to one width.
            """,
        output: "the element type of the array, one item a row")

    let parameters: Parameters

    init(_ parameters: Parameters) throws(Problem) {
        if let axes = parameters.axes, Set(axes).count != axes.count || axes.contains("") {
            throw Problem("expected distinct names of axes", at: ["axes"])
        }
        self.parameters = parameters
    }

    func output(for inputs: [Signature]) throws(Problem) -> Signature {
        .tensor(nil, parameters.axes.map { $0.map { Axis($0) } })
    }

    func list() throws -> Listing {
        let path = absolutePath(parameters.features)
        let array = try self.array(path)
        guard let count = array.shape.first else {
            throw Failure("\(path) is a single number; expected an array of rows")
        }
        guard count > 0 else { throw Failure("\(path) has no rows") }
        let shape = array.shape.count == 1 ? [1] : Array(array.shape.dropFirst())
        let axes = parameters.axes ?? (shape.count == 1 ? ["feature"] : [])
        guard axes.count == shape.count else {
            throw Failure(
                "\(path) has the shape (\(array.shape.map(String.init).joined(separator: ", "))): \(shape.count) axes behind the rows"
                    + (parameters.axes == nil ? "" : ", but axes names \(axes.count)"),
                advice: "name what follows the rows: axes: ["
                    + (0..<shape.count).map { "NAME_\($0 + 1)" }.joined(separator: ", ") + "]")
        }
        var columns = [(String, [Scalar])]()
        for (name, file) in parameters.columns.sorted(by: { precedes($0.key, $1.key) }) {
            columns.append((name, try column(name, absolutePath(file), count: count)))
        }
        let size = shape.reduce(1, *)
        let file = path.split(separator: "/").last.map(String.init) ?? path
        let items = zip(rowIds(count), 0..<count).map { id, row in
            ListedItem(
                id: id, columns: Dictionary(uniqueKeysWithValues: columns.map { ($0.0, $0.1[row]) }),
                origin: .value(
                    .tensor(Tensor(array.elements[row * size..<(row + 1) * size], shape: shape, axes: axes))),
                path: "\(file)[\(row)]")
        }
        return Listing(items: items, signature: .tensor(array.type, zip(axes, shape).map { Axis($0, size: $1) }))
    }

    private func array(_ path: String) throws(Failure) -> Tensor {
        let bytes = try contents(of: path)
        do throws(NpyError) { return try Npy.decode(bytes) } catch { throw Failure("\(path): \(error)") }
    }

    private func column(_ name: String, _ path: String, count: Int) throws(Failure) -> [Scalar] {
        let array = try self.array(path)
        guard array.shape.count == 1, array.count == count else {
            throw Failure(
                "the column \(name), \(path), has the shape (\(array.shape.map(String.init).joined(separator: ", "))); "
                    + "expected one element for each of the \(count) rows")
        }
        switch array.elements {
        case .uint8(let values): return values.map { .int(Int($0)) }
        case .int16(let values): return values.map { .int(Int($0)) }
        case .int32(let values): return values.map { .int(Int($0)) }
        case .int64(let values): return values.map { .int(Int($0)) }
        case .bool(let values): return values.map { .bool($0) }
        case .float32(let values): return values.map { $0.isNaN ? .missing : .float(Double($0)) }
        case .float64(let values): return values.map { $0.isNaN ? .missing : .float($0) }
        case .complex64: throw Failure("the column \(name), \(path), is complex; expected ints, floats or bools")
        }
    }
}

extension Elements {
    /// A run of elements.
    fileprivate subscript(range: Range<Int>) -> Elements {
        switch self {
        case .uint8(let values): .uint8(Array(values[range]))
        case .int16(let values): .int16(Array(values[range]))
        case .int32(let values): .int32(Array(values[range]))
        case .int64(let values): .int64(Array(values[range]))
        case .float32(let values): .float32(Array(values[range]))
        case .float64(let values): .float64(Array(values[range]))
        case .complex64(let values): .complex64(Array(values[range]))
        case .bool(let values): .bool(Array(values[range]))
        }
    }
}
