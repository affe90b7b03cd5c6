// audio.phase_steps: what time stretching and pitch shifting need to know of a signal, whatever the rate. Branches that
// stretch one signal by several rates share it.

internal import Signal
internal import Stages
internal import Tensors

struct AudioPhaseSteps: MapStage {
    static let declaration = Declaration(
        "audio.phase_steps", revision: 1, kind: .map,
        summary: "Magnitudes of a signal's spectra, and how their phases turn from frame to frame.",
        documentation: """
            The part of `audio.time_stretch` and `audio.pitch_shift` that does not depend on the rate: a bundle of `magnitude`, \
            `turn_real` and `turn_imaginary` over (time, frequency), of `start`, the first frame's phases as unit numbers, \
            and of the signal's length and rate. In the signal's element type.

            Fails on: an empty signal, NaN or infinite samples; with center: false, a signal shorter than n_fft.

            Source: Ellis, "A phase vocoder in Matlab", 2002; librosa 0.11, `librosa.phase_vocoder`.
            """,
        inputs: [Port(accepts: [.tensor], types: [.float32, .float64], axes: ["time"], "a signal")],
        output: "a bundle of float32 or float64 tensors, as the signal", arithmetic: [.fftw, .libm], isTransient: true,
        tolerance: 1e-3)

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

    func output(for inputs: [Signature]) throws(Problem) -> Signature { Signature(.bundle) }

    func apply(_ input: MapInput) throws -> Value {
        let tensor = try input.tensor()
        // Checked as float32, which tells NaN and infinity in float64 too.
        let samples = try tensor.signal(over: ["time"])
        guard transform.frames(samples.count) > 0 else {
            throw Failure(
                "expected a signal of at least n_fft = \(transform.size) samples with center: false, got "
                    + "\(samples.count)", advice: "center: true pads the signal; or lower n_fft")
        }
        try checkMemory(frames: transform.frames(samples.count), values: transform.bins)
        var scalars = tensor.attributes
        scalars["samples"] = .int(samples.count)
        scalars["sample_rate"] = rateAttribute(try tensor.sampleRate(given: parameters.stft.sampleRate))
        if case .float64(let samples) = tensor.elements {
            return .bundle(PhaseSteps(of: samples, by: transform).bundle(scalars) { .float64($0) })
        }
        return .bundle(PhaseSteps(of: samples, by: transform).bundle(scalars) { .float32($0) })
    }
}

extension PhaseSteps {
    fileprivate func bundle(_ scalars: [String: Scalar], _ elements: ([Real]) -> Elements) -> Bundle {
        func spectral(_ values: [Real]) -> Tensor {
            Tensor(elements(values), shape: [frames, bins], axes: ["time", "frequency"])
        }
        return Bundle(
            tensors: [
                "magnitude": spectral(magnitudes), "turn_real": spectral(turnsReal),
                "turn_imaginary": spectral(turnsImaginary),
                "start": Tensor(elements(start), shape: [2, bins], axes: ["part", "frequency"]),
            ], scalars: scalars)
    }
}

/// The output of `audio.phase_steps` as the stages behind it take it.
struct SteppedSignal {
    enum Steps {
        case float32(PhaseSteps<Float>)
        case float64(PhaseSteps<Double>)
    }
    let steps: Steps
    /// Samples of the signal.
    let samples: Int
    /// Hz.
    let sampleRate: Double
    /// The signal's.
    let attributes: [String: Scalar]

    init(_ input: MapInput) throws(Failure) {
        guard case .bundle(let bundle)? = input.values.first, case .int(let samples)? = bundle.scalars["samples"],
            let magnitude = bundle.tensors["magnitude"], let real = bundle.tensors["turn_real"],
            let imaginary = bundle.tensors["turn_imaginary"], let start = bundle.tensors["start"],
            magnitude.shape.count == 2, magnitude.shape[0] > 0, real.shape == magnitude.shape,
            imaginary.shape == magnitude.shape, start.shape == [2, magnitude.shape[1]]
        else {
            throw Failure("expected the output of audio.phase_steps, got \(input.values.first?.phrase ?? "nothing")")
        }
        self.samples = samples
        attributes = bundle.scalars.filter { $0.key != "samples" }
        sampleRate = try Tensor(signal: [], attributes: attributes).sampleRate()
        let (frames, bins) = (magnitude.shape[0], magnitude.shape[1])
        switch (magnitude.elements, real.elements, imaginary.elements, start.elements) {
        case (.float32(let magnitudes), .float32(let real), .float32(let imaginary), .float32(let start)):
            steps = .float32(
                PhaseSteps(
                    frames: frames, bins: bins, magnitudes: magnitudes, turnsReal: real, turnsImaginary: imaginary,
                    start: start))
        case (.float64(let magnitudes), .float64(let real), .float64(let imaginary), .float64(let start)):
            steps = .float64(
                PhaseSteps(
                    frames: frames, bins: bins, magnitudes: magnitudes, turnsReal: real, turnsImaginary: imaginary,
                    start: start))
        default: throw Failure("expected the output of audio.phase_steps, got other element types")
        }
    }

    /// The most samples that come out.
    private static let mostSamples = 1 << 30

    /// Faster by `rate`, at the same pitch: round(samples / rate) samples, halves to even.
    func stretched(by rate: Double, _ inverse: InverseShortTimeTransform) throws(Failure) -> Elements {
        let length = (Double(samples) / rate).rounded(.toNearestOrEven)
        guard length <= Double(Self.mostSamples) else {
            throw Failure("stretching would give \(decimal(length)) samples; at most 2^30 are allowed")
        }
        guard length >= 1 else {
            throw Failure("nothing is left of \(samples) samples at rate \(decimal(rate))", advice: "lower rate")
        }
        let result: Elements
        switch steps {
        case .float32(let steps):
            let signal = steps.signal(at: rate, length: Int(length), by: inverse)
            guard firstNotFinite(signal) == nil else { throw Self.overflow }
            result = .float32(signal)
        case .float64(let steps):
            let signal = steps.signal(at: rate, length: Int(length), by: inverse)
            guard firstNotFinite(signal) == nil else { throw Self.overflow }
            result = .float64(signal)
        }
        return result
    }

    private static let overflow = Failure(
        "the result is not finite: the signal's values are too large", advice: "scale the signal down")
}

/// What a stretch or a shift gives, as far as it is known beforehand.
func stretchedSignature(of inputs: [Signature]) -> Signature {
    let type = inputs.first?.type
    return .tensor(type == .float64 || type == .float32 ? type : nil, [Axis("time")])
}

extension StftParameters {
    /// What undoes the transform.
    func inverse() -> InverseShortTimeTransform {
        let length = windowLength ?? size
        return InverseShortTimeTransform(
            size: size, hop: hop ?? max(1, length / 4), window: window, windowLength: length, isCentred: isCentred)
    }
}
