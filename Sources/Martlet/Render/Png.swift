// PNG, as far as pictures of cells and frames need it: eight bits a pixel, each the number of a colour; or three bytes a
// pixel, in true colours. Runs of one byte are shortened and nothing else is, which no library is needed for: the same
// pixels are the same bytes everywhere. What that does not shorten, as a photograph, is stored as it is.
//
// Source: the PNG specification (W3C), RFC 1950 (zlib, Adler-32), RFC 1951 (DEFLATE, its fixed codes, stored blocks).

enum Png {
    /// A whole file.
    /// - Parameters:
    ///   - cells: row-major from the top left, positions in `colours`; width × height of them.
    ///   - across, down: how many pixels a cell is. Readers that smooth what they enlarge then blur its edges only.
    ///   - colours: 256 at most.
    static func encode(
        _ cells: [UInt8], width: Int, height: Int, across: Int = 1, down: Int = 1, colours: [Colour]
    ) -> [UInt8] {
        precondition(cells.count == width * height && (1...256).contains(colours.count), "cells do not fit the size")
        var rows = [UInt8]()
        rows.reserveCapacity((width * across + 1) * height * down)
        for row in 0..<height {
            // Each row begins with the number of its filter; 0 is none, 2 the difference from the row above.
            rows.append(0)
            for cell in cells[row * width..<(row + 1) * width] { rows += repeatElement(cell, count: across) }
            for _ in 1..<max(2, down) where down > 1 { rows += [2] + repeatElement(0, count: width * across) }
        }
        // Eight bits a pixel, of a palette; compression and filters of the only kind there is; not interlaced.
        let header = big(width * across) + big(height * down) + [8, 3, 0, 0, 0]
        return signature + chunk("IHDR", header) + chunk("PLTE", colours.flatMap { [$0.red, $0.green, $0.blue] })
            + chunk("IDAT", deflated(rows)) + chunk("IEND", [])
    }

    /// A whole file, in true colours.
    /// - Parameter factor: how many pixels across and down each is.
    static func encode(_ pixels: Pixels, enlarged factor: Int = 1) -> [UInt8] {
        precondition(factor > 0, "an image has pixels")
        let (width, height) = (pixels.width * factor, pixels.height * factor)
        var rows = [UInt8]()
        rows.reserveCapacity((width * 3 + 1) * height)
        for row in 0..<pixels.height {
            // 1 is the difference from the pixel to the left: what is flat, or enlarged, becomes runs of 0.
            rows.append(1)
            let start = row * pixels.width * 3
            for place in start..<start + pixels.width * 3 where factor == 1 {
                rows.append(place < start + 3 ? pixels.bytes[place] : pixels.bytes[place] &- pixels.bytes[place - 3])
            }
            for pixel in 0..<pixels.width where factor > 1 {
                for place in start + 3 * pixel..<start + 3 * pixel + 3 {
                    rows.append(pixel == 0 ? pixels.bytes[place] : pixels.bytes[place] &- pixels.bytes[place - 3])
                }
                rows += repeatElement(0, count: 3 * (factor - 1))
            }
            for _ in 1..<max(2, factor) where factor > 1 { rows += [2] + repeatElement(0, count: 3 * width) }
        }
        let packed = deflated(rows)
        // Eight bits each of red, green and blue.
        return signature + chunk("IHDR", big(width) + big(height) + [8, 2, 0, 0, 0])
            + chunk("IDAT", packed.count <= rows.count ? packed : stored(rows)) + chunk("IEND", [])
    }

    private static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

    /// A zlib stream of blocks that are not shortened.
    private static func stored(_ bytes: [UInt8]) -> [UInt8] {
        let most = 65535
        var stream: [UInt8] = [0x78, 0x01]
        stream.reserveCapacity(bytes.count + bytes.count / most * 5 + 11)
        for start in stride(from: 0, to: bytes.count, by: most) {
            let end = min(start + most, bytes.count)
            let size = end - start
            // The last block is marked; its size follows from the lowest byte, and again with all bits turned.
            stream += [end == bytes.count ? 1 : 0, low(size), low(size >> 8), low(~size), low(~size >> 8)]
            stream += bytes[start..<end]
        }
        return stream + big(adler(bytes))
    }

    /// A zlib stream of one block with the fixed codes, in which a run of one byte refers to the byte before it.
    private static func deflated(_ bytes: [UInt8]) -> [UInt8] {
        var bits = Bits()
        bits.append(1, count: 1)
        bits.append(1, count: 2)
        var start = 0
        while start < bytes.count {
            bits.append(symbol: Int(bytes[start]))
            var end = start + 1
            while end < bytes.count, bytes[end] == bytes[start], end - start <= 258 { end += 1 }
            let run = end - start - 1
            if run < 3 {
                start += 1
                continue
            }
            let place = lengths.lastIndex { $0.base <= run } ?? 0
            bits.append(symbol: 257 + place)
            bits.append(run - lengths[place].base, count: lengths[place].extra)
            // One byte back.
            bits.append(0, count: 5)
            start = end
        }
        bits.append(symbol: 256)
        return [0x78, 0x01] + bits.bytes + big(adler(bytes))
    }

    /// The shortest run of each length code from 257, and how many bits beside it tell the rest.
    private static let lengths: [(base: Int, extra: Int)] = {
        var (result, base) = ([(base: Int, extra: Int)](), 3)
        for place in 0..<28 {
            let extra = max(0, place / 4 - 1)
            result.append((base, extra))
            base += 1 << extra
        }
        return result + [(258, 0)]
    }()

    /// Bits in a row, each byte filled from its lowest.
    private struct Bits {
        private(set) var bytes = [UInt8]()
        private var (pending, count) = (0, 0)

        mutating func append(_ value: Int, count more: Int) {
            pending |= value << count
            count += more
            while count >= 8 {
                bytes.append(UInt8(truncatingIfNeeded: pending))
                pending >>= 8
                count -= 8
            }
        }

        /// A byte, the end (256) or the code of a length, by the fixed codes, whose highest bit comes first.
        mutating func append(symbol: Int) {
            let (bits, size) = codes[symbol]
            append(bits, count: size)
            if symbol == 256, count > 0 { append(0, count: 8 - count) }
        }
    }

    /// The fixed code of each symbol, its bits turned.
    private static let codes: [(bits: Int, size: Int)] = (0..<288).map { symbol in
        let (code, size) =
            switch symbol {
            case ..<144: (0x30 + symbol, 8)
            case ..<256: (0x190 + symbol - 144, 9)
            case ..<280: (symbol - 256, 7)
            default: (0xC0 + symbol - 280, 8)
            }
        return ((0..<size).reduce(0) { $0 << 1 | code >> $1 & 1 }, size)
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
