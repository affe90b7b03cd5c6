// Signals as augmentations take and give them: float32 or float64 over (time) or (channel, time). What is computed is
// computed in double precision and rounded once to the type that came in; what is only moved keeps its bits. Type, axes
// and attributes stay, so that `only: train` can be said of all of these.

internal import Stages
internal import Tensors

/// A signal, one channel after another.
struct Waveform {
    /// The most samples that a channel is stretched to.
    static let longest = 1 << 28

    let tensor: Tensor
    let samples: [Double]
    let channels: Int
    /// Samples a channel; at least one.
    let frames: Int

    /// The first input; empty signals, and NaN or infinite samples, are failures.
    init(_ input: MapInput) throws {
        tensor = try input.tensor()
        guard tensor.type.isFloatingPoint, [["time"], ["channel", "time"]].contains(tensor.axes),
            let samples = tensor.doubles()
        else {
            throw Failure(
                "expected a float32 or float64 signal over (time) or (channel, time), got "
                    + Signature(of: .tensor(tensor)).phrase)
        }
        if samples.isEmpty { throw Failure("the signal is empty: it has no samples") }
        if let position = firstNotFinite(samples) {
            throw Failure("sample \(position) is \(samples[position].isNaN ? "not a number" : "infinite")")
        }
        self.samples = samples
        channels = tensor.size(of: "channel") ?? 1
        frames = samples.count / channels
    }

    /// The samples of a channel.
    func channel(_ index: Int) -> ArraySlice<Double> { samples[index * frames..<(index + 1) * frames] }

    /// Other samples in place of these, rounded to the signal's type. Ones beyond its range are a failure.
    func replaced(by samples: [Double]) throws(Failure) -> Value {
        let elements: Elements
        if tensor.type == .float32 {
            let rounded = samples.map(Float.init)
            if let position = firstNotFinite(rounded) { throw beyond(position) }
            elements = .float32(rounded)
        } else {
            if let position = firstNotFinite(samples) { throw beyond(position) }
            elements = .float64(samples)
        }
        return .tensor(
            Tensor(
                elements, shape: tensor.shape, axes: tensor.axes, labels: tensor.labels, attributes: tensor.attributes))
    }

    private func beyond(_ position: Int) -> Failure {
        Failure(
            "sample \(position) of the result is beyond the range of \(tensor.type.rawValue)",
            advice: "scale the signal down")
    }

    /// A signal of `count` samples a channel, each the one that `source` names, or zero: their bits stay as they are.
    func moved(
        to count: Int, adding attributes: [String: Scalar] = [:], from source: (Int) -> Int?
    ) -> Value {
        let sources = (0..<count).map(source)
        func moved<Number: FloatingPoint>(_ samples: [Number]) -> [Number] {
            var output = [Number]()
            output.reserveCapacity(channels * count)
            for channel in 0..<channels {
                for source in sources { output.append(source.map { samples[channel * frames + $0] } ?? 0) }
            }
            return output
        }
        let elements: Elements =
            switch tensor.elements {
            case .float32(let samples): .float32(moved(samples))
            default: .float64(moved(samples))
            }
        var shape = tensor.shape
        shape[shape.count - 1] = count
        return .tensor(
            Tensor(
                elements, shape: shape, axes: tensor.axes, labels: tensor.labels.filter { $0.key != "time" },
                attributes: tensor.attributes.merging(attributes) { $1 }))
    }

    /// How many samples some seconds are at the signal's rate, rounded, halves to even.
    func count(seconds: Double, _ name: String) throws(Failure) -> Int {
        let rate = try tensor.sampleRate()
        let count = (seconds * rate).rounded(.toNearestOrEven)
        guard count.magnitude <= Double(Self.longest) else {
            throw Failure(
                "\(name) is \(decimal(seconds)) s, which at \(hertz(rate)) is more than \(Self.longest) samples")
        }
        return Int(count)
    }

    /// A length that a signal may be made to have.
    static func check(length: Int) throws(Failure) {
        if length > longest {
            throw Failure("the result would have \(length) samples; at most \(longest) are allowed")
        }
    }

    /// What goes in as a port; `help` says what is done with the channels.
    static let port = Port(
        accepts: [.tensor], types: [.float32, .float64], usualAxes: [["time"], ["channel", "time"]],
        "a signal over (time) or (channel, time)")

    /// What comes out: the type and the axes of the input, with another number of samples where that changes.
    static func signature(of inputs: [Signature], changesLength: Bool = false, length: Int? = nil) -> Signature {
        guard let input = inputs.first, input.content == .tensor else { return .tensor(nil) }
        let axes = input.axes?.map { axis in
            axis.name == "time" && changesLength ? Axis("time", size: length) : axis
        }
        return .tensor(input.type, axes)
    }
}
