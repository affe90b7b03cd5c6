import Engine
import Stages
import TestSupport
import Testing

/// Reports over all folds of a point, and over all points.
@Suite struct PooledReports {
    private let spec = """
        martlet: 1
        name: pooled
        stages:
          numbers: {uses: toy.numbers}
          moved: {uses: toy.picky, in: numbers, with: {value: -1}}
          scaled: {uses: toy.mean, in: moved}
          guess: {uses: classify.dummy, in: scaled}
          scores: {uses: evaluate.classification, in: guess}
          by_point: {uses: toy.count, in: guess}
          by_run: {uses: toy.count, in: guess, with: {over: run}}
        target: label
        group: group
        split: {uses: split.group_k_fold, with: {n_splits: 3}}
        sweep: {grid: {scaled.value: [1, 2]}}
        """

    private func rows(_ finished: Workshop.Finished, _ stage: String) -> [String] {
        finished.text("metrics.csv").split(separator: "\n").filter { $0.contains(",\(stage),") }.map(String.init)
    }

    @Test func seeAllFoldsOfAPointOrOfTheRun() throws {
        let finished = try Workshop().run(spec)
        #expect(
            rows(finished, "by_point") == [
                "0,,,test,by_point,rows,,,24.0", "0,,,test,by_point,folds,,,3.0", "0,,,test,by_point,points,,,1.0",
                "1,,,test,by_point,rows,,,24.0", "1,,,test,by_point,folds,,,3.0", "1,,,test,by_point,points,,,1.0",
            ])
        #expect(
            rows(finished, "by_run") == [
                ",,,test,by_run,rows,,,48.0", ",,,test,by_run,folds,,,6.0", ",,,test,by_run,points,,,2.0",
            ])
    }

    @Test func aSecondRunIsIdle() throws {
        let shop = Workshop()
        let first = try shop.run(spec)
        let second = try shop.run(spec)
        #expect(second.idle)
        #expect(second.lasting == first.lasting)
    }

    @Test func rowsThatFailedAreMissing() throws {
        let finished = try Workshop().run(spec, set: ["moved.value": "5"], keepsGoing: true)
        #expect(rows(finished, "by_point").first == "0,,,test,by_point,rows,,,23.0")
    }
}
