// Frames of another size by area averaging, as OpenCV's INTER_AREA gives them. An output pixel is the mean of the source
// rectangle that it covers, pixels at its border by the share that lies inside. Where an axis grows, OpenCV interpolates
// linearly instead, along both axes, by weights that keep pixels whole as long as they can be; so does this.

internal import Kernels

/// Where the positions of an axis take their values from: a few neighbours each, and weights.
struct AreaTaps: Sendable {
    let from, to: Int
    /// The largest number of neighbours.
    private(set) var most = 0
    private(set) var starts = [UInt32]()
    private(set) var counts = [UInt32]()
    /// `most` a position; those past its count are 0.
    private(set) var weights = [Double]()
    private(set) var floats = [Float]()

    private init(_ from: Int, _ to: Int, _ taps: [(start: Int, weights: [Double])]) {
        (self.from, self.to) = (from, to)
        most = taps.map(\.weights.count).max() ?? 0
        for tap in taps {
            starts.append(UInt32(tap.start))
            counts.append(UInt32(tap.weights.count))
            weights += tap.weights + [Double](repeating: 0, count: most - tap.weights.count)
        }
        floats = weights.map(Float.init)
    }

    /// How many source pixels an output pixel covers, as OpenCV computes it.
    static func ratio(_ from: Int, _ to: Int) -> Double { 1 / (Double(to) / Double(from)) }

    /// All of a whole number of pixels, by 1.
    static func whole(_ from: Int, _ to: Int, ratio: Int) -> AreaTaps {
        AreaTaps(from, to, (0..<to).map { ($0 * ratio, [Double](repeating: 1, count: ratio)) })
    }

    /// Shares of pixels. A share below 1/1000 of a pixel does not count.
    static func shares(_ from: Int, _ to: Int) -> AreaTaps {
        let ratio = ratio(from, to)
        return AreaTaps(
            from, to,
            (0..<to).map { position in
                let low = Double(position) * ratio
                let high = low + ratio
                let covered = min(ratio, Double(from) - low)
                let last = min(Int(high.rounded(.down)), from - 1)
                let first = min(Int(low.rounded(.up)), last)
                var weights = [Double]()
                let before = Double(first) - low
                if before > 1e-3 { weights.append(before / covered) }
                weights += [Double](repeating: 1 / covered, count: last - first)
                let behind = high - Double(last)
                if behind > 1e-3 { weights.append(min(behind, 1, covered) / covered) }
                return (before > 1e-3 ? first - 1 : first, weights)
            })
    }

    /// Two neighbours, or one.
    static func linear(_ from: Int, _ to: Int) -> AreaTaps {
        let (ratio, inverse) = (ratio(from, to), Double(to) / Double(from))
        return AreaTaps(
            from, to,
            (0..<to).map { position in
                let place = min(Int((Double(position) * ratio).rounded(.down)), from - 1)
                var share = Float(Double(position + 1) - Double(place + 1) * inverse)
                share = share <= 0 ? 0 : share - share.rounded(.down)
                return place == from - 1 ? (place, [1]) : (place, [Double(1 - share), Double(share)])
            })
    }
}

/// Gives frames of one size another.
struct AreaResize: Sendable {
    /// How output pixels come about.
    private enum Method: Sendable {
        case copy
        /// Means of whole pixels.
        case whole(area: Int)
        case shares
        case linear
    }

    let from, to: (height: Int, width: Int)
    let channels: Int
    private let method: Method
    private let rows, columns: AreaTaps

    init(from: (height: Int, width: Int), to: (height: Int, width: Int), channels: Int) {
        (self.from, self.to, self.channels) = (from, to, channels)
        let down = AreaTaps.ratio(from.height, to.height)
        let across = AreaTaps.ratio(from.width, to.width)
        func isWhole(_ ratio: Double) -> Bool { abs(ratio - ratio.rounded()) < Double.ulpOfOne }
        if from == to {
            method = .copy
        } else if down < 1 || across < 1 {
            method = .linear
        } else if isWhole(down) && isWhole(across) {
            method = .whole(area: Int(down.rounded()) * Int(across.rounded()))
        } else {
            method = .shares
        }
        switch method {
        case .copy, .linear:
            rows = .linear(from.height, to.height)
            columns = .linear(from.width, to.width)
        case .whole:
            rows = .whole(from.height, to.height, ratio: Int(down.rounded()))
            columns = .whole(from.width, to.width, ratio: Int(across.rounded()))
        case .shares:
            rows = .shares(from.height, to.height)
            columns = .shares(from.width, to.width)
        }
    }

    /// A frame of bytes.
    /// - Parameters:
    ///   - source: rows of pixels, the channels of a pixel together.
    ///   - stride: bytes from one row to the next.
    func shrink(_ source: UnsafeRawBufferPointer, stride: Int, into target: UnsafeMutableBufferPointer<UInt8>) {
        precondition(
            stride >= from.width * channels && source.count >= (from.height - 1) * stride + from.width * channels
                && target.count == to.height * to.width * channels, "buffers are as large as their frames")
        guard let first = source.bindMemory(to: UInt8.self).baseAddress, let start = target.baseAddress else { return }
        switch method {
        case .copy:
            let row = from.width * channels
            for y in 0..<from.height { (start + y * row).update(from: first + y * stride, count: row) }
        case .whole(let area):
            // Floats hold such sums exactly up to 2²⁴. OpenCV rounds 2 × 2 pixels of 1, 3 or 4 channels half up, all
            // others half to even.
            let margin = area <= 1 << 16 ? 0 : self.margin
            let isHalfUp = area == 4 && rows.most == 2 && [1, 3, 4].contains(channels)
            average(first, stride, factor: 1 / Float(area), bias: isHalfUp ? 0.125 : 0, margin, true, start)
        case .shares: average(first, stride, factor: 1, bias: 0, margin, false, start)
        case .linear: interpolate(first, stride, start)
        }
    }

    /// How far apart two orders of the same sums may be.
    private var margin: Float { 2 * 255 * Float(rows.most + columns.most + 4) * 0x1p-24 }

    private func average(
        _ source: UnsafePointer<UInt8>, _ stride: Int, factor: Float, bias: Float, _ margin: Float, _ isWhole: Bool,
        _ target: UnsafeMutablePointer<UInt8>
    ) {
        var sums = [Float](repeating: 0, count: (columns.from + columns.most) * channels + 4)
        var values = [Float](repeating: 0, count: columns.to * channels + 4)
        rows.withTaps { rows in
            columns.withTaps { columns in
                kernel_area(
                    source, stride, rows, columns, channels, factor, bias, margin, isWhole ? 1 : 0, &sums, &values,
                    target)
            }
        }
    }

    /// In OpenCV's fixed point: weights of 11 bits, sums of 22 that are cut down in two steps.
    private func interpolate(
        _ source: UnsafePointer<UInt8>, _ stride: Int, _ target: UnsafeMutablePointer<UInt8>
    ) {
        func fixed(_ taps: AreaTaps) -> [Int] { taps.floats.map { Int(($0 * 2048).rounded(.toNearestOrEven)) } }
        let (down, across) = (fixed(rows), fixed(columns))
        let width = to.width * channels
        var lines = [Int: [Int]]()
        func line(_ y: Int) -> [Int] {
            var sums = [Int](repeating: 0, count: width)
            for x in 0..<to.width {
                for tap in 0..<Int(columns.counts[x]) {
                    let from = source + y * stride + (Int(columns.starts[x]) + tap) * channels
                    let weight = across[x * columns.most + tap]
                    for channel in 0..<channels { sums[x * channels + channel] += weight * Int(from[channel]) }
                }
            }
            return sums
        }
        for y in 0..<to.height {
            let place = Int(rows.starts[y])
            lines = lines.filter { $0.key >= place }
            for tap in 0..<Int(rows.counts[y]) where lines[place + tap] == nil {
                lines[place + tap] = line(place + tap)
            }
            for x in 0..<width {
                var sum = 2
                for tap in 0..<Int(rows.counts[y]) {
                    sum += (down[y * rows.most + tap] * ((lines[place + tap]?[x] ?? 0) >> 4)) >> 16
                }
                target[y * width + x] = UInt8(min(sum >> 2, 255))
            }
        }
    }

    /// A frame of floats, weighed in double precision and not rounded to whole numbers.
    func shrink<Element: BinaryFloatingPoint>(_ source: ArraySlice<Element>) -> [Element] {
        if case .copy = method { return Array(source) }
        let factor = if case .whole(let area) = method { 1 / Double(area) } else { 1.0 }
        let (wide, narrow) = (from.width * channels, to.width * channels)
        var target = [Element]()
        target.reserveCapacity(to.height * narrow)
        var sums = [Double](repeating: 0, count: wide)
        for y in 0..<to.height {
            for x in 0..<wide { sums[x] = 0 }
            for tap in 0..<Int(rows.counts[y]) {
                let start = source.startIndex + (Int(rows.starts[y]) + tap) * wide
                let weight = rows.weights[y * rows.most + tap]
                for x in 0..<wide { sums[x] += weight * Double(source[start + x]) }
            }
            for x in 0..<to.width {
                for channel in 0..<channels {
                    var sum = 0.0
                    for tap in 0..<Int(columns.counts[x]) {
                        let place = (Int(columns.starts[x]) + tap) * channels + channel
                        sum += columns.weights[x * columns.most + tap] * sums[place]
                    }
                    target.append(Element(sum * factor))
                }
            }
        }
        return target
    }
}

extension AreaTaps {
    fileprivate func withTaps(_ body: (kernel_taps) -> Void) {
        starts.withUnsafeBufferPointer { starts in
            counts.withUnsafeBufferPointer { counts in
                floats.withUnsafeBufferPointer { floats in
                    body(
                        kernel_taps(
                            from: from, to: to, most: most, starts: starts.baseAddress, counts: counts.baseAddress,
                            weights: floats.baseAddress))
                }
            }
        }
    }
}
