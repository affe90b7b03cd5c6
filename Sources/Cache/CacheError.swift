// What can go wrong with a cache, as situations, and the sentence for each: what holds, and what to do. Nothing that was
// acknowledged is lost by any of them: segments are append-only and blobs are renamed into place.

internal import Glibc
public import Tensors

/// Why the cache could not do what was asked.
public enum CacheError: Error, Sendable {
    /// The directory is a cache of another format.
    case otherFormat(directory: String, found: String)
    /// The directory has files in it, and they are no cache.
    case notACache(directory: String)
    case cannotCreate(path: String, reason: String)
    case readOnly(path: String)
    case diskFull(path: String)
    case cannotRead(path: String, reason: String)
    case ioFailed(path: String, reason: String)
    /// The same key and profile gave two results: the record that exists, the note of the new one, and its digest.
    case notDeterministic(existing: Record, note: Canonical, output: Digest)
}

extension CacheError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .otherFormat(let directory, let found):
            "the cache at \(directory) is of format \(found), and this Martlet writes format \(Layout.format): choose "
                + "another with --cache, or delete it; a cache can always be made again"
        case .notACache(let directory):
            "\(directory) holds something else and is no cache: choose another directory with --cache"
        case .cannotCreate(let path, let reason):
            "the cache cannot be made at \(path): \(reason); choose another directory with --cache"
        case .readOnly(let path):
            "\(path) cannot be written: give yourself permission to write there, or choose another cache with --cache"
        case .diskFull(let path):
            "there is no space left for \(path): free some, or choose another cache with --cache; "
                + "what was computed so far is kept, run again to go on"
        case .cannotRead(let path, let reason): "\(path) cannot be read: \(reason)"
        case .ioFailed(let path, let reason): "\(path): \(reason)"
        case .notDeterministic(let existing, let note, let output):
            "the same key gave two results: \(Self.origin(existing.note)) gave \(existing.output.short), "
                + "\(Self.origin(note)) gave \(output.short). The stage is not deterministic, or its output changed and "
                + "its revision was not raised"
        }
    }

    /// Who made a record, as far as its note says.
    private static func origin(_ note: Canonical) -> String {
        let parts = ["run", "stage", "sample"].compactMap { name in note[name]?.textValue.map { "\(name) \($0)" } }
        return parts.isEmpty ? "a run" : parts.joined(separator: ", ")
    }
}

extension CacheError {
    /// The situation that a failed file operation stands for.
    init(_ fault: DiskFault, creating: Bool = false) {
        self =
            switch fault.code {
            case ENOSPC, EDQUOT: .diskFull(path: fault.path)
            case _ where creating: .cannotCreate(path: fault.path, reason: fault.reason)
            case EROFS, EACCES, EPERM: fault.isWrite ? .readOnly(path: fault.path) : .cannotRead(fault)
            default: fault.isWrite ? .ioFailed(path: fault.path, reason: fault.reason) : .cannotRead(fault)
            }
    }

    private static func cannotRead(_ fault: DiskFault) -> CacheError {
        .cannotRead(path: fault.path, reason: fault.reason)
    }
}

extension Digest {
    /// The first digits, enough to tell two apart in a sentence.
    var short: String { String(hex.prefix(12)) }
}
