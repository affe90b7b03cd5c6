import Glibc
import Media
import Tensors
import TestSupport
import Testing

@Suite struct ZipArchiveTests {
    let scratch = Scratch()

    private func reference(_ path: String, _ member: String) throws -> MediaReference {
        try MediaReader.digest(MediaLocation(path: path, member: member))
    }

    @Test func membersAreListedByNameAndDirectoriesLeftOut() throws {
        var zip = StoredZip()
        zip.add("d/", [])
        for name in ["d/b.wav", "d/a.wav", "c.wav"] { zip.add(name, Array(name.utf8)) }
        let listing = try ZipListing(scratch.write(zip.bytes, to: "a.zip"))
        #expect(listing.members.map(\.name) == ["c.wav", "d/a.wav", "d/b.wav"])
        #expect(listing.members.map(\.size) == [5, 7, 7])
        #expect(listing.notes.isEmpty)
    }

    @Test func aMemberHasTheDigestOfItsUnpackedBytes() throws {
        var zip = StoredZip()
        zip.add("clip.wav", Array("sound".utf8))
        let packed = try reference(scratch.write(zip.bytes, to: "a.zip"), "clip.wav")
        let unpacked = try MediaReader.digest(MediaLocation(path: scratch.write("sound", to: "clip.wav")))
        #expect(packed.digest == unpacked.digest)
        #expect(packed.size == 5)
        #expect(try MediaReader.read(packed) == Array("sound".utf8))
        #expect(packed.fingerprint == (try MediaReader.fingerprint(of: scratch["a.zip"])))
    }

    @Test func namesThatClimbOutArePassedOver() throws {
        var zip = StoredZip()
        for name in ["../up.wav", "/root.wav", "a/../../b.wav", "C:\\x.wav", "..\\y.wav", "good..wav"] {
            zip.add(name, [1])
        }
        let path = scratch.write(zip.bytes, to: "a.zip")
        let listing = try ZipListing(path)
        #expect(listing.members.map(\.name) == ["good..wav"])
        #expect(listing.notes.count == 5)
        #expect(listing.notes[0] == "\(path): the member ../up.wav leads out of the zip; passed over")
        #expect(throws: MediaError.noSuchMember(MediaLocation(path: path, member: "../up.wav"))) {
            try reference(path, "../up.wav")
        }
    }

    @Test func ofTwoMembersWithOneNameTheFirstIsUsed() throws {
        var zip = StoredZip()
        zip.add("a.wav", [1])
        zip.add("a.wav", [2])
        let path = scratch.write(zip.bytes, to: "a.zip")
        #expect(try ZipListing(path).notes == ["\(path): a second member a.wav; the first is used"])
        #expect(try MediaReader.read(reference(path, "a.wav")) == [1])
    }

    @Test func aWrongChecksumIsDamage() throws {
        var zip = StoredZip()
        zip.add("a.wav", [1, 2, 3], checksum: 1)
        let path = scratch.write(zip.bytes, to: "a.zip")
        #expect(throws: MediaError.damagedMember(MediaLocation(path: path, member: "a.wav"), why: "CRC error")) {
            try reference(path, "a.wav")
        }
    }

    @Test func anEncryptedMemberIsNamedAsSuch() throws {
        var zip = StoredZip()
        zip.add("a.wav", [UInt8](repeating: 0, count: 40), flags: 1)
        let path = scratch.write(zip.bytes, to: "a.zip")
        #expect(throws: MediaError.encrypted(MediaLocation(path: path, member: "a.wav"))) {
            try reference(path, "a.wav")
        }
    }

    @Test func aBombIsNotUnpacked() throws {
        var zip = StoredZip()
        zip.add("a.wav", [1], size: 200_000_000)
        let path = scratch.write(zip.bytes, to: "a.zip")
        #expect(throws: MediaError.tooLarge(MediaLocation(path: path, member: "a.wav"), size: 200_000_000)) {
            try reference(path, "a.wav")
        }
    }

    @Test func damageIsToldFromOtherFiles() throws {
        var zip = StoredZip()
        zip.add("a.wav", [UInt8](repeating: 7, count: 1000))
        #expect(throws: MediaError.notAZip(path: scratch["page"])) {
            try ZipListing(scratch.write("<html>404: there is no such zip here</html>", to: "page"))
        }
        #expect(throws: MediaError.notAZip(path: scratch["empty"])) { try ZipListing(scratch.write([], to: "empty")) }
        let cut = scratch.write(Array(zip.bytes.prefix(500)), to: "cut.zip")
        #expect(
            throws: MediaError.damagedZip(
                path: cut, why: "its table of contents, which stands at the end, is missing: it is cut short")
        ) { try ZipListing(cut) }
        var broken = zip.bytes
        broken[zip.directoryOffset] = 0
        let brokenPath = scratch.write(broken, to: "broken.zip")
        #expect {
            try ZipListing(brokenPath)
        } throws: { error in
            if case MediaError.damagedZip(brokenPath, _) = error { true } else { false }
        }
    }

    @Test func everyDamagedByteGivesAValueOrAnError() throws {
        var zip = StoredZip()
        zip.add("a.wav", [1, 2, 3, 4])
        zip.add("d/b.wav", [5])
        for position in zip.bytes.indices {
            var bytes = zip.bytes
            bytes[position] ^= 0xFF
            let path = scratch.write(bytes, to: "damaged-\(position).zip")
            guard let listing = try? ZipListing(path) else { continue }
            for member in listing.members { _ = try? reference(path, member.name) }
        }
    }

    @Test func aZipThatWasReplacedIsNotReadForTheOldOne() throws {
        var zip = StoredZip()
        zip.add("a.wav", [1])
        let path = scratch.write(zip.bytes, to: "a.zip")
        let old = try reference(path, "a.wav")
        var other = StoredZip()
        other.add("a.wav", [2])
        scratch.write(other.bytes, to: "b.zip")
        rename(scratch["b.zip"], path)
        #expect(throws: MediaError.changedSinceListed(old.location)) { try MediaReader.read(old) }
        #expect(try MediaReader.read(reference(path, "a.wav")) == [2])
    }

    @Test func manyThreadsReadOneZip() throws {
        var zip = StoredZip()
        let members = (0..<40).map { number in [UInt8](repeating: UInt8(number), count: 10_000 + number) }
        for (number, bytes) in members.enumerated() { zip.add("\(number).wav", bytes) }
        let path = scratch.write(zip.bytes, to: "a.zip")
        let references = try members.indices.map { try reference(path, "\($0).wav") }
        let wrong = Lock(0)
        let pairs = Array(Swift.zip(references, members))
        let read: @Sendable () -> Void = {
            for (reference, bytes) in pairs where (try? MediaReader.read(reference)) != bytes {
                wrong.withLock { $0 += 1 }
            }
        }
        runInThreads(4, read)
        #expect(wrong.withLock { $0 } == 0)
    }

    @Test(.enabled(if: Shared.has("data/ravdess_zip")))
    func theDatasetsOwnZipIsReadWithoutUnpacking() throws {
        let path = Shared["data/ravdess_zip/Audio_Speech_Actors_01-24.zip"]
        let listing = try ZipListing(path)
        #expect(listing.members.count == 16)
        #expect(listing.members.first?.name == "Actor_11/03-01-01-01-01-01-11.wav")
        #expect(listing.members.map(\.size).reduce(0, +) == 6_205_254)
        for member in listing.members {
            let reference = try reference(path, member.name)
            #expect(reference.size == member.size)
            #expect(try MediaReader.read(reference).starts(with: Array("RIFF".utf8)))
        }
    }
}

/// Runs `body` in that many threads at once.
private func runInThreads(_ count: Int, _ body: @escaping @Sendable () -> Void) {
    final class Work: Sendable {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
    let threads = (0..<count).map { _ in
        var thread = pthread_t()
        pthread_create(
            &thread, nil,
            { context in
                if let context { Unmanaged<Work>.fromOpaque(context).takeRetainedValue().body() }
                return nil
            }, Unmanaged.passRetained(Work(body)).toOpaque())
        return thread
    }
    for thread in threads { pthread_join(thread, nil) }
}
