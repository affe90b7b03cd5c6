import Stages
import Tensors
import TestSupport
import Testing

@testable import DataStages

@Suite struct RavdessClipsTests {
    let scratch = Scratch()

    private func list(_ root: String, _ with: [String: Canonical] = [:]) throws -> Listing {
        try RavdessClips(given: with.merging(["root": .text(root)]) { given, _ in given }).list()
    }

    @Test func aNameSaysAllThatIsKnownOfAClip() throws {
        scratch.write("", to: "Actor_12/03-01-06-02-01-02-12.wav")
        let listing = try list(scratch.path)
        let item = try #require(listing.items.first)
        #expect(item.id == "01-06-02-01-02-12")
        #expect(item.path == "Actor_12/03-01-06-02-01-02-12.wav")
        #expect(
            item.columns == [
                "channel": .string("speech"), "emotion": .string("fearful"), "intensity": .string("strong"),
                "statement": .string("kids"), "repetition": .int(2), "actor": .int(12), "sex": .string("female"),
            ])
        // Where clips of all kinds are rows of one table, it says which they are.
        let any = try #require(try list(scratch.path, ["modality": .text("any")]).items.first)
        #expect(any.columns["modality"] == .string("audio_only") && any.columns.count == item.columns.count + 1)
        #expect(listing.signature == .media)
    }

    @Test func clipsOfOtherKindsAreFilteredAndOtherFilesNoted() throws {
        for name in [
            "03-01-01-01-01-01-01.wav", "03-02-01-01-01-01-01.wav", "01-01-01-01-01-01-01.mp4",
            "02-01-01-01-01-01-01.mp4",
            "03-01-09-01-01-01-01.wav", "03-01-01-01-01-01.wav", "README.txt", ".DS_Store",
        ] { scratch.write("", to: name) }
        let listing = try list(scratch.path)
        #expect(listing.items.map(\.path) == ["03-01-01-01-01-01-01.wav"])
        #expect(
            listing.notes == [
                "passed over 3 files not named like a RAVDESS clip: 03-01-01-01-01-01.wav, 03-01-09-01-01-01-01.wav, README.txt"
            ])
        #expect(
            try list(scratch.path, ["modality": .text("video_only")]).items.map(\.path) == ["02-01-01-01-01-01-01.mp4"])
        #expect(try list(scratch.path, ["channel": .text("song")]).items.map(\.id) == ["02-01-01-01-01-01"])
        #expect(
            try list(scratch.path, ["modality": .text("any")]).items.map(\.id) == [
                "01-01-01-01-01-01-01", "02-01-01-01-01-01-01", "03-01-01-01-01-01-01",
            ])
    }

    @Test func actorsCanBePicked() throws {
        for actor in ["01", "02", "03"] { scratch.write("", to: "03-01-01-01-01-01-\(actor).flac") }
        let listing = try list(scratch.path, ["actors": .array([.int(3), .int(1)])])
        #expect(listing.items.map { $0.columns["actor"] } == [.int(1), .int(3)])
    }

    @Test func packedAndUnpackedClipsAreListedTogether() throws {
        var zip = StoredZip()
        zip.add("Actor_02/", [])
        zip.add("Actor_02/03-01-01-01-01-01-02.wav", [1])
        zip.add("__MACOSX/Actor_02/._03-01-01-01-01-01-02.wav", [1])
        scratch.write(zip.bytes, to: "Audio.zip")
        scratch.write("", to: "Actor_01/03-01-01-01-01-01-01.wav")
        let listing = try list(scratch.path)
        #expect(
            listing.items.map(\.path) == [
                "Actor_01/03-01-01-01-01-01-01.wav", "Audio.zip!Actor_02/03-01-01-01-01-01-02.wav",
            ])
        #expect(listing.notes.isEmpty)
        let alone = try list(scratch["Audio.zip"])
        #expect(alone.items.map(\.path) == ["Actor_02/03-01-01-01-01-01-02.wav"])
        guard case .media(let location)? = alone.items.first?.origin else { Issue.record("expected media"); return }
        #expect(location.path == scratch["Audio.zip"] && location.member == "Actor_02/03-01-01-01-01-01-02.wav")
    }

    /// As Zenodo has them: a zip for each actor's videos, with and without sound in one; one for all voices.
    @Test func theZipsOfTheDatasetSideBySideGiveFacesAndVoicesOfOneId() throws {
        let takes = ["03-01-01", "05-02-02"]
        func zip(_ name: String, _ modalities: [String], _ channel: String, actors: [String]) {
            var zip = StoredZip()
            for actor in actors {
                zip.add("Actor_\(actor)/", [])
                for modality in modalities {
                    for take in takes {
                        let ending = modality == "03" ? "wav" : "mp4"
                        let name = "\(modality)-\(channel)-\(take)-01-\(actor)"
                        zip.add("Actor_\(actor)/\(name).\(ending)", Array(name.utf8))
                    }
                }
            }
            scratch.write(zip.bytes, to: name)
        }
        for actor in ["01", "02"] {
            zip("Video_Speech_Actor_\(actor).zip", ["01", "02"], "01", actors: [actor])
        }
        // Actor 18 has not sung, here 02.
        zip("Video_Song_Actor_01.zip", ["01", "02"], "02", actors: ["01"])
        zip("Audio_Speech_Actors_01-24.zip", ["03"], "01", actors: ["01", "02"])
        zip("Audio_Song_Actors_01-24.zip", ["03"], "02", actors: ["01"])

        for (channel, count) in [("speech", 4), ("song", 2), ("any", 6)] {
            let listings = try ["audio_video", "video_only", "audio_only"].map {
                try list(scratch.path, ["modality": .text($0), "channel": .text(channel)])
            }
            #expect(listings.allSatisfy { $0.notes.isEmpty })
            #expect(listings.map(\.items.count) == [count, count, count])
            #expect(listings[0].items.map(\.id) == listings[2].items.map(\.id))
            #expect(listings[1].items.map(\.id) == listings[2].items.map(\.id))
            #expect(listings[0].items.map(\.columns) == listings[2].items.map(\.columns))
            #expect(listings[0].items.allSatisfy { $0.path.hasPrefix("Video_") && $0.path.hasSuffix(".mp4") })
            #expect(listings[2].items.allSatisfy { $0.path.hasPrefix("Audio_") && $0.path.hasSuffix(".wav") })
        }
        let song = try list(scratch.path, ["modality": .text("video_only"), "channel": .text("song")]).items[0]
        #expect(
            song.columns["channel"] == .string("song") && song.path.hasPrefix("Video_Song_Actor_01.zip!Actor_01/02-02-")
        )
        #expect(try list(scratch.path, ["modality": .text("any"), "channel": .text("any")]).items.count == 18)
    }

    @Test func twoFilesWithOneIdAreAFailureThatNamesBoth() throws {
        var zip = StoredZip()
        zip.add("03-01-01-01-01-01-01.wav", [1])
        scratch.write(zip.bytes, to: "Audio.zip")
        scratch.write("", to: "Actor_01/03-01-01-01-01-01-01.wav")
        #expect(
            throws: Failure(
                "two files would both be 01-01-01-01-01-01: Actor_01/03-01-01-01-01-01-01.wav and "
                    + "Audio.zip!03-01-01-01-01-01-01.wav, below \(scratch.path)",
                advice: "remove one of them, or set root to the directory or zip that holds the copies to use")
        ) { try list(scratch.path) }
    }

    @Test func nothingFoundSaysWhereAndWhatAndHowToGetIt() throws {
        scratch.write("", to: "notes.txt")
        #expect {
            try list(scratch.path)
        } throws: { error in
            guard let failure = error as? Failure else { return false }
            return failure.cause.hasPrefix(
                "no clip was found below \(scratch.path): looked for names like 03-01-06-01-02-01-12")
                && failure.cause.hasSuffix("it has notes.txt") && failure.advice?.hasSuffix("martlet synth") == true
        }
        #expect {
            try list("no/such/place")
        } throws: { error in
            guard let failure = error as? Failure else { return false }
            return failure.cause.hasPrefix("there is no /") && failure.cause.hasSuffix("/no/such/place")
                && failure.advice?.contains("martlet synth") == true
        }
        scratch.write("", to: "03-01-01-01-01-01-07.wav")
        #expect(
            throws: Failure(
                "none of the 1 clip below \(scratch.path) has modality video_only, channel speech; they are audio_only speech, actor 7",
                advice: "set modality, channel or actors to what is there")
        ) { try list(scratch.path, ["modality": .text("video_only")]) }
    }

    @Test func wrongParametersAreProblems() {
        #expect(throws: Problem.self) { try RavdessClips(given: [:]) }
        #expect {
            try RavdessClips(given: ["root": .text("x"), "modality": .text("audio_onyl")])
        } throws: { ($0 as? Problem)?.advice == "did you mean audio_only?" && ($0 as? Problem)?.path == ["modality"] }
    }

    @Test(.enabled(if: Shared.has("data/ravdess_audio")))
    func realRecordingsAreFoundWithTheirEmotions() throws {
        let listing = try list(Shared["data/ravdess_audio"])
        #expect(listing.items.count == 480)
        let happy = listing.items.count { $0.columns["emotion"] == .string("happy") }
        let neutral = listing.items.count { $0.columns["emotion"] == .string("neutral") }
        #expect(happy == 64 && neutral == 32)
        #expect(try list(Shared["data/ravdess_zip"]).items.count == 16)
    }
}
