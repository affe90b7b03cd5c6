// PNG, as far as a picture of cells needs it: eight bits a pixel, each the number of a colour. The bytes are stored, not
// compressed: no library is needed, and the same cells are the same bytes everywhere.
//
// Source: the PNG specification (W3C), RFC 1950 (zlib, Adler-32), RFC 1951 (stored blocks).

enum Png {
    /// A whole file.
    /// - Parameters:
    ///   - pixels: row-major from the top left, positions in `colours`; width × height of them.
    ///   - colours: 256 at most.
    static func encode(_ pixels: [UInt8], width: Int, height: Int, colours: [Colour]) -> [UInt8] {
        precondition(pixels.count == width * height && (1...256).contains(colours.count), "pixels do not fit the size")
        var rows = [UInt8]()
        rows.reserveCapacity((width + 1) * height)
        for row in 0..<height {
            // Each row begins with the number of its filter; 0 is none.
            rows.append(0)
            rows += pixels[row * width..<(row + 1) * width]
        }
        // Eight bits a pixel, of a palette; compression and filters of the only kind there is; not interlaced.
        let header = big(width) + big(height) + [8, 3, 0, 0, 0]
        return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + chunk("IHDR", header)
            + chunk("PLTE", colours.flatMap { [$0.red, $0.green, $0.blue] }) + chunk("IDAT", stored(rows))
            + chunk("IEND", [])
    }

    /// A zlib stream of stored blocks.
    private static func stored(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = [0x78, 0x01]
        result.reserveCapacity(bytes.count + bytes.count / 8192 + 16)
        var start = 0
        repeat {
            let end = min(start + 0xFFFF, bytes.count)
            let count = end - start
            result += [end == bytes.count ? 1 : 0, low(count), low(count >> 8), ~low(count), ~low(count >> 8)]
            result += bytes[start..<end]
            start = end
        } while start < bytes.count
        return result + big(adler(bytes))
    }

    private static func chunk(_ name: String, _ data: [UInt8]) -> [UInt8] {
        let body = Array(name.utf8) + data
        return big(data.count) + body + big(checksum(body))
    }

    private static func low(_ value: Int) -> UInt8 { UInt8(truncatingIfNeeded: value) }

    private static func big(_ value: Int) -> [UInt8] {
        [low(value >> 24), low(value >> 16), low(value >> 8), low(value)]
    }

    private static func adler(_ bytes: [UInt8]) -> Int {
        var (a, b) = (1, 0)
        for byte in bytes {
            a = (a + Int(byte)) % 65521
            b = (b + a) % 65521
        }
        return b << 16 | a
    }

    /// CRC-32, from the lowest bit.
    private static func checksum(_ bytes: [UInt8]) -> Int {
        var value: UInt32 = 0xFFFF_FFFF
        for byte in bytes { value = table[Int(UInt8(truncatingIfNeeded: value) ^ byte)] ^ value >> 8 }
        return Int(~value)
    }

    private static let table: [UInt32] = (0..<256).map { start in
        (0..<8).reduce(UInt32(start)) { value, _ in value & 1 == 1 ? 0xEDB8_8320 ^ value >> 1 : value >> 1 }
    }
}
