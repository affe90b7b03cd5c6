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
    @OptionGroup var scope: ScopeOptions

    @Flag(
        help: "A line for each node, variants, branches and folds apart; otherwise the nodes of one stage are one line."
    )
    var all = false

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
        let experiment = try specOptions.read()
        let session = try Session(
            experiment, cache: cacheOptions, options: RunOptions(jobs: jobOptions.jobs, id: "plan"),
            limit: scope.limit, upTo: scope.end, say: { _ in })
        let (run, plan) = (session.run, session.plan)
        defer { try? session.store.close() }
        let rows = all ? try run.preview().map { Line($0, name: $0.name, nodes: 1) } : Self.merged(try run.preview())
        if json {
            print(Canonical.array(rows.map(\.canonical)).json())
            return
        }
        print(
            "\(experiment.name): \(counted(plan.points.count, "point")), \(counted(plan.trials.count, "trial")), "
                + "\(counted(plan.nodes.count, "node"))\n")
        var table = TextTable(["stage", "type", "kind", "nodes", "cached", "to run", "depends", "on"])
        for row in rows {
            func number(_ value: Int) -> String { value == 0 ? "-" : String(value) }
            table.add([
                row.title, row.type, row.kind, String(row.nodes), number(row.cached), number(row.toRun),
                number(row.dependent),
                row.dependsOn ?? "",
            ])
        }
        print(table.text, terminator: "")
    }

    struct Line {
        /// Without branches where it stands for several of them.
        let name: String
        /// Nodes of a set as they were called, `curves.spline[noise]`.
        var inBranches: Set<String> = []
        let type: String
        let kind: String
        var nodes: Int
        var cached: Int
        var toRun: Int
        var dependent: Int
        var dependsOn: String?

        init(_ row: PreviewRow, name: String, nodes: Int) {
            (self.name, type, kind, self.nodes) = (name, row.type, row.kind, nodes)
            (cached, toRun, dependent, dependsOn) = (row.cached, row.toRun, row.dependent, row.dependsOn)
        }

        var title: String { inBranches.isEmpty ? name : "\(name) [\(inBranches.count) branches]" }

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
            let name = withoutBranches(row.name)
            let key = name + "\n" + row.kind
            if let known = position[key] {
                lines[known].nodes += 1
                lines[known].cached += row.cached
                lines[known].toRun += row.toRun
                lines[known].dependent += row.dependent
                lines[known].dependsOn = lines[known].dependsOn ?? row.dependsOn
            } else {
                position[key] = lines.count
                lines.append(Line(row, name: name, nodes: 1))
            }
            if let known = position[key], name != row.name { lines[known].inBranches.insert(row.name) }
        }
        return lines
    }

    private static func withoutBranches(_ name: String) -> String {
        guard let open = name.firstIndex(of: "["), let close = name.lastIndex(of: "]"), open < close else {
            return name
        }
        return String(name[..<open] + name[name.index(after: close)...])
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
            if json {
                print(SpecErrorJSON.text(SpecErrors([], sources: experiment.sources)))
                return
            }
            for warning in experiment.warnings {
                Terminal.say(
                    SpecErrorText.render(warning, in: SpecErrors([], sources: experiment.sources), isWarning: true))
            }
            print("\(specOptions.spec): ok")
            for set in experiment.branchSets {
                print(
                    "  \(set.address): \(set.branches.count) branches (\(set.branches.joined(separator: ", "))), joined by "
                        + set.joinedBy.joined(separator: ", "))
            }
        } catch let errors as SpecErrors where json {
            print(SpecErrorJSON.text(errors))
            throw Exit(code: 2)
        }
    }
}
