// audio.resample

internal import Signal
internal import Stages
internal import Tensors

struct AudioResample: MapStage {
    static let declaration = Declaration(
        "audio.resample", revision: 1, kind: .map,
        summary: "Change the sample rate of a signal.",
        documentation: """
            By libsoxr at quality HQ, float32, each channel on its own. Gives ⌈n · sample_rate / rate⌉ samples; \
            libsoxr itself gives the rounded number, and where that is one less the last sample is 0, as in librosa. \
            A signal that has the rate already passes as it is.

            Source: librosa 0.11, `librosa.resample` with `res_type="soxr_hq"`.
            """,
        inputs: [
            Port(
                accepts: [.tensor], types: [.float32, .float64], usualAxes: [["time"], ["channel", "time"]],
                "a signal over (time) or (channel, time)")
        ],
        output: "float32, the axes of the input; attribute sample_rate",
        arithmetic: [.soxr], tolerance: 1e-6)

    struct Parameters: ParameterSet {
        var sampleRate = 0.0
        var originalRate: Double?

        static var fields: [Field<Parameters>] {
            let rates = ParameterKind.float(Bounds(lower: 0, upper: 1e6, isLowerOpen: true))
            return [
                Field("sample_rate", \.sampleRate, as: rates, unit: "Hz", isRequired: true, "rate to resample to"),
                Field(
                    "orig_sample_rate", \.originalRate, as: .optional(rates), unit: "Hz",
                    "rate of the input; null takes its attribute sample_rate"),
            ]
        }
    }

    let parameters: Parameters
    init(_ parameters: Parameters) { self.parameters = parameters }

    func output(for inputs: [Signature]) throws(Problem) -> Signature {
        .tensor(.float32, inputs.first?.axes?.map { Axis($0.name, size: $0.name == "time" ? nil : $0.size) })
    }

    func apply(_ input: MapInput) throws -> Value {
        let tensor = try input.tensor()
        let samples = try tensor.signal(over: ["time"], ["channel", "time"])
        let (from, to) = (try tensor.sampleRate(given: parameters.originalRate), parameters.sampleRate)
        let channels = tensor.size(of: "channel") ?? 1
        let frames = samples.count / channels
        var output = [Float]()
        for channel in 0..<channels {
            output += try resampled(Array(samples[channel * frames..<(channel + 1) * frames]), from: from, to: to)
        }
        var shape = tensor.shape
        shape[shape.count - 1] = output.count / channels
        var attributes = tensor.attributes
        attributes["sample_rate"] = rateAttribute(to)
        return .tensor(
            Tensor(
                .float32(output), shape: shape, axes: tensor.axes,
                labels: tensor.labels.filter { $0.key != "time" }, attributes: attributes))
    }
}
