// audio.mix_noise

internal import Glibc
internal import Media
internal import Stages
internal import Tensors

struct AudioMixNoise: MapStage {
    static let declaration = Declaration(
        "audio.mix_noise", revision: 1, kind: .map,
        summary: "Add noise to a signal at a given signal-to-noise ratio.",
        documentation: """
            The noise is scaled so that 10 · log10 of the signal's mean power over the noise's is `snr` dB, both over \
            the whole clip and all its channels: exactly, not on average.

            `noise: white` is normal noise; `pink` has a power that falls with 1 / f (from 0.0002 of the sample rate \
            up); both are drawn from the clip's own stream, for each channel on its own. `file` takes a sound file (all \
            that `audio.load` reads): mixed to one channel, resampled to the signal's rate, and cut from a random \
            position where it is longer than the signal, or repeated from a random position where it is shorter; all \
            channels get the same. The content of the file, not its name, is part of the key.

            In double precision (resampling in float32), rounded to the type of the input. Type, axes and attributes \
            stay, so that `only: train` can be said of it.

            Fails on: a signal that is silent, empty, or holds NaN or infinite samples; noise that is silent where it \
            was cut; a file that cannot be decoded; with a file, an unknown sample rate.

            Source: pink noise by Paul Kellet's filter of 1999.
            """,
        inputs: [Waveform.port], output: "type, axes and attributes of the input", draws: true,
        arithmetic: [.libm, .soxr, .sndfile], tolerance: 1e-5)

    struct Parameters: ParameterSet {
        enum Noise: String, CaseIterable, ParameterValue { case white, pink, file }

        var ratio = 20.0
        var noise = Noise.white
        var file: String?

        static var fields: [Field<Parameters>] {
            [
                Field(
                    "snr", \.ratio, as: .float(.between(-200, 200)), unit: "dB",
                    "power of the signal over that of the noise"),
                Field("noise", \.noise, "what is added"),
                Field("file", \.file, as: .optional(.file), "the sound file of noise: file"),
            ]
        }
    }

    let parameters: Parameters
    /// The sound of the file at the rates that were asked for, as it is decoded once and not for each clip.
    private let decoded = Lock([Double: [Float]]())

    init(_ parameters: Parameters) throws(Problem) {
        self.parameters = parameters
        if parameters.noise == .file && parameters.file == nil {
            throw Problem("noise: file needs a sound file, got null", at: ["file"], advice: "give its path")
        }
        if parameters.noise != .file && parameters.file != nil {
            throw Problem(
                "expected no file with noise: \(parameters.noise.rawValue), got one", at: ["file"],
                advice: "say noise: file, or leave the file out")
        }
    }

    func output(for inputs: [Signature]) throws(Problem) -> Signature { Waveform.signature(of: inputs) }

    func apply(_ input: MapInput) throws -> Value {
        let signal = try Waveform(input)
        var stream = input.stream
        let noise: [Double] =
            switch parameters.noise {
            case .white: NormalNoise.values(signal.samples.count, from: &stream)
            case .pink: (0..<signal.channels).flatMap { _ in PinkNoise.values(signal.frames, from: &stream) }
            case .file: try fileNoise(for: signal, from: &stream)
            }
        return try signal.replaced(
            by: sum(signal.samples, noise, factor: factor(signal: signal.samples, noise: noise)))
    }

    /// What the noise is to be scaled by.
    private func factor(signal: [Double], noise: [Double]) throws(Failure) -> Double {
        let (signalPower, noisePower) = (meanPower(signal), meanPower(noise))
        guard signalPower > 0 else {
            throw Failure(
                "the signal is silent: no noise is at a ratio to a power of 0", advice: "audio.add_noise has no ratio")
        }
        guard noisePower > 0 else {
            throw Failure(
                "the noise is silent over the \(noise.count) samples that were cut from it",
                advice: "use a file that has sound throughout")
        }
        let factor = (signalPower / noisePower / pow(10, parameters.ratio / 10)).squareRoot()
        guard factor.isFinite else {
            throw Failure("the power of the signal is beyond the range of float64", advice: "scale the signal down")
        }
        return factor
    }

    private func fileNoise(for signal: Waveform, from stream: inout RandomStream) throws -> [Double] {
        let sound = try sound(at: signal.tensor.sampleRate())
        guard !sound.isEmpty else { throw Failure("the noise file holds no samples") }
        let isLonger = sound.count > signal.frames
        let start = stream.index(below: isLonger ? sound.count - signal.frames + 1 : sound.count)
        let part = (0..<signal.frames).map { Double(sound[(start + $0) % sound.count]) }
        return (0..<signal.channels).flatMap { _ in part }
    }

    /// The file's sound, of one channel at that rate.
    private func sound(at rate: Double) throws -> [Float] {
        if let known = decoded.withLock({ $0[rate] }) { return known }
        let sound: Sound
        do {
            sound = try SoundFile.decode(MediaReader.read(parameters.file ?? ""))
        } catch let error as MediaError {
            throw Failure("the noise file cannot be read: \(error.cause)", advice: error.advice)
        } catch let error as SoundFileError {
            throw Failure("the noise file cannot be decoded: \(error.description)")
        }
        let mixed = sound.channels == 1 ? sound.samples : mean(ofInterleaved: sound.samples, channels: sound.channels)
        let made = try resampled(mixed, from: Double(sound.sampleRate), to: rate)
        decoded.withLock { $0[rate] = made }
        return made
    }
}

/// The mean of the squares.
func meanPower(_ samples: [Double]) -> Double {
    var sum = 0.0
    for sample in samples { sum += sample * sample }
    return samples.isEmpty ? 0 : sum / Double(samples.count)
}
