// A place to run experiments in: a temporary directory with a cache and results of its own, and a catalogue of toy stages
// beside the real ones.

internal import Cache
internal import DataStages
public import Engine
internal import Foundation
internal import LearningStages
public import Spec
public import Stages
public import Tensors

/// A temporary directory to run experiments in; removed at the end.
public final class Workshop: Sendable {
    public let directory: String
    public let catalogue: Catalogue

    public init(adding more: Catalogue = Catalogue([])) {
        directory = NSTemporaryDirectory() + "martlet-test-" + UUID().uuidString
        try? FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        catalogue = toyStages + toyFitted + learningStages + dataStages + more
    }

    deinit { try? FileManager.default.removeItem(atPath: directory) }

    public var cache: String { directory + "/cache" }

    /// One run of a spec.
    public struct Finished: Sendable {
        public let run: Run
        public let plan: Plan
        public let experiment: Experiment
        /// The directory of its records.
        public let records: String
        /// Where it was asked for.
        public let lock: RunLock?
        /// Of the fits, by node, where they were asked for.
        public let states: [Int: Tensors.Bundle]
        /// Kept, so that the directory is.
        private let shop: Workshop

        init(
            run: Run, plan: Plan, experiment: Experiment, records: String, lock: RunLock?,
            states: [Int: Tensors.Bundle], shop: Workshop
        ) {
            self.run = run
            self.plan = plan
            self.experiment = experiment
            self.records = records
            self.lock = lock
            self.states = states
            self.shop = shop
        }

        public func text(_ file: String) -> String {
            FileManager.default.contents(atPath: records + "/" + file).map { String(decoding: $0, as: UTF8.self) } ?? ""
        }

        /// How many results each stage computed, by name; folds together.
        public var computed: [String: Int] {
            run.stageRows.reduce(into: [:]) {
                $0[$1.name + ($1.kind == "fit" ? ".fit" : ""), default: 0] += $1.tally.computed
            }
        }

        public var cached: [String: Int] {
            run.stageRows.reduce(into: [:]) {
                $0[$1.name + ($1.kind == "fit" ? ".fit" : ""), default: 0] += $1.tally.cached
            }
        }

        /// Whether nothing was computed, nor made again.
        public var idle: Bool {
            run.stageRows.allSatisfy { $0.kind == "source" || $0.tally.computed == 0 && $0.tally.remade == 0 }
        }

        /// The records that must not depend on time, machine, order or the number of workers.
        public var lasting: [String: String] {
            Dictionary(
                uniqueKeysWithValues: [
                    "points.csv", "trials.csv", "metrics.csv", "predictions.csv", "sources.csv", "lock.json",
                    "failures.csv",
                ]
                .map { ($0, text($0)) })
        }
    }

    /// Runs a spec to its end, or to its first failure.
    public func run(
        _ text: String, set settings: [String: String] = [:], sweep: [String: String] = [:], jobs: Int = 2,
        keepsGoing: Bool = false, cache: String? = nil, runner: any Runner = InThreadRunner(),
        stop: StopFlag = StopFlag(), memory: Int = 1 << 32, limit: Int? = nil, upTo end: String? = nil,
        isLocked: Bool = false, keepsStates: Bool = false, exportedTo export: String? = nil
    ) throws -> Finished {
        let experiment = try SpecReader.read(
            text: text, name: "test.yaml",
            settings: settings.sorted { $0.key < $1.key }.map { Setting(address: $0.key, text: $0.value) },
            sweeps: sweep.sorted { $0.key < $1.key }.map { Setting(address: $0.key, text: $0.value) },
            catalogue: catalogue)
        let path = cache ?? self.cache
        let store = try Store(directory: path)
        defer { try? store.close() }
        let survey = Survey(
            catalogue: catalogue, memory: try StatMemory(path: path + "/stat.sqlite"), jobs: jobs, limit: limit)
        let plan = try PlanBuilder.plan(experiment, surroundings: survey, upTo: end)
        let id = UUID().uuidString
        let run = Run(
            plan: plan, store: store, options: RunOptions(jobs: jobs, keepsGoing: keepsGoing, memory: memory, id: id),
            runner: runner,
            stop: stop)
        try run.execute()
        let records = try RunRecords(results: directory + "/results", experiment: experiment.name, id: id)
        try records.write(run, experiment: experiment, about: [:], log: [])
        if let export { try Export(run, to: export).write() }
        return Finished(
            run: run, plan: plan, experiment: experiment, records: records.directory,
            lock: isLocked ? try run.lock(experiment.name, isFull: true) : nil,
            states: keepsStates ? try states(run, plan) : [:], shop: self)
    }

    /// Plans a spec, and does no more.
    public func plan(_ text: String, observe: @escaping (_ trials: Int) throws -> Void) throws -> Plan {
        let experiment = try SpecReader.read(
            text: text, name: "test.yaml", settings: [], sweeps: [], catalogue: catalogue)
        let store = try Store(directory: cache)
        defer { try? store.close() }
        let survey = Survey(catalogue: catalogue, memory: try StatMemory(path: cache + "/stat.sqlite"), jobs: 1)
        return try PlanBuilder.plan(experiment, surroundings: survey, observe: observe)
    }

    private func states(_ run: Run, _ plan: Plan) throws -> [Int: Tensors.Bundle] {
        var states = [Int: Tensors.Bundle]()
        for (index, node) in plan.nodes.enumerated() where node.kindWord == "fit" {
            states[index] = try? run.fittedState(of: index)
        }
        return states
    }

    /// Writes a file below the directory and gives its path.
    @discardableResult
    public func write(_ bytes: [UInt8], to name: String) -> String {
        let path = directory + "/" + name
        try? FileManager.default.createDirectory(
            atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        _ = FileManager.default.createFile(atPath: path, contents: Data(bytes))
        return path
    }
}
