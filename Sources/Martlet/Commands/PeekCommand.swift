// martlet peek

internal import ArgumentParser
internal import Cache
internal import Engine
internal import Foundation
internal import Stages
internal import Tensors

struct PeekCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "peek",
        abstract: "Look at what a stage made: one value, a fitted state, or which rows there are.",
        discussion: """
            Reads the cache; a value of which only the digest is kept is made again.

            Examples: martlet peek experiments/quickstart.yaml mfcc · martlet peek experiments/quickstart.yaml mfcc \
            01-01-01-01-01-01 --out mfcc.svg · martlet peek experiments/quickstart.yaml classifier --state
            """)

    @OptionGroup var specOptions: SpecOptions
    @Argument(help: "The name of a stage; of a part, as in voice.stft; in a branch, as in curves[noise].")
    var stage: String
    @Argument(help: "The id of a row.") var id: String?
    @OptionGroup var cacheOptions: CacheOptions
    @OptionGroup var jobOptions: JobOptions

    @Option(help: ArgumentHelp("The point of the sweep.", valueName: "number"))
    var point = 0
    @Option(help: ArgumentHelp("The fold of a stage that depends on one: repeat.fold.", valueName: "0.0"))
    var fold: String?
    @Flag(help: "The state of a fitted stage, not a row.")
    var state = false
    @OptionGroup var resultOptions: ResultOptions

    func run() throws {
        try resultOptions.check()
        var options = RunOptions(jobs: jobOptions.jobs, id: "peek")
        options.keepsGoing = true
        let session = try Session(
            try specOptions.read(), cache: cacheOptions, options: options, limit: nil, upTo: nil, say: { _ in })
        defer { try? session.store.close() }
        try session.run.look()
        do {
            let index = try find(session.plan)
            if session.plan.nodes[index].kindWord == "report" {
                for line in try session.run.reportToShow(of: index) { print(line) }
                return
            }
            if state {
                if resultOptions.out != nil {
                    throw UsageError(message: "--out takes a row's value; martlet run --export writes states")
                }
                let state = try session.run.stateToShow(of: index)
                for line in TensorText.describe(state) { print(line) }
                return
            }
            guard let id else {
                let (ids, count) = try session.run.knownRows(of: index)
                print("\(stage): \(ids.count) of \(count) rows have a value")
                for id in ids.prefix(10) { print("  " + id) }
                if ids.count > 10 { print("  … and \(ids.count - 10) more") }
                return
            }
            try resultOptions.give(
                try session.run.value(of: index, id: id), of: stage, titled: "\(stage) of \(id)")
        } catch let nothing as Run.NothingThere {
            throw UsageError(message: nothing.message)
        }
    }

    /// The node that is meant.
    private func find(_ plan: Plan) throws -> Int {
        guard let position = plan.points.firstIndex(where: { $0.index == point }) else {
            throw UsageError(message: "there is no point \(point); the sweep has \(plan.points.count), from 0")
        }
        let found = plan.nodes(of: stage, point: position)
        if found.isEmpty {
            let below = plan.names(below: stage)
            if !below.isEmpty {
                throw UsageError(message: "\(stage) is several: \(below.joined(separator: ", "))")
            }
            let names = Set(plan.nodes.map(\.name)).sorted(by: precedes)
            throw UsageError(
                message: "there is no stage \(stage) at point \(point)"
                    + (nearest(to: stage, among: names).map { "; did you mean \($0)?" }
                        ?? "; there are \(names.prefix(30).joined(separator: ", "))"))
        }
        let wanted = found.filter { node in
            if state != (plan.nodes[node].kindWord == "fit") { return false }
            guard let fold, let own = plan.nodes[node].fold.map({ plan.folds[$0].path }) else { return true }
            return "\(own.repetition).\(own.number)" == fold
        }
        guard let first = wanted.first else {
            throw UsageError(
                message: fold.map { "\(stage) has no fold \($0); folds are named repeat.fold, as 0.2" }
                    ?? (state ? "\(stage) is not a fitted stage" : "\(stage) has no rows to look at"))
        }
        return first
    }
}
