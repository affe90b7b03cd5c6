import Foundation
import TestSupport
import Testing

/// What the documents show is run, so that none of it goes stale.
@Suite struct DocumentationTests {
    private static func text(_ file: String) -> String {
        FileManager.default.contents(atPath: Binary.root + "/" + file).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }

    private static func files(_ folder: String, ending: String) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: Binary.root + "/" + folder)) ?? []
        return names.filter { $0.hasSuffix(ending) }.sorted().map { folder + "/" + $0 }
    }

    /// A block between fences, with its language.
    private static func blocks(_ language: String, in document: String) -> [String] {
        text(document).components(separatedBy: "\n```" + language + "\n").dropFirst().compactMap {
            $0.components(separatedBy: "\n```").first.map { $0 + "\n" }
        }
    }

    private static let documents = ["README.md", "CONTRIBUTING.md", "ARCHITECTURE.md"] + files("docs", ending: ".md")

    /// Whole specs; a part of one begins otherwise.
    private static let specs = documents.flatMap { blocks("yaml", in: $0) }.filter { $0.hasPrefix("martlet: 1\n") }

    @Test(arguments: specs)
    func specsOfDocumentsAreRight(spec: String) {
        let folder = Scratch()
        folder.write(spec, to: "spec.yaml")
        let result = Binary.run(["check", "spec.yaml"], in: folder.path)
        #expect(result.status == 0 && result.output == "spec.yaml: ok\n" && result.messages.isEmpty, "\(result)")
    }

    @Test func readmeShowsASpec() { #expect(!Self.specs.isEmpty) }

    @Test(arguments: files("experiments", ending: ".yaml"))
    func experimentsAreRight(file: String) {
        let result = Binary.run(["check", file], in: Binary.root)
        #expect(result.status == 0 && result.output.hasPrefix("\(file): ok\n") && result.messages.isEmpty, "\(result)")
    }

    @Test func mistakesAreToldAsReadmeShows() throws {
        let command = "$ martlet check experiment.yaml\n"
        let block = try #require(Self.blocks("console", in: "README.md").first { $0.hasPrefix(command) })
        let shown = String(block.dropFirst(command.count))
        var lines = [
            "martlet: 1", "name: experiment", "stages:", "  clips: {uses: ravdess.clips, with: {root: data}}",
            "  voice: {uses: audio.load, in: clips}",
        ]
        // The lines of the spec that are shown, each at its number.
        for line in shown.split(separator: "\n") {
            let parts = line.split(separator: "|", maxSplits: 1)
            guard parts.count == 2, let number = Int(parts[0].trimmingCharacters(in: .whitespaces)) else { continue }
            #expect(number == lines.count + 1)
            lines.append(String(parts[1].dropFirst()))
        }
        #expect(lines.count == 7)
        let folder = Scratch()
        folder.write(lines.joined(separator: "\n") + "\n", to: "experiment.yaml")
        let result = Binary.run(["check", "experiment.yaml"], in: folder.path)
        #expect(result.status == 2 && result.output.isEmpty)
        #expect(result.messages == shown)
    }

    /// The commands of README's table: the words in lower case after `martlet`, and the alternatives beside them.
    private static let commands: [[String]] = text("README.md").split(separator: "\n").filter {
        $0.hasPrefix("| `martlet ")
    }.flatMap { row -> [[String]] in
        let quoted = row.split(separator: "|")[0].split(separator: "`").map(String.init)
        let first = quoted[1].split(separator: " ").dropFirst().prefix { $0.allSatisfy(\.isLowercase) }.map(String.init)
        return [first] + quoted.dropFirst(3).filter { $0 != " " }.map { first.dropLast() + [$0] }
    }

    @Test(arguments: commands)
    func commandsOfReadmeHaveHelpWithAnExample(command: [String]) {
        let result = Binary.run(command + ["--help"], in: Binary.root)
        #expect(result.status == 0)
        #expect(result.output.contains("Example"), "\(result.output)")
    }

    @Test func readmeListsEveryCommand() {
        let help = Binary.run(["--help"], in: Binary.root).output
        let listed = help.components(separatedBy: "SUBCOMMANDS:\n").last ?? ""
        let names = listed.split(separator: "\n").filter { $0.hasPrefix("  ") && !$0.hasPrefix("   ") }
            .compactMap { $0.split(separator: " ").first.map(String.init) }.filter { $0 != "See" }
        #expect(Set(names) == Set(Self.commands.map { $0[0] }))
    }
}
