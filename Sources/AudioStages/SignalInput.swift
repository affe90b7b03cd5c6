// A signal as audio stages take it: one axis, samples as Float, a rate.

internal import Stages
internal import Tensors

struct SignalInput {
    let samples: [Float]
    /// Hz.
    let sampleRate: Double

    init(_ tensor: Tensor) throws {
        guard tensor.axes == ["time"], let samples = tensor.floats() else {
            throw Failure(
                "expected a signal along (time), got \(Value.tensor(tensor).phrase)", advice: "audio.load with mono: true gives one")
        }
        if samples.isEmpty { throw Failure("the signal has no samples") }
        if let bad = samples.firstIndex(where: { !$0.isFinite }) {
            throw Failure("the sample at \(bad) is not a finite number")
        }
        self.samples = samples
        sampleRate = try Self.rate(of: tensor)
    }

    /// The attribute `sample_rate`.
    static func rate(of tensor: Tensor) throws -> Double {
        switch tensor.attributes["sample_rate"] {
        case .int(let rate) where rate > 0: return Double(rate)
        case .float(let rate) where rate > 0 && rate.isFinite: return rate
        default:
            throw Failure(
                "the signal has no attribute sample_rate", advice: "audio.load sets it; for a .npy give --attribute sample_rate=22050")
        }
    }
}
