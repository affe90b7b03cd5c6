// audio.stft

public import Signal
public import Stages
internal import Tensors

extension Window: ParameterValue {}
extension Padding: ParameterValue {}

/// The parameters of a short-time Fourier transform, which every spectral feature shares.
struct SpectrumParameters: ParameterSet, Hashable {
    var nFFT = 2048
    var hopLength: Int?
    var winLength: Int?
    var window = Window.hann
    var center = true
    var padMode = Padding.constant

    static let fields: [Field<Self>] = [
        Field("n_fft", \.nFFT, as: .int(.between(2, 16_777_216)), unit: "samples", "samples a frame"),
        Field(
            "hop_length", \.hopLength, as: .optional(.int(.atLeast(1))), unit: "samples",
            "samples between frames; null is win_length / 4"),
        Field(
            "win_length", \.winLength, as: .optional(.int(.atLeast(1))), unit: "samples",
            "length of the window, centred in the frame; null is n_fft"),
        Field("window", \.window, "the window, periodic"),
        Field("center", \.center, "whether frames are centred on their time, the signal padded by n_fft / 2"),
        Field("pad_mode", \.padMode, "how the signal is continued beyond its ends"),
    ]

    /// The hop where none is given, as librosa: a quarter of the window.
    var hop: Int { hopLength ?? max(1, (winLength ?? nFFT) / 4) }

    func check() throws(Problem) {
        if let winLength, winLength > nFFT {
            throw Problem("win_length \(winLength) is longer than n_fft \(nFFT)", at: ["win_length"])
        }
    }
}

struct AudioSTFT: MapStage {
    static let declaration = Declaration(
        "audio.stft", revision: 1, kind: .map,
        summary: "The short-time Fourier transform of a signal.",
        documentation: """
            Frames of n_fft samples every hop_length samples, times the window, transformed in double precision and rounded \
            to complex64, as librosa.stft. Without center, frames that would reach beyond the end are left out. Its values \
            are never stored: what follows takes its key.
            """,
        inputs: [Port(accepts: [.tensor], types: [.float32, .float64], axes: ["time"], "a signal with the attribute sample_rate")],
        output: "complex64 (time, frequency n_fft / 2 + 1); attributes sample_rate, hop_length, n_fft",
        arithmetic: [.fftw, .libm], isTransient: true)

    let parameters: SpectrumParameters

    init(_ parameters: SpectrumParameters) throws(Problem) {
        try parameters.check()
        self.parameters = parameters
    }

    func output(for inputs: [Signature]) throws(Problem) -> Signature {
        .tensor(.complex64, [Axis("time"), Axis("frequency", size: parameters.nFFT / 2 + 1)])
    }

    func apply(_ input: MapInput) throws -> Value {
        let tensor = try input.tensor()
        let signal = try SignalInput(tensor)
        let (size, hop) = (parameters.nFFT, parameters.hop)
        let reach = parameters.center ? size / 2 : 0
        guard let padded = parameters.padMode.pad(signal.samples, by: reach) else {
            throw Failure(
                "\(signal.samples.count) samples are too few to mirror \(reach) of them", advice: "use pad_mode: constant, or a smaller n_fft")
        }
        guard padded.count >= size else {
            throw Failure(
                "\(signal.samples.count) samples are fewer than one frame of \(size)", advice: "use center: true, or a smaller n_fft")
        }
        let count = 1 + (padded.count - size) / hop
        let window = parameters.window.factors(length: parameters.winLength ?? size, in: size)
        let spectrum = RealFFT.with(size: size) { $0.frames(of: padded, window: window, hop: hop, count: count) }
        return .tensor(
            Tensor(
                .complex64(spectrum), shape: [count, size / 2 + 1], axes: ["time", "frequency"],
                attributes: [
                    "sample_rate": tensor.attributes["sample_rate"] ?? .missing, "hop_length": .int(hop), "n_fft": .int(size),
                ]))
    }
}
