// Writing sound: WAV files of 16-bit samples, by hand, as their bytes are then the same under every version of every
// library, and as libsndfile writes by another scale (32767) than it reads (32768).

/// Why samples cannot be written.
public enum WaveFileError: Error, Sendable, Hashable {
    case notFinite(frame: Int, channel: Int)
    case tooLong(bytes: Int)
}

extension WaveFileError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .notFinite(let frame, let channel): "sample \(frame) of channel \(channel) is not finite"
        case .tooLong(let bytes): "a WAV file holds less than 4 GiB; these samples take \(bytes) bytes"
        }
    }
}

extension SoundFile {
    /// A WAV file of 16-bit PCM. A sample is rounded to the nearest of −32768 to 32767, halves to even, after scaling
    /// by 32768; what lies beyond full scale is clipped. What came from 16 bits is written as it was.
    public static func wave(_ sound: Sound) throws(WaveFileError) -> [UInt8] {
        let size = 2 * sound.samples.count
        guard size <= Int(UInt32.max) - 64, sound.channels <= 32767,
            sound.sampleRate <= Int(UInt32.max) / (2 * sound.channels)
        else { throw .tooLong(bytes: size) }
        var bytes = [UInt8]()
        bytes.reserveCapacity(44 + size)
        func append(_ value: Int, width: Int) {
            for byte in 0..<width { bytes.append(UInt8(truncatingIfNeeded: value >> (8 * byte))) }
        }
        bytes += "RIFF".utf8
        append(36 + size, width: 4)
        bytes += "WAVEfmt ".utf8
        append(16, width: 4)
        append(1, width: 2)
        append(sound.channels, width: 2)
        append(sound.sampleRate, width: 4)
        append(2 * sound.channels * sound.sampleRate, width: 4)
        append(2 * sound.channels, width: 2)
        append(16, width: 2)
        bytes += "data".utf8
        append(size, width: 4)
        for (position, sample) in sound.samples.enumerated() {
            guard sample.isFinite else {
                throw .notFinite(frame: position / sound.channels, channel: position % sound.channels)
            }
            append(Int(min(max((sample * 32768).rounded(.toNearestOrEven), -32768), 32767)), width: 2)
        }
        return bytes
    }
}
