// The spec that uses the whole language, and what it becomes at each point.

import Stages
import Tensors
import Testing

@testable import Spec

extension StageUse {
    /// `curves.spline[noise] < curves.features[noise]`; with labels where it has several inputs.
    var connection: String {
        let taken = inputs.map { inputs.count > 1 ? "\($0.label)=\($0.stage)" : $0.stage }
        return name + (taken.isEmpty ? "" : " < " + taken.joined(separator: ", "))
    }

    /// … and all that decides what comes out.
    var whole: String {
        let parameters = Digest(of: .map(stage.canonicalParameters))
        return "\(connection) \(address) \(branch) \(type.declaration.name) \(parameters)"
    }
}

@Suite struct DesignSpecTests {
    @Test func becomesOneUseABranchUntilTheBranchesAreJoined() throws {
        let experiment = try read(designSpec, catalogue: designCatalogue)
        #expect(experiment.warnings.isEmpty)
        let points = Array(experiment.points)
        #expect(points.count == 27)
        for point in points {
            let resolved = try experiment.resolve(point)
            #expect(
                resolved.stages.map(\.connection) == [
                    "clips",
                    "frames < clips",
                    "hog < frames",
                    "face_tucker < hog",
                    "voice < clips",
                    "curves.features[raw] < voice",
                    "curves.spline[raw] < curves.features[raw]",
                    "variants.noise < voice",
                    "curves.features[noise] < variants.noise",
                    "curves.spline[noise] < curves.features[noise]",
                    "variants.slow < voice",
                    "curves.features[slow] < variants.slow",
                    "curves.spline[slow] < curves.features[slow]",
                    "variants.up_4 < voice",
                    "curves.features[up_4] < variants.up_4",
                    "curves.spline[up_4] < curves.features[up_4]",
                    "curves.concat < noise=curves.spline[noise], raw=curves.spline[raw], "
                        + "slow=curves.spline[slow], up_4=curves.spline[up_4]",
                    "voice_tucker < curves.concat",
                    "features < face_tucker=face_tucker, voice_tucker=voice_tucker",
                    "scaled < features",
                    "classifier < scaled",
                    "scores < classifier",
                ])
            let values = Dictionary(uniqueKeysWithValues: point.values.map { ($0.address, $0.text ?? "") })
            let uses = Dictionary(uniqueKeysWithValues: resolved.stages.map { ($0.name, $0) })
            #expect(
                uses["hog"]?.stage.canonicalParameters["n_bins"] == Int(values["hog.n_bins"] ?? "").map { .int($0) })
            let height = uses["face_tucker"]?.stage.canonicalParameters["ranks"]?["height"]
            #expect(height == Int(values["face_tucker.ranks.height"] ?? "").map { .int($0) })
            #expect(uses["classifier"]?.address == "classifier." + (values["classifier"] ?? ""))
            #expect(uses["curves.spline[slow]"]?.address == "curves.spline")
            #expect(uses["curves.spline[slow]"]?.branch == ["slow"])
            #expect(uses["variants.slow"]?.branch == [])
            #expect(uses["curves.concat"]?.branch == [])
        }
    }

    @Test func anyValueOfABranchCanBeSetAndSwept() throws {
        let experiment = try read(
            designSpec, set: ["variants.noise.noise_factor=0.1", "curves.spline.n_knots=20"],
            sweep: ["variants.up_4.n_steps=[2, 4]", "curves.features.mfcc.n_mfcc=[13, 20]"], catalogue: designCatalogue)
        let points = Array(experiment.points)
        #expect(points.count == 27 * 4)
        let uses = try experiment.resolve(try #require(points.last)).stages
        func value(_ name: String, _ parameter: String) -> Canonical? {
            uses.first { $0.name == name }?.stage.canonicalParameters[parameter]
        }
        #expect(value("variants.noise", "noise_factor") == .float(0.1))
        #expect(value("variants.up_4", "n_steps") == .float(4))
        for branch in ["noise", "raw", "slow", "up_4"] {
            #expect(value("curves.spline[\(branch)]", "n_knots") == .int(20))
            #expect(value("curves.features[\(branch)]", "features")?.arrayValue?.first?["mfcc"]?["n_mfcc"] == .int(20))
        }
    }

    @Test func theOrderOfBranchesInTheFileChangesNothing() throws {
        let lines = designSpec.split(separator: "\n", omittingEmptySubsequences: false)
        let start = try #require(lines.firstIndex { $0.hasPrefix("      noise:") })
        let turned = lines[..<start] + lines[start..<start + 4].reversed() + lines[(start + 4)...]
        let (one, two) = (
            try resolved(designSpec, catalogue: designCatalogue),
            try resolved(turned.joined(separator: "\n"), catalogue: designCatalogue)
        )
        #expect(one.stages.map(\.whole) == two.stages.map(\.whole))
    }

    @Test func readsBackAsTheSameExperiment() throws {
        let experiment = try read(designSpec, catalogue: designCatalogue)
        let again = try read(experiment.resolvedText, catalogue: designCatalogue)
        #expect(again.resolvedText == experiment.resolvedText)
        for (a, b) in zip(experiment.points, again.points) {
            #expect(try experiment.resolve(a).stages.map(\.whole) == again.resolve(b).stages.map(\.whole))
        }
    }
}
