import Foundation
import TestSupport
import Testing

/// The program of `Examples/plugin`, which `make test` builds: Martlet with stage types of another package.
private enum Plugin {
    static let folder = Binary.root + "/Examples/plugin"
    static let path = Binary.root + "/.build-plugin/debug/letters"
    static let isBuilt = FileManager.default.isExecutableFile(atPath: path)

    static func text(_ file: String) throws -> String {
        try String(contentsOfFile: file, encoding: .utf8)
    }

    /// Runs a line of shell, in a directory with the experiment.
    static func run(_ line: String) throws -> Binary.Result {
        let scratch = Scratch()
        for file in ["words.yaml", "words.txt"] { scratch.write(try text(folder + "/" + file), to: file) }
        return Binary.shell("letters() { \"\(path)\" \"$@\"; }; \(line)", in: scratch.path)
    }
}

@Suite(.enabled(if: Plugin.isBuilt, "Examples/plugin is not built; make test builds it")) struct PluginTests {
    @Test func itsStageTypesRun() throws {
        let result = try Plugin.run("letters run words.yaml && letters run words.yaml")
        #expect(result.status == 0)
        let second = result.messages.components(separatedBy: "words: done; ").last ?? ""
        #expect(second.hasPrefix("computed 0, "), "\(result.messages)")
    }

    @Test func itsStageTypesAreListedBesideTheBuiltInOnes() throws {
        let names = try Plugin.run("letters stages").output.split(separator: "\n").map { $0.prefix { $0 != " " } }
        for name in ["audio.load", "words.list", "words.letters", "words.nearest_mean", "words.mistakes"] {
            #expect(names.contains { $0 == name }, "\(name)")
        }
    }

    @Test func itsStageTypesAreInTheSchema() throws {
        let output = try Plugin.run("letters schema").output
        let schema = try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any]
        let definitions = try #require(schema?["$defs"] as? [String: Any])
        let type = definitions["words.nearest_mean"] as? [String: Any]
        #expect((type?["properties"] as? [String: Any])?.keys.sorted() == ["shrinkage"])
        #expect(definitions["audio.load"] != nil)
    }

    @Test func mistakesHavePlaces() throws {
        let result = try Plugin.run("letters check words.yaml --set letters.alphabet=aa")
        #expect(result.status == 2)
        #expect(result.messages.contains("letters.alphabet: expected letters that are there once, got \"aa\""))
    }
}

/// What `docs/stage-types.md` shows is what the example has.
@Suite struct StageTypeDocumentationTests {
    private static let blocks: [(language: String, text: String)] = {
        let text = (try? Plugin.text(Binary.root + "/docs/stage-types.md")) ?? ""
        return text.components(separatedBy: "```").enumerated().filter { $0.offset % 2 == 1 }.map { _, block in
            let parts = block.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
            return (String(parts[0]), parts.count > 1 ? String(parts[1]) : "")
        }
    }()

    private static let code = blocks.filter { $0.language != "console" }.map(\.text)
    private static let commands = blocks.filter { $0.language == "console" }.map(\.text)

    private static let files: [String] = {
        let names = FileManager.default.enumerator(atPath: Plugin.folder)?.compactMap { $0 as? String } ?? []
        return names.filter { !$0.hasPrefix(".") && ($0.hasSuffix(".swift") || $0.hasSuffix(".yaml")) }.sorted()
            .compactMap { try? Plugin.text(Plugin.folder + "/" + $0) }
    }()

    /// Without the space at the beginning of each line, which differs with where an excerpt begins.
    private static func flush(_ text: String) -> String {
        "\n"
            + text.split(separator: "\n", omittingEmptySubsequences: false)
            .map { $0.trimmingCharacters(in: .whitespaces) }.joined(separator: "\n")
    }

    @Test(arguments: code) func codeIsThatOfTheExample(_ block: String) {
        #expect(Self.files.contains { Self.flush($0).contains(Self.flush(block)) }, "\(block)")
    }

    @Test(.enabled(if: Plugin.isBuilt), arguments: commands) func commandsGiveWhatIsShown(_ block: String) throws {
        let lines = block.split(separator: "\n", maxSplits: 1)
        let result = try Plugin.run(String(lines[0].dropFirst(2)))
        #expect(result.status == 0)
        #expect(result.output.trimmingCharacters(in: .newlines) == lines[1].trimmingCharacters(in: .newlines))
    }

    @Test func blocksAreFound() { #expect(Self.code.count > 10 && Self.commands.count == 2) }
}
