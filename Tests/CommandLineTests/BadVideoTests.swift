// A run over videos of which some are broken: each is a failed sample that is named with its stage and cause, and the others
// are done.

import Foundation
import Media
import Tensors
import TestSupport
import Testing

@Suite struct BadVideos {
    private let scratch = Scratch()

    private static let spec = """
        martlet: 1
        name: films
        stages:
          films: {uses: files.media, with: {base: films, glob: "**/*"}}
          frames: {uses: video.decode, in: films, with: {n_frames: 6}}
          hog: {uses: video.hog3d, in: frames, with: {cell: [4, 4, 3]}}
        """

    private static func film(_ number: Int, frames: Int = 8, height: Int = 12, width: Int = 16) -> [UInt8] {
        Y4M.gray(frames: frames, height: height, width: width) { frame, y, x in
            UInt8(40 + (x * 3 + y * 7 + frame * 11 + number * 5) % 180)
        }
    }

    /// Writes the films and gives the rows of failures.csv: film, stage, cause.
    private func failures() throws -> [(film: String, stage: String, cause: String)] {
        scratch.write(Self.spec, to: "films.yaml")
        let result = Binary.run(["run", "films.yaml", "--keep-going"], in: scratch.path)
        #expect(result.status == 1, "\(result)")
        let text = try String(contentsOfFile: scratch["results/films/latest/failures.csv"], encoding: .utf8)
        let lines = text.split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false) }
        let names = try #require(lines.first).map(String.init)
        let places = try ["sample", "stage", "cause"].map { try #require(names.firstIndex(of: $0), "\(names)") }
        return lines.dropFirst().map { line in
            (String(line[places[0]]), String(line[places[1]]), line[places[2]...].joined(separator: ","))
        }
    }

    @Test func eachIsAFailedSampleAndTheOthersAreDone() throws {
        for number in 0..<4 { scratch.write(Self.film(number), to: "films/good_\(number).y4m") }
        scratch.write([UInt8](), to: "films/empty.mp4")
        scratch.write("no film at all", to: "films/text.mp4")
        let sound = Sound(samples: [Float](repeating: 0.5, count: 4000), channels: 1, sampleRate: 8000)
        scratch.write(try SoundFile.wave(sound), to: "films/sound.mp4")
        scratch.write(Self.film(9, height: 3, width: 3), to: "films/small.mp4")
        scratch.write(Array("YUV4MPEG2 W9000 H9000 F25:1 Ip A1:1 C444\nFRAME\n".utf8), to: "films/vast.mp4")
        let failures = try failures()
        let expected = [
            ("empty", "frames", "the file is empty (0 bytes)"),
            ("text", "frames", "libav finds no media in it"),
            ("sound", "frames", "the file has no video: it has a stream of audio"),
            ("small", "hog.cells", "frames of 3 × 3 are smaller than a cell of 4 × 4"),
            ("vast", "frames", "its frames are 9000 × 9000"),
        ]
        #expect(failures.count == expected.count, "\(failures)")
        for (film, stage, cause) in expected {
            #expect(
                failures.contains { $0.film == film && $0.stage.hasPrefix(stage) && $0.cause.contains(cause) },
                "\(film): \(failures)")
        }
        let stages = try String(contentsOfFile: scratch["results/films/latest/stages.csv"], encoding: .utf8)
        #expect(stages.contains("hog.cells,video.hog3d.cells,map,,4,0,0,"), "\(stages)")
    }
}
