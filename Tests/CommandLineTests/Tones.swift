// A small experiment to spoil: twelve clips of three tones, told apart by their names, in a fresh directory.

import Foundation
import TestSupport
import Testing

/// A directory with sound files, a spec, a cache and results of its own.
struct Tones {
    let folder = Scratch()

    static let spec = """
        martlet: 1
        name: tones
        stages:
          clips: {uses: files.media, with: {base: clips, glob: "*.wav", columns: "(?<tone>[a-z]+)_(?<take>\\\\d+)\\\\.wav"}}
          voice: {uses: audio.load, in: clips, with: {sample_rate: 8000}}
          mfcc: {uses: audio.mfcc, in: voice, with: {n_mfcc: 5, n_mels: 20, n_fft: 512}}
          statistics: {uses: tensor.summary, in: mfcc, with: {over: time}}
          features: {uses: tensor.flatten, in: statistics}
          scaled: {uses: scale.standard, in: features}
          classifier: {uses: classify.logistic_regression, in: scaled, with: {max_iter: 1000}}
          scores: {uses: evaluate.classification, in: classifier}
        target: tone
        split: {uses: split.k_fold, with: {n_splits: 2, stratify: true}}

        """

    init() {
        // The project's root, so that the cache and the results lie here wherever the temporary directory is.
        folder.write("", to: ".git/HEAD")
        folder.write(Self.spec, to: "spec.yaml")
        for take in 0..<4 {
            for (tone, frequency) in [("low", 150.0), ("middle", 500), ("high", 1600)] {
                folder.write(Self.clip(frequency * (1 + Double(take) / 100)), to: "clips/\(tone)_\(take).wav")
            }
        }
    }

    var path: String { folder.path }

    func martlet(_ arguments: String...) -> Binary.Result { Binary.run(arguments, in: folder.path) }

    /// Through a shell, with the program as `$MARTLET`.
    func shell(_ line: String) -> Binary.Result { Binary.shell(line, in: folder.path) }

    /// A file of the latest run's records.
    func record(_ file: String, results: String = "results") -> String {
        FileManager.default.contents(atPath: path + "/\(results)/tones/latest/\(file)").map {
            String(decoding: $0, as: UTF8.self)
        } ?? ""
    }

    /// A column of a table of the latest run's records.
    func column(_ name: String, of file: String) -> [String] {
        let rows = record(file).split(separator: "\n").map {
            $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        }
        guard let place = rows.first?.firstIndex(of: name) else { return [] }
        return rows.dropFirst().map { $0[place] }
    }

    /// How many results the last line of work says were computed.
    static func computed(_ result: Binary.Result) -> Int? {
        result.messages.firstMatch(of: /computed (\d+),/).flatMap { Int($0.1) }
    }

    // MARK: Sound

    static func clip(_ frequency: Double) -> [UInt8] {
        var noise: UInt32 = 12_345
        return wav(
            (0..<1600).map { position in
                noise = noise &* 1_664_525 &+ 1_013_904_223
                return Float(
                    0.4 * sin(2 * .pi * frequency * Double(position) / 8000) + 0.01
                        * (Double(noise >> 8) / 8_388_608 - 1))
            })
    }

    /// A WAV file of one channel of float32 at 8 kHz.
    static func wav(_ samples: [Float]) -> [UInt8] {
        func little(_ value: Int, _ count: Int) -> [UInt8] {
            (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
        }
        let data = samples.flatMap { little(Int($0.bitPattern), 4) }
        return Array("RIFF".utf8) + little(36 + data.count, 4) + Array("WAVEfmt ".utf8) + little(16, 4) + little(3, 2)
            + little(1, 2) + little(8000, 4) + little(32_000, 4) + little(4, 2) + little(32, 2) + Array("data".utf8)
            + little(data.count, 4) + data
    }
}
