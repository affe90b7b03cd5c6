// The files below a directory. The order is that of the paths as bytes, whatever the file system's own is.

internal import Glibc
internal import Tensors

/// The files below a directory, at any depth.
public struct DirectoryListing: Sendable, Hashable {
    /// The directory, as an absolute path.
    public let root: String
    /// Paths below the root, in the order of their bytes. Hidden files and what is in hidden directories are left out;
    /// links are followed.
    public let files: [String]
    /// What was passed over, and why: dangling links, loops.
    public let notes: [String]

    public init(_ directory: String) throws(MediaError) {
        let root = absolutePath(directory)
        var walk = Walk(root: root)
        try walk.enter(root, below: "", ancestors: [])
        self.root = root
        files = walk.files.sorted(by: precedes)
        notes = walk.notes.sorted(by: precedes)
    }

    /// The absolute path of one of the files.
    public func path(of file: String) -> String { root.hasSuffix("/") ? root + file : root + "/" + file }
}

/// The state of a walk through directories.
private struct Walk {
    let root: String
    var files = [String]()
    var notes = [String]()

    struct Place: Equatable {
        let device: UInt
        let inode: UInt
    }

    mutating func enter(_ path: String, below prefix: String, ancestors: [Place]) throws(MediaError) {
        guard let status = Self.status(of: path) else { throw MediaError(number: errno, path: path) }
        guard status.st_mode & S_IFMT == S_IFDIR else { throw .notADirectory(path: path) }
        let place = Place(device: UInt(status.st_dev), inode: UInt(status.st_ino))
        if ancestors.contains(place) {
            notes.append("\(prefix) leads back into a directory above it; not entered again")
            return
        }
        for name in try names(in: path, below: prefix) {
            let below = prefix + name
            let inner = path.hasSuffix("/") ? path + name : path + "/" + name
            guard let status = Self.status(of: inner) else {
                if errno != ENOENT && errno != ELOOP { throw MediaError(number: errno, path: inner) }
                notes.append("\(below) is a link to nothing; passed over")
                continue
            }
            switch status.st_mode & S_IFMT {
            case S_IFREG: files.append(below)
            case S_IFDIR: try enter(inner, below: below + "/", ancestors: ancestors + [place])
            default: notes.append("\(below) is not a file; passed over")
            }
        }
    }

    /// The names in a directory; a directory is closed again before the next is opened, however deep the tree.
    private mutating func names(in path: String, below prefix: String) throws(MediaError) -> [String] {
        guard let directory = opendir(path) else { throw MediaError(number: errno, path: path) }
        defer { closedir(directory) }
        var names = [String]()
        while true {
            errno = 0
            guard let entry = readdir(directory) else {
                if errno != 0 { throw MediaError(number: errno, path: path) }
                return names
            }
            let offset = MemoryLayout<dirent>.offset(of: \.d_name) ?? 0
            let pointer = UnsafeRawPointer(entry).advanced(by: offset).assumingMemoryBound(to: CChar.self)
            if pointer[0] == CChar(UInt8(ascii: ".")) { continue }
            if let name = String(validatingCString: pointer) {
                names.append(name)
            } else {
                notes.append("\(prefix)\(String(cString: pointer)) has a name that is not UTF-8; passed over")
            }
        }
    }

    private static func status(of path: String) -> stat? {
        var status = stat()
        return stat(path, &status) == 0 ? status : nil
    }
}
