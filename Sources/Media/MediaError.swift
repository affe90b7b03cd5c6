// What can be wrong with a file, a directory or a zip, as situations: which file, what holds, and what to do about it.

internal import Glibc
public import Tensors

/// Why media could not be listed or read.
public enum MediaError: Error, Sendable, Hashable {
    case missing(path: String)
    /// A directory, a pipe, a device.
    case notAFile(path: String)
    case notADirectory(path: String)
    case noPermission(path: String)
    /// The file was written to between the first and the last byte that was read.
    case changedWhileRead(MediaLocation)
    /// It is no longer the file that was digested.
    case changedSinceListed(MediaLocation)
    case notAZip(path: String)
    /// Its table of contents cannot be read.
    case damagedZip(path: String, why: String)
    /// One member cannot be unpacked, or does not have the checksum or the size that the zip declares.
    case damagedMember(MediaLocation, why: String)
    case encrypted(MediaLocation)
    case noSuchMember(MediaLocation)
    /// A member that declares more bytes than any clip has: a zip bomb, or not media.
    case tooLarge(MediaLocation, size: Int)
    case ioFailed(path: String, why: String)
}

extension MediaError: CustomStringConvertible {
    /// What holds.
    public var cause: String {
        switch self {
        case .missing(let path): "there is no \(path)"
        case .notAFile(let path): "\(path) is not a file"
        case .notADirectory(let path): "\(path) is not a directory"
        case .noPermission(let path): "\(path) may not be read"
        case .changedWhileRead(let location): "\(location) was written to while it was read"
        case .changedSinceListed(let location): "\(location) has changed since this run listed it"
        case .notAZip(let path): "\(path) is not a zip"
        case .damagedZip(let path, let why): "the zip \(path) is damaged: \(why)"
        case .damagedMember(let location, let why): "\(location) cannot be unpacked: \(why)"
        case .encrypted(let location): "\(location) is encrypted"
        case .noSuchMember(let location):
            "the zip \(location.path) has no member \(location.member ?? "")"
        case .tooLarge(let location, let size): "\(location) unpacks to \(size) bytes, by its own account"
        case .ioFailed(let path, let why): "\(path): \(why)"
        }
    }

    /// What to do.
    public var advice: String? {
        switch self {
        case .missing: "check the path; a relative one starts at the current directory"
        case .notAFile, .notADirectory: "check the path"
        case .noPermission: "give yourself read permission (chmod u+r, and u+x on directories)"
        case .changedWhileRead, .changedSinceListed: "run again once nothing writes to it"
        case .notAZip: "check the file: an interrupted download or a page in its place is the usual cause"
        case .damagedZip, .damagedMember: "fetch it again, and compare its checksum with the published one"
        case .encrypted: "unpack it with its password, and name the unpacked files"
        case .noSuchMember: "run again, so that the zip is listed anew"
        case .tooLarge: "unpack it by hand if you trust it, and name the unpacked files"
        case .ioFailed: nil
        }
    }

    public var description: String { advice.map { cause + "; " + $0 } ?? cause }

    /// Whether there is nothing at that path.
    public var isMissing: Bool { if case .missing = self { true } else { false } }

    /// The situation that an error number of the C library stands for.
    init(number: Int32, path: String) {
        switch number {
        case ENOENT, ENOTDIR: self = .missing(path: path)
        case EACCES, EPERM: self = .noPermission(path: path)
        case EISDIR: self = .notAFile(path: path)
        default: self = .ioFailed(path: path, why: strerror(number).map { String(cString: $0) } ?? "error \(number)")
        }
    }
}

/// The path from the root of the file system on, for messages and for what outlives a change of directory.
public func absolutePath(_ path: String) -> String {
    let trimmed = path.hasPrefix("./") ? String(path.dropFirst(2)) : path
    if trimmed.hasPrefix("/") { return trimmed }
    guard let here = getcwd(nil, 0) else { return trimmed }
    defer { free(here) }
    let base = String(cString: here)
    if trimmed.isEmpty || trimmed == "." { return base }
    return base == "/" ? base + trimmed : base + "/" + trimmed
}
