import Foundation
import Stages
import Tensors
import TestSupport
import Testing

@testable import Engine

/// A run held against a lock: identical, within tolerance, or different, and then what differs first.
@Suite struct Reproducing {
    private let spec = """
        martlet: 1
        name: again
        stages:
          numbers: {uses: toy.numbers}
          rough: {uses: toy.rough, in: numbers, with: {value: 10}}
          rounded: {uses: toy.round, in: rough, with: {value: 1}}
          guess: {uses: classify.dummy, in: rounded}
          scores: {uses: evaluate.classification, in: guess}
        target: label
        group: group
        split: {uses: split.group_k_fold, with: {n_splits: 3}}
        """

    private func lock(set settings: [String: String] = [:]) throws -> RunLock {
        try #require(try Workshop().run(spec, set: settings, isLocked: true).lock)
    }

    /// The lock of a machine whose FFTW is another, and whose numbers at a stage are off by a part of their size.
    private func elsewhere(_ lock: RunLock, off: Double, isOther: Bool = true) throws -> RunLock {
        var written = try #require(lock.canonical.mapValue)
        let nodes = try #require(written["nodes"]?.arrayValue)
        written["nodes"] = .array(
            try nodes.map { node in
                var node = try #require(node.mapValue)
                let stage = node["stage"]?.textValue ?? ""
                if stage == "rough", isOther { node["profile"] = .map(["fftw": .text("another")]) }
                guard ["rough", "rounded"].contains(stage), off > 0 else { return .map(node) }
                node["output"] = .digest(Digest(of: .text(stage)))
                node["sketch"] = .array(
                    try #require(node["sketch"]?.arrayValue).map { .float(($0.floatValue ?? 0) * (1 + off)) })
                return .map(node)
            })
        return try #require(RunLock(.map(written)))
    }

    @Test func theSameAgainIsIdentical() throws {
        let found = Reproduction(locked: try lock(), found: try lock())
        #expect(found.verdict == .identical)
        #expect(found.findings.isEmpty)
        #expect(found.metrics > 0)
    }

    @Test func aLockReadsBackAsItWasWritten() throws {
        let lock = try lock()
        let read = try #require(RunLock(lock.canonical))
        #expect(read.canonical == lock.canonical)
        #expect(Reproduction(locked: read, found: lock).verdict == .identical)
    }

    @Test func itsFileIsItsJSON() throws {
        let folder = Scratch()
        var lock = try lock()
        for told: [String: Canonical] in [[:], ["limit": .int(3), "set": .array([.text("a=1")])]] {
            lock.told = told
            try lock.writeJSON(to: folder["lock.json"])
            #expect(try String(contentsOfFile: folder["lock.json"], encoding: .utf8) == lock.canonical.json() + "\n")
        }
    }

    @Test func lastBitsMayDifferWhereLibrariesDo() throws {
        let lock = try lock()
        let found = Reproduction(locked: try elsewhere(lock, off: 1e-4), found: lock)
        #expect(found.verdict == .withinTolerance)
        // What does exact work on such numbers may differ as they do.
        #expect(found.toleratedNodes == 2)
        #expect(found.findings.contains { $0.hasPrefix("profile: fftw is ") && $0.hasSuffix(", and was another") })
    }

    @Test func theyMayNotDifferByMoreThanTheirTypeAllows() throws {
        let lock = try lock()
        let found = Reproduction(locked: try elsewhere(lock, off: 1e-2), found: lock)
        #expect(found.verdict == .different)
        #expect(found.findings.first == "the first stage whose results differ is rough (toy.rough)")
    }

    @Test func nothingMayDifferWhereLibrariesAreTheSame() throws {
        let lock = try lock()
        #expect(
            Reproduction(locked: try elsewhere(lock, off: 1e-6, isOther: false), found: lock).verdict == .different)
    }

    @Test func anotherParameterIsNamed() throws {
        let found = Reproduction(locked: try lock(), found: try lock(set: ["rounded.value": "7"]))
        #expect(found.verdict == .different)
        #expect(found.findings.first == "the first stage whose results differ is rounded (toy.round)")
    }

    /// Rows that failed hide nothing of the others.
    @Test func whatFailedRowsLeaveIsCompared() throws {
        let failing = spec.replacing("in: numbers, with: {value: 10}}", with: "in: picky, with: {value: 10}}")
            .replacing("  rough:", with: "  picky: {uses: toy.picky, in: numbers, with: {value: 7}}\n  rough:")
        func lock(_ text: String) throws -> RunLock {
            try #require(try Workshop().run(text, keepsGoing: true, isLocked: true).lock)
        }
        #expect(Reproduction(locked: try lock(failing), found: try lock(failing)).verdict == .identical)
        let fickle = failing.replacing("toy.rough, in: picky, with: {value: 10}", with: "toy.fickle, in: picky")
        let found = Reproduction(locked: try lock(fickle), found: try lock(fickle))
        #expect(found.verdict == .different)
        #expect(found.findings.first == "the first stage whose results differ is rough (toy.fickle)")
    }

    /// A label that was corrected is other data, whatever became of the scores.
    @Test func otherColumnsAreOtherData() throws {
        let found = Reproduction(locked: try lock(), found: try lock(set: ["numbers.size": "5"]))
        #expect(found.verdict == .different)
        #expect(found.findings.first == "source: the ids or columns of numbers are others")
    }

    @Test func aRowThatIsGoneIsNamed() throws {
        let found = Reproduction(locked: try lock(), found: try lock(set: ["numbers.skip": "5"]))
        #expect(found.verdict == .different)
        #expect(found.findings.first == "source: row_0005 is not there any more")
        #expect(found.findings.contains("the first stage whose results differ is rough (toy.rough)"))
    }
}
