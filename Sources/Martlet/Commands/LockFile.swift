// Locks on disk: `<spec>.lock.json` beside the spec, and the records of a run, which say the same in several files.

internal import Engine
internal import Foundation
internal import Stages
internal import Tensors

enum LockFile {
    /// `experiments/voice.yaml` → `experiments/voice.lock.json`.
    static func path(of spec: String) -> String { (spec as NSString).deletingPathExtension + ".lock.json" }

    static func write(_ lock: RunLock, to path: String) throws {
        let aside = path + ".new"
        try lock.writeJSON(to: aside)
        if rename(aside, path) != 0 {
            throw RecordsError(path: path, cause: String(cString: strerror(errno)), advice: nil)
        }
    }

    static func read(_ path: String) throws -> RunLock {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw UsageError(message: "\(path) cannot be read")
        }
        guard let written = Canonical(json: Array(data)), let lock = RunLock(written)
        else { throw UsageError(message: "\(path) is not a lock that martlet run --lock wrote") }
        return lock
    }
}
