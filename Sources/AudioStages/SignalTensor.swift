// Signals as tensors: float32 over (time) or (channel, time), with the attribute `sample_rate` in Hz.

internal import Stages
internal import Tensors

extension Tensor {
    /// A signal over (time).
    init(signal: [Float], attributes: [String: Scalar]) {
        self.init(.float32(signal), shape: [signal.count], axes: ["time"], attributes: attributes)
    }

    /// The elements of a signal over one of these lists of axes; none, and NaN or infinite ones, are failures.
    func signal(over axes: [String]...) throws(Failure) -> [Float] {
        guard axes.contains(self.axes), let samples = floats() else {
            throw Failure(
                "expected a signal over (" + axes.map { $0.joined(separator: ", ") }.joined(separator: ") or (")
                    + "), got " + Signature(of: .tensor(self)).phrase,
                advice: self.axes == ["channel", "time"] ? "put audio.mono before, or load with mono: true" : nil)
        }
        if samples.isEmpty { throw Failure("the signal is empty: it has no samples") }
        if let position = firstNotFinite(samples) {
            throw Failure("sample \(position) is \(samples[position].isNaN ? "not a number" : "infinite")")
        }
        return samples
    }

    /// Samples a second: as given, else as the tensor says. Both, and different, is a failure.
    func sampleRate(given: Double? = nil) throws(Failure) -> Double {
        let own: Double? =
            switch attributes["sample_rate"] {
            case .int(let rate): Double(rate)
            case .float(let rate): rate
            default: nil
            }
        guard let rate = given ?? own else {
            throw Failure(
                "the sample rate is not known: the tensor has no attribute sample_rate",
                advice: "give the sample rate as a parameter")
        }
        guard rate.isFinite, rate > 0 else { throw Failure("the sample rate is \(hertz(rate)), expected above 0 Hz") }
        guard own == nil || own == rate else {
            throw Failure(
                "the sample rate was given as \(hertz(rate)), but the tensor's own is \(hertz(own ?? 0))",
                advice: "leave the parameter out")
        }
        return rate
    }
}

/// A sample rate as an attribute: an int where it is whole.
func rateAttribute(_ rate: Double) -> Scalar {
    Int(exactly: rate).map { .int($0) } ?? .float(rate)
}

/// `22050 Hz`.
func hertz(_ rate: Double) -> String {
    (Int(exactly: rate).map(String.init) ?? decimal(rate)) + " Hz"
}
