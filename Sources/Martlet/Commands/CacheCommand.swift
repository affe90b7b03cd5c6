// martlet cache: stats, verify.

internal import ArgumentParser
internal import Cache
internal import Engine
internal import Tensors

struct CacheCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cache",
        abstract: "Look after the cache.",
        discussion: "Examples: martlet cache stats · martlet cache verify",
        subcommands: [Stats.self, Verify.self])

    struct Stats: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Say what the cache holds.", discussion: "Example: martlet cache stats --json")
        @OptionGroup var cacheOptions: CacheOptions
        @Flag(help: "Print JSON.") var json = false

        func run() throws {
            let store = try cacheOptions.open()
            let found = try store.statistics()
            try store.close()
            let entries: [(name: String, value: Int)] = [
                ("records", found.records), ("digests_only", found.digestsOnly), ("inline_values", found.inlineValues),
                ("inline_bytes", found.inlineBytes), ("blob_values", found.blobValues), ("blobs", found.blobs),
                ("blob_bytes", found.blobBytes), ("segments", found.segments), ("segment_bytes", found.segmentBytes),
            ]
            if json {
                print(Canonical.map(Dictionary(uniqueKeysWithValues: entries.map { ($0.name, .int($0.value)) })).json())
                return
            }
            var table = TextTable([cacheOptions.path, ""])
            for (name, value) in entries { table.add([name.replacing("_", with: " "), String(value)]) }
            print(table.text, terminator: "")
        }
    }

    struct Verify: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Read and check every record and value; forget what is damaged. Exit 1 where something was.",
            discussion: "Example: martlet cache verify --cache .martlet/cache")
        @OptionGroup var cacheOptions: CacheOptions

        func run() throws {
            let store = try cacheOptions.open()
            let report = try store.verify()
            for line in report.damage { print(line) }
            print("\(report.records) records and \(report.values) values checked, \(report.damage.count) damaged")
            if !report.damage.isEmpty { print("what was damaged is forgotten, and will be computed again") }
            try store.close()
            if !report.damage.isEmpty { throw Exit(code: 1) }
        }
    }
}
