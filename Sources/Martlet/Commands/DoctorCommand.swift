// martlet doctor: what this machine has and lacks.

internal import ArgumentParser
internal import Cache
internal import Foundation
internal import Stages
internal import Tensors

struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Say what this machine has and lacks.",
        discussion: "Example: martlet doctor")

    @OptionGroup var cacheOptions: CacheOptions

    func run() throws {
        var table = TextTable(["what", "found"])
        table.add(["martlet", version])
        table.add(["cores", String(ProcessInfo.processInfo.activeProcessorCount)])
        table.add(["memory", "\(ProcessInfo.processInfo.physicalMemory >> 20) MiB"])
        let catalogue = installed.withLock { $0 }
        for (library, found) in catalogue.libraryVersions.sorted(by: { precedes($0.key, $1.key) }) {
            table.add([library, found])
        }
        table.add(["stage types", String(catalogue.types.count)])
        table.add([
            "project",
            FileManager.default.currentDirectoryPath == Project.root || Project.root == "."
                ? FileManager.default.currentDirectoryPath : Project.root,
        ])
        table.add(["cache", cacheOptions.path])
        var isTroubled = false
        do {
            // Looking makes none.
            if FileManager.default.fileExists(atPath: cacheOptions.path) {
                let store = try cacheOptions.open()
                let statistics = try store.statistics()
                table.add(["  records", String(statistics.records)])
                try store.close()
            } else {
                table.add(["  records", "none yet"])
            }
        } catch {
            isTroubled = true
            table.add(["  trouble", "\(error)"])
        }
        if let space = try? FileManager.default.attributesOfFileSystem(
            forPath: FileManager.default.currentDirectoryPath)[.systemFreeSize] as? NSNumber
        {
            table.add(["free space", "\(space.int64Value >> 20) MiB"])
        }
        print(table.text, terminator: "")
        if isTroubled { throw Exit(code: 4) }
    }
}
