// Input that was made to break a reader: an error with a place, soon and in little memory.

import Foundation
import Stages
import Testing

@testable import Spec

private func firstLine(_ bytes: [UInt8]) -> String {
    do throws(SpecErrors) {
        _ = try SpecReader.read(Source(name: "spec.yaml", bytes: bytes), [], [], testCatalogue)
        return "no error"
    } catch {
        return String(SpecErrorText.render(error).prefix { $0 != "\n" })
    }
}

private func firstLine(_ text: String) -> String { firstLine(Array(text.utf8)) }

@Suite(.timeLimit(.minutes(1))) struct BadInputTests {
    @Test func deepFlow() {
        #expect(
            firstLine("a: " + String(repeating: "[", count: 10_000))
                == "spec.yaml:1:67: expected at most 64 levels of nesting")
        #expect(
            firstLine("a: " + String(repeating: "{a: ", count: 10_000))
                == "spec.yaml:1:256: expected at most 64 levels of nesting")
    }

    @Test func deepBlocks() {
        let text = (0..<10_000).map { String(repeating: " ", count: min($0, 400)) + "a:\n" }.joined()
        #expect(firstLine(text) == "spec.yaml:65:65: expected at most 64 levels of nesting")
        #expect(
            firstLine(String(repeating: "- ", count: 10_000))
                == "spec.yaml:1:129: expected at most 64 levels of nesting")
    }

    @Test func aliasesThatGrow() {
        var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
        for level in 1...30 {
            text += "a\(level): &a\(level) [" + (0..<10).map { _ in "*a\(level - 1)" }.joined(separator: ", ") + "]\n"
        }
        #expect(
            firstLine(text)
                == "spec.yaml:5:45: expected at most 100000 values, aliases and merges counted as what they stand for")
    }

    @Test func aliasesThatDeepen() {
        var text = "a0: &a0 [x]\n"
        for level in 1...10_000 { text += "a\(level): &a\(level) [*a\(level - 1)]\n" }
        #expect(firstLine(text) == "spec.yaml:63:12: expected at most 64 levels of nesting")
    }

    @Test func parametersThatGrow() {
        var text = plain + "params:\n  a0: [x, x, x, x, x, x, x, x, x, x]\n"
        for level in 1...30 {
            text += "  a\(level): [" + (0..<10).map { _ in "\"${a\(level - 1)}\"" }.joined(separator: ", ") + "]\n"
        }
        #expect(firstLine(text).hasSuffix("makes the spec too large: at most 100000 values in 64 levels"))
        var words = plain + "params:\n  a0: xxxxxxxxxx\n"
        for level in 1...30 { words += "  a\(level): \"" + String(repeating: "${a\(level - 1)}", count: 10) + "\"\n" }
        #expect(firstLine(words).hasSuffix("makes this text too long"))
    }

    @Test func manyValues() {
        #expect(firstLine("a: [" + String(repeating: "a,", count: 1_500_000) + "]").hasPrefix("spec.yaml:1:2000"))
        #expect(firstLine(String(repeating: "a\n", count: 1_500_000)).hasPrefix("spec.yaml:1:1: expected a spec"))
        #expect(firstLine((0..<90_000).map { "k\($0): 1\n" }.joined()).hasPrefix("spec.yaml:1:1: martlet is missing"))
    }

    @Test func manyMistakes() {
        let text = plain + (0..<50_000).map { "k\($0): 1\n" }.joined()
        do throws(SpecErrors) {
            _ = try read(text)
            Issue.record("no error")
        } catch {
            #expect(error.errors.count == 101)
            #expect(SpecErrorText.render(error).hasSuffix("and more than 900 more like these\n"))
        }
    }

    @Test func aFileOfAHundredMegabytes() throws {
        let path = NSTemporaryDirectory() + "martlet-large-\(UInt64.random(in: 0...UInt64.max)).yaml"
        defer { try? FileManager.default.removeItem(atPath: path) }
        #expect(FileManager.default.createFile(atPath: path, contents: Data("a: ".utf8)))
        let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        try file.truncate(atOffset: 100_000_000)
        try file.close()
        let error = try #require(throws: SpecErrors.self) { try SpecReader.read(path: path, catalogue: testCatalogue) }
        #expect(
            SpecErrorText.render(error) == """
                \(path):1:1: expected a spec of at most 4194304 bytes, got 100000000
                      = data belongs in files that stages read, not in the spec

                """)
    }

    @Test func noFile() throws {
        let missing = try #require(throws: SpecErrors.self) {
            try SpecReader.read(path: "/no/where.yaml", catalogue: testCatalogue)
        }
        #expect(SpecErrorText.render(missing) == "/no/where.yaml cannot be read: No such file or directory\n")
        let folder = try #require(throws: SpecErrors.self) {
            try SpecReader.read(path: "/tmp", catalogue: testCatalogue)
        }
        #expect(SpecErrorText.render(folder) == "/tmp is not a file\n      = give the path of a spec, a YAML file\n")
    }

    @Test func otherEncodings() {
        #expect(
            firstLine(Array("martlet: 1\nname: caf".utf8) + [0xE9, 0x0A])
                == "spec.yaml:2:10: expected UTF-8, got the byte 0xe9")
        #expect(firstLine([0xFF, 0xFE, 0x61, 0x00]) == "spec.yaml:1:1: expected UTF-8, got the byte 0xff")
        #expect(firstLine("a: \u{1}") == "spec.yaml:1:4: not YAML: control characters are not allowed")
        #expect(
            firstLine("\u{FEFF}martlet: 2")
                == "spec.yaml:1:10: martlet: this program reads version 1 of the spec's language, got the int 2")
        #expect(firstLine("") == "spec.yaml:1:1: expected a spec, a map with martlet, name and stages, got null")
        #expect(firstLine("--- a\n...\n%\n").hasPrefix("spec.yaml:3:"))
    }

    @Test func noise() {
        var generator = SystemRandomNumberGenerator()
        let words = [
            "martlet: 1\n", "stages:\n", "  a: ", "{", "}", "[", "]", ": ", "&a ", "*a", "<<", "${a}", "- ", "\n", "\"",
            "uses", "in", "cases", "steps", "branches", "only", "timeout", "default", "\t", "é", "!!", "? ", "|\n",
        ]
        for _ in 0..<2000 {
            let text = (0..<Int.random(in: 0..<30)).map { _ in words.randomElement(using: &generator) ?? "" }.joined()
            let told = firstLine("martlet: 1\n" + text)
            #expect(told.hasPrefix("spec.yaml:") || told.hasPrefix("and "), "\(text)")
        }
    }
}
