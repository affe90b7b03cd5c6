// A picture to draw on: polygons with smooth edges on 8-bit RGB. Coverage is the exact area of a polygon in each pixel, by
// sums of signed areas along a row (as font rasterisers do it), from +, −, × and ÷ alone: the same bits on every processor.

/// A point of a picture, in pixels from its upper left corner.
typealias PicturePoint = SIMD2<Float>

struct Colour: Equatable {
    var red: Float
    var green: Float
    var blue: Float

    init(_ red: Float, _ green: Float, _ blue: Float) { (self.red, self.green, self.blue) = (red, green, blue) }

    /// Part of the way to another colour.
    func mixed(_ other: Colour, _ share: Float) -> Colour {
        Colour(
            red + (other.red - red) * share, green + (other.green - green) * share, blue + (other.blue - blue) * share)
    }

    /// Darker (below 1) or lighter.
    func times(_ factor: Float) -> Colour { Colour(red * factor, green * factor, blue * factor) }

    fileprivate var bytes: (Int32, Int32, Int32) {
        func byte(_ value: Float) -> Int32 { Int32(min(max(value, 0), 255).rounded()) }
        return (byte(red), byte(green), byte(blue))
    }
}

/// A picture that is being drawn.
struct Canvas {
    let width: Int
    let height: Int
    /// Three bytes a pixel, row by row.
    private(set) var bytes: [UInt8]
    /// Differences of coverage along each row; zero between fills. Two more a row than pixels: an edge at the right border
    /// writes beyond it.
    private var differences: [Float]

    init(width: Int, height: Int) {
        (self.width, self.height) = (width, height)
        bytes = [UInt8](repeating: 0, count: width * height * 3)
        differences = [Float](repeating: 0, count: (width + 2) * height)
    }

    /// Draws on from that picture, which must have the same size.
    mutating func restore(_ picture: [UInt8]) {
        precondition(picture.count == bytes.count)
        bytes.withUnsafeMutableBytes { to in picture.withUnsafeBytes { to.copyMemory(from: $0) } }
    }

    /// Fills the whole picture from one colour at the top to another at the bottom.
    mutating func shade(from top: Colour, to bottom: Colour) {
        for row in 0..<height {
            let (red, green, blue) = top.mixed(bottom, (Float(row) + 0.5) / Float(height)).bytes
            for pixel in row * width..<(row + 1) * width {
                bytes[3 * pixel] = UInt8(red)
                bytes[3 * pixel + 1] = UInt8(green)
                bytes[3 * pixel + 2] = UInt8(blue)
            }
        }
    }

    /// Fills a polygon. Where it laps over itself, with its edges turning the same way, it is filled once.
    mutating func fill(_ points: [PicturePoint], _ colour: Colour, opacity: Float = 1) {
        guard points.count > 2 else { return }
        var (upperLeft, lowerRight) = (points[0], points[0])
        for point in points {
            upperLeft = PicturePoint(min(upperLeft.x, point.x), min(upperLeft.y, point.y))
            lowerRight = PicturePoint(max(lowerRight.x, point.x), max(lowerRight.y, point.y))
        }
        guard lowerRight.x > 0, lowerRight.y > 0, upperLeft.x < Float(self.width), upperLeft.y < Float(self.height)
        else { return }
        let rows = Int(max(upperLeft.y, 0))..<min(self.height, Int(lowerRight.y) + 1)
        let first = Int(max(upperLeft.x, 0))
        let last = Int(min(lowerRight.x, Float(self.width))) + 1
        let (width, height, stride) = (self.width, self.height, self.width + 2)
        let paint = Paint(colour, opacity)
        differences.withUnsafeMutableBufferPointer { differences in
            var from = points[points.count - 1]
            for to in points {
                addEdge(from, to, width: width, height: height, stride: stride, differences)
                from = to
            }
            bytes.withUnsafeMutableBufferPointer { bytes in
                for row in rows {
                    let begin = row * stride + first
                    let end = row * stride + min(last, width + 1) + 1
                    cover(
                        UnsafeMutableBufferPointer(rebasing: differences[begin..<end]),
                        UnsafeMutableBufferPointer(
                            rebasing: bytes[3 * (row * width + first)..<3 * (row + 1) * width]), paint)
                }
            }
        }
    }

    /// Draws a line along points, as wide as told at its beginning, in its middle and at its end, with round ends.
    mutating func stroke(
        _ points: [PicturePoint], width: (Float, Float, Float), _ colour: Colour, opacity: Float = 1
    ) {
        guard points.count > 1 else { return }
        var (left, right) = ([PicturePoint](), [PicturePoint]())
        for (index, point) in points.enumerated() {
            let ahead = points[min(index + 1, points.count - 1)] - points[max(index - 1, 0)]
            let length = (ahead.x * ahead.x + ahead.y * ahead.y).squareRoot()
            if length == 0 { continue }
            let place = 2 * Float(index) / Float(points.count - 1)
            let wide = place < 1 ? width.0 + (width.1 - width.0) * place : width.1 + (width.2 - width.1) * (place - 1)
            // What is thinner than a pixel would flicker from frame to frame.
            let along = ahead / length * (max(wide, 0.8) / 2)
            let across = PicturePoint(-along.y, along.x)
            if index == 0 { left.append(point - along * 0.7) }
            left.append(point - across)
            right.append(point + across)
            if index == points.count - 1 { left.append(point + along * 0.7) }
        }
        fill(left + right.reversed(), colour, opacity: opacity)
    }
}

/// A colour and how much of it goes on, in 1/256, so that blending is done in whole numbers.
private struct Paint {
    let red, green, blue: Int32
    let full: Float
    /// Eight pixels in a row.
    let eight: (UInt64, UInt64, UInt64)

    init(_ colour: Colour, _ opacity: Float) {
        let (red, green, blue) = colour.bytes
        (self.red, self.green, self.blue) = (red, green, blue)
        full = min(max(opacity, 0), 1) * 256
        func word(_ first: Int) -> UInt64 {
            (0..<8).reduce(0) { word, place in
                word | UInt64([red, green, blue][(first + place) % 3]) << UInt64(8 * place)
            }
        }
        eight = (word(0).littleEndian, word(8).littleEndian, word(16).littleEndian)
    }

    @inline(__always)
    func blend(_ bytes: UnsafeMutableBufferPointer<UInt8>, _ pixel: Int, _ weight: Int32) {
        func mixed(_ old: UInt8, _ new: Int32) -> UInt8 {
            UInt8(truncatingIfNeeded: (Int32(old) * (256 - weight) + new * weight + 128) >> 8)
        }
        bytes[3 * pixel] = mixed(bytes[3 * pixel], red)
        bytes[3 * pixel + 1] = mixed(bytes[3 * pixel + 1], green)
        bytes[3 * pixel + 2] = mixed(bytes[3 * pixel + 2], blue)
    }
}

/// Paints a row by its differences of coverage, and clears them.
private func cover(
    _ differences: UnsafeMutableBufferPointer<Float>, _ bytes: UnsafeMutableBufferPointer<UInt8>, _ paint: Paint
) {
    let raw = UnsafeMutableRawBufferPointer(bytes)
    let spans = UnsafeRawBufferPointer(differences)
    let pixels = min(differences.count, bytes.count / 3)
    var sum: Float = 0
    var weight: Int32 = 0
    var pixel = 0
    while pixel < pixels {
        // Inside and outside, where nothing changes, eight pixels at a time.
        while pixel + 8 <= pixels,
            spans.loadUnaligned(fromByteOffset: 4 * pixel, as: SIMD4<UInt64>.self) == .zero
        {
            if weight == 256 {
                raw.storeBytes(of: paint.eight.0, toByteOffset: 3 * pixel, as: UInt64.self)
                raw.storeBytes(of: paint.eight.1, toByteOffset: 3 * pixel + 8, as: UInt64.self)
                raw.storeBytes(of: paint.eight.2, toByteOffset: 3 * pixel + 16, as: UInt64.self)
            } else if weight > 0 {
                for one in pixel..<pixel + 8 { paint.blend(bytes, one, weight) }
            }
            pixel += 8
        }
        if pixel == pixels { break }
        sum += differences[pixel]
        differences[pixel] = 0
        weight = Int32(min(abs(sum), 1) * paint.full + 0.5)
        if weight > 0 { paint.blend(bytes, pixel, weight) }
        pixel += 1
    }
    // What edges at the right border have written beyond it.
    for place in pixels..<max(pixels, differences.count) { differences[place] = 0 }
}

/// Adds what an edge does to the coverage of the pixels right of it, in each row that it crosses.
private func addEdge(
    _ one: PicturePoint, _ other: PicturePoint, width: Int, height: Int, stride: Int,
    _ differences: UnsafeMutableBufferPointer<Float>
) {
    if one.y == other.y { return }
    // In two at a border, since what lies beyond it is drawn as if it lay on it.
    for border in [0, Float(width)] where (one.x < border) != (other.x < border) && one.x != border && other.x != border
    {
        let share = (border - one.x) / (other.x - one.x)
        let crossing = PicturePoint(border, one.y + (other.y - one.y) * share)
        if crossing.y == one.y || crossing.y == other.y { continue }
        addEdge(one, crossing, width: width, height: height, stride: stride, differences)
        addEdge(crossing, other, width: width, height: height, stride: stride, differences)
        return
    }
    let direction: Float = one.y < other.y ? 1 : -1
    let (top, bottom) = one.y < other.y ? (one, other) : (other, one)
    if bottom.y <= 0 || top.y >= Float(height) { return }
    let slope = (bottom.x - top.x) / (bottom.y - top.y)
    let right = Float(width)
    let first = Int(max(top.y, 0))
    let last = min(height - 1, Int(bottom.y))
    if first > last { return }
    for row in first...last {
        let from = max(top.y, Float(row))
        let to = min(bottom.y, Float(row + 1))
        if to <= from { continue }
        let area = (to - from) * direction
        // What lies left of the picture covers its rows from the first pixel on.
        let x0 = min(max(top.x + (from - top.y) * slope, 0), right)
        let x1 = min(max(top.x + (to - top.y) * slope, 0), right)
        let (low, high) = x0 < x1 ? (x0, x1) : (x1, x0)
        let base = row * stride
        let (pixel, end) = (Int(low), Int(high))
        if pixel == end {
            let share = area * ((low + high) / 2 - Float(pixel))
            differences[base + pixel] += area - share
            differences[base + pixel + 1] += share
            continue
        }
        // Across several pixels: the area left of the edge in each, and what is new in the next.
        let steep = area / (high - low)
        var covered: Float = 0
        for column in pixel...end {
            let start = max(low, Float(column))
            let stop = min(high, Float(column + 1))
            let run = stop - start
            // Full beyond the edge; on the run, the mean distance to the pixel's right border.
            let whole = steep * run * (Float(column + 1) - (start + stop) / 2)
            differences[base + column] += whole + covered
            covered = steep * run - whole
        }
        differences[base + end + 1] += covered
    }
}

/// The points of an ellipse.
func ellipse(_ centre: PicturePoint, _ radii: PicturePoint, points: Int = 28) -> [PicturePoint] {
    (0..<points).map { index in
        let turn = Double(index) / Double(points)
        return centre + radii * PicturePoint(Float(cosine(turns: turn)), Float(sine(turns: turn)))
    }
}

/// What of a polygon lies within a convex one (Sutherland and Hodgman 1974).
func clipped(_ polygon: [PicturePoint], to convex: [PicturePoint]) -> [PicturePoint] {
    var turning: Float = 0
    for (index, point) in convex.enumerated() {
        let next = convex[(index + 1) % convex.count]
        turning += point.x * next.y - next.x * point.y
    }
    let side: Float = turning < 0 ? -1 : 1
    var kept = polygon
    for (index, corner) in convex.enumerated() {
        let edge = convex[(index + 1) % convex.count] - corner
        func inside(_ point: PicturePoint) -> Float {
            side * (edge.x * (point.y - corner.y) - edge.y * (point.x - corner.x))
        }
        var next = [PicturePoint]()
        for (place, point) in kept.enumerated() {
            let last = kept[(place + kept.count - 1) % kept.count]
            let (before, now) = (inside(last), inside(point))
            if (before < 0) != (now < 0) { next.append(last + (point - last) * (before / (before - now))) }
            if now >= 0 { next.append(point) }
        }
        kept = next
    }
    return kept
}
