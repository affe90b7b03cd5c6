import Stages
import Tensors
import TestSupport
import Testing

@testable import DataStages

private func stream(_ name: String = "test") -> RandomStream { RandomStream(named: Digest(of: .text(name))) }

private func folds(_ split: any SplitStage, _ population: Population, seed: String = "test") throws -> [SplitFold] {
    try split.folds(of: population, stream: stream(seed))
}

/// The fold that tests each row, if it is exactly one.
private func testing(_ folds: [SplitFold]) -> [Int?] {
    (folds.first?.roles.indices ?? 0..<0).map { row in
        let tested = folds.indices.filter { folds[$0].roles[row] == .test }
        return tested.count == 1 ? tested[0] : nil
    }
}

private func rows(_ fold: SplitFold, _ role: Role) -> [Int] { fold.roles.indices.filter { fold.roles[$0] == role } }

@Suite struct HoldoutTests {
    /// 24 actors with 60 clips each.
    let actors = (0..<1440).map { Scalar.int($0 / 60 + 1) }

    @Test func stratifiedByActorFortyOfSixtyGoToTrain() throws {
        for size in [Canonical.float(0.3333), .text("1/3"), .int(480)] {
            let split = try SplitHoldout(given: ["test_size": size, "stratify": .text("actor")])
            let fold = try #require(try folds(split, Population(count: 1440, strata: actors)).first)
            for actor in 0..<24 {
                #expect(rows(fold, .test).count { $0 / 60 == actor } == 20)
                #expect(rows(fold, .train).count { $0 / 60 == actor } == 40)
            }
        }
    }

    @Test func anotherStreamGivesAnotherFoldAndTheSameTheSame() throws {
        let split = try SplitHoldout(given: [:])
        let population = Population(count: 100)
        #expect(try folds(split, population) == folds(split, population))
        #expect(try folds(split, population) != folds(split, population, seed: "other"))
        #expect(rows(try folds(split, population)[0], .test).count == 25)
    }

    @Test func sharesAreRoundedUpButNotForALastBit() throws {
        func size(_ share: Double, of count: Int) throws -> Int {
            try Portion.share(share).count(of: count, "rows", at: "x")
        }
        #expect(try size(0.07, of: 100) == 7)
        #expect(try size(0.25, of: 10) == 3)
        #expect(try size(0.1, of: 30) == 3)
    }

    @Test func whatIsNeitherTrainedNorTestedIsExcluded() throws {
        let split = try SplitHoldout(given: ["test_size": .int(3), "train_size": .int(5)])
        let fold = try folds(split, Population(count: 10))[0]
        #expect(rows(fold, .test).count == 3 && rows(fold, .train).count == 5 && rows(fold, .excluded).count == 2)
    }

    @Test func validationRowsAreTakenFromTrainingAndMoveNoTestRow() throws {
        let strata = (0..<90).map { Scalar.int($0 % 3) }
        let with: [String: Canonical] = ["test_size": .int(30), "stratify": .bool(true)]
        let plain = try folds(SplitHoldout(given: with), Population(count: 90, strata: strata))[0]
        let split = try SplitHoldout(given: with.merging(["validation_size": .float(0.2)]) { given, _ in given })
        let fold = try folds(split, Population(count: 90, strata: strata))[0]
        #expect(rows(fold, .test) == rows(plain, .test))
        for stratum in 0..<3 { #expect(rows(fold, .validation).count { $0 % 3 == stratum } == 4) }
    }

    @Test func problemsSayWhatIsThere() throws {
        let strata: [Scalar] = [.string("a"), .string("a"), .string("b")]
        #expect {
            try folds(
                SplitHoldout(given: ["stratify": .bool(true), "test_size": .int(2)]),
                Population(count: 3, strata: strata))
        } throws: {
            ($0 as? Problem)?.message == "the class b has 1 row, fewer than the two that a stratified split needs"
        }
        #expect(
            throws: Problem(
                "test_size takes 9 of 9 rows; at least one must be taken and one be left", at: ["test_size"])
        ) { try folds(SplitHoldout(given: ["test_size": .int(9)]), Population(count: 9)) }
        #expect { try SplitHoldout(given: ["test_size": .float(1.5)]) } throws: {
            ($0 as? Problem)?.path == ["test_size"]
        }
        #expect(throws: Problem("train_size takes 6 and test_size 5 of 10 rows", at: ["train_size"])) {
            try folds(SplitHoldout(given: ["test_size": .int(5), "train_size": .int(6)]), Population(count: 10))
        }
        #expect {
            try folds(
                SplitHoldout(given: ["stratify": .bool(true)]), Population(count: 2, strata: [.missing, .int(1)]))
        } throws: { ($0 as? Problem)?.message == "1 of 2 rows have no value in the column to stratify by" }
    }

    @Test func sharesOfClassesAddUp() {
        #expect(proportional([60, 60, 60], draws: 60) == [20, 20, 20])
        #expect(proportional([5, 3, 2], draws: 4) == [2, 1, 1])
        #expect(proportional([1, 1, 1], draws: 2) == [1, 1, 0])
        #expect(proportional([7, 0, 3], draws: 10) == [7, 0, 3])
    }
}

@Suite struct KFoldTests {
    @Test func unshuffledFoldsAreRunsAsInScikitLearn() throws {
        let split = try SplitKFold(given: ["n_splits": .int(3), "shuffle": .bool(false)])
        #expect(testing(try folds(split, Population(count: 10))) == [0, 0, 0, 0, 1, 1, 1, 2, 2, 2])
        #expect(!split.isRandom)
    }

    @Test func unshuffledStratifiedFoldsAreThoseOfScikitLearn() throws {
        // StratifiedKFold(3) on these classes gave this.
        let strata = [1, 0, 0, 1, 2, 2, 0, 1, 0, 2, 2, 1, 0, 0].map { Scalar.int($0) }
        let split = try SplitKFold(given: ["n_splits": .int(3), "shuffle": .bool(false), "stratify": .bool(true)])
        #expect(
            testing(try folds(split, Population(count: 14, strata: strata))) == [
                0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 2, 2, 2, 2,
            ])
    }

    @Test func shuffledFoldsTestEachRowOnceAndSpreadTheClasses() throws {
        let strata = (0..<103).map { Scalar.int($0 * $0 % 4) }
        let split = try SplitKFold(given: ["stratify": .bool(true)])
        let result = try folds(split, Population(count: 103, strata: strata))
        #expect(!testing(result).contains(nil))
        for stratum in Set(strata) {
            let counts = result.map { fold in rows(fold, .test).count { strata[$0] == stratum } }
            #expect((counts.max() ?? 0) - (counts.min() ?? 0) <= 1)
        }
        #expect(result != (try folds(split, Population(count: 103, strata: strata), seed: "other")))
    }

    @Test func problemsSayWhatIsThere() throws {
        #expect(throws: Problem("n_splits is 5, but there are 4 rows", at: ["n_splits"])) {
            try folds(SplitKFold(given: [:]), Population(count: 4))
        }
        let strata = [Scalar](repeating: .string("calm"), count: 9) + [.string("sad"), .string("sad")]
        #expect {
            try folds(SplitKFold(given: ["stratify": .bool(true)]), Population(count: 11, strata: strata))
        } throws: { error in
            (error as? Problem)?.message == "the class sad has 2 rows, fewer than n_splits, which is 5"
                && (error as? Problem)?.path == ["n_splits"]
        }
    }
}

@Suite struct GroupSplitTests {
    let groups = [3, 1, 1, 2, 3, 3, 3, 2, 1, 4].map { Scalar.int($0) }

    @Test func theLargestGroupGoesToTheLightestFold() throws {
        // GroupKFold(3) on these groups gave this.
        let split = try SplitGroupKFold(given: ["n_splits": .int(3)])
        #expect(testing(try folds(split, Population(count: 10, groups: groups))) == [0, 1, 1, 2, 0, 0, 0, 2, 1, 2])
    }

    @Test func oneFoldAGroupInTheirOrderWithTheirNames() throws {
        let split = try SplitLeaveOneGroupOut(given: [:])
        let result = try folds(split, Population(count: 10, groups: groups))
        #expect(result.map(\.label) == ["1", "2", "3", "4"])
        #expect(rows(result[2], .test) == [0, 4, 5, 6])
        #expect(!testing(result).contains(nil))
    }

    @Test func oneNumberIsOneGroupHoweverItIsWritten() throws {
        let groups: [Scalar] = [.int(1), .int(2), .float(1), .float(2)]
        let result = try folds(SplitLeaveOneGroupOut(given: [:]), Population(count: 4, groups: groups))
        #expect(result.map { rows($0, .test) } == [[0, 2], [1, 3]])
    }

    @Test func aShareOfGroupsIsHeldOut() throws {
        let split = try SplitGroupHoldout(given: ["test_size": .float(0.5)])
        let fold = try folds(split, Population(count: 10, groups: groups))[0]
        let tested = Set(rows(fold, .test).map { groups[$0] })
        #expect(tested.count == 2)
        #expect(tested.isDisjoint(with: rows(fold, .train).map { groups[$0] }))
    }

    @Test(arguments: [false, true], [Canonical.bool(false), .bool(true)])
    func noGroupIsOnBothSides(shuffle: Bool, stratify: Canonical) throws {
        let groups = (0..<120).map { Scalar.string("g\($0 * $0 % 13)") }
        let strata = (0..<120).map { Scalar.int($0 % 3) }
        let split = try SplitGroupKFold(given: [
            "n_splits": .int(3), "shuffle": .bool(shuffle), "stratify": stratify, "validation_size": .int(1),
        ])
        let result = try folds(split, Population(count: 120, groups: groups, strata: strata))
        #expect(!testing(result).contains(nil))
        for fold in result {
            let sides = Role.allCases.map { role in Set(rows(fold, role).map { groups[$0] }) }
            #expect(sides.map(\.count).reduce(0, +) == Set(groups).count)
            #expect(rows(fold, .validation).isEmpty == false)
        }
    }

    @Test func problemsSayWhatIsThere() throws {
        let logo = try SplitLeaveOneGroupOut(given: [:])
        #expect { try folds(logo, Population(count: 3)) } throws: {
            ($0 as? Problem)?.message
                == "split.leave_one_group_out keeps groups whole, but the spec names no group column"
        }
        #expect { try folds(logo, Population(count: 3, groups: [.int(1), .missing, .float(.nan)])) } throws: {
            ($0 as? Problem)?.message == "2 of 3 rows have no value in the group column"
        }
        #expect { try folds(logo, Population(count: 2, groups: [.int(1), .int(1)])) } throws: {
            ($0 as? Problem)?.message == "all rows are of one group, 1; there is nothing to hold out"
        }
        #expect { try folds(SplitGroupKFold(given: [:]), Population(count: 10, groups: groups)) } throws: {
            ($0 as? Problem)?.message == "n_splits is 5, but there are 4 groups"
                && ($0 as? Problem)?.path == ["n_splits"]
        }
    }
}

/// Sizes are wrong in the same way for all splits.
@Suite struct PortionTests {
    @Test(arguments: [Canonical.int(0), .int(-1), .float(0), .float(1), .float(-0.5), .float(1.5), .text("3/2")])
    func sizesThatAreNeitherACountNorAShare(size: Canonical) throws {
        for name in ["test_size", "validation_size"] {
            let problem = #expect(throws: Problem.self) { try SplitGroupHoldout(given: [name: size]) }
            #expect(problem?.path == [name])
            #expect(
                problem?.message.hasPrefix("expected an int of at least 1, or a number above 0 and below 1") == true)
        }
    }

    @Test func moreValidationThanThereIsTraining() throws {
        let rows = try SplitKFold(given: ["n_splits": .int(2), "validation_size": .int(5)])
        #expect(
            throws: Problem(
                "validation_size takes 5 of 5 training rows; at least one must be taken and one be left",
                at: ["validation_size"])
        ) { try folds(rows, Population(count: 10)) }
        let groups = try SplitLeaveOneGroupOut(given: ["validation_size": .int(3)])
        #expect(
            throws: Problem(
                "validation_size takes 3 of 2 training groups; at least one must be taken and one be left",
                at: ["validation_size"])
        ) { try folds(groups, Population(count: 6, groups: (0..<6).map { .int($0 % 3) })) }
    }
}

@Suite struct LearningCurveTests {
    /// 12 groups of 5 rows.
    let groups = (0..<60).map { Scalar.int($0 / 5) }

    private func trained<Split: SplitStage>(_ type: Split.Type, _ given: [String: Canonical]) throws -> [Set<Int>] {
        let population = Population(count: 60, groups: groups)
        return try folds(Split(given: given), population).map { Set(rows($0, .train)) }
    }

    @Test(
        arguments: [SplitGroupKFold.self, SplitGroupHoldout.self, SplitLeaveOneGroupOut.self] as [any SplitStage.Type])
    func moreGroupsHoldAllOfFewer(type: any SplitStage.Type) throws {
        let sizes: [Canonical] = [.int(1), .int(2), .int(5), .float(0.8), .null]
        let curves = try sizes.map { try trained(type, ["train_groups": $0]) }
        for (fewer, more) in zip(curves, curves.dropFirst()) {
            for (small, large) in zip(fewer, more) { #expect(small.isStrictSubset(of: large)) }
        }
        #expect(curves[1].allSatisfy { $0.count == 10 }, "two groups of five rows")
        // The order is the fold's own.
        if curves[0].count > 1 { #expect(Set(curves[0]).count > 1) }
    }

    @Test func allTrainingGroupsCanBeNamed() throws {
        let all = try trained(SplitGroupHoldout.self, ["test_size": .int(4)])
        #expect(try trained(SplitGroupHoldout.self, ["test_size": .int(4), "train_groups": .float(1)]) == all)
        #expect(try trained(SplitGroupHoldout.self, ["test_size": .int(4), "train_groups": .int(8)]) == all)
        let problem = #expect(throws: Problem.self) {
            try trained(SplitGroupHoldout.self, ["test_size": .int(4), "train_groups": .int(9)])
        }
        #expect(problem?.message == "train_groups takes 9 of 8 training groups")
        #expect(problem?.path == ["train_groups"])
        #expect(problem?.advice == "set train_groups to at least 1 and at most 8, or to null for all")
    }

    @Test func validationIsTakenFirst() throws {
        func validated(_ size: Canonical) throws -> [[Int]] {
            let split = try SplitGroupKFold(given: ["validation_size": .int(2), "train_groups": size])
            return try folds(split, Population(count: 60, groups: groups)).map { rows($0, .validation) }
        }
        #expect(try validated(.int(1)) == validated(.null))
        #expect(try validated(.int(3)) == validated(.null))
    }

    @Test func aWrittenSplitNeedsGroupsForIt() throws {
        let given: [String: Canonical] = ["column": .text("part"), "holds": .text("fold"), "train_groups": .int(1)]
        let split = try SplitByColumn(given: given)
        #expect(split.needsGroups)
        let parts = (0..<60).map { Scalar.int($0 / 20) }
        let result = try folds(split, Population(count: 60, groups: groups, strata: parts))
        #expect(result.allSatisfy { rows($0, .train).count == 5 })
        #expect { try folds(split, Population(count: 60, strata: parts)) } throws: {
            ($0 as? Problem)?.message == "train_groups counts groups, and there are none to tell apart"
        }
    }
}

@Suite struct ByColumnTests {
    private func split(_ holds: String) throws -> SplitByColumn {
        try SplitByColumn(given: ["column": .text("part"), "holds": .text(holds)])
    }

    private func population(_ words: [String], groups: [Int]? = nil) -> Population {
        Population(count: words.count, groups: groups?.map { .int($0) }, strata: words.map { .string($0) })
    }

    @Test func aColumnOfRolesIsOneFold() throws {
        let result = try folds(split("role"), population(["train", "test", "validation", "train"]))
        #expect(result.map(\.roles) == [[.train, .test, .validation, .train]])
    }

    @Test func aColumnOfFoldsTestsEachInTurn() throws {
        let result = try folds(split("fold"), population(["b", "a", "b", "c"]))
        #expect(result.map(\.label) == ["a", "b", "c"])
        #expect(testing(result) == [1, 0, 1, 2])
    }

    @Test func theColumnMayHaveOtherWords() throws {
        let split = try SplitByColumn(given: [
            "column": .text("part"), "train": .array([.int(1), .int(2)]), "validation": .text("dev"), "test": .int(3),
        ])
        let parts: [Scalar] = [.int(1), .string("dev"), .float(3), .int(2)]
        #expect(
            try folds(split, Population(count: 4, strata: parts)).map(\.roles) == [
                [.train, .validation, .test, .train]
            ])
    }

    @Test func sidesThatContradictEachOther() throws {
        func problem(_ given: [String: Canonical]) -> Problem? {
            do throws(Problem) {
                _ = try SplitByColumn(given: given.merging(["column": .text("part")]) { $1 })
                return nil
            } catch { return error }
        }
        #expect(problem(["test": .text("train")]) == Problem("train stands under train too", at: ["test"]))
        #expect(
            problem(["validation": .array([])])
                == Problem("expected at least one value, got an empty list", at: ["validation"]))
        #expect(
            problem(["holds": .text("fold"), "test": .text("eval")])
                == Problem("holds: fold names folds, and test names a side of a single one", at: ["test"]))
    }

    @Test func problemsSayWhatIsThere() throws {
        func problem(_ parts: [Scalar], groups: [Int]? = nil) -> Problem? {
            do {
                let ids = Array(["a", "b", "c"].prefix(parts.count))
                let groups = groups?.map { Scalar.int($0) }
                _ = try folds(split("role"), Population(count: parts.count, ids: ids, groups: groups, strata: parts))
                return nil
            } catch { return error as? Problem }
        }
        let mistyped = problem([.string("train"), .string("tset")])
        #expect(mistyped?.message == "part is tset in b; expected train, validation or test")
        #expect(mistyped?.advice == "correct it, or list it under train, validation or test")
        #expect(mistyped?.path == ["column"])
        #expect(problem([.string("train"), .string("train")])?.message == "part leaves no row for test")
        let torn = problem([.string("train"), .string("test"), .string("train")], groups: [1, 1, 2])
        #expect(torn?.message == "the group 1 is whole, and part has it in train and in test: a, b")
        let lack = problem([.missing, .string("test"), .float(.nan)])
        #expect(lack?.message == "2 of 3 rows have no value in part: a, c")
        #expect(lack?.advice == "fill the column, or leave those rows out with samples.select")
    }
}

private let goldens = GoldenGroup("learning")

/// The folds of scikit-learn on stored classes and groups, where it does not shuffle.
@Suite(.enabled(if: goldens.isThere, "the reference numbers are not beside the package"))
struct SplitGoldenTests {
    private func check(_ split: any SplitStage, _ golden: GoldenCase) throws {
        func column(_ role: String) throws -> [Scalar] {
            try #require(try golden.input(role).doubles()).map { .int(Int($0)) }
        }
        let y = try column("y")
        let got = testing(try folds(split, Population(count: y.count, groups: column("groups"), strata: y)))
        let result = try golden.compare("fold", got.map { $0.map(Double.init) ?? .nan })
        #expect(result.hasPassed, "\(result)")
    }

    @Test(arguments: goldens.cases("learning.stratified_k_fold"))
    func stratifiedKFold(golden: GoldenCase) throws {
        try check(SplitKFold(given: ["shuffle": .bool(false), "stratify": .bool(true)]), golden)
    }

    @Test(arguments: goldens.cases("learning.group_k_fold"))
    func groupKFold(golden: GoldenCase) throws { try check(SplitGroupKFold(given: [:]), golden) }

    @Test(arguments: goldens.cases("learning.stratified_group_k_fold"))
    func stratifiedGroupKFold(golden: GoldenCase) throws {
        try check(SplitGroupKFold(given: ["stratify": .bool(true)]), golden)
    }
}
