// audio.load

internal import Media
internal import Signal
internal import Stages
internal import Tensors

struct AudioLoad: MapStage {
    static let declaration = Declaration(
        "audio.load", revision: 1, kind: .map,
        summary: "Decode a sound file to a signal, by default of one channel at 22050 Hz.",
        documentation: """
            Gives what `librosa.load` gives: decoded by libsndfile (WAV, FLAC, AIFF, Ogg, MP3 and others) to float32 \
            with full scale −1 to 1 (a 16-bit sample is its value / 32768); channels averaged in float32; then \
            resampled by libsoxr at quality HQ to ⌈n · sample_rate / rate⌉ samples. The attribute `sample_rate` holds \
            the rate in Hz.

            The sound of video containers (.mp4, .mov, .m4a, .mkv, .webm, .avi, .mpg, .wma and others) is decoded by libav, \
            in the process `martlet-media`: of several streams the one that ffmpeg takes, from its first sample on.

            `offset` and `duration` are cut to whole frames of the file, towards zero; a duration beyond the end \
            reads to the end.

            Fails on: empty files, files that libsndfile cannot read, files without samples, files that hold fewer \
            samples than they declare, an offset beyond the end, more than 2^29 samples, NaN or infinite samples, video \
            without sound.

            Source: librosa 0.11, `librosa.load`.
            """,
        inputs: [Port(accepts: [.media], "a sound file")],
        output: "float32, axes (time), or (channel, time) with mono: false; attribute sample_rate",
        arithmetic: [.sndfile, .soxr], tolerance: 1e-5)

    struct Parameters: ParameterSet {
        var sampleRate: Int? = 22050
        var mono = true
        var offset = 0.0
        var duration: Double?

        static var fields: [Field<Parameters>] {
            [
                Field(
                    "sample_rate", \.sampleRate, as: .optional(.int(.between(1, 1_000_000))), unit: "Hz",
                    "rate to resample to; null keeps the file's own"),
                Field("mono", \.mono, "whether channels are averaged into one"),
                Field("offset", \.offset, as: .float(.between(0, 1e9)), unit: "s", "where to begin"),
                Field(
                    "duration", \.duration, as: .optional(.float(Bounds(lower: 0, upper: 1e9, isLowerOpen: true))),
                    unit: "s", "how much to read; null reads to the end"),
            ]
        }
    }

    let parameters: Parameters
    init(_ parameters: Parameters) { self.parameters = parameters }

    func output(for inputs: [Signature]) throws(Problem) -> Signature {
        .tensor(.float32, (parameters.mono ? ["time"] : ["channel", "time"]).map { Axis($0) })
    }

    func apply(_ input: MapInput) throws -> Value {
        guard case .media(let media)? = input.values.first else {
            throw Failure("expected media, got \(input.values.first?.phrase ?? "nothing")")
        }
        return .tensor(try signal(from: sound(in: media)))
    }

    /// - Throws: `Failure`; `NeedsMediaProcess`.
    private func sound(in media: MediaReference) throws -> Sound {
        let bytes: [UInt8]?
        do throws(MediaError) {
            // What is foreign may be a film, which is not to be read whole.
            let beginning = try MediaStream(media).read(at: 0, count: SoundFile.telling)
            let isForeign = SoundFile.foreignContainer(beginning: beginning) != nil
            bytes = isForeign ? nil : try MediaReader.read(media)
        } catch {
            throw Failure(error.cause, advice: error.advice)
        }
        guard let bytes else { return try foreignSound(in: media) }
        do throws(SoundFileError) {
            return try SoundFile.decode(bytes, offset: parameters.offset, duration: parameters.duration)
        } catch {
            throw Failure(error.description, advice: error.advice)
        }
    }

    private func foreignSound(in media: MediaReference) throws -> Sound {
        guard let decoder = ForeignMedia.decoder.withLock({ $0 }) else { throw NeedsMediaProcess() }
        do throws(ForeignMediaError) {
            return try decoder.sound(in: media, offset: parameters.offset, duration: parameters.duration)
        } catch {
            throw Failure(error.description, advice: error.advice)
        }
    }

    /// Mixed and resampled.
    func signal(from sound: Sound) throws(Failure) -> Tensor {
        let from = Double(sound.sampleRate)
        let to = parameters.sampleRate.map(Double.init) ?? from
        let attributes = ["sample_rate": rateAttribute(to)]
        if parameters.mono {
            let mixed =
                sound.channels == 1 ? sound.samples : mean(ofInterleaved: sound.samples, channels: sound.channels)
            return Tensor(signal: try resampled(mixed, from: from, to: to), attributes: attributes)
        }
        let (frames, channels) = (sound.frames, sound.channels)
        var planar = [Float]()
        for channel in 0..<channels {
            let samples = (0..<frames).map { sound.samples[$0 * channels + channel] }
            planar += try resampled(samples, from: from, to: to)
        }
        return Tensor(
            .float32(planar), shape: [channels, planar.count / channels], axes: ["channel", "time"],
            attributes: attributes)
    }
}

/// Resampling whose errors are failures of a sample.
func resampled(_ signal: [Float], from: Double, to: Double) throws(Failure) -> [Float] {
    do throws(ResamplerError) { return try Resampler.resample(signal, from: from, to: to) } catch {
        throw Failure(error.description)
    }
}
