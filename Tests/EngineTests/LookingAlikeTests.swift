import Engine
import Foundation
import Stages
import TestSupport
import Testing

/// Identities where two things look alike: what one of them gives must not depend on the other being there.
@Suite struct LookingAlike {
    static let spec = """
        martlet: 1
        name: alike
        stages:
          data: {uses: table.csv, with: {path: PATH, columns: COLUMNS}}
          scaled: {uses: scale.standard, in: data}
          guess: {uses: classify.logistic_regression, in: scaled}
          scores: {uses: evaluate.classification, in: guess}
        target: TARGET
        split: {uses: split.k_fold, with: {n_splits: 2}}
        """

    private func spec(_ path: String, columns: String, target: String) -> String {
        Self.spec.replacing("PATH", with: path).replacing("COLUMNS", with: columns).replacing("TARGET", with: target)
    }

    /// Forty rows; of `pairs` pairs of neighbours the second repeats the first's features.
    private func table(pairs: Int, columns: (String, String) = ("y", "z")) -> [UInt8] {
        var text = "a,b,\(columns.0),\(columns.1)\n"
        for row in 0..<40 {
            let value = row < 2 * pairs ? row / 2 * 2 : row
            text += "\(value * 37 % 41),\(value * 11 % 17),c\(row % 2),d\(row / 2 % 2)\n"
        }
        return Array(text.utf8)
    }

    /// Every row of metrics.csv of one point, without the point's number.
    private func metrics(_ finished: Workshop.Finished, point: Int) -> [Substring] {
        finished.text("metrics.csv").split(separator: "\n").filter { $0.hasPrefix("\(point),") }
            .map { $0.drop { $0 != "," } }
    }

    @Test(arguments: [["t1.csv", "t2.csv"], ["t2.csv", "t1.csv"]])
    func twinsAreThoseOfThePointsOwnSource(order: [String]) throws {
        let shop = Workshop()
        let paths = [
            "t1.csv": shop.write(table(pairs: 0), to: "t1.csv"), "t2.csv": shop.write(table(pairs: 20), to: "t2.csv"),
        ]
        let swept = order.compactMap { paths[$0] }
        let text = spec(swept[0], columns: "[y, z]", target: "y")
        let both = try shop.run(text, sweep: ["data.path": "[\(swept.joined(separator: ", "))]"])
        for (point, path) in swept.enumerated() {
            let alone = try Workshop().run(text, set: ["data.path": path])
            #expect(metrics(both, point: point) == metrics(alone, point: 0))
        }
        let point = swept.firstIndex(of: paths["t2.csv"] ?? "") ?? 0
        for trial in both.plan.trials where trial.point == point {
            let roles = both.plan.folds[trial.fold].roles
            for pair in 0..<20 { #expect(roles[2 * pair] == roles[2 * pair + 1]) }
        }
    }

    @Test func twinsInAnySourceThatIsJoinedCount() throws {
        let shop = Workshop()
        let (one, two) = (shop.write(table(pairs: 0), to: "one.csv"), shop.write(table(pairs: 20), to: "two.csv"))
        let text = spec(one, columns: "[y, z]", target: "y")
            .replacing(
                "  scaled: {uses: scale.standard, in: data}",
                with: """
                      other: {uses: table.csv, with: {path: \(two), columns: [y, z]}}
                      joined: {uses: tensor.concat, in: [data, other]}
                      scaled: {uses: scale.standard, in: joined}
                    """)
        let finished = try shop.run(text)
        #expect(finished.plan.folds.count == 2)
        for fold in finished.plan.folds {
            for pair in 0..<20 { #expect(fold.roles[2 * pair] == fold.roles[2 * pair + 1]) }
        }
    }

    @Test func columnsAreKnownByTheirNames() throws {
        let shop = Workshop()
        let paths = [("q", "r"), ("p", "q")].enumerated().map { position, names in
            shop.write(table(pairs: 0, columns: names), to: "n\(position).csv")
        }
        let text = spec(paths[0], columns: "[q]", target: "q")
        let both = try shop.run(text, sweep: ["data.path": "[\(paths.joined(separator: ", "))]"])
        for (point, path) in paths.enumerated() {
            let alone = try Workshop().run(text, set: ["data.path": path])
            #expect(metrics(both, point: point) == metrics(alone, point: 0))
        }
    }

    @Test func aTransientProducersArithmeticIsInTheProfileBehindIt() throws {
        let finished = try Workshop(adding: Catalogue([ToyWaves.self], libraries: [.fftw: { "9.9" }])).run(
            Sharing.spec.replacing("toy.round, in: shifted, with: {value: 2}", with: "toy.waves, in: shifted"))
        let sum = try #require(finished.plan.nodes.first { $0.name == "rounded.sum" })
        #expect(sum.profile == ["fftw": "9.9"])
    }

    @Test func severalReportsTellAllPredictions() throws {
        let text = Sharing.spec.replacing(
            "target: label",
            with: """
                  other: {uses: classify.dummy, in: scaled, with: {strategy: constant, constant: c1}}
                  other_scores: {uses: evaluate.classification, in: other}
                target: label
                """)
        let finished = try Workshop().run(text)
        let rows = finished.text("predictions.csv").split(separator: "\n")
        #expect(rows[0].hasPrefix("point,repeat,fold,stage,id,target,predicted"))
        #expect(rows.count == 1 + 2 * 24)
    }

    @Test func aFailedFitFailsItsTrialAlsoWithoutAReport() throws {
        let text = Sharing.spec.split(separator: "\n").filter { !$0.contains("scores:") }.joined(separator: "\n")
            .replacing("toy.round, in: shifted, with: {value: 2}", with: "toy.picky, in: shifted, with: {value: 17}")
        let finished = try Workshop().run(
            text,
            set: ["numbers.count": "16", "numbers.classes": "8", "numbers.size": "8", "split.n_splits": "2"],
            keepsGoing: true)
        #expect(finished.run.trialResults.map(\.status.word).sorted() == ["done", "failed"])
    }
}

/// A list of digests that is lost costs its time and nothing else.
@Suite struct LosingLists {
    /// Enough rows that a list is a blob.
    static let settings = ["numbers.count": "2400", "numbers.size": "400"]

    @Test(arguments: [1, 4], ["scaled.with_mean", "guess.strategy"])
    func everyBlobLost(jobs: Int, changed: String) throws {
        let shop = Workshop()
        var settings = Self.settings
        let whole = try shop.run(Sharing.spec, set: settings)
        #expect(whole.run.ending == .complete)
        settings[changed] = changed == "guess.strategy" ? "uniform" : "false"
        let want = try Workshop().run(Sharing.spec, set: settings)
        let folder = shop.cache + "/blobs"
        let blobs = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
        let files = blobs.filter { $0.contains(".") }
        #expect(!files.isEmpty)
        for file in files { try FileManager.default.removeItem(atPath: folder + "/" + file) }
        let got = try shop.run(Sharing.spec, set: settings, jobs: jobs)
        #expect(got.run.ending == .complete)
        #expect(got.lasting == want.lasting)
        // What was lost is written again.
        #expect(try shop.run(Sharing.spec, set: settings, jobs: jobs).idle)
    }
}
