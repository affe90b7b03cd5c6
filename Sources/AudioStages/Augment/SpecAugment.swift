// audio.spec_augment

internal import Stages
internal import Tensors

struct AudioSpecAugment: MapStage {
    static let declaration = Declaration(
        "audio.spec_augment", revision: 1, kind: .map,
        summary: "Mask random stretches of time and bands of frequency (SpecAugment).",
        documentation: """
            Over (time, frequency) or (time, feature): `n_time_masks` stretches of time and `n_freq_masks` bands of \
            frequencies or features are filled with one number. The width of each mask is uniform from 0 to its \
            largest, and its place uniform over all places where it fits, drawn from the clip's own stream; masks may \
            lie over each other. A largest width is a share of the axis, rounded down (`0.1`), or a count of positions \
            (`10`); one beyond the axis is the whole axis.

            `fill: mean` takes the mean of all elements before anything was masked, in double precision; `min` the \
            least of them; `zero` is 0. Features behind `scale.standard` have a mean near 0.

            There is no time warping. Type, axes, labels and attributes stay, so that `only: train` can be said of it.

            Fails on: an input without elements, NaN or infinite ones.

            Source: Park et al., "SpecAugment: a simple data augmentation method for automatic speech recognition", \
            Interspeech 2019.
            """,
        inputs: [
            Port(
                accepts: [.tensor], types: [.float32, .float64], usualAxes: [["time", "frequency"]],
                "a spectrogram over (time, frequency), or features over (time, feature)")
        ],
        output: "type, axes, labels and attributes of the input", draws: true, isCheap: true)

    struct Parameters: ParameterSet {
        enum Fill: String, CaseIterable, ParameterValue { case mean, zero, min }

        var timeMasks = 2
        var timeWidth = Portion.share(0.1)
        var frequencyMasks = 2
        var frequencyWidth = Portion.share(0.2)
        var fill = Fill.mean

        static var fields: [Field<Parameters>] {
            let counts = ParameterKind.int(.between(0, 1000))
            let widths = ParameterKind.either([.int(.between(0, 1_000_000)), .float(.between(0, 1))])
            return [
                Field("n_time_masks", \.timeMasks, as: counts, "how many stretches of time"),
                Field("time_mask", \.timeWidth, as: widths, "the longest, as a share of the time or in frames"),
                Field("n_freq_masks", \.frequencyMasks, as: counts, "how many bands"),
                Field(
                    "freq_mask", \.frequencyWidth, as: widths,
                    "the widest, as a share of the bins or features, or in these"),
                Field("fill", \.fill, "what masked elements become"),
            ]
        }
    }

    let parameters: Parameters
    init(_ parameters: Parameters) { self.parameters = parameters }

    func output(for inputs: [Signature]) throws(Problem) -> Signature {
        guard let input = inputs.first, input.content == .tensor else { return .tensor(nil) }
        return input
    }

    func apply(_ input: MapInput) throws -> Value {
        let tensor = try input.tensor()
        guard tensor.type.isFloatingPoint, [["time", "frequency"], ["time", "feature"]].contains(tensor.axes) else {
            throw Failure(
                "expected float32 or float64 over (time, frequency) or (time, feature), got "
                    + Signature(of: .tensor(tensor)).phrase,
                advice: "put it behind the stage that makes frames of the signal")
        }
        let (rows, columns) = (tensor.shape[0], tensor.shape[1])
        var stream = input.stream
        func masks(_ count: Int, _ width: Portion, of size: Int) -> [Range<Int>] {
            let largest = width.positions(of: size)
            return (0..<count).map { _ in
                let width = stream.index(below: largest + 1)
                let start = stream.index(below: size - width + 1)
                return start..<start + width
            }
        }
        let times = masks(parameters.timeMasks, parameters.timeWidth, of: rows)
        let bands = masks(parameters.frequencyMasks, parameters.frequencyWidth, of: columns)
        func masked<Number: BinaryFloatingPoint>(_ elements: [Number]) throws -> [Number] {
            let number = try fill(elements)
            var output = elements
            for range in times {
                for index in range.lowerBound * columns..<range.upperBound * columns { output[index] = number }
            }
            for range in bands where !range.isEmpty {
                for row in 0..<rows {
                    for column in range { output[row * columns + column] = number }
                }
            }
            return output
        }
        let elements: Elements =
            switch tensor.elements {
            case .float32(let elements): .float32(try masked(elements))
            case .float64(let elements): .float64(try masked(elements))
            default: tensor.elements
            }
        return .tensor(
            Tensor(
                elements, shape: tensor.shape, axes: tensor.axes, labels: tensor.labels, attributes: tensor.attributes))
    }

    /// What masked elements become.
    private func fill<Number: BinaryFloatingPoint>(_ elements: [Number]) throws -> Number {
        if let position = elements.firstIndex(where: { !$0.isFinite }) {
            throw Failure("element \(position) is \(elements[position].isNaN ? "not a number" : "infinite")")
        }
        guard let least = elements.min() else { throw Failure("there is nothing to mask: the input has no elements") }
        switch parameters.fill {
        case .zero: return 0
        case .min: return least
        case .mean:
            var sum = 0.0
            for element in elements { sum += Double(element) / Double(elements.count) }
            return Number(sum)
        }
    }
}

extension Portion {
    /// The widest mask over so many positions; a share is rounded down.
    fileprivate func positions(of size: Int) -> Int {
        switch self {
        case .share(let share): min(size, Int(share * Double(size)))
        case .count(let count): min(size, count)
        }
    }
}
