import Media
import TestSupport
import Testing

@Suite struct DirectoryListingTests {
    let scratch = Scratch()

    @Test func filesComeInTheOrderOfTheirBytesAtAnyDepth() throws {
        for name in ["b.wav", "a/z.wav", "a.wav", "é.wav", "B.wav", "a/y/x.wav"] { scratch.write("x", to: name) }
        let listing = try DirectoryListing(scratch.path)
        #expect(listing.files == ["B.wav", "a.wav", "a/y/x.wav", "a/z.wav", "b.wav", "é.wav"])
        #expect(listing.path(of: "a/z.wav") == scratch["a/z.wav"])
    }

    @Test func hiddenFilesAndDirectoriesAreLeftOut() throws {
        for name in [".hidden", ".git/config", "seen"] { scratch.write("x", to: name) }
        #expect(try DirectoryListing(scratch.path).files == ["seen"])
    }

    @Test func linksAreFollowedButLoopsAreNot() throws {
        scratch.write("x", to: "a/file")
        scratch.link("link", to: "a/file")
        scratch.link("directory", to: "a")
        scratch.link("a/loop", to: "..")
        scratch.link("nothing", to: "nowhere")
        let listing = try DirectoryListing(scratch.path)
        #expect(listing.files == ["a/file", "directory/file", "link"])
        #expect(listing.notes.contains("nothing is a link to nothing; passed over"))
        #expect(listing.notes.contains { $0.hasPrefix("a/loop/ leads back") })
    }

    @Test func aMissingDirectoryIsNamedInFull() {
        #expect(throws: MediaError.missing(path: absolutePath("no/such"))) { try DirectoryListing("no/such") }
        #expect(absolutePath("./no").hasPrefix("/") && absolutePath("./no").hasSuffix("/no"))
    }

    @Test func aFileIsNoDirectory() {
        let file = scratch.write("x", to: "file")
        #expect(throws: MediaError.notADirectory(path: file)) { try DirectoryListing(file) }
    }
}
