// Law: empty, tiny, huge, long and broken inputs give a value or an error, never a trap; and no NaN comes silently out
// of finite numbers. A trap ends its process, so each type is tried in a child, which notes what it is about to try.

import Glibc
import Media
import Stages
import Tensors
import TestSupport
import Testing

@Suite struct ExtremeLaw {
    @Test(arguments: Registered.names) func valueOrErrorNeverATrap(_ name: String) async throws {
        await Gate.shared.enter()
        do { try await Self.tryAll(name) } catch {
            await Gate.shared.leave()
            throw error
        }
        await Gate.shared.leave()
    }

    private static func tryAll(_ name: String) async throws {
        let scratch = Scratch()
        var tried = 0
        // A child that ends early is followed by one that goes on behind the extreme that ended it.
        for attempt in 0..<10 {
            let log = scratch["log_\(attempt)"]
            await #expect(processExitsWith: .success) {
                [name = name as String, log = log as String, tried = tried as Int] in
                try ExtremeRun(name, log: log, behind: tried).run()
            }
            let text = try String(decoding: MediaReader.read(log), as: UTF8.self)
            let lines = text.split(separator: "\n").map(String.init)
            for line in lines {
                if line.hasPrefix("fault: ") { Issue.record("\(line.dropFirst(7))") }
            }
            let isWhole = lines.last == "end"
            if !isWhole { Issue.record("its process ended: \(lines.suffix(2).joined(separator: ": "))") }
            tried = lines.count { $0.hasPrefix("at ") }
            if isWhole || tried == 0 { break }
        }
    }
}

/// Lets a few children run at once: one for each type of the catalogue would take the time from each other that each has.
private actor Gate {
    static let shared = Gate()
    private var free = 4
    private var waiting: [CheckedContinuation<Void, Never>] = []

    func enter() async {
        if free > 0 {
            free -= 1
            return
        }
        await withCheckedContinuation { waiting.append($0) }
    }

    func leave() {
        if waiting.isEmpty { free += 1 } else { waiting.removeFirst().resume() }
    }
}

/// Tries a type on one extreme after the other, in a process of its own.
final class ExtremeRun {
    let name: String
    let sample: Sample
    /// How many extremes are still to be passed over, as they were tried before.
    private var passed: Int

    /// The descriptor of the log, where a handler of signals finds it.
    private static let log: Int32 = 200

    init(_ name: String, log path: String, behind passed: Int) throws {
        (self.name, self.passed) = (name, passed)
        dup2(open(path, O_WRONLY | O_CREAT | O_APPEND, 0o600), Self.log)
        sample = try Sample(name)
        // A demand for more memory than a machine has is a trap too; here it comes early.
        var limit = rlimit(rlim_cur: 6 << 30, rlim_max: 6 << 30)
        setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit)
        for number in [SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGFPE, SIGABRT] {
            signal(number) { _ in ExtremeRun.end("by a trap\n") }
        }
        signal(SIGALRM) { _ in ExtremeRun.end("after 60 s\n") }
    }

    private static func end(_ how: StaticString) {
        _ = Glibc.write(log, how.utf8Start, how.utf8CodeUnitCount)
        _exit(0)
    }

    func run() throws {
        if sample.stage is any SourceStage {
            try tryFiles()
        } else if sample.stage.kind == .gather, let stage = sample.stage as? any GatherStage {
            try tryGathers(stage)
        } else if let stage = sample.stage as? any RowsStage {
            tryTables(stage)
        } else if let stage = sample.stage as? any FittedStage {
            try tryFits(stage)
            try tryApplies(stage)
        } else if sample.stage is any MapStage || sample.stage is any CompositeStage {
            try tryInputs()
        }
        tryParameters()
        write("end")
    }

    private func write(_ line: String) {
        let bytes = Array((line + "\n").utf8)
        _ = Glibc.write(Self.log, bytes, bytes.count)
    }

    /// Tries one thing. What it gives is values, of which none may be NaN if all that went in was finite.
    private func attempt(_ what: String, isFinite: Bool, _ body: () throws -> [Value]) {
        write("at " + what)
        if passed > 0 {
            passed -= 1
            return
        }
        alarm(60)
        do {
            let values = try body()
            if isFinite, values.contains(where: \.hasNaN) { write("fault: NaN without a word for \(what)") }
        } catch {
            let isKnown = error is Failure || error is Problem
            if !isKnown { write("fault: for \(what) it throws \(error), which is neither Failure nor Problem") }
        }
        alarm(0)
    }

    /// Maps: each port in turn, and all at once.
    private func tryInputs() throws {
        let plain = try sample.values(row: 0)
        attempt("no inputs", isFinite: false) { [try sample.map([])] }
        for (position, port) in sample.declaration.inputs.enumerated() {
            for extreme in try ExtremeInput.all(for: port, of: sample) {
                let subject = extreme.isLong ? try Sample(name, isLong: true) : sample
                attempt("\(extreme.name) in \(port.name)", isFinite: extreme.isFinite) {
                    var values = plain
                    values[position] = extreme.value
                    return [try subject.map(values)]
                }
                guard plain.count > 1 else { continue }
                attempt("\(extreme.name) in all inputs", isFinite: extreme.isFinite) {
                    [try subject.map(plain.map { _ in extreme.value })]
                }
            }
        }
    }

    /// Fits: all rows extreme, one row extreme, and odd numbers of rows.
    private func tryFits(_ stage: any FittedStage) throws {
        let plain = try sample.training()
        guard let port = sample.declaration.inputs.first else { return }
        for extreme in try ExtremeInput.all(for: port, of: sample, longCount: 250_000) {
            let subject = extreme.isLong ? try Sample(name, isLong: true) : sample
            guard let stage = subject.stage as? any FittedStage else { continue }
            // Four rows of a quarter each.
            let count = extreme.isLong ? 4 : plain.count
            attempt("a fit on rows that are all \(extreme.name)", isFinite: extreme.isFinite) {
                let rows = plain.prefix(count).map { [extreme.value] + $0.dropFirst() }
                let state = try subject.fit(stage, rows, targets: Array(sample.targets.prefix(count))).state
                return [.bundle(state)] + (try stage.apply(state, to: rows))
            }
            attempt("a fit on rows of which one is \(extreme.name)", isFinite: extreme.isFinite) {
                var rows = plain
                rows[2][0] = extreme.value
                let state = try subject.fit(stage, rows, targets: sample.targets).state
                return [.bundle(state)] + (try stage.apply(state, to: plain))
            }
        }
        attempt("a fit on rows without values", isFinite: false) {
            [.bundle(try sample.fit(stage, plain.map { _ in [] }, targets: sample.targets).state)]
        }
    }

    private func tryApplies(_ stage: any FittedStage) throws {
        let plain = try sample.training()
        let state = try sample.fit(stage).state
        guard let port = sample.declaration.inputs.first else { return }
        for extreme in try ExtremeInput.all(for: port, of: sample) {
            attempt("an apply to \(extreme.name)", isFinite: extreme.isFinite) {
                try stage.apply(state, to: [plain[0], [extreme.value] + plain[1].dropFirst()])
            }
        }
        attempt("an apply to a row without values", isFinite: false) { try stage.apply(state, to: [[]]) }
        attempt("an apply of an empty state", isFinite: false) { try stage.apply(Bundle(), to: plain) }
        for name in state.tensors.keys.sorted() {
            attempt("an apply of a state without \(name)", isFinite: false) {
                var damaged = state
                damaged.tensors[name] = nil
                return try stage.apply(damaged, to: plain)
            }
        }
    }

    /// Gathers: all rows extreme, one row extreme, and odd columns.
    private func tryGathers(_ stage: any GatherStage) throws {
        let plain = try sample.training()
        let columns = sample.columns
        guard let port = sample.declaration.inputs.first else { return }
        for extreme in try ExtremeInput.all(for: port, of: sample, longCount: 250_000) {
            let count = extreme.isLong ? 4 : plain.count
            attempt("rows that are all \(extreme.name)", isFinite: extreme.isFinite) {
                let rows = plain.prefix(count).map { [extreme.value] + $0.dropFirst() }
                return try stage.gather(rows, columns: columns.mapValues { Array($0.prefix(count)) })
            }
            attempt("rows of which one is \(extreme.name)", isFinite: extreme.isFinite) {
                var rows = plain
                rows[2][0] = extreme.value
                return try stage.gather(rows, columns: columns)
            }
        }
        attempt("rows without values", isFinite: false) { try stage.gather(plain.map { _ in [] }, columns: columns) }
        for (what, odd) in ExtremeInput.columns(of: plain.count) {
            attempt("columns that are \(what)", isFinite: true) {
                try stage.gather(plain, columns: columns.mapValues { _ in odd })
            }
        }
        attempt("no columns", isFinite: true) { try stage.gather(plain, columns: [:]) }
    }

    /// Row stages: tables that are empty, odd ids, odd columns.
    private func tryTables(_ stage: any RowsStage) {
        let plain = sample.rowTables
        func attempt(_ what: String, _ change: (RowTable) -> RowTable) {
            self.attempt(what, isFinite: false) {
                _ = try stage.rows(of: plain.map(change))
                return []
            }
            self.attempt(what + " in one table", isFinite: false) {
                _ = try stage.rows(of: plain.dropLast() + plain.suffix(1).map(change))
                return []
            }
        }
        self.attempt("no tables", isFinite: false) {
            _ = try stage.rows(of: [])
            return []
        }
        attempt("no rows") { table in
            RowTable(name: table.name, ids: [], columns: table.columns.mapValues { _ in [] })
        }
        attempt("no columns") { table in RowTable(name: table.name, ids: table.ids) }
        attempt("odd ids") { table in
            RowTable(
                name: table.name, ids: table.ids.indices.map { String(repeating: "#/é", count: $0 * $0 + 1) },
                columns: table.columns)
        }
        for (what, odd) in ExtremeInput.columns(of: Sample.rowCount) {
            attempt("columns that are \(what)") { table in
                RowTable(name: table.name, ids: table.ids, columns: table.columns.mapValues { _ in odd })
            }
        }
    }

    /// Sources: each of their files, damaged.
    private func tryFiles() throws {
        for file in try SourcePlaces.files(below: sample.scratch.path) {
            for (damage, bytes) in ExtremeInput.damaged(try MediaReader.read(sample.scratch[file])) {
                let subject = try Sample(name)
                guard let stage = subject.stage as? any SourceStage else { continue }
                attempt("\(file), \(damage)", isFinite: false) {
                    subject.scratch.write(bytes, to: file)
                    _ = try stage.list()
                    return []
                }
            }
        }
    }

    /// Numbers as large as an open range lets them be.
    private func tryParameters() {
        for parameter in sample.type.parameterDescriptions {
            for (value, words) in ExtremeInput.far(within: parameter.kind) {
                attempt("\(parameter.name): \(words)", isFinite: false) {
                    _ = try Sample(name, settings: [parameter.name: value]).outcome()
                    return []
                }
            }
        }
    }
}
