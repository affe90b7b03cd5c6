// martlet cache: stats, verify.

internal import ArgumentParser
internal import Cache
internal import Foundation
internal import Tensors

struct CacheCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cache",
        abstract: "Look after the cache.",
        discussion: "Examples: martlet cache stats · martlet cache verify",
        subcommands: [Stats.self, Verify.self])

    struct Stats: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Say what the cache holds.")
        @OptionGroup var cacheOptions: CacheOptions
        @Flag(help: "Print JSON.") var json = false

        func run() throws {
            let store = try cacheOptions.open()
            let statistics = try store.statistics()
            print(json ? Canonical.map(statistics.canonical).json() : statistics.text(path: cacheOptions.path), terminator: json ? "\n" : "")
            try store.close()
        }
    }

    struct Verify: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Read and check every record and value; forget what is damaged. Exit 1 where something was.")
        @OptionGroup var cacheOptions: CacheOptions

        func run() throws {
            let store = try cacheOptions.open()
            let report = try store.verify { _ in }
            for line in report.damage { print(line) }
            print("\(report.records) records and \(report.values) values checked, \(report.damage.count) damaged")
            try store.close()
            if !report.damage.isEmpty { throw Exit(code: 1) }
        }
    }
}
