// Pictures of frames and of their gradients, as .svg and as .png.

import Foundation
import Tensors
import TestSupport
import Testing

@Suite struct FramePictureTests {
    let folder = Scratch()

    private func write(_ name: String, _ elements: Elements, _ shape: Int...) {
        folder.write(Npy.encode(Tensor(elements, shape: shape, axes: Npy.defaultAxes(shape.count))), to: name)
    }

    private func martlet(_ line: String) -> Binary.Result {
        Binary.run(line.split(separator: " ").map(String.init), in: folder.path)
    }

    private func png(
        _ line: String, says message: String, sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> Svg.Image {
        let result = martlet(line + " --out x.png")
        try #require(result.status == 0 && result.messages.isEmpty, "\(result)", sourceLocation: sourceLocation)
        #expect(result.output == "x.png: " + message + "\n", sourceLocation: sourceLocation)
        let bytes = try #require(FileManager.default.contents(atPath: folder.path + "/x.png"))
        return try Svg.Image(png: Array(bytes))
    }

    private func svg(_ line: String, sourceLocation: SourceLocation = #_sourceLocation) throws -> Svg {
        let result = martlet(line + " --out x.svg")
        try #require(result.status == 0 && result.messages.isEmpty, "\(result)", sourceLocation: sourceLocation)
        let picture = try Svg(folder.path + "/x.svg")
        #expect(picture.isWellFormed, sourceLocation: sourceLocation)
        return picture
    }

    /// Two frames of 2 × 3 pixels: the second is the first turned to the other end of the bytes.
    private let frames: [UInt8] = {
        let first: [UInt8] = [255, 0, 0, 0, 255, 0, 0, 0, 255, 10, 20, 30, 40, 50, 60, 70, 80, 90]
        return first + first.map { 255 - $0 }
    }()

    @Test func framesAreInTrueColours() throws {
        write("f.npy", .uint8(frames), 2, 2, 3, 3)
        let line = "show f.npy --axes time,height,width,channel"
        let phrase = "uint8 (time 2, height 2, width 3, channel 3)"
        let middle = try png(line, says: phrase + " · frame 1 of 0 to 1 (--at time=… for another)")
        // 3 pixels wide, so that each is 107 × 107.
        #expect(middle.width == 321 && middle.height == 214)
        #expect(middle[0, 0] == [0, 255, 255] && middle[320, 213] == [185, 175, 165])
        let first = try png(line + " --at time=0", says: "uint8 (height 2, width 3, channel 3)")
        #expect(first[0, 0] == [255, 0, 0] && first[107, 0] == [0, 255, 0] && first[214, 106] == [0, 0, 255])
        #expect(first[106, 107] == [10, 20, 30] && first[320, 213] == [70, 80, 90])

        let picture = try svg(line + " --at time=0")
        #expect(picture.words.contains("width") && picture.words.contains("height"))
        let image = try #require(try picture.images().first)
        #expect(image.width == 3 && image.height == 2 && image.pixels == Array(frames[..<18]))
        #expect(picture.text.contains("width=\"720\" height=\"480\" preserve"))
        #expect(
            try svg(line + " --attribute frame_rate=4").words[1] == phrase + " · frame 1 of 0 to 1, at about 0.25 s")
    }

    /// The article's arrays are (height, width, channel, time).
    @Test func axesMayStandInAnyOrder() throws {
        var turned = [UInt8]()
        for pixel in 0..<6 {
            for channel in 0..<3 {
                for time in 0..<2 { turned.append(frames[time * 18 + pixel * 3 + channel]) }
            }
        }
        write("t.npy", .uint8(turned), 2, 3, 3, 2)
        let image = try svg("show t.npy --axes height,width,channel,time --at time=0").images()[0]
        #expect(image.pixels == Array(frames[..<18]))
        write("w.npy", .uint8([1, 4, 2, 5, 3, 6]), 3, 2)
        let grey = try svg("show w.npy --axes width,height").images()[0]
        #expect(grey.width == 3 && grey.pixels == [1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4, 5, 5, 5, 6, 6, 6])
    }

    @Test func photographsAreNoLargerThanTheirPixels() throws {
        var state: UInt32 = 1
        let noise = (0..<240 * 426 * 3).map { _ -> UInt8 in
            state = state &* 1_664_525 &+ 1_013_904_223
            return UInt8(truncatingIfNeeded: state >> 24)
        }
        write("n.npy", .uint8(noise), 240, 426, 3)
        let image = try png(
            "show n.npy --axes height,width,channel", says: "uint8 (height 240, width 426, channel 3)")
        #expect(image.width == 426 && image.pixels == noise)
        let size = try #require(FileManager.default.contents(atPath: folder.path + "/x.png")).count
        #expect(size < noise.count + noise.count / 100)
        write("flat.npy", .uint8([UInt8](repeating: 77, count: 720 * 1280)), 720, 1280)
        _ = try png("show flat.npy --axes height,width", says: "uint8 (height 720, width 1280)")
        #expect(try #require(FileManager.default.contents(atPath: folder.path + "/x.png")).count < 40_000)
    }

    @Test func numbersOverPixelsAreColoured() throws {
        write("m.npy", .float64([0, 1, 2, .nan]), 2, 2)
        let image = try png("show m.npy --axes height,width", says: "float64 (height 2, width 2)")
        #expect(image[0, 0] == [0x44, 0x01, 0x54] && image[0, 319] == [0xFD, 0xE7, 0x25])
        #expect(image[319, 319] == [0xB8, 0xB8, 0xB8])
        write("v.npy", .float32((0..<12).map { Float($0) }), 3, 2, 2)
        let picture = try svg("show v.npy --axes time,height,width")
        #expect(picture.words[1] == "float32 (time 3, height 2, width 2) · frame 1 of 0 to 2")
        #expect(picture.words.contains("4.0") && picture.words.contains("7.0") && !picture.words.contains("8.0"))
    }

    /// Of one pixel each: magnitude, azimuth and polar angle at their ends and in their middle.
    @Test func gradientsStandSideBySide() throws {
        write("g.npy", .float32([0, 1, 2, -.pi, 0, .pi, 0, .pi / 2, .pi]), 3, 1, 3)
        let line = "show g.npy --axes quantity,height,width"
        let image = try png(line, says: "float32 (quantity 3, height 1, width 3)")
        #expect(image.width == (3 * 3 + 2 * 8) * 107 && image.height == 107)
        let dark: [UInt8] = [0x44, 0x01, 0x54]
        let bright: [UInt8] = [0xFD, 0xE7, 0x25]
        #expect(image[0, 0] == dark && image[3 * 107 - 1, 0] == bright && image[3 * 107, 0] == [255, 255, 255])
        // Both ends of the circle look the same.
        #expect(image[11 * 107, 0] == [0x6F, 0x6F, 0xE2] && image[13 * 107, 0] == [0x6F, 0x6F, 0xE2])
        #expect(image[12 * 107, 0] == [0xD7, 0xBF, 0x02])
        #expect(image[22 * 107, 0] == dark && image[24 * 107, 0] == bright)

        let picture = try svg(line)
        for words in ["Gradient magnitude", "Azimuth", "Polar angle", "radians", "\u{2212}π", "π/2", "3π/4", "π"] {
            #expect(picture.words.contains(words))
        }
        let images = try picture.images()
        #expect(images.count == 6)
        #expect(images[0].cells(rows: 1, columns: 3) == [[0, 127, 254]])
        #expect(images[2].cells(rows: 1, columns: 3) == [[0, 127, 254]])
        #expect(images[2].palette != images[0].palette && images[4].palette == images[0].palette)
    }

    /// A clip of 20 × 31 pixels whose brightness moves, written and looked at again.
    @Test func videosAreWrittenAndShown() throws {
        var pixels = [UInt8]()
        for time in 0..<10 {
            for place in 0..<20 * 31 { pixels.append(UInt8(clamping: 40 + 4 * (place % 31) + 6 * time)) }
        }
        write("c.npy", .uint8(pixels), 10, 20, 31)
        let axes = "--axes time,height,width"
        let plain = martlet("show c.npy \(axes) --out c.mp4")
        try #require(plain.status == 0, "\(plain)")
        #expect(
            plain.output == "c.mp4: uint8 (time 10, height 20, width 31) · at 25 frames a second, as it has no "
                + "attribute frame_rate\n")
        #expect(martlet("show c.npy \(axes) --attribute frame_rate=12.5 --out c.mp4").status == 0)
        let found = martlet("show c.mp4").output.split(separator: "\n")
        // Eleven times as large.
        #expect(found.first == "uint8 (time 10, height 220, width 342, channel 3)")
        #expect(found.contains { $0.hasPrefix("frame_rate 12.5") })
        let frame = try png(
            "show c.mp4 --at time=9", says: "uint8 (height 220, width 342, channel 3)")
        #expect(frame.width == 342)
        for (x, column) in [(5, 0), (165, 15), (335, 30)] {
            let wanted = 40 + 4 * column + 6 * 9
            #expect(frame[x, 100].allSatisfy { abs(Int($0) - wanted) < 10 }, "\(frame[x, 100])")
        }
        let slopes = try png(
            "show c.mp4 --with {\"size\":[20,30]} --gradients",
            says:
                "float32 (quantity 3, time 10, height 20, width 30) · frame 5 of 0 to 9, at about 0.4 s (--at time=… for another)"
        )
        #expect(slopes.width == 11 * (3 * 30 + 16) && slopes.height == 220)
        let words = try svg("show c.npy \(axes) --gradients").words
        #expect(
            words.contains("Azimuth")
                && words.contains("float32 (quantity 3, time 10, height 20, width 31) · frame 5 of 0 to 9"))
        #expect(martlet("show c.npy \(axes) --gradients --out g.mp4").status == 0)
        #expect(martlet("show g.mp4").output.hasPrefix("uint8 (time 10, height 220, width 1200, channel 3)\n"))
    }

    @Test func whatIsNoImage() {
        write("m.npy", .float64([1, 2, 3, 6]), 2, 2)
        write("c.npy", .uint8([UInt8](repeating: 0, count: 40)), 2, 2, 10)
        write("e.npy", .uint8([]), 0, 2)
        func expect(_ line: String, _ message: String, _ code: Int32 = 2) {
            let result = martlet(line)
            #expect(result.status == code && result.output.isEmpty, "\(result)")
            #expect(result.messages == message + "\n")
        }
        expect(
            "show m.npy --out x.png",
            "error: a .png holds an image, over (height, width) and channel or quantity; this is float64 (axis_0 2, "
                + "axis_1 2)\n    = colours are bytes; --at takes a part, as --at channel=0, and an .svg draws what is no image"
        )
        expect(
            "show c.npy --axes height,width,channel --out x.png",
            "error: a .png holds an image, over (height, width) and channel or quantity; this is uint8 (height 2, "
                + "width 2, channel 10)\n    = colours are bytes; --at takes a part, as --at channel=0, and an .svg draws what is no image"
        )
        expect(
            "show m.npy --axes height,width --out x.mp4",
            "error: an .mp4 holds images over time, over (time, height, width) and channel or quantity; this is float64 "
                + "(height 2, width 2)\n    = colours are bytes; --at takes a part, as --at channel=0, and an .svg draws what is no image"
        )
        expect(
            "show e.npy --axes height,width --out x.png",
            "error: uint8 (height 0, width 2) is empty: there is nothing to draw", 3)
    }
}
