// martlet runs: list, show, compare.

internal import ArgumentParser
internal import Foundation
internal import Stages
internal import Tensors

struct RunsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "runs",
        abstract: "List runs, show one, compare two.",
        discussion: """
            Examples: martlet runs · martlet runs show quickstart/latest · martlet runs compare quickstart/latest RUN
            """,
        subcommands: [List.self, Show.self, Compare.self], defaultSubcommand: List.self)

    struct Place: ParsableArguments {
        @Option(
            help: ArgumentHelp(
                "Where records are; the default is results at the project's root.", valueName: "directory"))
        var results: String?

        var path: String { results ?? Project.place("results") }

        /// A run by its path, by experiment and id, or by the beginning of its id.
        func find(_ name: String) throws -> RunFolder {
            let manager = FileManager.default
            for candidate in [name, path + "/" + name, path + "/" + name + "/latest"]
            where manager.fileExists(atPath: candidate + "/run.json") {
                return RunFolder(path: candidate)
            }
            let matches = all().filter { $0.path.split(separator: "/").last?.contains(name) ?? false }
            if matches.count == 1 { return matches[0] }
            throw UsageError(
                message: matches.isEmpty
                    ? "there is no run \(name) in \(path); see martlet runs"
                    : "\(name) fits \(matches.count) runs; give more of the id")
        }

        func all() -> [RunFolder] {
            let manager = FileManager.default
            var runs = [RunFolder]()
            for experiment in (try? manager.contentsOfDirectory(atPath: path))?.sorted(by: precedes) ?? [] {
                let folder = path + "/" + experiment
                for id in (try? manager.contentsOfDirectory(atPath: folder))?.sorted(by: precedes) ?? []
                where id != "latest" && manager.fileExists(atPath: folder + "/" + id + "/run.json") {
                    runs.append(RunFolder(path: folder + "/" + id))
                }
            }
            return runs
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List all runs, oldest first.", discussion: "Example: martlet runs list --tag paper")
        @OptionGroup var place: Place
        @Option(name: .customLong("tag"), help: "Those with this tag only; more than one can be given.")
        var tags: [String] = []

        func run() throws {
            let runs = place.all()
            if runs.isEmpty {
                Terminal.say("there are no runs in \(place.path) yet")
                return
            }
            let sorted = runs.filter { run in tags.allSatisfy { run.tags.contains($0) } }
                .sorted { precedes($0.text("started"), $1.text("started")) }
            let names = ["experiment", "id", "seconds", "ending", "tags", "message"]
            var table = TextTable(["experiment", "run", "seconds", "ending", "tags", "message"])
            for run in sorted {
                table.add(names.map { $0 == "tags" ? run.tags.joined(separator: " ") : run.text($0) })
            }
            print(table.text, terminator: "")
        }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show the points of a run.", discussion: "Example: martlet runs show quickstart/latest")
        @OptionGroup var place: Place
        @Argument(help: "A run: a path, experiment/id, or the beginning of an id.") var name: String

        func run() throws {
            let run = try place.find(name)
            print("\(run.text("experiment")) \(run.text("id")): \(run.text("ending")), \(run.text("seconds")) s\n")
            let points = try run.points()
            let header = points.header
            let metrics = header.filter { header.contains($0 + ".std") }
            let counts = header.firstIndex(of: "folds") ?? header.count
            var table = TextTable(header[..<counts] + ["folds"] + metrics)
            for row in points.rows {
                let cells = Dictionary(zip(header, row)) { first, _ in first }
                let (folds, done) = (cells["folds"] ?? "", cells["folds_done"] ?? "")
                table.add(
                    row[..<counts] + [done == folds ? folds : "\(done) of \(folds)"]
                        + metrics.map { Self.score(cells, $0) })
            }
            print(table.text, terminator: "")
        }

        /// Mean and half of the interval.
        private static func score(_ cells: [String: String], _ metric: String) -> String {
            guard let mean = cells[metric].flatMap(Double.init) else { return "-" }
            guard let high = cells[metric + ".high"].flatMap(Double.init) else { return rounded(mean) }
            return rounded(mean) + " ± " + rounded(high - mean)
        }
    }

    struct Compare: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Compare two runs, point by point; exit 1 where a number differs.",
            discussion: "Example: martlet runs compare quickstart/latest RUN")
        @OptionGroup var place: Place
        @Argument(help: "A run.") var first: String
        @Argument(help: "Another run.") var second: String

        func run() throws {
            let (a, b) = (try place.find(first).points(), try place.find(second).points())
            guard a.header == b.header else {
                print(
                    "the runs have different columns:\n  " + a.header.joined(separator: " ") + "\n  "
                        + b.header.joined(separator: " "))
                throw Exit(code: 1)
            }
            var table = TextTable(["point", "column", "first", "second"])
            var differences = abs(a.rows.count - b.rows.count)
            for (one, other) in zip(a.rows, b.rows) {
                for (column, name) in a.header.enumerated() where one[column] != other[column] {
                    table.add([one[0], name, one[column], other[column]])
                    differences += 1
                }
            }
            if a.rows.count != b.rows.count {
                print("\(a.rows.count) points in the first, \(b.rows.count) in the second")
            }
            if differences == 0 {
                print("equal: \(a.rows.count) points")
                return
            }
            print(table.text, terminator: "")
            throw Exit(code: 1)
        }
    }
}

/// The directory of a run's records.
struct RunFolder {
    let path: String

    func text(_ name: String) -> String {
        guard let data = FileManager.default.contents(atPath: path + "/run.json"),
            let object = try? JSONSerialization.jsonObject(with: data) as? [String: Any], let value = object[name],
            !(value is NSNull)
        else { return "" }
        return "\(value)"
    }

    var tags: [String] {
        guard let data = FileManager.default.contents(atPath: path + "/run.json"),
            let object = try? JSONSerialization.jsonObject(with: data) as? [String: Any]
        else { return [] }
        return object["tags"] as? [String] ?? []
    }

    func points() throws -> (header: [String], rows: [[String]]) { try table("points.csv") }

    func table(_ name: String) throws -> (header: [String], rows: [[String]]) {
        guard let data = FileManager.default.contents(atPath: path + "/" + name) else {
            throw UsageError(message: "\(path)/\(name) cannot be read")
        }
        let lines = String(decoding: data, as: UTF8.self).split(separator: "\n").map(Self.cells)
        guard let header = lines.first else { throw UsageError(message: "\(path)/\(name) is empty") }
        return (header, lines.dropFirst().filter { $0.count == header.count })
    }

    /// The cells of one line as our own records write them; no cell of those that are read here spans lines.
    private static func cells(_ line: Substring) -> [String] {
        var (cells, cell, isQuoted) = ([String](), "", false)
        var characters = Array(line)[...]
        while let character = characters.popFirst() {
            switch character {
            case "\"" where isQuoted && characters.first == "\"":
                characters.removeFirst()
                cell.append("\"")
            case "\"": isQuoted.toggle()
            case "," where !isQuoted:
                cells.append(cell)
                cell = ""
            default: cell.append(character)
            }
        }
        return cells + [cell]
    }
}
