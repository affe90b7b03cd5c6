// Merkle roots over blocks of rows, counted from a table's first row, so that nothing outside a table moves a boundary.

public import Tensors

/// Merkle roots over blocks of rows.
public enum Merkle {
    /// Rows a block. Part of every identity of a table: changing it is a new cache format.
    public static let blockSize = 256

    /// The root of rows given by canonical values.
    public static func root(of rows: [Canonical]) -> Digest {
        var top = [UInt8]()
        for start in stride(from: 0, to: rows.count, by: blockSize) {
            let block = rows[start..<min(start + blockSize, rows.count)]
            Digest(of: .array(Array(block))).append(to: &top)
        }
        return close(top, count: rows.count)
    }

    /// The root of rows given by digests.
    public static func root(of digests: [Digest]) -> Digest {
        var top = [UInt8]()
        for start in stride(from: 0, to: digests.count, by: blockSize) {
            root(ofBlock: digests[start..<min(start + blockSize, digests.count)]).append(to: &top)
        }
        return close(top, count: digests.count)
    }

    /// The digest of one block of digests.
    static func root(ofBlock digests: ArraySlice<Digest>) -> Digest {
        var bytes = [UInt8]()
        bytes.reserveCapacity(32 * digests.count)
        for digest in digests { digest.append(to: &bytes) }
        return Digest(of: bytes)
    }

    private static func close(_ top: [UInt8], count: Int) -> Digest {
        Digest(of: .array([.int(count), .bytes(top)]))
    }
}
