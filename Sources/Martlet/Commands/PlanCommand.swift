// martlet plan, martlet check

internal import ArgumentParser
internal import Cache
internal import Engine
internal import Foundation
internal import Spec
internal import Stages
internal import Tensors

struct PlanCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Say what a run would compute, and what is known already.",
        discussion: """
            Lists the sources and looks records up; computes and writes nothing but the digests of media.

            Example: martlet plan experiments/quickstart.yaml --sweep mfcc.n_mfcc=[13,20]
            """)

    @OptionGroup var specOptions: SpecOptions
    @OptionGroup var cacheOptions: CacheOptions
    @OptionGroup var jobOptions: JobOptions

    @Flag(help: "A line for each node, variants and folds apart; otherwise the nodes of one stage are one line.")
    var all = false

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
        let experiment = try specOptions.read()
        let store = try cacheOptions.open()
        defer { try? store.close() }
        let survey = Survey(
            catalogue: installed.withLock { $0 }, memory: try cacheOptions.openStatMemory(), jobs: jobOptions.jobs)
        let plan = try PlanBuilder.plan(experiment, surroundings: survey)
        let run = Run(plan: plan, store: store, options: RunOptions(jobs: jobOptions.jobs, id: "plan"))
        let rows = all ? try run.preview().map { Line($0, nodes: 1) } : Self.merged(try run.preview())
        if json {
            print(Canonical.array(rows.map(\.canonical)).json())
            return
        }
        print(
            "\(experiment.name): \(plan.points.count) points, \(plan.trials.count) trials, \(plan.nodes.count) nodes\n")
        var table = TextTable(["stage", "type", "kind", "nodes", "cached", "to run", "depends", "on"])
        for row in rows {
            func number(_ value: Int) -> String { value == 0 ? "-" : String(value) }
            table.add([
                row.name, row.type, row.kind, String(row.nodes), number(row.cached), number(row.toRun),
                number(row.dependent),
                row.dependsOn ?? "",
            ])
        }
        print(table.text, terminator: "")
    }

    struct Line {
        let name: String
        let type: String
        let kind: String
        var nodes: Int
        var cached: Int
        var toRun: Int
        var dependent: Int
        var dependsOn: String?

        init(_ row: PreviewRow, nodes: Int) {
            (name, type, kind, self.nodes) = (row.name, row.type, row.kind, nodes)
            (cached, toRun, dependent, dependsOn) = (row.cached, row.toRun, row.dependent, row.dependsOn)
        }

        var canonical: Canonical {
            .map([
                "stage": .text(name), "type": .text(type), "kind": .text(kind), "nodes": .int(nodes),
                "cached": .int(cached),
                "to_run": .int(toRun), "depends": .int(dependent), "depends_on": dependsOn.map { .text($0) } ?? .null,
            ])
        }
    }

    private static func merged(_ rows: [PreviewRow]) -> [Line] {
        var lines = [Line]()
        var position = [String: Int]()
        for row in rows {
            let name = row.name + "\n" + row.kind
            if let known = position[name] {
                lines[known].nodes += 1
                lines[known].cached += row.cached
                lines[known].toRun += row.toRun
                lines[known].dependent += row.dependent
                lines[known].dependsOn = lines[known].dependsOn ?? row.dependsOn
            } else {
                position[name] = lines.count
                lines.append(Line(row, nodes: 1))
            }
        }
        return lines
    }
}

struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Check a spec without touching data; tell all errors at once.",
        discussion: "Example: martlet check experiments/quickstart.yaml")

    @OptionGroup var specOptions: SpecOptions

    @Flag(help: "Print errors as JSON.")
    var json = false

    func run() throws {
        do {
            let experiment = try specOptions.read()
            for warning in experiment.warnings {
                Terminal.say(
                    SpecErrorText.render(warning, in: SpecErrors([], sources: experiment.sources), isWarning: true))
            }
            print("\(specOptions.spec): ok")
        } catch let errors as SpecErrors where json {
            print(SpecErrorJSON.text(errors))
            throw Exit(code: 2)
        }
    }
}
