// tensor.concat

internal import Stages
internal import Tensors

struct TensorConcat: MapStage {
    struct Parameters: ParameterSet {
        var axis = "feature"
        var flatten = false

        static var fields: [Field<Self>] {
            [
                Field("axis", \.axis, as: .axis, "the axis to join along"),
                Field("flatten", \.flatten, "whether each input is flattened first; the axis is then feature"),
            ]
        }
    }

    static let declaration = Declaration(
        "tensor.concat", revision: 1, kind: .map,
        summary: "Joins tensors along an axis.",
        documentation: """
            All inputs have the same axes in the same order, and the same sizes along all of them but `axis`, along which \
            they are put one after another, in the order of the inputs. With `flatten: true` each input is first made \
            one axis `feature`, as by `tensor.flatten`, and shapes may differ at will.

            Behind branches it closes their set: the branches are joined, in the order of their names.

            Labels along `axis` are kept, with the name of their input (a stage or a branch) in front where there are \
            several: `voice.mfcc_0`. An input without labels beside one with them gets its positions: `face.0`. Labels along other axes, and \
            attributes, are kept where no input contradicts another.

            Element types: one type stays; any mixture becomes float64. Complex numbers join only complex ones.

            Fails when sizes along another axis differ, such as two lengths of time: make them equal first \
            (`features.bspline`), or summarise over that axis (`tensor.summary`).
            """,
        inputs: [
            Port(
                accepts: [.tensor, .prediction, .estimate], isList: true, joinsBranches: true,
                "tensors with the same axes, of stages or of branches")
        ],
        output: "the inputs' element type, or float64 where they differ; the inputs' axes, or (feature)", isCheap: true)

    let parameters: Parameters
    init(_ parameters: Parameters) { self.parameters = parameters }

    private var axis: String { parameters.flatten ? "feature" : parameters.axis }

    func output(for inputs: [Signature]) throws(Problem) -> Signature {
        for input in inputs {
            if let content = input.content, ![.tensor, .prediction, .estimate].contains(content) {
                throw Problem("expected tensors, got \(input.phrase)")
            }
        }
        let type = try joinedType(inputs.map(\.type))
        if parameters.flatten {
            let sizes = inputs.map { input in product(input.axes?.map(\.size)) }
            return .tensor(type, [Axis("feature", size: sum(sizes))])
        }
        let known = inputs.filter { $0.axes != nil }
        for input in known where input.axes?.contains(where: { $0.name == axis }) != true {
            throw Problem("there is no axis \(axis) in \(input.phrase)", at: ["axis"], advice: Self.advice)
        }
        guard let first = known.first, let axes = first.axes else { return .tensor(type) }
        for other in known.dropFirst() {
            guard agree(axes, other.axes ?? axes) else {
                throw Problem("cannot join \(first.phrase) and \(other.phrase) along \(axis)", advice: Self.advice)
            }
        }
        return .tensor(
            type,
            axes.enumerated().map { position, axis in
                guard axis.name == self.axis else {
                    return Axis(axis.name, size: known.compactMap { $0.axes?[position].size }.first)
                }
                return Axis(axis.name, size: sum(inputs.map { $0.axes?[position].size }))
            })
    }

    func apply(_ input: MapInput) throws -> Value {
        var parts = [Tensor]()
        for value in input.values {
            guard case .tensor(let tensor) = value else { throw Failure("expected tensors, got \(value.phrase)") }
            parts.append(parameters.flatten ? TensorFlatten.flatten(tensor) : tensor)
        }
        guard let first = parts.first else { throw Failure("there is nothing to join") }
        for part in parts {
            guard part.size(of: axis) != nil else {
                throw Failure("there is no axis \(axis) in \(Value.tensor(part).phrase)", advice: Self.advice)
            }
            guard agree(Signature(of: .tensor(first)).axes ?? [], Signature(of: .tensor(part)).axes ?? []) else {
                throw Failure(
                    "cannot join \(Value.tensor(first).phrase) and \(Value.tensor(part).phrase) along \(axis)",
                    advice: Self.advice)
            }
        }
        if parts.count == 1 { return .tensor(first) }
        return .tensor(try joined(parts, names: input.names))
    }

    private static let advice = "name another axis, join with flatten: true, or make the other axes equal first"

    private func product(_ sizes: [Int?]?) -> Int? {
        guard let sizes else { return nil }
        return sizes.reduce(Int?.some(1)) { total, size in
            guard let total, let size else { return nil }
            return total * size
        }
    }

    private func sum(_ sizes: [Int?]) -> Int? {
        sizes.reduce(Int?.some(0)) { total, size in
            guard let total, let size else { return nil }
            return total + size
        }
    }

    /// Nil where a type is not known.
    private func joinedType(_ types: [ElementType?]) throws(Problem) -> ElementType? {
        let known = types.compactMap(\.self)
        if Set(known).count > 1, known.contains(.complex64) {
            throw Problem("expected complex numbers in all inputs or in none")
        }
        guard known.count == types.count, let first = known.first else { return nil }
        return known.allSatisfy { $0 == first } ? first : .float64
    }

    /// Whether the axes have the same names, and no two known sizes differ but along the joined one.
    private func agree(_ a: [Axis], _ b: [Axis]) -> Bool {
        guard a.map(\.name) == b.map(\.name) else { return false }
        return zip(a, b).allSatisfy { one, other in
            guard one.name != axis, let size = one.size, let otherSize = other.size else { return true }
            return size == otherSize
        }
    }

    private func joined(_ parts: [Tensor], names: [String]) throws -> Tensor {
        let first = parts[0]
        guard let position = first.axes.firstIndex(of: axis) else { throw Failure("there is no axis \(axis)") }
        let outer = first.shape[..<position].reduce(1, *)
        var shape = first.shape
        shape[position] = parts.reduce(0) { $0 + $1.shape[position] }
        guard let elements = interleaved(parts.map(\.elements), outer: outer) else {
            throw Failure("expected complex numbers in all inputs or in none")
        }
        var labels = [String: [String]]()
        for axis in first.axes where axis != self.axis {
            let known = parts.compactMap { $0.labels[axis] }
            if let names = known.first, known.allSatisfy({ $0 == names }) { labels[axis] = names }
        }
        if parts.contains(where: { $0.labels[axis] != nil }) {
            labels[axis] = parts.enumerated().flatMap { index, part in
                let prefix = names.count == parts.count ? names[index] : String(index)
                let own = part.labels[axis] ?? (0..<part.shape[position]).map(String.init)
                return own.map { prefix + "." + $0 }
            }
        }
        // What one classifier predicted is no fact about several of them.
        let attributes = first.attributes.filter { name, value in
            name != "predicted" && parts.allSatisfy { $0.attributes[name] == value }
        }
        return Tensor(elements, shape: shape, axes: first.axes, labels: labels, attributes: attributes)
    }
}

/// The runs of each part in turn, `outer` times. Nil for a mixture with complex numbers.
private func interleaved(_ parts: [Elements], outer: Int) -> Elements? {
    func woven<Element>(_ arrays: [[Element]]) -> [Element] {
        if outer == 1 { return Array(arrays.joined()) }
        var result = [Element]()
        result.reserveCapacity(arrays.reduce(0) { $0 + $1.count })
        for index in 0..<outer {
            for array in arrays {
                let run = array.count / outer
                result += array[index * run..<(index + 1) * run]
            }
        }
        return result
    }
    func all<Element>(_ pick: (Elements) -> [Element]?) -> [[Element]]? {
        let arrays = parts.compactMap(pick)
        return arrays.count == parts.count ? arrays : nil
    }
    if let arrays = all({ if case .float32(let a) = $0 { a } else { nil } }) { return .float32(woven(arrays)) }
    if let arrays = all({ if case .float64(let a) = $0 { a } else { nil } }) { return .float64(woven(arrays)) }
    if let arrays = all({ if case .uint8(let a) = $0 { a } else { nil } }) { return .uint8(woven(arrays)) }
    if let arrays = all({ if case .int16(let a) = $0 { a } else { nil } }) { return .int16(woven(arrays)) }
    if let arrays = all({ if case .int32(let a) = $0 { a } else { nil } }) { return .int32(woven(arrays)) }
    if let arrays = all({ if case .int64(let a) = $0 { a } else { nil } }) { return .int64(woven(arrays)) }
    if let arrays = all({ if case .bool(let a) = $0 { a } else { nil } }) { return .bool(woven(arrays)) }
    if let arrays = all({ if case .complex64(let a) = $0 { a } else { nil } }) { return .complex64(woven(arrays)) }
    let doubles = parts.compactMap { Tensor($0, shape: [$0.count], axes: ["feature"]).doubles() }
    return doubles.count == parts.count ? .float64(woven(doubles)) : nil
}
