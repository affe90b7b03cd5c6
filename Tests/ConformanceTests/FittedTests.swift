// Laws of fitted types: the same rows give the same state; how an apply is cut into blocks moves last bits only; rows
// that cannot be learned from, and rows that do not fit the state, are failures.

import Stages
import Tensors
import Testing

@Suite struct FittedLaw {
    @Test(arguments: Registered.fitted) func stateIsTheSameTwice(_ name: String) throws {
        let (sample, stage) = try Self.stage(name)
        let first = try sample.fit(stage)
        let second = try sample.fit(stage)
        #expect(first.state.digest == second.state.digest)
        #expect(first.metrics == second.metrics)
        #expect(first.warnings == second.warnings)
    }

    @Test(arguments: Registered.fitted) func threadsChangeNothing(_ name: String) throws {
        let (sample, stage) = try Self.stage(name)
        let (alone, four) = (try sample.fit(stage, threads: 1), try sample.fit(stage, threads: 4))
        #expect(alone.state.digest == four.state.digest)
        #expect(alone.metrics == four.metrics)
    }

    /// What is kept between runs is what `apply` works with.
    @Test(arguments: Registered.fitted) func stateSurvivesTheCache(_ name: String) throws {
        let (sample, stage) = try Self.stage(name)
        let state = try sample.fit(stage).state
        let kept = try #require(Canonical(encoded: state.canonical.encoded()).flatMap { Bundle($0) })
        #expect(kept.digest == state.digest)
        let rows = try sample.training()
        #expect(try stage.apply(kept, to: rows).map(\.digest) == stage.apply(state, to: rows).map(\.digest))
    }

    @Test(arguments: Registered.fitted) func blocksAgree(_ name: String) throws {
        let (sample, stage) = try Self.stage(name)
        let state = try sample.fit(stage).state
        let rows = try (0..<Sample.rowCount).map { try sample.values(row: 500 + $0) }
        let whole = try stage.apply(state, to: rows)
        #expect(whole.count == rows.count)
        #expect(try stage.apply(state, to: []).isEmpty)
        for size in [1, 7] {
            var pieces = [Value]()
            for start in stride(from: 0, to: rows.count, by: size) {
                pieces += try stage.apply(state, to: Array(rows[start..<min(start + size, rows.count)]))
            }
            Self.expectClose(pieces, whole, "in blocks of \(size)")
        }
        Self.expectClose(try stage.apply(state, to: rows.reversed()).reversed(), whole, "in reverse order")
    }

    /// A type that does not look at its input (`classify.dummy`) must not be moved by it; all others must refuse.
    @Test(arguments: Registered.fitted, [Double.nan, .infinity]) func numbersThatAreNoneAreRefused(
        _ name: String, _ bad: Double
    ) throws {
        let (sample, stage) = try Self.stage(name)
        guard let port = sample.declaration.inputs.first, case .tensor = try sample.value(for: port, row: 0) else {
            return
        }
        let clean = try sample.fit(stage).state.digest
        var rows = try sample.training()
        let form = SampleTensor(sample.form(of: port), type: Sample.plainType(of: port))
        guard form.type.isFloatingPoint else { return }
        rows[5][0] = .tensor(form.filled { $0 == 1 ? bad : 0.25 })
        do {
            let state = try sample.fit(stage, rows, targets: sample.targets).state
            #expect(state.digest == clean, "fitted on \(bad) without a word")
        } catch {
            #expect(error is Failure, "\(error)")
        }
    }

    @Test(arguments: Registered.fitted) func noRowsAreRefused(_ name: String) throws {
        let (sample, stage) = try Self.stage(name)
        #expect(throws: Failure.self) { try sample.fit(stage, [], targets: []) }
    }

    @Test(arguments: Registered.fitted) func oneRowGivesAStateOrAFailure(_ name: String) throws {
        let (sample, stage) = try Self.stage(name)
        let rows = try sample.training(count: 1)
        do {
            let state = try sample.fit(stage, rows, targets: Array(sample.targets.prefix(1))).state
            #expect(!Value.bundle(state).hasNaN, "one row gave a state with NaN")
            for value in try stage.apply(state, to: try sample.training()) { #expect(!value.hasNaN) }
        } catch {
            #expect(error is Failure, "\(error)")
        }
    }

    @Test(arguments: Registered.fitted) func oneClassGivesAStateOrAFailure(_ name: String) throws {
        let (sample, stage) = try Self.stage(name)
        let rows = try sample.training()
        do {
            let state = try sample.fit(stage, rows, targets: rows.map { _ in .string("only") }).state
            for value in try stage.apply(state, to: rows) { #expect(!value.hasNaN) }
        } catch {
            #expect(error is Failure, "\(error)")
        }
    }

    @Test(arguments: Registered.fitted) func targetsAreChecked(_ name: String) throws {
        let (sample, stage) = try Self.stage(name)
        guard sample.declaration.readsTarget else { return }
        let rows = try sample.training()
        var targets = sample.targets
        targets[3] = .missing
        #expect(throws: Failure.self, "a missing target") { try sample.fit(stage, rows, targets: targets) }
        #expect(throws: Failure.self, "too few targets") {
            try sample.fit(stage, rows, targets: Array(sample.targets.dropLast()))
        }
    }

    @Test(arguments: Registered.fitted) func rowsOfAnotherWidthAreRefused(_ name: String) throws {
        let (sample, stage) = try Self.stage(name)
        let state = try sample.fit(stage).state
        guard let port = sample.declaration.inputs.first, case .tensor = try sample.value(for: port, row: 0) else {
            return
        }
        var form = SampleTensor(sample.form(of: port), type: Sample.plainType(of: port))
        let fitting = try stage.apply(state, to: [try sample.values(row: 0)])
        for size in [form.sizes[0] - 1, form.sizes[0] + 1] {
            form.sizes[0] = size
            var row = try sample.values(row: 0)
            row[0] = .tensor(form.tensor(row: 0))
            do {
                let made = try stage.apply(state, to: [row])
                // Only a type that does not look at its input has an answer.
                #expect(made.map { Signature(of: $0) } == fitting.map { Signature(of: $0) })
            } catch {
                #expect(error is Failure, "\(error)")
            }
        }
    }

    private static func stage(_ name: String) throws -> (Sample, any FittedStage) {
        let sample = try Sample(name)
        return (sample, try #require(sample.stage as? any FittedStage))
    }

    private static func expectClose(_ made: [Value], _ expected: [Value], _ occasion: String) {
        #expect(made.count == expected.count)
        for (one, other) in zip(made, expected) {
            #expect(Signature(of: one) == Signature(of: other), "\(occasion)")
            guard case .tensor(let a) = one, case .tensor(let b) = other else { continue }
            #expect(a.attributes == b.attributes, "\(occasion)")
            for (x, y) in zip(a.doubles() ?? [], b.doubles() ?? []) {
                #expect(x == y || abs(x - y) <= 1e-9 * max(1, abs(y)), "\(occasion)")
            }
        }
    }
}

extension Value {
    /// Whether a NaN is in it.
    var hasNaN: Bool {
        switch self {
        case .tensor(let tensor): tensor.hasNaN
        case .bundle(let bundle): bundle.tensors.values.contains(where: \.hasNaN)
        case .media, .nothing: false
        }
    }
}
