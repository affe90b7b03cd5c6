// The spec that the design shows, with stage types that exist in place of those to come: checked, planned, run. What ran is
// told by stages.csv.

import Foundation
import TestSupport
import Testing

@Suite struct WholeLanguage {
    private static let shop: Scratch = {
        let folder = Scratch()
        folder.write("", to: ".git/HEAD")
        let spec = FileManager.default.contents(atPath: Binary.root + "/experiments/fusion.yaml") ?? Data()
        folder.write(String(decoding: spec, as: UTF8.self), to: "fusion.yaml")
        _ = Binary.run(["synth", "data/practice"], in: folder.path)
        return folder
    }()

    private static func text(_ file: String) -> String {
        FileManager.default.contents(atPath: shop[file]).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }

    @Test func checksPlansAndRuns() throws {
        let place = Self.shop.path
        let check = Binary.run(["check", "fusion.yaml"], in: place)
        #expect(
            check.output == "fusion.yaml: ok\n  variants: 3 branches (low, raw, slow), joined by curves.concat\n",
            "\(check)")
        let plan = Binary.run(["plan", "fusion.yaml"], in: place)
        #expect(plan.output.hasPrefix("fusion: 6 points, 24 trials, "), "\(plan)")
        #expect(plan.output.contains("curves.spline [3 branches]"))

        let run = Binary.run(["run", "fusion.yaml", "--limit", "48", "--export", "out"], in: place)
        #expect(run.status == 0, "\(run.messages)")
        var computed = [String: Int]()
        for line in Self.text("results/fusion/latest/stages.csv").split(separator: "\n").dropFirst() {
            let cells = line.replacing(",slow]", with: ";slow]").split(separator: ",", omittingEmptySubsequences: false)
            computed["\(cells[0]) \(cells[2])", default: 0] += Int(cells[4]) ?? 0
        }
        // The shared prefix once a clip, each branch once a clip, what is swept once a value, fits once a fold.
        #expect(computed["voice map"] == 48)
        for branch in ["low", "slow"] { #expect(computed["variants.\(branch) map"] == 48) }
        for branch in ["low", "raw", "slow"] {
            #expect(computed["curves.features[\(branch)].mfcc map"] == 48)
            #expect(computed["curves.spline[\(branch)] map"] == 48)
        }
        #expect(computed["curves.concat map"] == 48)
        #expect(computed["hog map"] == 2 * 48)
        #expect(computed["voice_tucker fit"] == 4)
        #expect(computed["face_tucker fit"] == 2 * 4)
        #expect(computed["classifier fit"] == 2 * 3 * 4)
        // What does not look at its features predicts the same for both values, and is scored once.
        #expect(computed["scores report"] == 2 * 2 * 4 + 4)

        // Columns carry the branch that they come from.
        let table = Self.text("out/tables/curves.concat/table.json")
        let state = Self.text("out/states/voice_tucker/state.json")
        #expect((table + state).contains("\"low.mean.mfcc_0\""), "\(state)")
        #expect((table + state).contains("\"raw.std.mfcc_12\""))

        let again = Binary.run(["run", "fusion.yaml", "--limit", "48"], in: place)
        #expect(again.messages.contains("fusion: done; computed 0, "), "\(again.messages)")
        #expect(again.output == run.output)
    }
}
