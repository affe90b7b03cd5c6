import Stages
import Tensors
import TestSupport
import Testing

@testable import Engine

/// The canary, with all that could lead a test row astray: augmentations stacked as copies, maps for training only, a gather
/// by group, a stage that is trained on what another predicts, in every kind of split. A row's number stays readable in its
/// first element: copies have 1000 added, what trains 100000.
@Suite struct Canary {
    private static let splits = [
        "{uses: split.holdout, with: {test_size: 0.25, validation_size: 0.2}}",
        "{uses: split.holdout, with: {test_size: 0.25, stratify: true}}",
        "{uses: split.group_holdout, with: {test_size: 0.34}}",
        "{uses: split.k_fold, with: {n_splits: 4}}",
        "{uses: split.k_fold, with: {n_splits: 4, stratify: true}}",
        "{uses: split.group_k_fold, with: {n_splits: 3}}",
        "{uses: split.group_k_fold, with: {n_splits: 3, stratify: true, train_groups: 3}}",
        "{uses: split.leave_one_group_out}",
        "{uses: split.by_column, with: {column: group, train: [0, 1, 2, 3], test: [4, 5]}}",
    ]

    private static func spec(_ split: String, stacked: Bool) -> String {
        """
        martlet: 1
        name: canary
        seed: 3
        stages:
          numbers: {uses: toy.numbers, with: {size: 4}}
          variants:
            in: numbers
            branches:
              copy: {uses: toy.add, with: {value: 1000}}
              raw: {}
          moved: {uses: toy.add, in: variants, with: {value: 0}}
          rows: {uses: samples.stack, in: moved, with: {plain: raw}}
          augmented: {uses: toy.add, in: rows, with: {value: 100000}, only: train}
          diary: {uses: toy.diary, in: augmented}
          mark: {uses: toy.mark, in: diary}
          second: {\(stacked ? "uses: toy.stack, in: mark, with: {value: 2}" : "uses: toy.diary, in: mark")}
          guess: {uses: classify.dummy, in: second}
          scores: {uses: evaluate.classification, in: guess}
        target: label
        \(split.contains("group") ? "group: group" : "")
        split: \(split)
        repeats: \(split.contains("holdout") || split.contains(".k_fold") ? 2 : 1)
        """
    }

    /// The rows that are in training, by the split alone.
    private func training(_ finished: Workshop.Finished, _ trial: Trial) -> Set<Int> {
        Set(
            finished.plan.rows(of: trial, .train).compactMap { row in
                let id = finished.plan.rowSets[trial.rows].ids[row]
                return Int(id.split(separator: "#")[0].dropFirst("row_".count))
            })
    }

    private func seen(_ finished: Workshop.Finished, _ node: Int, _ name: String) -> [Int] {
        (finished.states[node]?.tensors[name]?.doubles() ?? []).map { Int($0) }
    }

    @Test(arguments: splits, [false, true]) func noTestRowEver(split: String, stacked: Bool) throws {
        let finished = try Workshop().run(Self.spec(split, stacked: stacked), keepsStates: true)
        #expect(finished.run.ending == .complete, "\(finished.run.failures)")
        #expect(!finished.plan.trials.isEmpty)
        for trial in finished.plan.trials {
            let training = training(finished, trial)
            let test = finished.plan.rows(of: trial, .test).map { finished.plan.rowSets[trial.rows].ids[$0] }
            #expect(!test.isEmpty && test.allSatisfy { $0.hasSuffix("#raw") })
            for fit in trial.fits where fit.name != "guess" {
                if stacked, fit.name == "second" {
                    // Rows that an inner fold holds out are test rows there: plain, and not fitted on.
                    #expect(seen(finished, fit.node, "rows") == training.sorted())
                    #expect(seen(finished, fit.node, "marks").allSatisfy { $0 == 0 })
                } else {
                    // Both copies of each training row and no other, as they are for training.
                    let expected = training.flatMap { [100_000 + $0, 101_000 + $0] }
                    #expect(seen(finished, fit.node, "seen").sorted() == expected.sorted(), "\(fit.name)")
                }
            }
        }
        // No inner fold's fit saw what any fold that it serves tests, either: what it saw trains in its outer fold.
        for (index, node) in finished.plan.nodes.enumerated() where node.kindWord == "fit" {
            guard let fold = node.fold, ["diary", "mark"].contains(node.name) else { continue }
            let path = finished.plan.folds[fold].path
            let outer = try #require(
                finished.plan.trials.first { trial in
                    let other = finished.plan.folds[trial.fold].path
                    return other.repetition == path.repetition && other.folds[0] == path.folds[0]
                })
            let training = training(finished, outer)
            #expect(seen(finished, index, "seen").allSatisfy { training.contains($0 % 1000) })
        }
    }

    /// What is tested is the plain row, as it is without training.
    @Test func testRowsAreNeitherCopiesNorAugmented() throws {
        let finished = try Workshop().run(Self.spec(Self.splits[5], stacked: false))
        let ids = finished.text("predictions.csv").split(separator: "\n").dropFirst().map {
            $0.split(separator: ",")[3]
        }
        #expect(ids.count == 24)
        #expect(ids.allSatisfy { $0.hasSuffix("#raw") })
    }

    @Test(arguments: [1, 3, 8]) func theSameBytesForAnyNumberOfWorkers(jobs: Int) throws {
        let text = Self.spec(Self.splits[5], stacked: true)
        #expect(try Workshop().run(text, jobs: jobs).lasting == Workshop().run(text).lasting)
    }

    @Test func aSecondRunIsIdle() throws {
        let shop = Workshop()
        let text = Self.spec(Self.splits[5], stacked: true)
        let first = try shop.run(text)
        let second = try shop.run(text)
        #expect(second.idle)
        #expect(second.lasting == first.lasting)
    }
}
