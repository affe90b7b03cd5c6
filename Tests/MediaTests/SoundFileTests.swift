import Foundation
import Media
import Testing

/// WAV files as bytes, by hand.
enum WaveBytes {
    static func chunk(_ name: String, _ content: [UInt8], declared: Int? = nil) -> [UInt8] {
        Array(name.utf8) + little(declared ?? content.count, 4) + content + (content.count % 2 == 1 ? [0] : [])
    }

    static func little(_ value: Int, _ width: Int) -> [UInt8] {
        (0..<width).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }

    /// - Parameter format: 1 for PCM, 3 for float.
    static func file(
        format: Int = 1, bits: Int = 16, channels: Int = 1, rate: Int = 8000, extra: [[UInt8]] = [], data: [UInt8],
        declared: Int? = nil
    ) -> [UInt8] {
        let width = channels * bits / 8
        let fmt =
            little(format, 2) + little(channels, 2) + little(rate, 4) + little(rate * width, 4) + little(width, 2)
            + little(bits, 2)
        let body =
            Array("WAVE".utf8) + chunk("fmt ", fmt) + extra.flatMap { $0 } + chunk("data", data, declared: declared)
        return Array("RIFF".utf8) + little(body.count, 4) + body
    }

    static func floats(_ values: [Float], channels: Int = 1) -> [UInt8] {
        file(format: 3, bits: 32, channels: channels, data: values.flatMap { little(Int($0.bitPattern), 4) })
    }
}

@Suite struct SoundFileTests {
    @Test func writesWhatItReads() throws {
        let values = [0, 1, -1, 32767, -32768, 12345].map { Float($0) / 32768 }
        for channels in 1...3 {
            let sound = Sound(samples: values, channels: channels, sampleRate: 44100)
            #expect(try SoundFile.decode(SoundFile.wave(sound)) == sound)
        }
        let clipped = try SoundFile.decode(SoundFile.wave(Sound(samples: [2, -2, 1], channels: 1, sampleRate: 1)))
        #expect(clipped.samples == [32767 / 32768, -1, 32767 / 32768])
        #expect(throws: WaveFileError.notFinite(frame: 1, channel: 0)) {
            try SoundFile.wave(Sound(samples: [0, .nan], channels: 1, sampleRate: 1))
        }
    }

    @Test func passesOverChunksBeforeTheSamples() throws {
        let filler = WaveBytes.chunk("FLLR", [UInt8](repeating: 7, count: 4044))
        let odd = WaveBytes.chunk("junk", [1, 2, 3])
        let bytes = WaveBytes.file(extra: [filler, odd], data: [0, 64, 0, 192])
        #expect(try SoundFile.decode(bytes).samples == [0.5, -0.5])
    }

    @Test func readsOtherWidths() throws {
        #expect(try SoundFile.decode(WaveBytes.file(bits: 8, data: [128, 192, 0])).samples == [0, 0.5, -1])
        #expect(try SoundFile.decode(WaveBytes.file(bits: 24, data: [0, 0, 64])).samples == [0.5])
        #expect(try SoundFile.decode(WaveBytes.floats([0.25, 3])).samples == [0.25, 3])
    }

    @Test func readsAPart() throws {
        let values = (0..<8000).map { Float($0) / 32768 }
        let bytes = try SoundFile.wave(Sound(samples: values, channels: 1, sampleRate: 1000))
        #expect(try SoundFile.decode(bytes, offset: 2, duration: 0.0025).samples == Array(values[2000..<2002]))
        #expect(try SoundFile.decode(bytes, offset: 7.9995, duration: 50).samples == [values[7999]])
        #expect(throws: SoundFileError.noSamples) { try SoundFile.decode(bytes, offset: 8) }
        #expect(throws: SoundFileError.offsetBeyondEnd(offset: 9, seconds: 8)) {
            try SoundFile.decode(bytes, offset: 9)
        }
        #expect(throws: SoundFileError.offsetBeyondEnd(offset: 1e300, seconds: 8)) {
            try SoundFile.decode(bytes, offset: 1e300)
        }
    }

    @Test func refusesWhatIsNoSound() throws {
        #expect(throws: SoundFileError.empty) { try SoundFile.decode([]) }
        #expect(throws: SoundFileError.noSamples) { try SoundFile.decode(WaveBytes.file(data: [])) }
        #expect(throws: SoundFileError.foreignContainer("an MP4 or QuickTime container")) {
            try SoundFile.decode([0, 0, 0, 24] + Array("ftypisom".utf8) + [UInt8](repeating: 0, count: 100))
        }
        for bytes in [
            Array("not a sound file, but text".utf8), [1], Array("RIFF".utf8), [UInt8](repeating: 0, count: 5000),
        ] {
            do {
                _ = try SoundFile.decode(bytes)
                Issue.record("read \(bytes.count) bytes of nonsense")
            } catch { #expect(error.description.hasPrefix("libsndfile cannot read it: "), "\(error)") }
        }
    }

    @Test func refusesWhatIsCutShort() throws {
        let whole = try SoundFile.wave(
            Sound(samples: [Float](repeating: 0.5, count: 100), channels: 1, sampleRate: 8000))
        #expect(throws: SoundFileError.truncated(declared: 200, found: 150, unit: "bytes of samples")) {
            try SoundFile.decode(Array(whole.dropLast(50)))
        }
        // A length that was not known when the header was written.
        let streamed = WaveBytes.file(data: [0, 64], declared: 0xFFFF_FFFF)
        #expect(try SoundFile.decode(streamed).samples == [0.5])
    }

    @Test func refusesSamplesThatAreNoNumbers() throws {
        do {
            _ = try SoundFile.decode(WaveBytes.floats([0, 0, 0, .nan], channels: 2))
            Issue.record("took a NaN")
        } catch { #expect(error.description == "sample 1 of channel 1 is not a number") }
        do {
            _ = try SoundFile.decode(WaveBytes.floats([-.infinity]))
            Issue.record("took an infinity")
        } catch { #expect(error.description == "sample 0 of channel 0 is infinite") }
    }

    /// No prefix of a file, and no damaged byte in its header, is a trap; prefixes are errors.
    @Test func survivesDamage() throws {
        let whole = try SoundFile.wave(
            Sound(samples: [Float](repeating: 0.5, count: 20), channels: 2, sampleRate: 8000))
        for count in 0..<whole.count {
            #expect(throws: SoundFileError.self) { try SoundFile.decode(Array(whole.prefix(count))) }
        }
        for position in 0..<44 {
            for value: UInt8 in [0, 1, 127, 255] {
                var bytes = whole
                bytes[position] = value
                _ = try? SoundFile.decode(bytes)
            }
        }
    }
}
