// Law: the output of a type changes only with its revision. A digest of what it gives for its sample is pinned for each
// revision, and for each arithmetic profile where the type is not portable.

import Foundation
import Martlet
import Stages
import Tensors
import Testing

@Suite struct PinLaw {
    @Test(arguments: Registered.names) func outputIsPinned(_ name: String) throws {
        let sample = try Sample(name)
        let declaration = sample.declaration
        let profile = builtInStages.profile(of: sample.arithmetic).map { "\($0) \($1)" }.sorted(by: precedes)
            .joined(separator: ", ")
        let digest = Digest(of: .array(try sample.outcome().map { .digest($0) })).hex
        let line = "Pin(\"\(name)\", \(declaration.revision), \"\(profile)\", \"\(digest)\"),"
        if ProcessInfo.processInfo.environment["MARTLET_PINS"] == "1" {
            print("PIN         \(line)")
            return
        }
        let pins = Pin.all.filter { $0.type == name && $0.revision == declaration.revision }
        if let pin = pins.first(where: { $0.profile == profile }) {
            #expect(
                pin.digest == digest,
                """
                the output of \(name) changed, and its revision is still \(declaration.revision): raise the revision, so \
                that no cache takes old results for new ones, and add to Pins.swift: \(line)
                """)
        } else if profile.isEmpty {
            Issue.record(
                "nothing is pinned for revision \(declaration.revision) of \(name): add to Pins.swift: \(line)")
        } else {
            // Other libraries, or another processor: nothing to compare with, and nothing wrong.
            Issue.record("not compared: no pin for this machine's profile; to add one: \(line)", severity: .warning)
        }
    }

    @Test func pinsAreOfKnownTypesAndOncePerProfile() {
        for pin in Pin.all {
            let revision = try? Registered.type(pin.type).declaration.revision
            #expect(revision != nil, "there is no type \(pin.type) any more: remove its pin")
            #expect(pin.revision <= revision ?? 0, "the revision of \(pin.type) was lowered to \(revision ?? 0)")
        }
        let names = Pin.all.map { "\($0.type) \($0.revision) \($0.profile)" }
        #expect(Set(names).count == names.count, "a pin is there twice")
    }
}
