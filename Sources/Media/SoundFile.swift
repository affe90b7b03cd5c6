// Sound files by libsndfile, from bytes in memory: WAV, FLAC, AIFF, AU, CAF, Ogg, MP3 and what else it knows. A file
// that was cut short is an error and never a shorter sound, and samples are finite, so that no later stage has to ask.

internal import CSndfile
internal import Tensors

/// Decoded sound.
public struct Sound: Sendable, Hashable {
    /// Interleaved (frame, channel), full scale being −1 to 1: a 16-bit sample is its value / 32768.
    public let samples: [Float]
    public let channels: Int
    /// Hz.
    public let sampleRate: Int

    /// Samples a channel.
    public var frames: Int { samples.count / channels }

    public init(samples: [Float], channels: Int, sampleRate: Int) {
        precondition(channels > 0 && samples.count.isMultiple(of: channels), "whole frames")
        self.samples = samples
        self.channels = channels
        self.sampleRate = sampleRate
    }
}

/// Why bytes are not a sound that can be used.
public enum SoundFileError: Error, Sendable, Hashable {
    case empty
    /// A container of video, or of sound in a codec that libsndfile does not know; named.
    case foreignContainer(String)
    case unreadable(String)
    case noSamples
    /// Frames that were declared, or bytes of samples, and what there is.
    case truncated(declared: Int, found: Int, unit: String)
    case offsetBeyondEnd(offset: Double, seconds: Double)
    case notFinite(frame: Int, channel: Int, value: Float)
    /// Samples of all channels together, and how long that is.
    case tooLong(samples: Double, hours: Double)
}

extension SoundFileError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .empty: "the file is empty (0 bytes)"
        case .foreignContainer(let name): "this is \(name), which libsndfile does not read"
        case .unreadable(let message): "libsndfile cannot read it: \(message)"
        case .noSamples: "the file holds no samples"
        case .truncated(let declared, let found, let unit):
            "the file is cut short: its header declares \(declared) \(unit), but there are \(found)"
        case .offsetBeyondEnd(let offset, let seconds):
            "offset is \(offset) s, but the sound ends after \(seconds) s"
        case .notFinite(let frame, let channel, let value):
            "sample \(frame) of channel \(channel) is \(value.isNaN ? "not a number" : "infinite")"
        case .tooLong(let samples, let hours):
            "the sound is \(decimal((hours * 10).rounded() / 10)) hours long, \(Int(samples)) samples; at most 2^29 are decoded "
                + "at once"
        }
    }
}

extension SoundFileError {
    /// What to do.
    public var advice: String? { if case .tooLong = self { "read a part by offset and duration" } else { nil } }
}

/// Reading sound files.
public enum SoundFile {
    /// The version of libsndfile.
    public static var libraryVersion: String { String(cString: sf_version_string()) }

    /// What a file is, from its first bytes, that is for libav: a container of video, or of sound in a codec that libsndfile
    /// does not know; nil for all others.
    public static func foreignContainer(beginning bytes: [UInt8]) -> String? {
        bytes.withUnsafeBytes { containerName($0) }
    }

    /// How many bytes tell that.
    public static let telling = 512

    /// The most samples that are decoded at once, of all channels: 2 GiB, or 6.7 hours of one channel at 22050 Hz.
    private static let mostSamples = Double(1 << 29)

    /// libsndfile keeps the message of a failed opening in a global.
    private static let opening = Lock(())

    /// Decodes a whole file, or a part of it.
    /// - Parameters:
    ///   - offset: seconds to leave out at the start, cut to whole frames towards zero.
    ///   - duration: seconds to read, cut likewise; nil for all. What lies beyond the end is not there and no error.
    public static func decode(
        _ bytes: [UInt8], offset: Double = 0, duration: Double? = nil
    ) throws(SoundFileError) -> Sound {
        if bytes.isEmpty { throw .empty }
        if let cut = declaredBeyondEnd(bytes) {
            throw .truncated(declared: cut.declared, found: cut.found, unit: "bytes of samples")
        }
        let result: Result<Sound, SoundFileError> = bytes.withUnsafeBytes { buffer in
            do throws(SoundFileError) {
                return .success(try decode(buffer, offset: offset, duration: duration))
            } catch { return .failure(error) }
        }
        return try result.get()
    }

    private static func decode(
        _ bytes: UnsafeRawBufferPointer, offset: Double, duration: Double?
    ) throws(SoundFileError) -> Sound {
        var (source, info) = (MemorySource(bytes: bytes, position: 0), SF_INFO())
        return try withUnsafeMutablePointer(to: &source) { source throws(SoundFileError) in
            var io = MemorySource.callbacks
            let opened = opening.withLock { _ in
                let file = sf_open_virtual(&io, Int32(SFM_READ), &info, source)
                return SendableBox((file, file == nil ? String(cString: sf_strerror(nil)) : ""))
            }
            guard let file = opened.value.0 else {
                if let name = containerName(bytes) { throw .foreignContainer(name) }
                throw .unreadable(trimmed(opened.value.1))
            }
            defer { sf_close(file) }
            let (rate, channels, total) = (Int(info.samplerate), Int(info.channels), Int(info.frames))
            guard channels > 0, rate > 0 else { throw .unreadable("it has \(channels) channels at \(rate) Hz") }
            guard total > 0 else { throw .noSamples }
            let start = (offset * Double(rate)).rounded(.towardZero)
            guard start <= Double(total) else {
                throw .offsetBeyondEnd(offset: offset, seconds: Double(total) / Double(rate))
            }
            if start > 0, sf_seek(file, sf_count_t(start), Int32(SF_SEEK_SET)) < 0 {
                throw .unreadable(trimmed(String(cString: sf_strerror(file))))
            }
            let wanted = min(
                Double(total) - start, duration.map { ($0 * Double(rate)).rounded(.towardZero) } ?? .infinity)
            guard wanted >= 1 else { throw .noSamples }
            guard wanted * Double(channels) <= mostSamples else {
                throw .tooLong(samples: wanted * Double(channels), hours: wanted / Double(rate) / 3600)
            }
            let samples = try read(file, frames: Int(wanted), channels: channels)
            return Sound(samples: samples, channels: channels, sampleRate: rate)
        }
    }

    /// Reads in blocks, as what a header declares is no reason to take that much memory.
    private static func read(
        _ file: OpaquePointer, frames: Int, channels: Int
    ) throws(SoundFileError) -> [Float] {
        let block = min(frames, max(1, (1 << 22) / channels))
        var samples = [Float]()
        var found = 0
        while found < frames {
            let count = min(block, frames - found)
            var got = 0
            let part = [Float](unsafeUninitializedCapacity: count * channels) { buffer, initialized in
                if let base = buffer.baseAddress { got = Int(sf_readf_float(file, base, sf_count_t(count))) }
                initialized = got * channels
            }
            if let position = firstNotFinite(part) {
                throw .notFinite(
                    frame: found + position / channels, channel: position % channels, value: part[position])
            }
            found += got
            if found == frames && samples.isEmpty { return part }
            samples += part
            if got < count { throw .truncated(declared: frames, found: found, unit: "frames") }
        }
        return samples
    }

    private static func trimmed(_ message: String) -> String {
        var message = message[...]
        while let last = message.last, last == "." || last.isWhitespace { message = message.dropLast() }
        return String(message)
    }
}

/// Passes what is known not to be shared out of a lock.
private struct SendableBox<Value>: @unchecked Sendable {
    let value: Value
    init(_ value: Value) { self.value = value }
}

/// Bytes in memory as libsndfile's virtual file.
private struct MemorySource {
    let bytes: UnsafeRawBufferPointer
    var position: Int

    static let callbacks = SF_VIRTUAL_IO(
        get_filelen: { state in sf_count_t(source(state).pointee.bytes.count) },
        seek: { offset, whence, state in
            let source = source(state)
            let base =
                switch Int(whence) {
                case Int(SF_SEEK_CUR): source.pointee.position
                case Int(SF_SEEK_END): source.pointee.bytes.count
                default: 0
                }
            source.pointee.position = min(max(0, base + Int(offset)), source.pointee.bytes.count)
            return sf_count_t(source.pointee.position)
        },
        read: { target, count, state in
            let source = source(state)
            let taken = min(max(0, Int(count)), source.pointee.bytes.count - source.pointee.position)
            if taken > 0, let target, let base = source.pointee.bytes.baseAddress {
                target.copyMemory(from: base + source.pointee.position, byteCount: taken)
            }
            source.pointee.position += taken
            return sf_count_t(taken)
        },
        write: { _, _, _ in 0 },
        tell: { state in sf_count_t(source(state).pointee.position) })

    private static func source(_ state: UnsafeMutableRawPointer?) -> UnsafeMutablePointer<MemorySource> {
        guard let state else { preconditionFailure("libsndfile passes the state that it was given") }
        return state.assumingMemoryBound(to: MemorySource.self)
    }
}
