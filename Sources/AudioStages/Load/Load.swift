// audio.load

internal import Media
internal import Signal
internal import Stages
internal import Tensors

struct AudioLoad: MapStage {
    struct Parameters: ParameterSet {
        var sampleRate: Double? = 22050
        var mono = true
        var offset = 0.0
        var duration: Double?

        static let fields: [Field<Self>] = [
            Field(
                "sample_rate", \.sampleRate, as: .optional(.float(.between(1, 768_000))), unit: "Hz",
                "resample to this rate; null keeps the file's own"),
            Field("mono", \.mono, "average the channels"),
            Field("offset", \.offset, as: .float(.atLeast(0)), unit: "s", "start reading here"),
            Field("duration", \.duration, as: .optional(.float(.above(0))), unit: "s", "read only this much; null reads to the end"),
        ]
    }

    static let declaration = Declaration(
        "audio.load", revision: 1, kind: .map,
        summary: "A sound file as a signal: decoded, mixed to mono, resampled.",
        documentation: """
            What librosa.load gives: samples in −1 … 1 as float32 (16 bit: value / 32768), the mean of the channels, then \
            resampling by libsoxr HQ to ceil(frames · sample_rate / rate) samples. Reads what libsndfile reads (WAV, FLAC, \
            OGG, MP3, AIFF …), also inside a zip. A file that is empty, cut short, without samples or with samples that are \
            no finite numbers fails.
            """,
        inputs: [Port(accepts: [.media], "a sound file")],
        output: "float32 (time), or (channel, time) with mono: false; attribute sample_rate",
        arithmetic: [.soxr, .sndfile])

    let parameters: Parameters
    init(_ parameters: Parameters) { self.parameters = parameters }

    func output(for inputs: [Signature]) throws(Problem) -> Signature {
        .tensor(.float32, parameters.mono ? [Axis("time")] : [Axis("channel"), Axis("time")])
    }

    func apply(_ input: MapInput) throws -> Value {
        guard case .media(let reference)? = input.values.first else { throw Failure("expected a sound file") }
        let sound: Sound
        do { sound = try SoundFile.decode(try MediaReader.read(reference)) } catch let error as SoundError {
            throw Failure("\(reference.location): \(error)", advice: Self.advice(reference, error))
        } catch let error as MediaError {
            throw Failure("\(error)")
        }
        var channels = Self.channels(sound, from: parameters.offset, duration: parameters.duration)
        guard let length = channels.first?.count, length > 0 else {
            throw Failure(
                "\(reference.location): nothing is left from \(decimal(parameters.offset)) s on; it lasts "
                    + "\(decimal(Double(sound.frames) / Double(sound.sampleRate))) s")
        }
        if parameters.mono { channels = [Self.mean(channels)] }
        let rate = parameters.sampleRate ?? Double(sound.sampleRate)
        do {
            channels = try channels.map { try Resampler.resample($0, from: Double(sound.sampleRate), to: rate) }
        } catch {
            throw Failure("\(reference.location): \(error)")
        }
        let (count, time) = (channels.count, channels.first?.count ?? 0)
        return .tensor(
            Tensor(
                .float32(count == 1 ? channels[0] : channels.flatMap(\.self)), shape: parameters.mono ? [time] : [count, time],
                axes: parameters.mono ? ["time"] : ["channel", "time"],
                attributes: ["sample_rate": Int(exactly: rate).map { .int($0) } ?? .float(rate)]))
    }

    private static func channels(_ sound: Sound, from offset: Double, duration: Double?) -> [[Float]] {
        let rate = Double(sound.sampleRate)
        let first = min(sound.frames, Int(offset * rate))
        let last = duration.map { min(sound.frames, first + Int($0 * rate)) } ?? sound.frames
        if sound.channels == 1 { return [first == 0 && last == sound.frames ? sound.samples : Array(sound.samples[first..<last])] }
        return (0..<sound.channels).map { channel in
            (first..<last).map { sound.samples[$0 * sound.channels + channel] }
        }
    }

    /// The mean over channels, summed in Float as numpy does.
    private static func mean(_ channels: [[Float]]) -> [Float] {
        guard channels.count > 1, var sum = channels.first else { return channels.first ?? [] }
        for channel in channels.dropFirst() {
            for index in sum.indices { sum[index] += channel[index] }
        }
        let count = Float(channels.count)
        for index in sum.indices { sum[index] /= count }
        return sum
    }

    private static func advice(_ reference: MediaReference, _ error: SoundError) -> String? {
        guard case .unreadable = error else { return nil }
        let name = (reference.location.member ?? reference.location.path).lowercased()
        return [".mp4", ".mov", ".mkv", ".avi", ".webm", ".m4a"].contains(where: name.hasSuffix)
            ? "sound inside video containers is not read by this version; convert it to WAV or FLAC first" : nil
    }
}
