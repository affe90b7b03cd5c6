import Foundation
import TestSupport
import Testing

/// Numbers predicted, from a table to the records.
@Suite struct EstimateTests {
    @Test func estimatesAreRecordedAsNumbers() throws {
        let shop = Workshop()
        var text = "a,b,arousal,mood\n"
        for row in 0..<24 { text += "\(row * 37 % 41),\(row * 11 % 17),\(Double(row * 37 % 41) / 8),m\(row % 2)\n" }
        let path = shop.write(Array(text.utf8), to: "table.csv")
        let spec = """
            martlet: 1
            name: arousal
            stages:
              data: {uses: table.csv, with: {path: \(path), columns: [arousal, mood]}}
              scaled: {uses: scale.standard, in: data}
              guess: {uses: regress.ridge, in: scaled, with: {alpha: 0.001}}
              scores: {uses: evaluate.regression, in: guess}
            target: arousal
            split: {uses: split.k_fold, with: {n_splits: 3}}
            """
        let finished = try shop.run(spec)
        let lines = finished.text("predictions.csv").split(separator: "\n").map { $0.split(separator: ",") }
        #expect(lines.first == ["point", "repeat", "fold", "id", "target", "predicted"])
        #expect(lines.count == 25)
        for line in lines.dropFirst() {
            let (target, predicted) = (try #require(Double(line[4])), try #require(Double(line[5])))
            #expect(abs(target - predicted) < 0.01)
        }
        #expect(finished.text("points.csv").contains("scores.r2"))
        let failed = try shop.run(spec, set: ["target": "mood"], keepsGoing: true)
        #expect(failed.text("failures.csv").contains("expected targets that are numbers"))
        let spread = #expect(throws: (any Error).self) { try shop.run(spec, set: ["split.stratify": "true"]) }
        #expect(spread.map { "\($0)" }?.contains("fewer than n_splits") == true)
    }
}
