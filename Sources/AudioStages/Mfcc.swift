// audio.mfcc

internal import Stages
internal import Tensors

struct AudioMfcc: CompositeStage {
    static let declaration = Declaration(
        "audio.mfcc", revision: 1, kind: .composite,
        summary: "Mel-frequency cepstral coefficients of a signal.",
        documentation: """
            `audio.stft` (hop_length 512 by default) and `audio.spectrum.mfcc` in a row; see these. Gives (time, \
            feature) with labels `mfcc_0` …, librosa's result turned.

            Source: librosa 0.11, `librosa.feature.mfcc`.
            """,
        inputs: [Port(accepts: [.tensor], types: [.float32, .float64], axes: ["time"], "a signal")],
        output: "float32, axes (time, feature), labels mfcc_0 …; attributes sample_rate, n_fft, hop_length",
        arithmetic: [.fftw, .libm], tolerance: 1e-4)

    struct Parameters: HasStft, HasMfcc {
        var stft = StftParameters(hop: 512)
        var mfcc = MfccParameters()
        static var fields: [Field<Parameters>] { mfccFields + stftFields }
    }

    let parameters: Parameters
    private let stft: AudioStft
    private let mfcc: SpectrumMfcc

    init(_ parameters: Parameters) throws(Problem) {
        self.parameters = parameters
        stft = try AudioStft(AudioStft.Parameters(stft: parameters.stft))
        mfcc = try SpectrumMfcc(SpectrumMfcc.Parameters(mfcc: parameters.mfcc))
    }

    func expand() throws(Problem) -> Expansion {
        Expansion(
            parts: [
                Part(name: "stft", stage: stft, inputs: [.port(0)]),
                Part(name: "mfcc", stage: mfcc, inputs: [.part("stft")]),
            ],
            output: "mfcc")
    }
}
