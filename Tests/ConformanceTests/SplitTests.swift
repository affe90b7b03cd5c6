// Laws of splits: each fold has a role for every row and nothing empty; one stream gives one answer; groups stay whole
// where that is promised; what cannot be split is a problem.

import Stages
import Tensors
import Testing

@Suite struct SplitLaw {
    @Test(arguments: Registered.splits) func foldsAreWhole(_ name: String) throws {
        let (sample, stage) = try Self.stage(name)
        let folds = try stage.folds(of: sample.population(), stream: Sample.stream(1))
        #expect(!folds.isEmpty)
        let labels = folds.map(\.label).filter { !$0.isEmpty }
        #expect(Set(labels).count == labels.count, "two folds have one label")
        for fold in folds {
            #expect(fold.roles.count == Sample.rowCount, "a role for each row")
            #expect(fold.roles.contains(.train) && fold.roles.contains(.test))
            #expect(!fold.roles.contains(.validation), "validation rows were not asked for")
            if stage.keepsGroups { Self.expectWholeGroups(fold) }
        }
    }

    @Test(arguments: Registered.splits) func validationRowsComeOutOfTraining(_ name: String) throws {
        guard try Registered.type(name).parameterDescriptions.contains(where: { $0.name == "validation_size" }) else {
            return
        }
        let (sample, plain) = try Self.stage(name)
        let sized = try Sample(name, settings: ["validation_size": .float(0.25)])
        let stage = try #require(sized.stage as? any SplitStage)
        let before = try plain.folds(of: sample.population(), stream: Sample.stream(1))
        let after = try stage.folds(of: sized.population(), stream: Sample.stream(1))
        #expect(before.count == after.count)
        for (old, new) in zip(before, after) {
            #expect(new.roles.contains(.validation) && new.roles.contains(.train))
            for (role, other) in zip(old.roles, new.roles) where role != other {
                #expect(role == .train && other == .validation, "asking for validation rows moved \(role) to \(other)")
            }
            if stage.keepsGroups { Self.expectWholeGroups(new) }
        }
    }

    /// Training on fewer groups moves nothing else, and what a smaller number trains on a larger one does too.
    @Test(arguments: Registered.splits) func learningCurvesAreNested(_ name: String) throws {
        let size = "train_groups"
        guard try Registered.type(name).parameterDescriptions.contains(where: { $0.name == size }) else { return }
        var larger: [SplitFold]?
        for count in [Canonical.null, .float(0.8), .int(3), .int(2)] {
            let sized = try Sample(name, settings: [size: count, "validation_size": .int(1)])
            let stage = try #require(sized.stage as? any SplitStage)
            #expect(stage.isRandom)
            let folds = try stage.folds(of: sized.population(), stream: Sample.stream(1))
            for (fold, before) in zip(folds, larger ?? folds) {
                #expect(fold.roles.contains(.train))
                for (role, other) in zip(fold.roles, before.roles) where role != other {
                    #expect(role == .excluded && other == .train, "a smaller \(size) moved \(other) to \(role)")
                }
                if stage.keepsGroups { Self.expectWholeGroups(fold) }
            }
            larger = folds
        }
        let many = try Sample(name, settings: [size: .int(1000)])
        let problem = #expect(throws: Problem.self) {
            try (many.stage as? any SplitStage)?.folds(of: many.population(), stream: Sample.stream(1))
        }
        #expect(problem?.path == [size])
    }

    @Test(arguments: Registered.splits) func randomAsDeclared(_ name: String) throws {
        let (sample, stage) = try Self.stage(name)
        var answers = Set<[SplitFold]>()
        for seed in 1...8 {
            let folds = try stage.folds(of: sample.population(), stream: Sample.stream(seed))
            #expect(try stage.folds(of: sample.population(), stream: Sample.stream(seed)) == folds)
            answers.insert(folds)
        }
        #expect((answers.count > 1) == stage.isRandom, "isRandom says whether other seeds give other folds")
        #expect(stage.isRandom == false || sample.declaration.draws, "it draws: declare draws: true")
    }

    @Test(arguments: Registered.splits) func impossiblePopulationsAreProblems(_ name: String) throws {
        let (sample, stage) = try Self.stage(name)
        var impossible: [(String, Population)] = [
            ("no rows", sample.population(count: 0)), ("one row", sample.population(count: 1)),
        ]
        let full = sample.population()
        if stage.keepsGroups, stage.stratify == .no {
            impossible.append(("no group column", Population(count: full.count, strata: full.strata)))
            let one = [Scalar](repeating: .int(1), count: full.count)
            impossible.append(("one group", Population(count: full.count, groups: one, strata: full.strata)))
            var missing = full.groups ?? []
            missing[3] = .missing
            impossible.append(
                ("a row without group", Population(count: full.count, groups: missing, strata: full.strata)))
        }
        if var strata = full.strata {
            strata[3] = .missing
            impossible.append(
                ("a row without stratum", Population(count: full.count, groups: full.groups, strata: strata)))
        }
        for (what, population) in impossible {
            do {
                _ = try stage.folds(of: population, stream: Sample.stream(1))
                Issue.record("it splits \(what)")
            } catch {
                #expect(!error.message.isEmpty)
            }
        }
    }

    /// Whatever the population, a fold that comes out has both sides.
    @Test(arguments: Registered.splits) func smallPopulationsSplitOrAreProblems(_ name: String) throws {
        let (sample, stage) = try Self.stage(name)
        for count in 2...12 {
            guard let folds = try? stage.folds(of: sample.population(count: count), stream: Sample.stream(count)) else {
                continue
            }
            for fold in folds {
                #expect(fold.roles.count == count && fold.roles.contains(.train) && fold.roles.contains(.test))
            }
        }
    }

    private static func stage(_ name: String) throws -> (Sample, any SplitStage) {
        let sample = try Sample(name)
        return (sample, try #require(sample.stage as? any SplitStage))
    }

    private static func expectWholeGroups(_ fold: SplitFold) {
        var roles = [Scalar: Set<Role>]()
        for (group, role) in zip(Sample.columns["group"] ?? [], fold.roles) { roles[group, default: []].insert(role) }
        for (group, sides) in roles { #expect(sides.count == 1, "the group \(group) is on \(sides.count) sides") }
    }
}
