// Small sound files, written by hand: nothing of the program under test makes its own input.

import Media
import Stages
import Tensors
import TestSupport

/// WAV files.
enum SampleSound {
    /// 16 bits, 8 kHz; every other row is stereo.
    static func wav(row: Int) -> [UInt8] {
        let channels = 1 + row % 2
        let tensor = SampleTensor(["time"], type: .float64).tensor(row: row)
        let samples = (tensor.doubles() ?? []).prefix(2000 * channels)
        return wav(samples.flatMap { bytes(Int(($0 * 30_000).rounded()) & 0xFFFF, 2) }, channels: channels)
    }

    /// A file of those sample bytes. The header may lie.
    static func wav(
        _ data: [UInt8], format: Int = 1, channels: Int = 1, rate: Int = 8000, bits: Int = 16, claimedSize: Int? = nil
    ) -> [UInt8] {
        let size = claimedSize ?? data.count
        var file = Array("RIFF".utf8) + bytes((36 + size) & 0xFFFF_FFFF, 4) + Array("WAVEfmt ".utf8) + bytes(16, 4)
        file += bytes(format, 2) + bytes(channels, 2) + bytes(rate, 4)
        file +=
            bytes(rate * channels * bits / 8 & 0xFFFF_FFFF, 4) + bytes(channels * bits / 8 & 0xFFFF, 2) + bytes(bits, 2)
        return file + Array("data".utf8) + bytes(size & 0xFFFF_FFFF, 4) + data
    }

    /// A file of 32-bit floats.
    static func wav(floats: [Float]) -> [UInt8] {
        wav(floats.flatMap { bytes(Int($0.bitPattern), 4) }, format: 3, bits: 32)
    }

    /// The file as a stage is given it.
    static func media(_ bytes: [UInt8], named name: String, in scratch: Scratch) throws -> Value {
        .media(try MediaReader.digest(MediaLocation(path: scratch.write(bytes, to: name))))
    }

    private static func bytes(_ value: Int, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(value >> (8 * $0) & 255) }
    }
}
