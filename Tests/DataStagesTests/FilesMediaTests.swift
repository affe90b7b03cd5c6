import Stages
import Tensors
import TestSupport
import Testing

@testable import DataStages

@Suite struct FilesMediaTests {
    let scratch = Scratch()

    init() {
        for name in ["0_george_1.wav", "1_theo_0.wav", "sub/2_theo_1.wav", "notes.txt"] { scratch.write("x", to: name) }
    }

    private func list(_ with: [String: Canonical]) throws -> Listing {
        try FilesMedia(given: with.merging(["base": .text(scratch.path)]) { given, _ in given }).list()
    }

    @Test func aGlobPicksFiles() throws {
        #expect(try list(["glob": .text("*.wav")]).items.map(\.id) == ["0_george_1", "1_theo_0"])
        #expect(
            try list(["glob": .text("**/*.wav")]).items.map(\.path) == [
                "0_george_1.wav", "1_theo_0.wav", "sub/2_theo_1.wav",
            ])
        #expect(try list(["glob": .text("**")]).items.count == 4)
    }

    @Test func groupsOfTheExpressionAreTypedColumns() throws {
        let listing = try list(["glob": .text("*.wav"), "columns": .text(#"(?<digit>\d)_(?<speaker>[a-z]+)_.*"#)])
        #expect(
            listing.items.map(\.columns) == [
                ["digit": .int(0), "speaker": .string("george")], ["digit": .int(1), "speaker": .string("theo")],
            ])
    }

    @Test func aPathThatDoesNotMatchIsAFailure() {
        #expect {
            try list(["glob": .text("**/*"), "columns": .text(#"(?<digit>\d)_.*"#)])
        } throws: { error in
            (error as? Failure)?.cause
                == #"notes.txt, below \#(scratch.path), does not match columns ((?<digit>\d)_.*); nor do 1 more of 4 files"#
        }
    }

    @Test func idsCanBeMadeOfGroups() throws {
        let pattern = Canonical.text(#"(.*/)?(?<digit>\d)_(?<speaker>[a-z]+)_.*"#)
        let listing = try list(["glob": .text("**/*.wav"), "columns": pattern, "id": .text("{speaker}-{digit}")])
        #expect(listing.items.map(\.id) == ["george-0", "theo-1", "theo-2"])
        #expect(throws: Failure.self) {
            try list(["glob": .text("**/*.wav"), "columns": pattern, "id": .text("{speaker}")])
        }
        #expect(throws: Problem("there is no group actor in columns; there are digit, speaker, name", at: ["id"])) {
            try list(["glob": .text("*"), "columns": pattern, "id": .text("{actor}")])
        }
    }

    @Test func idsKeepTheExtensionWhereTwoWouldBeAlike() throws {
        scratch.write("x", to: "0_george_1.flac")
        #expect(
            try list(["glob": .text("*.{wav,flac}")]).items.map(\.id) == [
                "0_george_1.flac", "0_george_1.wav", "1_theo_0.wav",
            ])
    }

    @Test func labelsComeFromATable() throws {
        let labels = scratch.write(
            "path,mood,age\n0_george_1.wav,glad,31\n1_theo_0.wav,,\ngone.wav,sad,5\n", to: "labels.csv")
        let listing = try list(["glob": .text("*.wav"), "labels": .text(labels)])
        #expect(
            listing.items.map(\.columns) == [
                ["mood": .string("glad"), "age": .int(31)], ["mood": .missing, "age": .missing],
            ])
        #expect(listing.notes == ["\(labels): 1 row without a file: gone.wav"])
        #expect {
            try list(["glob": .text("**/*.wav"), "labels": .text(labels)])
        } throws: { ($0 as? Failure)?.cause == "\(labels) has no row for sub/2_theo_1.wav; 1 of 3 files have none" }
        #expect(throws: Failure("\(labels) has no column id; it has path, mood, age")) {
            try list(["glob": .text("*.wav"), "labels": .text(labels), "key": .text("id")])
        }
    }

    @Test func nothingFoundSaysWhatIsThere() {
        #expect {
            try list(["glob": .text("*.flac")])
        } throws: { error in
            (error as? Failure)?.cause
                == "no file below \(scratch.path) matches *.flac; it has 0_george_1.wav, 1_theo_0.wav, notes.txt and 1 more"
        }
    }

    @Test func brokenPatternsAreProblemsWithTheirPlace() {
        #expect { try list(["glob": .text("*.{wav")]) } throws: { ($0 as? Problem)?.path == ["glob"] }
        #expect { try list(["glob": .text("*"), "columns": .text("(?<a>x")]) } throws: {
            ($0 as? Problem)?.path == ["columns"]
        }
        #expect { try list(["glob": .text("*"), "columns": .text("(x)")]) } throws: {
            ($0 as? Problem)?.path == ["columns"]
        }
    }
}

@Suite struct GlobTests {
    @Test(arguments: [
        ("*.wav", "a.wav", true), ("*.wav", "d/a.wav", false), ("**/*.wav", "a.wav", true),
        ("**/*.wav", "d/e/a.wav", true),
        ("d/**", "d/e/a", true), ("d/**", "d", false), ("d/**/a", "d/a", true), ("d/**/a", "d/x/y/a", true),
        ("?.wav", "é.wav", true),
        ("?.wav", "ab.wav", false), ("[a-c]x", "bx", true), ("[!a-c]x", "bx", false), ("[]]x", "]x", true),
        ("a*b*c", "aXbYc", true),
        ("a*b*c", "aXbY", false), ("*.{wav,flac}", "a.flac", true), ("{a,b{c,d}}/*", "bd/x", true),
        ("{a,b{c,d}}/*", "b/x", false),
        ("**", "a/b", true), ("*", "A", true), ("a", "A", false),
    ])
    func patterns(_ pattern: String, _ path: String, _ expected: Bool) throws {
        #expect(try Glob(pattern).matches(path) == expected)
    }

    @Test(arguments: ["/a", "../a", "a/../b", "{a", "a}", "[a"])
    func whatIsNoPattern(_ pattern: String) {
        #expect(throws: Glob.Issue.self) { try Glob(pattern) }
    }
}
