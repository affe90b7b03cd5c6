import Engine
import Stages
import Tensors
import TestSupport
import Testing

/// Reports that ask what would have come out if an input had been that of other rows.
@Suite struct Permuting {
    /// The face tells the label, the voice is a coin.
    private static func tables(in scratch: Scratch, rows: Int = 48) {
        var stream = RandomStream(named: Digest(of: .text("coins")))
        var (face, voice) = (["id,a,b,mood,actor"], ["id,v"])
        for row in 0..<rows {
            let isGlad = row % 2 == 0
            let id = "clip_\(100 + row)"
            face.append("\(id),\(isGlad ? 1.0 : -1.0),\(stream.uniform()),\(isGlad ? "glad" : "sad"),\(row / 4 % 4)")
            voice.append("\(id),\(stream.uniform())")
        }
        for (name, lines) in [("face.csv", face), ("voice.csv", voice)] {
            scratch.write(lines.joined(separator: "\n") + "\n", to: name)
        }
    }

    private static func spec(_ scratch: Scratch, inputs: String = "[face, voice]") -> String {
        """
        martlet: 1
        name: importance
        seed: 3
        stages:
          face: {uses: table.csv, with: {path: "\(scratch["face.csv"])", id: id, features: [a, b]}}
          voice: {uses: table.csv, with: {path: "\(scratch["voice.csv"])", id: id}}
          centred: {uses: scale.standard, in: voice}
          both: {uses: tensor.concat, in: [face, centred], with: {flatten: true}}
          scaled: {uses: scale.standard, in: both}
          guess: {uses: classify.logistic_regression, in: scaled, with: {C: 100}}
          scores: {uses: evaluate.classification, in: guess}
          importance: {uses: evaluate.importance, in: {predictions: guess, inputs: \(inputs)}, with: {n_repeats: 3}}
        target: mood
        group: actor
        split: {uses: split.group_k_fold, with: {n_splits: 4}}
        """
    }

    /// What metrics.csv says of an input, fold by fold.
    private func metrics(_ text: String, _ name: String) -> [Double] {
        var found = [Double]()
        for line in text.split(separator: "\n") {
            let cells = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
            if cells[4] == "importance", cells[5] == name, cells[7].isEmpty, let value = Double(cells[8]) {
                found.append(value)
            }
        }
        return found
    }

    @Test func whatTellsTheLabelMattersAndACoinDoesNot() throws {
        let scratch = Scratch()
        Self.tables(in: scratch)
        let finished = try Workshop().run(Self.spec(scratch))
        #expect(finished.run.ending == .complete)
        let text = finished.text("metrics.csv")
        #expect(metrics(text, "accuracy") == [1, 1, 1, 1])
        #expect(metrics(text, "face").allSatisfy { $0 > 0.2 })
        #expect(metrics(text, "voice").allSatisfy { abs($0) < 0.1 })
        #expect(finished.text("points.csv").contains("importance.face,importance.face.std"))
    }

    @Test func aSecondRunIsIdleAndWorkersChangeNothing() throws {
        let scratch = Scratch()
        Self.tables(in: scratch)
        let shop = Workshop()
        let first = try shop.run(Self.spec(scratch))
        let second = try shop.run(Self.spec(scratch))
        #expect(second.idle)
        #expect(second.lasting == first.lasting)
        #expect(try Workshop().run(Self.spec(scratch), jobs: 4).lasting == first.lasting)
    }

    /// What is asked of one input does not depend on what else is asked.
    @Test func inputsAreAskedAboutAloneOrTogether() throws {
        let scratch = Scratch()
        Self.tables(in: scratch)
        let together = try Workshop().run(Self.spec(scratch)).text("metrics.csv")
        let alone = try Workshop().run(Self.spec(scratch, inputs: "face")).text("metrics.csv")
        #expect(!metrics(alone, "face").isEmpty)
        #expect(metrics(together, "face") == metrics(alone, "face"))
    }

    @Test func aStageThatDoesNotLeadThereIsALocatedMistake() throws {
        let scratch = Scratch()
        Self.tables(in: scratch)
        let spec = Self.spec(scratch, inputs: "[aside]")
            .replacing("  both:", with: "  aside: {uses: scale.standard, in: face}\n  both:")
        #expect {
            try Workshop().run(spec)
        } throws: { "\($0)".contains("aside does not lead to guess") }
    }
}
