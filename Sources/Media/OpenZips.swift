// Archives that are open but idle. A caller takes one out for itself and puts it back, so no two threads meet in one, and
// as many threads read a zip at once as there are callers.

internal import Tensors

/// The archives that are kept open between reads.
enum OpenZips {
    /// Each costs a descriptor and its table of contents.
    static let most = 16

    private static let idle = Lock<[OpenZip]>([])

    /// Runs `body` with the zip at `path`, which must have that fingerprint before and after.
    static func with<Result>(
        _ path: String, _ fingerprint: Fingerprint, _ body: (OpenZip) throws(MediaError) -> Result
    ) throws(MediaError) -> Result {
        let zip: OpenZip
        if let open = taken(path, fingerprint) { zip = open } else { zip = try OpenZip(path) }
        let location = MediaLocation(path: path)
        guard zip.fingerprint == fingerprint else { throw .changedSinceListed(location) }
        let result = try body(zip)
        guard try zip.isUnchanged() else { throw .changedWhileRead(location) }
        putBack(zip)
        return result
    }

    private static func taken(_ path: String, _ fingerprint: Fingerprint) -> OpenZip? {
        idle.withLock { zips in
            let position = zips.lastIndex { $0.path == path && $0.fingerprint == fingerprint }
            return position.map { zips.remove(at: $0) }
        }
    }

    private static func putBack(_ zip: OpenZip) {
        // What has to go is closed after the lock is released.
        let gone: OpenZip? = idle.withLock { zips in
            zips.append(zip)
            return zips.count > most ? zips.removeFirst() : nil
        }
        _ = gone
    }
}
