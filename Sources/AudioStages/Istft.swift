// audio.istft

internal import Signal
internal import Stages
internal import Tensors

struct AudioIstft: MapStage {
    static let declaration = Declaration(
        "audio.istft", revision: 1, kind: .map,
        summary: "The signal of a short-time Fourier transform.",
        documentation: """
            Each frame is transformed back, weighted by the window and added to its place; the sum is divided by what the \
            squared windows add up to. With the parameters of the `audio.stft` that made the spectrum, its signal comes \
            back, but for the samples behind the last whole hop, unless `length` asks for them. n_fft is the spectrum's.

            Fails on: NaN and infinite values.

            Source: librosa 0.11, `librosa.istft`.
            """,
        inputs: [
            Port(accepts: [.tensor], types: [.complex64], axes: ["time", "frequency"], "the output of audio.stft")
        ],
        output: "float32, axes (time); attribute sample_rate", arithmetic: [.fftw, .libm], tolerance: 1e-5)

    struct Parameters: ParameterSet {
        var hop: Int?
        var windowLength: Int?
        var window = Window.hann
        var isCentred = true
        var length: Int?

        static var fields: [Field<Parameters>] {
            let sizes = ParameterKind.optional(.int(.between(1, Double(StftParameters.largestSize))))
            return [
                Field(
                    "hop_length", \.hop, as: .optional(.int(.between(1, 0x1p31))), unit: "samples",
                    "from one frame to the next; null takes the spectrum's own, or a quarter of the window"),
                Field("win_length", \.windowLength, as: sizes, unit: "samples", "length of the window; null is n_fft"),
                Field("window", \.window, "shape of the window, in its periodic form"),
                Field("center", \.isCentred, "whether frame t is centred on sample t · hop_length, else begins there"),
                Field(
                    "length", \.length, as: .optional(.int(.between(1, 0x1p30))), unit: "samples",
                    "how many samples come out; null is as many as the frames cover"),
            ]
        }
    }

    let parameters: Parameters
    init(_ parameters: Parameters) { self.parameters = parameters }

    func output(for inputs: [Signature]) throws(Problem) -> Signature {
        .tensor(.float32, [Axis("time", size: parameters.length)])
    }

    func apply(_ input: MapInput) throws -> Value {
        let tensor = try input.tensor()
        guard case .complex64(let values) = tensor.elements, tensor.axes == ["time", "frequency"], tensor.shape[1] > 1,
            !values.isEmpty
        else {
            throw Failure(
                "expected the output of audio.stft, complex64 (time, frequency), got \(Value.tensor(tensor).phrase)")
        }
        var size = 2 * (tensor.shape[1] - 1)
        if case .int(let given)? = tensor.attributes["n_fft"], given / 2 + 1 == tensor.shape[1] { size = given }
        var hop = parameters.hop
        if hop == nil, case .int(let own)? = tensor.attributes["hop_length"], own > 0 { hop = own }
        let windowLength = parameters.windowLength ?? size
        guard windowLength <= size else {
            throw Failure(
                "expected a window no longer than n_fft (\(size)), got \(windowLength)", advice: "leave win_length out")
        }
        let inverse = InverseShortTimeTransform(
            size: size, hop: hop ?? max(1, windowLength / 4), window: parameters.window, windowLength: windowLength,
            isCentred: parameters.isCentred)
        let length = parameters.length ?? inverse.length(frames: tensor.shape[0])
        guard length <= 1 << 30 else {
            throw Failure("the frames cover \(length) samples; at most 2^30 are allowed", advice: "lower hop_length")
        }
        let signal = inverse.signal(
            of: values.flatMap { [$0.real, $0.imaginary] },
            length: length)
        guard signal.allSatisfy(\.isFinite) else {
            throw Failure("the result is not finite: the spectrum's values are too large or not finite")
        }
        return .tensor(
            Tensor(signal: signal, attributes: tensor.attributes.filter { !["n_fft", "hop_length"].contains($0.key) }))
    }
}
