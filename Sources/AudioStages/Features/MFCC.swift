// Mel-frequency cepstral coefficients: the part of `audio.features`, and `audio.mfcc` on its own.

internal import Glibc
internal import Signal
internal import Stages
internal import Tensors

/// scipy's and librosa's `norm="ortho"`.
enum OrthoNorm: String, ParameterValue, CaseIterable {
    case ortho
}

extension MelFilters.Norm: ParameterValue {}

/// The parameters of MFCC over a spectrum.
struct MFCCParameters: ParameterSet, Hashable {
    var nMFCC = 20
    var dctType = 2
    var norm: OrthoNorm? = .ortho
    var lifter = 0.0
    var nMels = 128
    var fmin = 0.0
    var fmax: Double?
    var htk = false
    var power = 2.0
    var melNorm: MelFilters.Norm? = .slaney

    static let fields: [Field<Self>] = [
        Field("n_mfcc", \.nMFCC, as: .int(.between(1, 4096)), "coefficients"),
        Field("dct_type", \.dctType, as: .int(.between(1, 3)), "type of the cosine transform"),
        Field("norm", \.norm, "scale of the cosine transform; null is unscaled"),
        Field(
            "lifter", \.lifter, as: .float(.atLeast(0)),
            "cepstral liftering: coefficient n times 1 + lifter / 2 · sin(π (n + 1) / lifter); 0 is none"),
        Field("n_mels", \.nMels, as: .int(.between(1, 4096)), "mel bands"),
        Field("fmin", \.fmin, as: .float(.atLeast(0)), unit: "Hz", "lowest frequency"),
        Field(
            "fmax", \.fmax, as: .optional(.float(.above(0))), unit: "Hz",
            "highest frequency; null is half the sample rate"),
        Field("htk", \.htk, "HTK's mel formula instead of Slaney's"),
        Field("power", \.power, as: .float(.above(0)), "exponent of the magnitudes"),
        Field("mel_norm", \.melNorm, "scale of the mel filters; null is none"),
    ]

    func check() throws(Problem) {
        if nMFCC > nMels { throw Problem("n_mfcc \(nMFCC) is more than n_mels \(nMels)", at: ["n_mfcc"]) }
        if dctType == 1, nMels < 2 { throw Problem("a cosine transform of type 1 needs at least 2 mels", at: ["n_mels"]) }
        if let fmax, fmax <= fmin { throw Problem("fmax \(decimal(fmax)) is not above fmin \(decimal(fmin))", at: ["fmax"]) }
    }
}

/// MFCC of a spectrum: a part of composites, over one shared `audio.stft`.
struct MFCCOfSpectrum: MapStage {
    static let declaration = Declaration(
        "audio.features.mfcc", revision: 1, kind: .map,
        summary: "Mel-frequency cepstral coefficients of a spectrum.",
        documentation: """
            |spectrum|^power through a mel bank, in decibels (at most 80 below the clip's loudest value), cosine-transformed: \
            librosa.feature.mfcc. As the floor is relative to the whole clip, a frame's coefficients depend on the clip.
            """,
        inputs: [Port(accepts: [.tensor], types: [.complex64], axes: ["time", "frequency"], "what audio.stft gives")],
        output: "float32 (time, feature n_mfcc), labels mfcc_0 …", arithmetic: [.libm])

    let parameters: MFCCParameters

    init(_ parameters: MFCCParameters) throws(Problem) {
        try parameters.check()
        self.parameters = parameters
    }

    private var labels: [String] { (0..<parameters.nMFCC).map { "mfcc_\($0)" } }

    func output(for inputs: [Signature]) throws(Problem) -> Signature {
        .tensor(.float32, [Axis("time"), Axis("feature", labels: labels)])
    }

    func apply(_ input: MapInput) throws -> Value {
        let tensor = try input.tensor()
        guard case .complex64(let spectrum) = tensor.elements, tensor.axes == ["time", "frequency"],
            case .int(let nFFT)? = tensor.attributes["n_fft"]
        else { throw Failure("expected a spectrum of audio.stft, got \(Value.tensor(tensor).phrase)") }
        let count = tensor.shape[0]
        let coefficients = try coefficients(
            spectrum, count: count, nFFT: nFFT, sampleRate: try SignalInput.rate(of: tensor))
        return .tensor(
            Tensor(
                .float32(coefficients), shape: [count, parameters.nMFCC], axes: ["time", "feature"], labels: ["feature": labels],
                attributes: tensor.attributes.filter { $0.key != "n_fft" }))
    }

    private func coefficients(_ spectrum: [Complex64], count: Int, nFFT: Int, sampleRate: Double) throws -> [Float] {
        let nyquist = sampleRate / 2
        let fmax = parameters.fmax ?? nyquist
        if fmax > nyquist {
            throw Failure(
                "fmax \(decimal(fmax)) Hz is above half the sample rate, \(decimal(nyquist)) Hz", advice: "lower fmax, or leave it out")
        }
        if parameters.fmin >= fmax { throw Failure("fmin \(decimal(parameters.fmin)) Hz is not below fmax \(decimal(fmax)) Hz") }
        let filters = MelFilters.named(
            MelFilters.Name(
                sampleRate: sampleRate, nFFT: nFFT, nMels: parameters.nMels, fmin: parameters.fmin, fmax: fmax,
                isHTK: parameters.htk, isSlaneyNormed: parameters.melNorm != nil))
        let mel = filters.apply(magnitudes(spectrum), count: count)
        let transform = CosineTransform(
            type: parameters.dctType, rows: parameters.nMFCC, size: parameters.nMels, isOrthonormal: parameters.norm != nil)
        var coefficients = transform.apply(Decibels.ofPower(mel), count: count)
        if parameters.lifter > 0 {
            for row in 0..<parameters.nMFCC {
                let factor = Float(1 + parameters.lifter / 2 * sin(Double.pi * Double(row + 1) / parameters.lifter))
                for frame in 0..<count { coefficients[frame * parameters.nMFCC + row] *= factor }
            }
        }
        return coefficients
    }

    /// |x|^power in Float.
    private func magnitudes(_ spectrum: [Complex64]) -> [Float] {
        if parameters.power == 2 { return spectrum.map { $0.real * $0.real + $0.imaginary * $0.imaginary } }
        let exponent = Float(parameters.power)
        return spectrum.map { value in
            let magnitude = (value.real * value.real + value.imaginary * value.imaginary).squareRoot()
            return exponent == 1 ? magnitude : pow(magnitude, exponent)
        }
    }
}

/// MFCC of a signal.
struct AudioMFCC: CompositeStage {
    struct Parameters: ParameterSet {
        var spectrum = SpectrumParameters()
        var mfcc = MFCCParameters()

        static let fields: [Field<Self>] = Field.all(of: \.mfcc) + Field.all(of: \.spectrum)
    }

    static let declaration = Declaration(
        "audio.mfcc", revision: 1, kind: .composite,
        summary: "Mel-frequency cepstral coefficients of a signal.",
        documentation: "librosa.feature.mfcc; short for audio.features with mfcc alone.",
        inputs: [Port(accepts: [.tensor], types: [.float32, .float64], axes: ["time"], "a signal with the attribute sample_rate")],
        output: "float32 (time, feature n_mfcc), labels mfcc_0 …", arithmetic: [.fftw, .libm])

    let parameters: Parameters

    init(_ parameters: Parameters) throws(Problem) {
        try parameters.spectrum.check()
        try parameters.mfcc.check()
        self.parameters = parameters
    }

    func expand() throws(Problem) -> Expansion {
        Expansion(
            parts: [
                Part(name: "stft", stage: try AudioSTFT(parameters.spectrum), inputs: [.port(0)]),
                Part(name: "mfcc", stage: try MFCCOfSpectrum(parameters.mfcc), inputs: [.part("stft")]),
            ], output: "mfcc")
    }
}
