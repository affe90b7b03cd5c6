// Zips, read without unpacking, over libzip. An archive is open in one thread at a time; opening one means reading its
// whole table of contents, so archives are kept open between reads (`OpenZips`).

internal import CZip
internal import Glibc
internal import Tensors

/// A file in a zip.
public struct ZipMember: Sendable, Hashable {
    public let name: String
    /// Unpacked, in bytes, by the zip's own account.
    public let size: Int
    public let packedSize: Int
    public let crc: UInt32
    public let isEncrypted: Bool
}

/// What is in a zip.
public struct ZipListing: Sendable, Hashable {
    /// In the order of their names as bytes; directories left out.
    public let members: [ZipMember]
    /// Members that were passed over, and why.
    public let notes: [String]

    public init(_ path: String) throws(MediaError) {
        let fingerprint = try MediaReader.fingerprint(of: path)
        self = try OpenZips.with(path, fingerprint) { zip in zip.listing }
    }
}

/// A zip that is open. Not to be used in two threads at once: libzip's handle is not made for it, and `OpenZips` hands an
/// archive to one caller at a time.
final class OpenZip: @unchecked Sendable {
    let path: String
    let fingerprint: Fingerprint
    let listing: ZipListing
    private let archive: OpaquePointer
    /// Kept beside libzip's own, to ask whether the file is still the same.
    private let file: HeldFile
    private let positions: [String: UInt64]

    init(_ path: String) throws(MediaError) {
        let file = try HeldFile(path)
        let fingerprint = try file.fingerprint()
        let archive = try Self.opened(path, file: file, size: fingerprint.size)
        self.path = path
        self.file = file
        self.fingerprint = fingerprint
        self.archive = archive
        do throws(MediaError) { (listing, positions) = try Self.contents(of: archive, path: path) } catch {
            zip_discard(archive)
            throw error
        }
    }

    deinit { zip_discard(archive) }

    /// Whether the file is as it was when the archive was opened.
    func isUnchanged() throws(MediaError) -> Bool { try file.fingerprint() == fingerprint }

    /// A member's bytes.
    func read(_ name: String) throws(MediaError) -> [UInt8] {
        var bytes = [UInt8]()
        try stream(name) { block in
            bytes.append(contentsOf: block)
        }
        return bytes
    }

    /// A member's bytes in blocks; libzip compares the checksum at the end.
    func stream(_ name: String, _ take: (UnsafeRawBufferPointer) -> Void) throws(MediaError) {
        let location = MediaLocation(path: path, member: name)
        guard let position = positions[name] else { throw .noSuchMember(location) }
        let member = try Self.member(at: position, of: archive, name: name, path: path)
        if member.isEncrypted { throw .encrypted(location) }
        if member.size > 4 << 30 || member.size > 100_000_000 && member.size / max(1, member.packedSize) > 1000 {
            throw .tooLarge(location, size: member.size)
        }
        guard let stream = zip_fopen_index(archive, position, 0) else {
            throw .damagedMember(location, why: Self.text(zip_get_error(archive)))
        }
        defer { zip_fclose(stream) }
        let block = UnsafeMutableRawBufferPointer.allocate(byteCount: MediaReader.blockSize, alignment: 64)
        defer { block.deallocate() }
        var size = 0
        while true {
            let count = Int(zip_fread(stream, block.baseAddress, UInt64(block.count)))
            if count < 0 { throw .damagedMember(location, why: Self.text(zip_file_get_error(stream))) }
            if count == 0 { break }
            size += count
            if size > member.size {
                throw .damagedMember(location, why: "it holds more than the \(member.size) bytes declared")
            }
            take(UnsafeRawBufferPointer(rebasing: block[..<count]))
        }
        if size < member.size { throw .damagedMember(location, why: "it ends after \(size) of \(member.size) bytes") }
    }

    private static func opened(_ path: String, file: HeldFile, size: Int64) throws(MediaError) -> OpaquePointer {
        // The shortest zip is an empty one: its end record alone.
        guard size >= 22 else { throw .notAZip(path: path) }
        let beginsAsZip = try file.read(at: 0, count: 2) == [0x50, 0x4B]
        let descriptor = fcntl(file.descriptor, F_DUPFD_CLOEXEC, 0)
        if descriptor < 0 { throw MediaError(number: errno, path: path) }
        var code: Int32 = 0
        if let archive = zip_fdopen(descriptor, 0, &code) { return archive }
        close(descriptor)
        if code == ZIP_ER_NOZIP {
            guard beginsAsZip else { throw .notAZip(path: path) }
            throw .damagedZip(
                path: path, why: "its table of contents, which stands at the end, is missing: it is cut short")
        }
        var error = zip_error_t()
        zip_error_init_with_code(&error, code)
        defer { zip_error_fini(&error) }
        throw .damagedZip(path: path, why: text(&error))
    }

    private static func contents(
        of archive: OpaquePointer, path: String
    ) throws(MediaError) -> (ZipListing, [String: UInt64]) {
        var members = [ZipMember]()
        var positions = [String: UInt64]()
        var notes = [String]()
        for index in 0..<UInt64(max(0, zip_get_num_entries(archive, 0))) {
            guard let pointer = zip_get_name(archive, index, 0), let name = String(validatingCString: pointer) else {
                notes.append("\(path): member \(index) has a name that cannot be read; passed over")
                continue
            }
            if name.hasSuffix("/") || name.hasSuffix("\\") { continue }
            if !staysInside(name) {
                notes.append("\(path): the member \(name) leads out of the zip; passed over")
            } else if positions[name] != nil {
                notes.append("\(path): a second member \(name); the first is used")
            } else {
                positions[name] = index
                members.append(try member(at: index, of: archive, name: name, path: path))
            }
        }
        members.sort { precedes($0.name, $1.name) }
        return (ZipListing(members: members, notes: notes), positions)
    }

    private static func member(
        at index: UInt64, of archive: OpaquePointer, name: String, path: String
    ) throws(MediaError) -> ZipMember {
        var status = zip_stat_t()
        zip_stat_init(&status)
        guard zip_stat_index(archive, index, 0, &status) == 0, let size = Int(exactly: status.size),
            let packedSize = Int(exactly: status.comp_size)
        else { throw .damagedMember(MediaLocation(path: path, member: name), why: text(zip_get_error(archive))) }
        return ZipMember(
            name: name, size: size, packedSize: packedSize, crc: status.crc,
            isEncrypted: status.encryption_method != UInt16(ZIP_EM_NONE))
    }

    /// Whether a member's name, unpacked, stays below the directory it is unpacked in.
    private static func staysInside(_ name: String) -> Bool {
        let parts = name.split(omittingEmptySubsequences: false) { $0 == "/" || $0 == "\\" }
        return parts.first?.isEmpty == false && parts.first?.hasSuffix(":") == false && !parts.contains("..")
    }

    private static func text(_ error: UnsafeMutablePointer<zip_error_t>?) -> String {
        guard let error, let text = zip_error_strerror(error) else { return "libzip does not say why" }
        return String(cString: text)
    }
}

extension ZipListing {
    fileprivate init(members: [ZipMember], notes: [String]) {
        self.members = members
        self.notes = notes
    }
}
