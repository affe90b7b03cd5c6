// Sound files by libsndfile, read from memory and written to memory: a stage reads bytes that were checked, and no path
// is opened twice.

internal import CSndfile
internal import Glibc

/// Why bytes are no sound that can be used.
public enum SoundError: Error, Sendable, Hashable {
    case empty
    case unreadable(String)
    case noSamples
    case truncated(expected: Int, got: Int)
    case notFinite(frame: Int)
}

extension SoundError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .empty: "the file is empty (0 bytes)"
        case .unreadable(let cause): "libsndfile cannot read it: \(cause)"
        case .noSamples: "the file holds no samples"
        case .truncated(let expected, let got):
            "the header declares \(expected) frames, but only \(got) can be read: the file is cut short or damaged"
        case .notFinite(let frame): "the sample at frame \(frame) is not a finite number"
        }
    }
}

/// Decoded sound.
public struct Sound: Sendable, Hashable {
    /// Interleaved, −1 … 1 for integer formats (16 bit: value / 32768).
    public let samples: [Float]
    public let channels: Int
    /// Hz.
    public let sampleRate: Int

    public init(samples: [Float], channels: Int, sampleRate: Int) {
        self.samples = samples
        self.channels = channels
        self.sampleRate = sampleRate
    }

    public var frames: Int { channels == 0 ? 0 : samples.count / channels }
}

public enum SoundFile {
    /// Decodes a whole file.
    public static func decode(_ bytes: [UInt8]) throws(SoundError) -> Sound {
        if bytes.isEmpty { throw .empty }
        let result: Result<Sound, SoundError> = bytes.withUnsafeBytes { buffer in
            var memory = Memory(bytes: buffer)
            return withUnsafeMutablePointer(to: &memory) { pointer in
                do throws(SoundError) { return .success(try read(pointer)) } catch { return .failure(error) }
            }
        }
        return try result.get()
    }

    private static func read(_ memory: UnsafeMutablePointer<Memory>) throws(SoundError) -> Sound {
        var (door, info) = (Memory.door, SF_INFO())
        guard let file = sf_open_virtual(&door, Int32(SFM_READ), &info, memory) else {
            throw .unreadable(message(nil))
        }
        defer { sf_close(file) }
        let (declared, channels) = (Int(info.frames), Int(info.channels))
        guard channels > 0, info.samplerate > 0 else { throw .unreadable("it declares no channel or no rate") }
        // A damaged header may declare more frames than memory has room for: the samples are read block by block.
        let block = 1 << 16
        var samples = [Float]()
        samples.reserveCapacity(min(max(declared, 0), 1 << 24) * channels)
        while true {
            let room = min(block, max(1, declared - samples.count / channels))
            let before = samples.count
            samples.append(contentsOf: repeatElement(0, count: room * channels))
            let got = samples.withUnsafeMutableBufferPointer { buffer -> Int in
                guard let base = buffer.baseAddress else { return 0 }
                return Int(sf_readf_float(file, base + before, sf_count_t(room)))
            }
            samples.removeLast((room - got) * channels)
            if got < room || samples.count / channels >= declared { break }
        }
        if sf_error(file) != 0 { throw .unreadable(message(file)) }
        let frames = samples.count / channels
        if frames < declared { throw .truncated(expected: declared, got: frames) }
        if frames == 0 { throw .noSamples }
        try checkDeclared(memory.pointee.bytes, frames: frames, info: info)
        if let bad = samples.firstIndex(where: { !$0.isFinite }) { throw .notFinite(frame: bad / channels) }
        return Sound(samples: samples, channels: channels, sampleRate: Int(info.samplerate))
    }

    /// libsndfile trims the frames of a WAV file that is cut short to what is there; the data chunk says how many there
    /// were meant to be.
    private static func checkDeclared(_ bytes: UnsafeRawBufferPointer, frames: Int, info: SF_INFO) throws(SoundError) {
        func word(_ offset: Int) -> Int {
            Int(bytes[offset]) | Int(bytes[offset + 1]) << 8 | Int(bytes[offset + 2]) << 16 | Int(bytes[offset + 3]) << 24
        }
        func tag(_ offset: Int, _ name: String) -> Bool { bytes[offset..<offset + 4].elementsEqual(name.utf8) }
        guard bytes.count >= 44, tag(0, "RIFF"), tag(8, "WAVE") else { return }
        var (offset, align) = (12, 0)
        while offset + 8 <= bytes.count {
            let size = word(offset + 4)
            if tag(offset, "fmt "), offset + 22 <= bytes.count { align = Int(bytes[offset + 20]) | Int(bytes[offset + 21]) << 8 }
            if tag(offset, "data") {
                // 0 and 0xFFFFFFFF are what writers of streams leave there.
                if size == 0 || size == 0xFFFF_FFFF || align == 0 { return }
                if offset + 8 + size > bytes.count { throw .truncated(expected: size / align, got: frames) }
                return
            }
            offset += 8 + size + size % 2
        }
    }

    /// A WAV file of 16-bit PCM; samples beyond −1 … 1 are clipped.
    public static func encodeWAV(_ sound: Sound) -> [UInt8] {
        let (data, rate) = (sound.samples.count * 2, sound.sampleRate)
        var bytes = [UInt8]()
        bytes.reserveCapacity(44 + data)
        func text(_ tag: String) { bytes += Array(tag.utf8) }
        func word(_ value: Int, _ count: Int) { for shift in 0..<count { bytes.append(UInt8(truncatingIfNeeded: value >> (8 * shift))) } }
        text("RIFF")
        word(36 + data, 4)
        text("WAVEfmt ")
        word(16, 4)
        word(1, 2)
        word(sound.channels, 2)
        word(rate, 4)
        word(rate * sound.channels * 2, 4)
        word(sound.channels * 2, 2)
        word(16, 2)
        text("data")
        word(data, 4)
        for sample in sound.samples { word(Int(max(-32768, min(32767, (sample * 32768).rounded()))), 2) }
        return bytes
    }

    public static var version: String { String(cString: sf_version_string()) }

    private static func message(_ file: OpaquePointer?) -> String {
        String(cString: sf_strerror(file)).split(separator: "\n").joined(separator: " ")
    }
}

/// Bytes in memory as libsndfile reads them.
private struct Memory {
    let bytes: UnsafeRawBufferPointer
    var position = 0

    init(bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    static let door = SF_VIRTUAL_IO(
        get_filelen: { user in sf_count_t(at(user).pointee.bytes.count) },
        seek: { offset, whence, user in
            let memory = at(user)
            let base =
                switch whence {
                case SEEK_CUR: memory.pointee.position
                case SEEK_END: memory.pointee.bytes.count
                default: 0
                }
            memory.pointee.position = max(0, min(memory.pointee.bytes.count, base + Int(offset)))
            return sf_count_t(memory.pointee.position)
        },
        read: { target, count, user in
            let memory = at(user)
            let length = min(Int(count), memory.pointee.bytes.count - memory.pointee.position)
            guard length > 0, let target, let source = memory.pointee.bytes.baseAddress else { return 0 }
            target.copyMemory(from: source + memory.pointee.position, byteCount: length)
            memory.pointee.position += length
            return sf_count_t(length)
        },
        write: { _, _, _ in 0 },
        tell: { user in sf_count_t(at(user).pointee.position) })

    private static func at(_ user: UnsafeMutableRawPointer?) -> UnsafeMutablePointer<Memory> {
        guard let user else { preconditionFailure("libsndfile lost its user data") }
        return user.assumingMemoryBound(to: Memory.self)
    }
}
