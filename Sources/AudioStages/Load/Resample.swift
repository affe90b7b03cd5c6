// audio.resample

internal import Signal
internal import Stages
internal import Tensors

struct AudioResample: MapStage {
    struct Parameters: ParameterSet {
        var sampleRate = 22050.0

        static let fields: [Field<Self>] = [
            Field("sample_rate", \.sampleRate, as: .float(.between(1, 768_000)), unit: "Hz", isRequired: true, "the new rate")
        ]
    }

    static let declaration = Declaration(
        "audio.resample", revision: 1, kind: .map,
        summary: "A signal at another sample rate.",
        documentation: "By libsoxr HQ, to ceil(count · sample_rate / rate) samples, as librosa.resample with soxr_hq.",
        inputs: [Port(accepts: [.tensor], types: [.float32, .float64], axes: ["time"], "a signal with the attribute sample_rate")],
        output: "float32 (time); attribute sample_rate", arithmetic: [.soxr])

    let parameters: Parameters
    init(_ parameters: Parameters) { self.parameters = parameters }

    func output(for inputs: [Signature]) throws(Problem) -> Signature { .tensor(.float32, [Axis("time")]) }

    func apply(_ input: MapInput) throws -> Value {
        let signal = try SignalInput(try input.tensor())
        do {
            let samples = try Resampler.resample(signal.samples, from: signal.sampleRate, to: parameters.sampleRate)
            return .tensor(
                Tensor(
                    .float32(samples), shape: [samples.count], axes: ["time"],
                    attributes: [
                        "sample_rate": Int(exactly: parameters.sampleRate).map { .int($0) } ?? .float(parameters.sampleRate)
                    ]))
        } catch {
            throw Failure("\(error)")
        }
    }
}
