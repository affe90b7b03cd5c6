// Opening a directory: made if missing or empty, refused if it is something else.

import Cache
import Glibc
import Tensors
import Testing

struct OpeningTests {
    @Test func aNewCacheIsMarked() throws {
        let directory = TemporaryDirectory()
        _ = try Store(directory: directory.path + "/a/b")
        #expect(directory.read("a/b/VERSION") == Array("1\n".utf8))
        #expect(directory.read("a/b/.gitignore") == Array("*\n".utf8))
        #expect(
            directory.read("a/b/CACHEDIR.TAG")?.starts(with: "Signature: 8a477f597d28d172789f06886806bc55".utf8) == true
        )
        #expect(directory.list("a/b/segments").isEmpty)
    }

    @Test func anotherFormatIsRefused() throws {
        let directory = TemporaryDirectory()
        try directory.write(Array("7\n".utf8), to: "VERSION")
        let error = #expect(throws: CacheError.self) { _ = try Store(directory: directory.path) }
        #expect(
            error?.description
                == "the cache at \(directory.path) is of format 7, and this Martlet writes format 1: choose another "
                + "with --cache, or delete it; a cache can always be made again")
    }

    @Test func aDirectoryThatIsNoCacheIsRefusedAndLeftAlone() throws {
        let directory = TemporaryDirectory()
        try directory.write(Array("thesis".utf8), to: "thesis.tex")
        for path in [directory.path, directory.path + "/thesis.tex"] {
            let error = #expect(throws: CacheError.self) { _ = try Store(directory: path) }
            #expect(error?.description.contains("is no cache: choose another directory with --cache") == true)
        }
        #expect(directory.list("") == ["thesis.tex"])
    }

    @Test func aCacheWhoseMakingWasCutOffIsMadeToTheEnd() throws {
        let counted = InMemoryBlobStore()
        _ = try Store(directory: "/c", disk: counted, index: .memory)
        for write in 0..<counted.writes {
            let disk = InMemoryBlobStore()
            disk.fail(at: write, with: .killed(after: 1))
            #expect(throws: CacheError.self) { _ = try Store(directory: "/c", disk: disk, index: .memory) }
            let store = try Store(directory: "/c", disk: disk.reborn(), index: .memory)
            try store.put(1)
            #expect(try store.has(1))
        }
    }

    @Test func theIndexMayLieElsewhere() throws {
        let (shared, local) = (TemporaryDirectory(), TemporaryDirectory())
        let store = try Store(directory: shared.path, index: .directory(local.path))
        try store.put(1)
        try store.close()
        #expect(shared.read("index.sqlite") == nil && local.read("index.sqlite") != nil)
        #expect(try Store(directory: shared.path, index: .directory(local.path)).has(1))
    }
}
