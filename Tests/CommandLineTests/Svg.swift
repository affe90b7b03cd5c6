// A picture read back: its words, and the cells of colour in it. Reads what Martlet writes and no more.

import Foundation
import Testing

struct Svg {
    let text: String

    init(_ path: String) throws {
        text = String(decoding: try #require(FileManager.default.contents(atPath: path)), as: UTF8.self)
    }

    /// What stands in the picture, in order.
    var words: [String] {
        text.matches(of: /<text [^>]*>([^<]*)<\/text>/).map { String($0.1) }
    }

    /// Whether each element that begins ends, nothing is left over, and no number is none.
    var isWellFormed: Bool {
        var (open, rest) = ([Substring](), Substring(text))
        while let start = rest.firstIndex(of: "<") {
            guard Self.isPlain(rest[..<start]), let end = rest[start...].firstIndex(of: ">") else { return false }
            let tag = rest[rest.index(after: start)..<end]
            rest = rest[rest.index(after: end)...]
            if tag.hasPrefix("/") {
                guard open.popLast() == tag.dropFirst() else { return false }
                continue
            }
            let body = tag.hasSuffix("/") ? tag.dropLast() : tag
            guard body.wholeMatch(of: /[a-z]+( [a-zA-Z-]+="[^"<]*")*/) != nil, Self.isPlain(body) else { return false }
            if body.contains(/[" ,(](nan|-?inf)/) { return false }
            if !tag.hasSuffix("/") { open.append(body.prefix { $0 != " " }) }
        }
        return open.isEmpty && rest == "\n" && text.hasPrefix("<svg xmlns=\"http://www.w3.org/2000/svg\" ")
    }

    private static func isPlain(_ text: Substring) -> Bool {
        !text.replacing(/&(amp|lt|gt|quot);/, with: "").contains("&")
    }

    /// The images in it.
    func images() throws -> [Image] {
        try text.matches(of: /base64,([^"]*)"/).map {
            try Image(png: Array(#require(Data(base64Encoded: String($0.1)))))
        }
    }

    /// Pixels as places among the colours; where there are none, three bytes each.
    struct Image {
        let width, height: Int
        let pixels: [UInt8]
        let palette: [UInt8]

        /// What lies at the middle of each cell, row by row.
        func cells(rows: Int, columns: Int) -> [[UInt8]] {
            (0..<rows).map { row in
                (0..<columns).map { column in
                    pixels[(2 * row + 1) * height / (2 * rows) * width + (2 * column + 1) * width / (2 * columns)]
                }
            }
        }

        init(png: [UInt8]) throws {
            func number(_ place: Int) -> Int { png[place..<place + 4].reduce(0) { $0 << 8 | Int($1) } }
            try #require(Array(png.prefix(8)) == [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
            var chunks = [String: [UInt8]]()
            var place = 8
            while place < png.count {
                let size = number(place)
                let body = png[place + 4..<place + 8 + size]
                let name = String(decoding: body.prefix(4), as: UTF8.self)
                try #require(Self.checksum(body) == number(place + 8 + size), "\(name)")
                chunks[name] = Array(body.dropFirst(4))
                place += 12 + size
            }
            (width, height) = (number(16), number(20))
            try #require(chunks["IEND"] == [])
            if chunks["IHDR"]?.dropFirst(8) == [8, 2, 0, 0, 0] {
                palette = []
            } else {
                try #require(chunks["IHDR"]?.dropFirst(8) == [8, 3, 0, 0, 0])
                palette = try #require(chunks["PLTE"])
            }
            let depth = palette.isEmpty ? 3 : 1
            let stream = try #require(chunks["IDAT"])
            let rows = try stream[2] & 6 == 0 ? Self.unpacked(stream) : Self.inflated(stream)
            let size = width * depth
            try #require(rows.count == height * (size + 1))
            var pixels = [UInt8]()
            for row in 0..<height {
                let line = rows[row * (size + 1) + 1..<(row + 1) * (size + 1)]
                switch rows[row * (size + 1)] {
                case 0: pixels += line
                case 1:
                    for (place, byte) in line.enumerated() {
                        pixels.append(place < depth ? byte : byte &+ pixels[pixels.count - depth])
                    }
                case 2: pixels += zip(line, pixels.suffix(size)).map { $0 &+ $1 }
                default: Issue.record("a filter that is not written")
                }
            }
            self.pixels = pixels
        }

        /// Red, green and blue at a place, of an image in true colours.
        subscript(x: Int, y: Int) -> [UInt8] {
            Array(pixels[3 * (y * width + x)..<3 * (y * width + x) + 3])
        }

        private static func checksum(_ bytes: ArraySlice<UInt8>) -> Int {
            var value: UInt32 = 0xFFFF_FFFF
            for byte in bytes {
                value ^= UInt32(byte)
                for _ in 0..<8 { value = value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1 }
            }
            return Int(~value)
        }

        /// Stored blocks, with the checksum of the whole.
        private static func unpacked(_ stream: [UInt8]) throws -> [UInt8] {
            var (bytes, place, isLast) = ([UInt8](), 2, false)
            while !isLast {
                let size = Int(stream[place + 1]) | Int(stream[place + 2]) << 8
                try #require(size ^ (Int(stream[place + 3]) | Int(stream[place + 4]) << 8) == 0xFFFF)
                isLast = stream[place] == 1
                bytes += stream[place + 5..<place + 5 + size]
                place += 5 + size
            }
            try #require(place + 4 == stream.count)
            try checkAdler(of: bytes, stream)
            return bytes
        }

        private static func checkAdler(of bytes: [UInt8], _ stream: [UInt8]) throws {
            var (a, b) = (1, 0)
            for byte in bytes {
                a = (a + Int(byte)) % 65521
                b = (b + a) % 65521
            }
            try #require(stream.suffix(4).reduce(0) { $0 << 8 | Int($1) } == b << 16 | a)
        }

        /// One block of the fixed codes, with its checksum.
        private static func inflated(_ stream: [UInt8]) throws -> [UInt8] {
            var place = 16
            func bit() -> Int {
                defer { place += 1 }
                return Int(stream[place / 8] >> (place % 8)) & 1
            }
            func plain(_ count: Int) -> Int { (0..<count).reduce(0) { $0 | bit() << $1 } }
            func turned(_ count: Int, after code: Int = 0) -> Int {
                (0..<count).reduce(code) { code, _ in code << 1 | bit() }
            }
            func symbol() -> Int {
                var code = turned(7)
                if code <= 0b0010111 { return 256 + code }
                code = turned(1, after: code)
                if code <= 0b1011_1111 { return code - 0b0011_0000 }
                if code <= 0b1100_0111 { return 280 + code - 0b1100_0000 }
                return 144 + turned(1, after: code) - 0b1_1001_0000
            }
            let bases = [
                3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195,
                227, 258,
            ]
            let extras = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0]
            try #require(stream[0] == 0x78 && (Int(stream[0]) << 8 | Int(stream[1])) % 31 == 0 && plain(3) == 0b011)
            var bytes = [UInt8]()
            while case let next = symbol(), next != 256 {
                if next < 256 {
                    bytes.append(UInt8(next))
                    continue
                }
                let length = bases[next - 257] + plain(extras[next - 257])
                try #require(turned(5) == 0 && !bytes.isEmpty)
                bytes += repeatElement(bytes[bytes.count - 1], count: length)
            }
            try checkAdler(of: bytes, stream)
            return bytes
        }
    }
}
