import Glibc
import Media
import Tensors
import TestSupport
import Testing

@Suite struct MediaReaderTests {
    let scratch = Scratch()

    @Test func whatWasDigestedIsRead() throws {
        let bytes = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let location = MediaLocation(path: scratch.write(bytes, to: "clip.wav"))
        let reference = try MediaReader.digest(location)
        #expect(reference.digest == Digest(of: bytes))
        #expect(reference.size == bytes.count)
        #expect(reference.fingerprint == (try MediaReader.fingerprint(of: location.path)))
        #expect(try MediaReader.read(reference) == bytes)
    }

    @Test func anEmptyFileIsMediaOfNoBytes() throws {
        let reference = try MediaReader.digest(MediaLocation(path: scratch.write([], to: "empty")))
        #expect(reference.digest == Digest(of: []))
        #expect(try MediaReader.read(reference).isEmpty)
    }

    @Test func aFileThatWasReplacedIsNotReadForTheOldOne() throws {
        let location = MediaLocation(path: scratch.write("one", to: "clip"))
        let reference = try MediaReader.digest(location)
        scratch.write("two", to: "other")
        rename(scratch["other"], location.path)
        #expect(throws: MediaError.changedSinceListed(location)) { try MediaReader.read(reference) }
    }

    @Test func aFileOfAnotherSizeIsNotReadForTheOldOne() throws {
        let location = MediaLocation(path: scratch.write("one", to: "clip"))
        let was = try MediaReader.digest(location)
        // As if the status had been taken while the bytes were still coming in.
        let reference = MediaReference(location: location, digest: was.digest, size: 2, fingerprint: was.fingerprint)
        #expect(throws: MediaError.changedSinceListed(location)) { try MediaReader.read(reference) }
    }

    @Test func whatIsNoFileIsRefused() throws {
        #expect(throws: MediaError.missing(path: scratch["no"])) {
            try MediaReader.digest(MediaLocation(path: scratch["no"]))
        }
        #expect(throws: MediaError.notAFile(path: scratch.path)) { try MediaReader.read(scratch.path) }
        mkfifo(scratch["pipe"], 0o600)
        #expect(throws: MediaError.notAFile(path: scratch["pipe"])) { try MediaReader.read(scratch["pipe"]) }
    }

    @Test func messagesSayWhatHoldsAndWhatToDo() {
        #expect(
            MediaError.missing(path: "/x").description
                == "there is no /x; check the path; a relative one starts at the current directory")
        #expect(
            MediaError.encrypted(MediaLocation(path: "/a.zip", member: "b.wav")).description
                == "/a.zip!b.wav is encrypted; unpack it with its password, and name the unpacked files")
    }
}
