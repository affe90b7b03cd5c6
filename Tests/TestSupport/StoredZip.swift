// Zips made by hand, so that they can have the names and the damage that no zip tool would give them.

/// A zip whose members are stored, not deflated.
public struct StoredZip {
    private var members = [UInt8]()
    private var directory = [UInt8]()
    private var count = 0
    /// Where the central directory begins.
    public var directoryOffset: Int { members.count }

    public init() {}

    /// Adds a member. `flags` of 1 marks it encrypted; `checksum` and `size` replace the true ones.
    public mutating func add(
        _ name: String, _ bytes: [UInt8], flags: Int = 0, checksum: UInt32? = nil, size: Int? = nil
    ) {
        let name = Array(name.utf8)
        let crc = checksum ?? crc32(bytes)
        var common = [20, flags, 0, 0, 0x21].flatMap(word)
        common += [Int(crc), bytes.count, size ?? bytes.count].flatMap(long)
        common += [name.count, 0].flatMap(word)
        directory += [0x50, 0x4B, 1, 2, 20, 0] as [UInt8]
        directory += common
        directory += [0, 0, 0].flatMap(word)
        directory += [0, members.count].flatMap(long)
        directory += name
        members += [0x50, 0x4B, 3, 4] as [UInt8]
        members += common
        members += name
        members += bytes
        count += 1
    }

    public var bytes: [UInt8] {
        var end: [UInt8] = [0x50, 0x4B, 5, 6]
        end += [0, 0, count, count].flatMap(word)
        end += [directory.count, members.count].flatMap(long)
        return members + directory + end + word(0)
    }

    private func word(_ value: Int) -> [UInt8] { [UInt8(value & 255), UInt8(value >> 8 & 255)] }
    private func long(_ value: Int) -> [UInt8] { word(value & 0xFFFF) + word(value >> 16 & 0xFFFF) }

    private func crc32(_ bytes: [UInt8]) -> UInt32 {
        var crc = ~UInt32(0)
        for byte in bytes {
            crc ^= UInt32(byte)
            for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
        }
        return ~crc
    }
}
