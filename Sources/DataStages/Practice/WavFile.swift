// WAV files of 16-bit mono samples: a header of 44 bytes and the samples.

/// The bytes of a WAV file.
func wav(_ samples: [Int16], sampleRate: Int) -> [UInt8] {
    func bytes(_ value: Int, _ count: Int) -> [UInt8] { (0..<count).map { UInt8(value >> (8 * $0) & 255) } }
    let size = samples.count * 2
    var file = Array("RIFF".utf8)
    file += bytes(36 + size, 4)
    file += Array("WAVEfmt ".utf8)
    // PCM, one channel, bytes a second, bytes a sample, bits a sample.
    for (value, count) in [(16, 4), (1, 2), (1, 2), (sampleRate, 4), (2 * sampleRate, 4), (2, 2), (16, 2)] {
        file += bytes(value, count)
    }
    file += Array("data".utf8)
    file += bytes(size, 4)
    file.reserveCapacity(44 + size)
    for sample in samples {
        let bits = UInt16(bitPattern: sample)
        file.append(UInt8(truncatingIfNeeded: bits))
        file.append(UInt8(truncatingIfNeeded: bits >> 8))
    }
    return file
}
