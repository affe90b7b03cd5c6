// What is wrong with stages that move rows or gather them is told before anything runs.

import TestSupport
import Testing

@Suite struct RowMistakeTests {
    let tones = Tones()

    private func check(_ spec: String) -> Binary.Result {
        tones.folder.write(spec, to: "changed.yaml")
        return tones.martlet("check", "changed.yaml")
    }

    @Test func theTargetIsNoColumnToScaleOrJoinBy() {
        let result = check(
            Tones.spec.replacing("scale.standard, in: features", with: "scale.standard, in: features, with: {by: tone}")
                .replacing(
                    "  voice: {uses: audio.load, in: clips",
                    with: "  others: {uses: samples.select, in: clips, with: {not: {tone: low}}}\n"
                        + "  pairs: {uses: samples.join, in: [clips, others], with: {on: [take, tone]}}\n"
                        + "  voice: {uses: audio.load, in: pairs"))
        #expect(result.status == 2)
        #expect(
            result.messages == """
                changed.yaml:6:63: pairs.on: tone is the target, which samples.join must not read
                    6 |   pairs: {uses: samples.join, in: [clips, others], with: {on: [take, tone]}}
                      |                                                               ^^^^^^^^^^^^
                      = a stage that sees the target would leak it into what is tested

                changed.yaml:11:59: scaled.by: tone is the target, which scale.standard must not read
                   11 |   scaled: {uses: scale.standard, in: features, with: {by: tone}}
                      |                                                           ^^^^
                      = a stage that sees the target would leak it into what is tested

                """)
    }

    @Test func aGatherNeedsNoSplit() {
        let spec = Tones.spec.lines(through: "scaled")
        #expect(check(spec.replacing("in: features}", with: "in: features, with: {by: take}}")).status == 0)
        #expect(check(spec).messages.contains("scale.standard is fitted, and the spec has no split"))
    }
}

extension String {
    /// Up to the line that begins with a stage of this name.
    fileprivate func lines(through stage: String) -> String {
        var lines = [Substring]()
        for line in split(separator: "\n", omittingEmptySubsequences: false) {
            lines.append(line)
            if line.hasPrefix("  \(stage):") { break }
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
