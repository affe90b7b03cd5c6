// audio.stft

internal import Signal
internal import Stages
internal import Tensors

struct AudioStft: MapStage {
    static let declaration = Declaration(
        "audio.stft", revision: 1, kind: .map,
        summary: "The short-time Fourier transform of a signal.",
        documentation: """
            Frame t covers the samples around t · hop_length, weighted by the window; its spectrum has n_fft / 2 + 1 \
            frequencies from 0 to half the sample rate. Windowed and transformed in double precision and rounded to \
            complex64, as librosa does. The result is librosa's, turned: (time, frequency).

            With `center`, ⌊n / hop_length⌋ + 1 frames come out, and the signal is continued beyond its ends by n_fft \
            / 2 samples (`pad_mode`; zeros by default), so that even one sample gives a frame. Without it a signal \
            shorter than n_fft fails.

            Fails on: an empty signal, NaN or infinite samples, a signal of several channels, an unknown sample rate.

            Source: librosa 0.11, `librosa.stft`. FFTW, plans by estimate.
            """,
        inputs: [Port(accepts: [.tensor], types: [.float32, .float64], axes: ["time"], "a signal")],
        output: "complex64, axes (time, frequency); attributes sample_rate, n_fft, hop_length",
        arithmetic: [.fftw, .libm], isTransient: true, tolerance: 1e-6)

    struct Parameters: HasStft {
        var stft = StftParameters()
        static var fields: [Field<Parameters>] { stftFields }
    }

    let parameters: Parameters
    private let transform: ShortTimeTransform

    init(_ parameters: Parameters) throws(Problem) {
        self.parameters = parameters
        transform = try parameters.stft.transform()
    }

    func output(for inputs: [Signature]) throws(Problem) -> Signature {
        let time = inputs.first?.axes.flatMap { $0.count == 1 ? $0.first?.size : nil }
        if let time, time > 0, transform.frames(time) == 0 { throw Problem(tooShort(time)) }
        return .tensor(
            .complex64, [Axis("time", size: time.map(transform.frames)), Axis("frequency", size: transform.bins)])
    }

    func apply(_ input: MapInput) throws -> Value {
        let tensor = try input.tensor()
        let signal = try tensor.signal(over: ["time"])
        let rate = try tensor.sampleRate(given: parameters.stft.sampleRate)
        let frames = transform.frames(signal.count)
        if frames == 0 {
            throw Failure(tooShort(signal.count), advice: "center: true pads the signal; or lower n_fft")
        }
        try checkMemory(frames: frames, values: transform.bins)
        var attributes = tensor.attributes
        attributes["sample_rate"] = rateAttribute(rate)
        attributes["n_fft"] = .int(transform.size)
        attributes["hop_length"] = .int(transform.hop)
        // Where frames lie in time; centred unless told.
        if !parameters.stft.isCentred { attributes["center"] = .bool(false) }
        return .tensor(
            Tensor(
                .complex64(transform.spectra(of: signal)), shape: [frames, transform.bins],
                axes: ["time", "frequency"], attributes: attributes))
    }

    private func tooShort(_ count: Int) -> String {
        "expected a signal of at least n_fft = \(transform.size) samples with center: false, got \(count)"
    }
}
