// Branches: what runs once a branch, and where that ends.

import Stages
import Tensors
import Testing

@testable import Spec

@Suite struct BranchTests {
    /// What the last lines of a branched spec become: `name < inputs`, without the stages before.
    private func uses(_ lines: String, set: [String] = []) throws -> Set<String> {
        let text = changed("  joined: {uses: tensor.concat, in: curves}\n", lines, in: branched)
        let common = ["clips", "voice", "variants.noise", "curves[noise]", "curves[raw]"]
        let stages = try resolved(text, set: set, catalogue: designCatalogue).stages
        return Set(stages.filter { !common.contains($0.name) }.map(\.connection))
    }

    @Test func runOnceABranchUntilTheyAreJoined() throws {
        let stages = try resolved(branched, catalogue: designCatalogue).stages
        #expect(
            stages.map(\.connection) == [
                "clips", "voice < clips", "curves[raw] < voice", "variants.noise < voice",
                "curves[noise] < variants.noise", "joined < noise=curves[noise], raw=curves[raw]",
            ])
        #expect(stages.map(\.branch) == [[], [], ["raw"], [], ["noise"], []])
        #expect(stages.map(\.address) == ["clips", "voice", "curves", "variants.noise", "curves", "joined"])
    }

    @Test func areJoinedAsRows() throws {
        #expect(
            try uses("  rows: {uses: samples.stack, in: curves, with: {plain: raw}}\n") == [
                "rows < noise=curves[noise], raw=curves[raw]"
            ])
    }

    @Test func ofSetsInSetsAreJoinedFromWithin() throws {
        let lines = """
              more: {in: curves, branches: {low: {uses: features.bspline}, high: {}}}
              again: {uses: features.bspline, in: more}
              inner: {uses: tensor.concat, in: again}
              outer: {uses: tensor.concat, in: inner}

            """
        let found = try uses(lines)
        #expect(
            found == [
                "again[raw,high] < curves[raw]",
                "more.low[raw] < curves[raw]",
                "again[raw,low] < more.low[raw]",
                "inner[raw] < high=again[raw,high], low=again[raw,low]",
                "again[noise,high] < curves[noise]",
                "more.low[noise] < curves[noise]",
                "again[noise,low] < more.low[noise]",
                "inner[noise] < high=again[noise,high], low=again[noise,low]",
                "outer < noise=inner[noise], raw=inner[raw]",
            ])
    }

    @Test func beginAndEndInsideAChain() throws {
        let lines = """
              joined:
                in: curves
                steps:
                  - {as: sides, branches: {left: {uses: features.bspline}, right: {}}}
                  - {uses: tensor.concat}
                  - {as: whole, uses: tensor.concat}

            """
        let found = try uses(lines)
        #expect(
            found == [
                "joined.sides.left[noise] < curves[noise]",
                "joined.concat[noise] < left=joined.sides.left[noise], right=curves[noise]",
                "joined.sides.left[raw] < curves[raw]",
                "joined.concat[raw] < left=joined.sides.left[raw], right=curves[raw]",
                "joined.whole < noise=joined.concat[noise], raw=joined.concat[raw]",
            ])
    }

    @Test func canCloseTheSetAroundThem() throws {
        let lines = """
              both: {in: curves, branches: {one: {uses: tensor.concat}, two: {steps: [{uses: features.bspline}, {uses: tensor.concat}]}}}
              joined: {uses: tensor.concat, in: both}

            """
        let found = try uses(lines)
        #expect(
            found == [
                "both.one < noise=curves[noise], raw=curves[raw]",
                "both.two.bspline[noise] < curves[noise]",
                "both.two.bspline[raw] < curves[raw]",
                "both.two.concat < noise=both.two.bspline[noise], raw=both.two.bspline[raw]",
                "joined < one=both.one, two=both.two.concat",
            ])
    }

    @Test func meetByName() throws {
        let lines = """
              faces: {uses: video.decode, in: clips}
              flat: {uses: tensor.flatten, in: curves}
              pair: {uses: tensor.join, in: {left: flat, right: curves}}
              joined: {uses: tensor.concat, in: [flat, faces, pair]}

            """
        let found = try uses(lines)
        #expect(
            found == [
                "faces < clips",
                "flat[noise] < curves[noise]",
                "flat[raw] < curves[raw]",
                "pair[noise] < flat=flat[noise], curves=curves[noise]",
                "pair[raw] < flat=flat[raw], curves=curves[raw]",
                "joined < flat.noise=flat[noise], flat.raw=flat[raw], faces=faces, "
                    + "pair.noise=pair[noise], pair.raw=pair[raw]",
            ])
    }

    @Test func meetWhatRunsOnce() throws {
        let lines = """
              pair: {uses: tensor.join, in: {left: voice, right: curves}}
              joined: {uses: tensor.concat, in: pair}

            """
        let found = try uses(lines)
        #expect(
            found == [
                "pair[noise] < voice=voice, curves=curves[noise]", "pair[raw] < voice=voice, curves=curves[raw]",
                "joined < noise=pair[noise], raw=pair[raw]",
            ])
    }

    @Test func canBeJoinedInSeveralWays() throws {
        let lines = """
              columns: {uses: tensor.concat, in: curves}
              rows: {uses: samples.stack, in: curves, with: {plain: raw}}

            """
        let found = try uses(lines)
        #expect(
            found == [
                "columns < noise=curves[noise], raw=curves[raw]", "rows < noise=curves[noise], raw=curves[raw]",
            ])
    }

    @Test func areChainsAndCases() throws {
        let text = changed(
            "noise: {uses: audio.add_noise}",
            """
            noise: {steps: [{uses: audio.add_noise}, {uses: audio.time_stretch}]}
                  pitch:
                    cases:
                      low: {uses: audio.pitch_shift, with: {n_steps: -4}}
                      high: {uses: audio.pitch_shift, with: {n_steps: 4}}
                    default: low
            """, in: branched)
        let experiment = try read(
            text, sweep: ["variants.pitch=[low, high]", "variants.pitch.high.n_steps=[4, 8]"],
            catalogue: designCatalogue)
        let points = Array(experiment.points)
        #expect(points.map { $0.values.map { $0.text ?? "-" } } == [["low", "-"], ["high", "4"], ["high", "8"]])
        let last = try experiment.resolve(points[2]).stages
        #expect(
            last.map(\.name) == [
                "clips", "voice", "curves[raw]", "variants.noise.add_noise", "variants.noise.time_stretch",
                "curves[noise]", "variants.pitch", "curves[pitch]", "joined",
            ])
        #expect(last[6].address == "variants.pitch.high")
        #expect(last[6].stage.canonicalParameters["n_steps"] == .float(8))
        #expect(last[5].inputs.map(\.stage) == ["variants.noise.time_stretch"])
    }

    @Test func canBeSources() throws {
        let text = changed(
            "    in: voice\n", "",
            in: changed(
                "noise: {uses: audio.add_noise}",
                "song: {steps: [{uses: ravdess.clips, with: {root: b}}, {uses: audio.load}]}",
                in: changed(
                    "raw: {}", "talk: {steps: [{uses: ravdess.clips, with: {root: a}}, {uses: audio.load}]}",
                    in: branched)))
        let joined = try resolved(text, catalogue: designCatalogue).stages.first { $0.name == "joined" }
        #expect(
            joined?.connection
                == "joined < song=curves[song], talk=curves[talk]")
    }

    @Test func ofWhichThereIsOneAreASet() throws {
        let text = changed("      raw: {}\n", "", in: branched)
        let joined = try resolved(text, catalogue: designCatalogue).stages.last
        #expect(joined?.inputs == [Input(port: "in", stage: "curves[noise]", label: "noise", isBranch: true)])
    }

    @Test func areTakenByTheCaseThatIsPicked() throws {
        let lines = """
              flat: {uses: tensor.flatten, in: voice}
              features:
                cases: {voice: {uses: tensor.concat, in: curves}, face: {uses: tensor.flatten, in: flat}}
                default: face

            """
        #expect(try uses(lines) == ["flat < voice", "features < flat"])
        #expect(
            try uses(lines, set: ["features=voice"]) == [
                "flat < voice", "features < noise=curves[noise], raw=curves[raw]",
            ])
    }

    @Test func haveOneValueUnderOneAddress() throws {
        let stages = try resolved(branched, set: ["curves.n_mfcc=7"], catalogue: designCatalogue).stages
        let curves = stages.filter { $0.address == "curves" }
        #expect(curves.map { $0.stage.canonicalParameters["n_mfcc"] } == [.int(7), .int(7)])
        #expect(curves.allSatisfy { $0.signature == .tensor(.float32, [Axis("time"), Axis("feature", size: 7)]) })
    }

    @Test func areSummedUp() throws {
        let sets = try read(designSpec, catalogue: designCatalogue).branchSets
        #expect(
            sets == [
                BranchSummary(
                    address: "variants", branches: ["noise", "raw", "slow", "up_4"], joinedBy: ["curves.concat"])
            ])
    }

    /// Whatever stands behind whatever: it is right or told, and does not depend on the order of the text.
    @Test(arguments: 0..<60) func ofAnyGraphAreReadAlikeInAnyOrder(seed: Int) {
        var stages = RandomStages(seed: seed)
        let lines = stages.lines()
        func outcome(_ lines: [String]) -> (uses: [String], isWrong: Bool) {
            let text = "martlet: 1\nname: any\nstages:\n" + lines.joined(separator: "\n") + "\n"
            do throws(SpecErrors) {
                let experiment = try read(text, catalogue: designCatalogue)
                for point in experiment.points { return (try experiment.resolve(point).stages.map(\.whole), false) }
                return ([], false)
            } catch { return ([], !error.errors.isEmpty) }
        }
        let (one, two) = (outcome(lines), outcome(lines.reversed()))
        #expect(one.uses == two.uses)
        #expect(one.isWrong == two.isWrong)
        #expect(one.uses.isEmpty == one.isWrong)
    }

    @Test func haveThePlaceOfTheirStage() throws {
        let experiment = try read(branched, catalogue: designCatalogue)
        func place(_ address: String) -> String? {
            experiment.range(of: address).map { "\($0.start.line):\($0.start.column)" }
        }
        #expect(place("curves[noise]") == "11:18")
        #expect(place("curves[noise].in") == "11:34")
        #expect(place("variants.noise") == "9:21")
        #expect(place("variants.raw") == "10:7")
        #expect(place("variants.noise.in") == "7:9")
    }
}

/// Chains, branch sets and joins of any shape; most of them right.
private struct RandomStages {
    private var stream: RandomStream

    init(seed: Int) { stream = RandomStream(named: Digest(of: .text("branches \(seed)"))) }

    private mutating func pick<Value>(_ values: [Value]) -> Value { values[stream.index(below: values.count)] }

    mutating func lines() -> [String] {
        var lines = ["  clips: {uses: ravdess.clips, with: {root: data}}", "  voice: {uses: audio.load, in: clips}"]
        for number in 0..<6 {
            let names = ["voice"] + (0..<number).map { "s\($0)" }
            let joined = "in: [\(pick(names)), \(pick(names))], uses: tensor.concat, with: {axis: time}"
            let line = pick([joined, nil, nil]) ?? "in: \(pick(names)), \(body(0))"
            lines.append("  s\(number): {\(line)}")
            let joins = (0..<3).map { "{as: j\($0), uses: tensor.concat, with: {axis: time}}" }
            lines.append("  e\(number): {in: s\(number), steps: [" + joins.joined(separator: ", ") + "]}")
        }
        return lines
    }

    private mutating func body(_ depth: Int) -> String {
        switch pick(depth > 1 ? ["use"] : ["use", "branches", "branches", "steps", "steps"]) {
        case "branches":
            let names = pick([["a"], ["b", "a"], ["c", "a", "b"]])
            let bodies = names.map { "\($0): {" + pick(["", "uses: audio.add_noise", body(depth + 1)]) + "}" }
            return "branches: {" + bodies.joined(separator: ", ") + "}"
        case "steps":
            var steps = (0..<pick([1, 2])).map { "{as: s\($0), \(body(depth + 1))}" }
            steps.append("{as: last, uses: tensor.concat, with: {axis: time}}")
            return "steps: [" + steps.joined(separator: ", ") + "]"
        default:
            return pick(["uses: audio.add_noise", "uses: tensor.concat, with: {axis: time}"])
        }
    }
}
