import Glibc
import Media
import Stages
import Tensors
import TestSupport
import Testing

@testable import DataStages

@Suite struct PracticeSpeechTests {
    let scratch = Scratch()

    @Test func clipsAreFoundAsRavdess() throws {
        let told = Lock([Int]())
        let count = try PracticeSpeech.write(to: scratch["made/here"], actors: 2) { count in
            told.withLock { $0.append(count) }
        }
        #expect(count == 60 && count == PracticeSpeech.count(actors: 2, repetitions: 1))
        #expect(told.withLock { $0 } == Array(1...60))
        let listing = try RavdessClips(given: ["root": .text(scratch.path)]).list()
        #expect(listing.items.count == 60)
        #expect(listing.notes.isEmpty)
        #expect(Set(listing.items.compactMap { $0.columns["emotion"] }).count == 8)
        let references = try listing.items.map { item -> Digest in
            guard case .media(let location) = item.origin else { throw Failure("expected media") }
            return try MediaReader.digest(location).digest
        }
        #expect(Set(references).count == 60)
    }

    /// The bits are promised for every processor: another digest means that practice data has changed for everyone.
    @Test func theBitsOfAClipArePinned() throws {
        let clip = PracticeSpeech.Clip(emotion: 5, intensity: 2, statement: 1, repetition: 1, actor: 3)
        let bytes = wav(PracticeSpeech.samples(of: clip, seed: 0), sampleRate: PracticeSpeech.sampleRate)
        #expect(Digest(of: bytes).hex == "725683d2bd10ea9124eb5ed48e2595cc8d9570a6c8fd65dc1ab14c72f708da27")
        #expect(bytes.prefix(44).count == 44 && bytes.starts(with: Array("RIFF".utf8)))
    }

    @Test func aClipDependsOnItsNameAndTheSeedAlone() {
        let clip = PracticeSpeech.clips(of: 1, repetitions: 1)[0]
        #expect(PracticeSpeech.samples(of: clip, seed: 0) == PracticeSpeech.samples(of: clip, seed: 0))
        #expect(PracticeSpeech.samples(of: clip, seed: 0) != PracticeSpeech.samples(of: clip, seed: 1))
    }

    @Test func clipsLastAboutASecondAndAreNotClipped() {
        for clip in PracticeSpeech.clips(of: 2, repetitions: 1) {
            let samples = PracticeSpeech.samples(of: clip, seed: 0)
            #expect((10_000...32_000).contains(samples.count))
            let peak = samples.map { Int($0.magnitude) }.max() ?? 0
            #expect((300...31_999).contains(peak))
        }
    }

    @Test func sineAndPowersAreThoseOfTheLibraryToTenDigits() {
        for step in -400...400 {
            let x = Double(step) / 97
            #expect(abs(sine(turns: x) - sin(x * 2 * .pi)) < 1e-10)
            #expect(abs(powerOfTwo(x) / pow(2, x) - 1) < 1e-13)
        }
        #expect(abs(amplitude(decibels: -20) - 0.1) < 1e-14)
    }
}
