// `only`, `keep`, `timeout`, `memory`, `threads`.

import Stages
import Testing

@testable import Spec

@Suite struct OptionTests {
    /// The options of each stage whose options are not the usual ones.
    private func options(_ text: String) throws -> [String] {
        try resolved(text, catalogue: designCatalogue).stages.compactMap { use in
            var words = use.isForTraining ? ["train"] : []
            if use.limits.keep != .auto { words.append(use.limits.keep.rawValue) }
            if let timeout = use.limits.timeout { words.append("\(timeout) s") }
            if let memory = use.limits.memory { words.append("\(memory) B") }
            if let threads = use.limits.threads { words.append("\(threads) threads") }
            return words.isEmpty ? nil : use.name + ": " + words.joined(separator: ", ")
        }
    }

    @Test func areReadOfAStage() throws {
        let text = changed(
            "audio.load, in: clips", "audio.load, in: clips, keep: always, timeout: 30s, memory: 500MB, threads: 2",
            in: branched)
        #expect(try options(text) == ["voice: always, 30.0 s, 500000000 B, 2 threads"])
    }

    @Test func holdForEachUseInsideAndTheInnerOneWins() throws {
        let text = changed(
            "    in: voice\n", "    in: voice\n    keep: never\n    timeout: 1.5min\n",
            in: changed(
                "noise: {uses: audio.add_noise}",
                """
                noise:
                        threads: 3
                        steps:
                          - {uses: audio.add_noise, keep: auto}
                          - {uses: audio.time_stretch, timeout: 250ms}
                      slow: {cases: {slow: {uses: audio.time_stretch}, fast: {uses: audio.time_stretch, keep: always}}, default: fast}
                """, in: branched))
        #expect(
            try options(text) == [
                "variants.noise.add_noise: 90.0 s, 3 threads",
                "variants.noise.time_stretch: never, 0.25 s, 3 threads",
                "variants.slow: always, 90.0 s",
            ])
    }

    @Test func ofAStageBehindBranchesHoldInEach() throws {
        let text = changed("in: variants}", "in: variants, keep: always}", in: branched)
        #expect(try options(text) == ["curves[raw]: always", "curves[noise]: always"])
    }

    @Test func timeAndMemoryAreThoseOfMaps() throws {
        let text = changed(
            "flat: {uses: tensor.flatten, in: mfcc}",
            "flat: {in: mfcc, timeout: 1h, memory: 1GiB, threads: 4, steps: [{uses: tensor.flatten}, {uses: scale.standard}]}"
        )
        #expect(try options(text) == ["flat.flatten: 3600.0 s, 1073741824 B, 4 threads", "flat.standard: 4 threads"])
    }

    @Test func onlyTrainHoldsForStagesStepsAndBranches() throws {
        let split = "\nsplit: {uses: split.k_fold}\n"
        let stage = changed("    in: voice\n", "    in: voice\n    only: train\n", in: branched) + split
        #expect(try options(stage) == ["variants.noise: train"])
        let branch = changed("{uses: audio.add_noise}", "{uses: audio.add_noise, only: train}", in: branched) + split
        #expect(try options(branch) == ["variants.noise: train"])
        let steps = "{steps: [{uses: audio.time_stretch}, {uses: audio.add_noise, only: train}]}"
        let step = changed("{uses: audio.add_noise}", steps, in: branched) + split
        #expect(try options(step) == ["variants.noise.add_noise: train"])
        let behind = changed(
            "curves: {uses: audio.mfcc, in: variants}",
            "louder: {uses: audio.add_noise, in: variants, only: train}\n  curves: {uses: audio.mfcc, in: louder}",
            in: branched)
        #expect(try options(behind + split) == ["louder[raw]: train", "louder[noise]: train"])
    }

    @Test func changeNothingElse() throws {
        let text = changed("audio.load, in: clips", "audio.load, in: clips, keep: never, threads: 1", in: branched)
        #expect(
            try resolved(text, catalogue: designCatalogue).stages.map(\.whole)
                == resolved(branched, catalogue: designCatalogue).stages.map(\.whole))
    }

    @Test(arguments: [
        ("30s", 30), ("250ms", 0.25), ("1.5min", 90), ("2h", 7200), ("30 s", 30), (".5s", 0.5), ("1000000h", 3.6e9),
    ]) func timesHaveUnits(text: String, seconds: Double) throws {
        let text = changed("audio.load, in: clips", "audio.load, in: clips, timeout: \(text)", in: branched)
        #expect(try resolved(text, catalogue: designCatalogue).stages[1].limits.timeout == seconds)
    }

    @Test(arguments: [
        ("1kB", 1000), ("1KiB", 1024), ("500MB", 500_000_000), ("1.5MiB", 1_572_864), ("2GB", 2_000_000_000),
        ("2 GiB", 2_147_483_648), ("0.0001kB", 1),
    ]) func sizesHaveUnits(text: String, bytes: Int) throws {
        let text = changed("audio.load, in: clips", "audio.load, in: clips, memory: \(text)", in: branched)
        #expect(try resolved(text, catalogue: designCatalogue).stages[1].limits.memory == bytes)
    }

    @Test func parametersArePutIn() throws {
        let text = changed("audio.load, in: clips", "audio.load, in: clips, timeout: \"${n}s\"", in: branched)
        #expect(try options(text + "\nparams: {n: 3}\n") == ["voice: 3.0 s"])
    }
}
