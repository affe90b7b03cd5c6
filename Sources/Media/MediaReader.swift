// Reading media: whole, for stages, or in blocks, for their digest. The status of the file is compared before and after,
// so bytes of a file that moved under the reader are never taken for those that were digested.

internal import Glibc
public import Tensors

/// Reads files and members of zips.
public enum MediaReader {
    /// The bytes that were digested: of a zip member, unpacked.
    public static func read(_ reference: MediaReference) throws(MediaError) -> [UInt8] {
        let location = reference.location
        let bytes: [UInt8]
        if let member = location.member {
            guard try fingerprint(of: location.path) == reference.fingerprint else {
                throw .changedSinceListed(location)
            }
            bytes = try OpenZips.with(location.path, reference.fingerprint) { zip throws(MediaError) in
                try zip.read(member)
            }
        } else {
            bytes = try wholeFile(location, expecting: reference.fingerprint)
        }
        guard bytes.count == reference.size else { throw .changedSinceListed(location) }
        return bytes
    }

    /// The bytes of a small file that is read as a whole, a table.
    public static func read(_ path: String) throws(MediaError) -> [UInt8] {
        try wholeFile(MediaLocation(path: path), expecting: nil)
    }

    /// The reference to what lies there now. Reads it once, in blocks.
    public static func digest(_ location: MediaLocation) throws(MediaError) -> MediaReference {
        guard let member = location.member else { return try digestFile(location) }
        let fingerprint = try self.fingerprint(of: location.path)
        let (digest, size) = try OpenZips.with(location.path, fingerprint) { zip throws(MediaError) in
            var hasher = Hasher256()
            var size = 0
            try zip.stream(member) { block in
                hasher.update(block)
                size += block.count
            }
            return (hasher.finish(), size)
        }
        return MediaReference(location: location, digest: digest, size: size, fingerprint: fingerprint)
    }

    /// The fingerprint of a file, without opening it.
    public static func fingerprint(of path: String) throws(MediaError) -> Fingerprint {
        var status = stat()
        if stat(path, &status) != 0 { throw MediaError(number: errno, path: path) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw .notAFile(path: path) }
        return Fingerprint(status)
    }

    static let blockSize = 1 << 20

    private static func digestFile(_ location: MediaLocation) throws(MediaError) -> MediaReference {
        let file = try OpenFile.opening(location.path)
        let fingerprint = try file.fingerprint()
        let block = UnsafeMutableRawBufferPointer.allocate(byteCount: blockSize, alignment: 64)
        defer { block.deallocate() }
        var hasher = Hasher256()
        var size = 0
        while true {
            let count = try file.fill(block)
            hasher.update(UnsafeRawBufferPointer(rebasing: block[..<count]))
            size += count
            if count < blockSize { break }
        }
        guard try file.fingerprint() == fingerprint, Int64(size) == fingerprint.size else {
            throw .changedWhileRead(location)
        }
        return MediaReference(location: location, digest: hasher.finish(), size: size, fingerprint: fingerprint)
    }

    private static func wholeFile(
        _ location: MediaLocation, expecting expected: Fingerprint?
    ) throws(MediaError) -> [UInt8] {
        let file = try OpenFile.opening(location.path)
        let fingerprint = try file.fingerprint()
        if let expected, expected != fingerprint { throw .changedSinceListed(location) }
        // One byte more than the file has, so that one that grew is noticed.
        let capacity = Int(fingerprint.size) + 1
        var problem: MediaError?
        let bytes = [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
            do throws(MediaError) { count = try file.fill(UnsafeMutableRawBufferPointer(buffer)) } catch {
                problem = error
            }
        }
        if let problem { throw problem }
        guard bytes.count == capacity - 1, try file.fingerprint() == fingerprint else {
            throw .changedWhileRead(location)
        }
        return bytes
    }
}
