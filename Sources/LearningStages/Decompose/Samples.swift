// Samples of one form, as decompositions of tensors are fitted on them: read one by one and again and again, or held in
// memory where they are small.

internal import Stages
internal import Tensors

/// What all samples have in common.
struct SampleForm: Hashable {
    let axes: [String]
    let shape: [Int]

    var count: Int { shape.reduce(1, *) }

    init(axes: [String], shape: [Int]) { (self.axes, self.shape) = (axes, shape) }

    init(_ tensor: Tensor) throws(Failure) {
        (axes, shape) = (tensor.axes, tensor.shape)
        if tensor.axes.isEmpty { throw Failure("expected samples with axes, got a single number") }
        if tensor.count == 0 { throw Failure("expected samples with elements, got \(Value.tensor(tensor).phrase)") }
        if tensor.type == .complex64 { throw Failure("expected real numbers, got complex ones") }
    }

    /// As a state or a summary has it.
    init(_ bundle: Bundle) throws(Failure) {
        guard let sizes = bundle.tensors["shape"], case .int64(let values) = sizes.elements,
            let names = sizes.labels["axis"], names.count == values.count
        else { throw Failure("the fitted state has no shape of samples") }
        (axes, shape) = (names, values.map(Int.init))
    }

    /// For a bundle, as `shape`.
    var tensor: Tensor {
        Tensor(.int64(shape.map(Int64.init)), shape: [shape.count], axes: ["axis"], labels: ["axis": axes])
    }

    var phrase: String { "(" + zip(axes, shape).map { "\($0) \($1)" }.joined(separator: ", ") + ")" }

    static func tensor(of row: [Value]) throws(Failure) -> Tensor {
        guard case .tensor(let tensor)? = row.first else {
            throw Failure("expected a tensor, got \(row.first?.phrase ?? "nothing")")
        }
        return tensor
    }

    func check(_ other: SampleForm, _ role: String) throws(Failure) {
        if other != self {
            throw Failure(
                "expected samples of \(phrase), got \(other.phrase) in \(role)",
                advice: "samples differ in size: bring them to one first, as by size and n_frames of video.decode")
        }
    }

    /// The elements of a sample of this form, none of which is NaN or infinite.
    func elements<Number: SampleNumber>(of tensor: Tensor, _ role: String) throws(Failure) -> [Number] {
        try check(SampleForm(tensor), role)
        guard let elements = Number.values(tensor) else {
            throw Failure("expected float32 as in the first sample, got \(tensor.type.rawValue) in \(role)")
        }
        if let place = Number.place(ofNotFinite: elements) {
            throw Failure(
                "the element at (\(position(place))) is \(decimal(Double(elements[place]))) in \(role)",
                advice: "find out where it comes from, or leave the sample out")
        }
        return elements
    }

    /// `height 3, width 5`.
    private func position(_ place: Int) -> String {
        var (rest, words) = (place, [String]())
        for (axis, size) in zip(axes, shape).reversed() {
            words.append("\(axis) \(rest % size)")
            rest /= size
        }
        return words.reversed().joined(separator: ", ")
    }
}

/// How much is held in memory. Sizes are of the problem and not of the machine, so that a result does not depend on where
/// it was computed.
struct SampleLimits {
    /// Bytes of samples that are held from the first time they are read.
    var samples = 256 << 20
    /// Bytes of projected samples.
    var projected = 512 << 20
    /// Elements of held samples that are worked on together.
    var block = 1 << 18
}

/// Arrays of one shape, one a sample.
struct Samples<Number: SampleNumber> {
    let shape: [Int]
    let count: Int
    private let source: Source
    private let limits: SampleLimits

    private enum Source {
        case read(@Sendable (Int) throws -> [Number])
        case held([Number])
    }

    /// Training rows, which are held if they are small.
    init(_ training: TrainingSet, _ form: SampleForm, _ limits: SampleLimits) throws {
        (shape, count, self.limits) = (form.shape, training.count, limits)
        @Sendable func read(_ index: Int) throws -> [Number] {
            let tensor = try training.tensor(index)
            try form.check(SampleForm(tensor), "a training row")
            guard let elements = Number.values(tensor) else {
                throw Failure("expected float32 as in the first sample, got \(tensor.type.rawValue) in a training row")
            }
            return elements
        }
        guard count * form.count * MemoryLayout<Number>.size <= limits.samples else {
            source = .read(read)
            return
        }
        var elements = [Number]()
        elements.reserveCapacity(count * form.count)
        for index in 0..<count { elements += try read(index) }
        source = .held(elements)
    }

    private init(holding elements: [Number], _ shape: [Int], _ count: Int, _ limits: SampleLimits) {
        (self.shape, self.count, self.limits) = (shape, count, limits)
        source = .held(elements)
    }

    /// Whether as many arrays of some size may be held.
    func fits(_ size: Int) -> Bool { count * size * MemoryLayout<Number>.size <= limits.projected }

    /// One pass: the elements of each sample, or of several one after the other, with where they start.
    func forEach(_ body: (_ elements: [Number], _ start: Int, _ samples: Int) throws -> Void) throws {
        switch source {
        case .read(let read): for index in 0..<count { try body(read(index), 0, 1) }
        case .held(let elements):
            let size = shape.reduce(1, *)
            let step = max(1, limits.block / size)
            for first in stride(from: 0, to: count, by: step) {
                try body(elements, first * size, min(step, count - first))
            }
        }
    }

    /// All of them projected, held. One pass.
    func projected(_ factors: [Int: AxisFactor]) throws -> Samples {
        var projection = AxisProjection<Number>(shape, factors)
        let size = projection.count
        var held = [Number](repeating: 0, count: count * size)
        var done = 0
        try forEach { elements, start, samples in
            projection.project(elements, from: start, samples: samples, into: &held, at: done * size)
            done += samples
        }
        return Samples(holding: held, projection.shape, count, limits)
    }

    /// The Gram matrix of an axis of all of them projected. One pass.
    func gram(_ axis: Int, projecting factors: [Int: AxisFactor]) throws -> [Double] {
        var projection = AxisProjection<Number>(shape, factors)
        let size = projection.count
        var gram = AxisGram(size: shape[axis], isLast: axis == shape.count - 1)
        var held = [Number]()
        try forEach { elements, start, samples in
            if factors.isEmpty { return gram.add(elements, from: start, axisForm(shape, axis, samples: samples)) }
            if held.count < samples * size { held = [Number](repeating: 0, count: samples * size) }
            projection.project(elements, from: start, samples: samples, into: &held, at: 0)
            gram.add(held, from: 0, axisForm(projection.shape, axis, samples: samples))
        }
        return gram.matrix()
    }

    /// The squared norm of all of them projected. One pass.
    func squares(projecting factors: [Int: AxisFactor]) throws -> Double {
        var projection = AxisProjection<Number>(shape, factors)
        let size = projection.count
        var (held, sum) = ([Number](), 0.0)
        try forEach { elements, start, samples in
            if held.count < samples * size { held = [Number](repeating: 0, count: samples * size) }
            projection.project(elements, from: start, samples: samples, into: &held, at: 0)
            for index in 0..<samples * size { sum += Double(held[index]) * Double(held[index]) }
        }
        return sum
    }
}
