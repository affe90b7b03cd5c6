// Augmentations in experiments: noise is the same whatever else is run, and the three ways to use what they make.

import Engine
import Foundation
import Media
import Stages
import Tensors
import TestSupport
import Testing

@testable import AudioStages

@Suite struct AugmentRunTests {
    private let shop = Workshop(adding: audioStages)

    init() throws { for take in 0..<4 { try write(take) } }

    /// A clip of each of two tones.
    private func write(_ take: Int) throws {
        for (tone, period) in [("low", 40), ("high", 9)] {
            let samples = (0..<1600).map { Float($0 % (period + take)) / Float(period + take) - 0.5 }
            shop.write(
                try SoundFile.wave(Sound(samples: samples, channels: 1, sampleRate: 8000)),
                to: "clips/\(tone)_\(take).wav")
        }
    }

    private func spec(_ stages: String) -> String {
        """
        martlet: 1
        name: augmented
        seed: 3
        stages:
          clips: {uses: files.media, with: {base: \(shop.directory)/clips, glob: "*.wav", columns: "(?<tone>[a-z]+)_(?<take>\\\\d+)\\\\.wav"}}
          voice: {uses: audio.load, in: clips, with: {sample_rate: 8000}}
        \(stages)
          guess: {uses: classify.logistic_regression, in: features}
          scores: {uses: evaluate.classification, in: guess}
        target: tone
        group: take
        split: {uses: split.group_k_fold, with: {n_splits: 2}}

        """
    }

    private func chain(behind input: String) -> String {
        """
          mfcc: {uses: audio.mfcc, in: \(input), with: {n_mfcc: 5, n_mels: 20, n_fft: 512}}
          statistics: {uses: tensor.summary, in: mfcc, with: {over: time}}
          flat: {uses: tensor.flatten, in: statistics}
        """
    }

    private func noisy(_ options: String = "") -> String {
        "  noisy: {uses: audio.add_noise, in: voice, with: {noise_factor: 0.05}\(options)}\n" + chain(behind: "noisy")
            + "\n  features: {uses: scale.standard, in: flat}"
    }

    /// The bytes of a stage's values, clip by clip.
    private func values(of stage: String, jobs: Int = 2, cache: String) throws -> [String: Data] {
        let folder = Scratch()
        _ = try shop.run(
            spec(noisy(", keep: always")), jobs: jobs, cache: shop.directory + "/" + cache, exportedTo: folder["out"])
        let room = folder["out/tables/\(stage)"]
        let rows = try String(contentsOfFile: room + "/rows.csv", encoding: .utf8).split(separator: "\n").dropFirst()
        let table = try Npy.decode(Array(Data(contentsOf: URL(fileURLWithPath: room + "/values.npy"))))
        let samples = try #require(table.floats())
        let size = samples.count / rows.count
        return Dictionary(
            uniqueKeysWithValues: rows.enumerated().map { row, line in
                let part = samples[row * size..<(row + 1) * size]
                return (String(line.split(separator: ",")[1]), part.withUnsafeBytes { Data($0) })
            })
    }

    @Test func noiseDependsOnNeitherWorkersNorOtherClips() throws {
        let alone = try values(of: "noisy", jobs: 1, cache: "alone")
        #expect(alone.count == 8 && Set(alone.values).count == 8)
        #expect(try values(of: "noisy", jobs: 4, cache: "together") == alone)
        try write(4)
        let more = try values(of: "noisy", cache: "more")
        #expect(more.count == 10 && more.filter { alone[$0.key] != nil } == alone)
        // In a cache that has the eight, the new two are all that is computed.
        let finished = try shop.run(spec(noisy(", keep: always")), cache: shop.directory + "/alone")
        #expect(finished.computed["noisy"] == 2 && finished.cached["noisy"] == 8)
    }

    @Test func anotherSeedIsOtherNoise() throws {
        _ = try shop.run(spec(noisy(", keep: always")))
        #expect(try shop.run(spec(noisy(", keep: always"))).idle)
        #expect(try shop.run(spec(noisy(", keep: always")), set: ["seed": "4"]).computed["noisy"] == 8)
    }

    private let variants = """
          variants:
            in: voice
            branches:
              noisy: {uses: audio.mix_noise, with: {snr: 10, noise: pink}}
              late: {uses: audio.time_shift}
              raw: {}

        """

    /// As columns: each variant of a clip adds features to its one row.
    @Test func branchesAsColumns() throws {
        let finished = try shop.run(
            spec(
                variants + chain(behind: "variants")
                    + "\n  joined: {uses: tensor.concat, in: flat, with: {axis: feature}}\n"
                    + "  features: {uses: scale.standard, in: joined}"))
        #expect(finished.run.ending == .complete)
        #expect(finished.lasting["predictions.csv"]?.split(separator: "\n").count == 1 + 8)
        #expect(rows(finished, "train") == ["4", "4"] && rows(finished, "test") == ["4", "4"])
    }

    /// As rows: the variants of training clips are trained on, and none of a test clip is.
    @Test func branchesAsTrainingRows() throws {
        let finished = try shop.run(
            spec(
                variants + chain(behind: "variants")
                    + "\n  stacked: {uses: samples.stack, in: flat, with: {plain: raw}}\n"
                    + "  features: {uses: scale.standard, in: stacked}"))
        #expect(finished.run.ending == .complete)
        #expect(rows(finished, "train") == ["12", "12"] && rows(finished, "test") == ["4", "4"])
        let tested = (finished.lasting["predictions.csv"] ?? "").split(separator: "\n").dropFirst()
        #expect(tested.count == 8 && tested.allSatisfy { $0.contains("#raw") })
    }

    /// In place: each training clip is changed, test clips pass as they are.
    @Test func inPlaceForTrainingAlone() throws {
        let stages =
            noisy(", only: train").replacingOccurrences(of: "in: mfcc", with: "in: masked")
            + "\n  masked: {uses: audio.spec_augment, in: mfcc, only: train}"
        let finished = try shop.run(spec(stages))
        #expect(finished.run.ending == .complete)
        #expect(rows(finished, "train") == ["4", "4"] && rows(finished, "test") == ["4", "4"])
        let everywhere = try shop.run(spec(stages.replacingOccurrences(of: ", only: train", with: "")))
        #expect(everywhere.lasting["predictions.csv"] != finished.lasting["predictions.csv"])
    }

    /// All that keep what `only: train` needs, one behind another.
    @Test func allThatKeepTheFormCanBeForTrainingAlone() throws {
        let stages = """
              loud: {uses: audio.gain, in: voice, with: {gain: 0, jitter: 6}, only: train}
              late: {uses: audio.time_shift, in: loud, only: train}
              mixed: {uses: audio.mix_noise, in: late, only: train}
              telephone: {uses: audio.band_pass, in: mixed, with: {low: 300, high: 3400}, only: train}
              bright: {uses: audio.pre_emphasis, in: telephone, only: train}
              loudest: {uses: audio.trim, in: bright, only: train}
              longer: {uses: audio.pad, in: loudest, with: {before: 0.01}, only: train}
              whole: {uses: audio.fix_length, in: longer, with: {duration: 0.15}}

            """
        let finished = try shop.run(
            spec(stages + chain(behind: "whole") + "\n  features: {uses: scale.standard, in: flat}"))
        #expect(finished.run.ending == .complete, "\(finished.run.failures)")
    }

    /// A column of trials.csv.
    private func rows(_ finished: Workshop.Finished, _ column: String) -> [String] {
        let lines = (finished.lasting["trials.csv"] ?? "").split(separator: "\n").map {
            $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        }
        guard let place = lines.first?.firstIndex(of: column) else { return [] }
        return lines.dropFirst().map { $0[place] }
    }
}
