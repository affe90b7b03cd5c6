// Frames, and what stages make of them over the same axes, as images: in true colours, through a map of colours, or the
// three quantities of a gradient side by side. Axes are found by their names, in whatever order they stand.
//
//   uint8 ([time,] height, width[, channel 1 or 3])    true colours
//   numbers ([time,] height, width)                    colours from the lowest to the highest
//   (quantity 3, [time,] height, width)                magnitude, azimuth and polar angle side by side
//
// Without a position in time the middle frame is shown.

internal import Stages
internal import Tensors

/// An image in true colours: red, green and blue of each pixel, row after row from the top left.
struct Pixels: Hashable {
    let width, height: Int
    let bytes: [UInt8]

    /// Images of one height side by side, with white between them.
    init(abreast images: [Pixels], gap: Int) {
        height = images.map(\.height).max() ?? 0
        width = images.map(\.width).reduce(0, +) + gap * max(0, images.count - 1)
        var bytes = [UInt8]()
        bytes.reserveCapacity(3 * width * height)
        for row in 0..<height {
            for (position, image) in images.enumerated() {
                if position > 0 { bytes += repeatElement(255, count: 3 * gap) }
                bytes += image.bytes[3 * row * image.width..<3 * (row + 1) * image.width]
            }
        }
        self.bytes = bytes
    }

    init(width: Int, height: Int, bytes: [UInt8]) {
        precondition(bytes.count == 3 * width * height, "three bytes a pixel")
        (self.width, self.height, self.bytes) = (width, height, bytes)
    }

    /// Enlarged by a whole factor; the last row and column once more where their number is odd.
    func even(enlarged factor: Int) -> Pixels {
        let (wide, high) = (width * factor, height * factor)
        if factor == 1, wide % 2 == 0, high % 2 == 0 { return self }
        var bytes = [UInt8]()
        bytes.reserveCapacity(3 * (wide + 1) * (high + 1))
        for row in 0..<high + high % 2 {
            let start = 3 * width * (min(row, high - 1) / factor)
            for column in 0..<wide + wide % 2 {
                let place = start + 3 * (min(column, wide - 1) / factor)
                bytes += self.bytes[place..<place + 3]
            }
        }
        return Pixels(width: wide + wide % 2, height: high + high % 2, bytes: bytes)
    }
}

struct VideoPicture {
    enum Kind {
        /// True colours.
        case colours
        /// Numbers of one kind.
        case numbers
        /// Magnitude, azimuth and polar angle.
        case gradients
    }

    static let quantities = ["magnitude", "azimuth", "polar"]
    /// Pixels between images that stand side by side, before they are enlarged.
    private static let gap = 8

    let tensor: Tensor
    let kind: Kind

    /// Nil where a tensor is no image, nor several over time.
    init?(_ tensor: Tensor) {
        let axes = Set(tensor.axes)
        guard tensor.count > 0, axes.isSuperset(of: ["height", "width"]), tensor.type != .complex64 else { return nil }
        self.tensor = tensor
        let others = axes.subtracting(["time", "height", "width"])
        if others == ["quantity"], tensor.size(of: "quantity") == 3,
            Set(tensor.labels["quantity"] ?? Self.quantities) == Set(Self.quantities)
        {
            kind = .gradients
        } else if tensor.type == .uint8, others.isSubset(of: ["channel"]),
            [1, 3].contains(tensor.size(of: "channel") ?? 1)
        {
            kind = .colours
        } else if others.isEmpty {
            kind = .numbers
        } else {
            return nil
        }
    }

    /// The number of frames; nil for a single one.
    var frameCount: Int? { tensor.size(of: "time") }

    /// What is at one position in time.
    func frame(_ position: Int) -> VideoPicture {
        guard let time = tensor.axes.firstIndex(of: "time") else { return self }
        return VideoPicture(tensor.chosen(axis: time, position: position)) ?? self
    }

    /// A single frame, the middle one, and which it is where there are several.
    var still: (frame: VideoPicture, fact: String?) {
        guard let count = frameCount else { return (self, nil) }
        let position = count / 2
        let seconds = frameRate.map { Double(position) / $0 }.flatMap { $0 < 1e9 ? $0 : nil }
        let moment = seconds.map { ", at about \(decimal(($0 * 100).rounded() / 100)) s" } ?? ""
        return (frame(position), "frame \(position) of 0 to \(count - 1)\(moment)")
    }

    /// Frames a second, where that is known.
    private var frameRate: Double? {
        let rate: Double? =
            switch tensor.attributes["frame_rate"] {
            case .float(let rate): rate
            case .int(let rate): Double(rate)
            default: nil
            }
        return rate.flatMap { $0 >= 0.01 && $0 <= 1000 ? $0 : nil }
    }

    /// All frames in true colours, in one scale, of even height and width as video has them; and frames a second.
    /// - Throws: `Failure` where that is more than can be held.
    func clip() throws -> (clip: (frames: Tensor, rate: Double), isRateKnown: Bool) {
        let count = frameCount ?? 1
        let span = kind == .colours ? nil : scales()
        var (bytes, width, height) = ([UInt8](), 0, 0)
        for position in 0..<count {
            let frame = frame(position)
            let pixels = frame.pixels(span).even(enlarged: frame.enlargement)
            (width, height) = (pixels.width, pixels.height)
            if position == 0 {
                guard count * pixels.bytes.count <= Self.most else {
                    throw Failure(
                        "\(count) frames of \(height) × \(width) are more than 1 GiB of video",
                        advice: "take fewer or smaller ones, as by --with '{n_frames: 250, size: [240, 426]}'")
                }
                bytes.reserveCapacity(count * pixels.bytes.count)
            }
            bytes += pixels.bytes
        }
        let frames = Tensor(
            .uint8(bytes), shape: [count, height, width, 3], axes: ["time", "height", "width", "channel"],
            labels: ["channel": ["red", "green", "blue"]])
        return ((frames, frameRate ?? 25), frameRate != nil)
    }

    private static let most = 1 << 30

    // MARK: Of a single frame

    /// How many times a small image is enlarged, so that it can be seen.
    var enlargement: Int {
        let wanted = (320 + width - 1) / max(1, width)
        return max(1, min(wanted, 2048 / max(1, height)))
    }

    private var width: Int { tensor.size(of: "width") ?? 0 }
    private var height: Int { tensor.size(of: "height") ?? 0 }

    /// Panels of a picture with scales; nil for numbers, which have one of their own.
    var panels: [Panel]? {
        let side: Double
        let content: [(title: String?, Panel.Content)]
        switch kind {
        case .numbers: return nil
        case .colours:
            side = min(720 / Double(width), 480 / Double(height))
            content = [(nil, .image(pixels()))]
        case .gradients:
            side = min(380 / Double(width), 420 / Double(height))
            content = quantityCells(scales()).map { (title: $0.title, .cells($0.cells)) }
        }
        return content.map { title, content in
            var upward = TensorPicture.scale(of: "height", in: tensor)
            upward.isDownward = true
            return Panel(
                across: TensorPicture.scale(of: "width", in: tensor), upward: upward, content: content,
                height: max(20, side * Double(height)), width: max(20, side * Double(width)), title: title)
        }
    }

    /// The image alone.
    /// - Parameter span: of the numbers, or of the magnitudes; their own where there is none.
    func pixels(_ span: Span? = nil) -> Pixels {
        switch kind {
        case .colours: return trueColours
        case .numbers:
            let values = values(of: tensor)
            return Self.mapped(
                Cells(
                    values: values, rows: height, columns: width, title: "", span: span ?? Span(of: values)))
        case .gradients:
            return Pixels(abreast: quantityCells(span ?? scales()).map { Self.mapped($0.cells) }, gap: Self.gap)
        }
    }

    /// From the lowest to the highest number of all frames; of gradients, from 0 to the largest magnitude.
    func scales() -> Span {
        guard kind == .gradients, let axis = tensor.axes.firstIndex(of: "quantity") else {
            return Span(of: tensor.doubles() ?? [])
        }
        let magnitudes = tensor.chosen(axis: axis, position: place(of: "magnitude"))
        return Span(0, max(0, Span(of: magnitudes.doubles() ?? []).high))
    }

    private func place(of quantity: String) -> Int {
        (tensor.labels["quantity"] ?? Self.quantities).firstIndex(of: quantity) ?? 0
    }

    private func quantityCells(_ magnitudes: Span) -> [(title: String, cells: Cells)] {
        guard let axis = tensor.axes.firstIndex(of: "quantity") else { return [] }
        func cells(_ quantity: String, _ title: String, _ span: Span) -> Cells {
            let values = values(of: tensor.chosen(axis: axis, position: place(of: quantity)))
            return Cells(values: values, rows: height, columns: width, title: title, span: span)
        }
        var azimuth = cells("azimuth", "radians", Span(-.pi, .pi))
        azimuth.colours = .cyclic
        azimuth.marks = [
            (-.pi, "\u{2212}π"), (-.pi / 2, "\u{2212}π/2"), (0, "0"), (.pi / 2, "π/2"), (.pi, "π"),
        ]
        var polar = cells("polar", "radians", Span(0, .pi))
        polar.marks = [(0, "0"), (.pi / 4, "π/4"), (.pi / 2, "π/2"), (.pi * 3 / 4, "3π/4"), (.pi, "π")]
        return [
            ("Gradient magnitude", cells("magnitude", "magnitude", magnitudes)), ("Azimuth", azimuth),
            ("Polar angle", polar),
        ]
    }

    /// The numbers of a matrix, row after row.
    private func values(of matrix: Tensor) -> [Double] {
        let values = matrix.doubles() ?? []
        if matrix.axes.first == "height" { return values }
        return (0..<width * height).map { values[$0 % width * height + $0 / width] }
    }

    private static func mapped(_ cells: Cells) -> Pixels {
        var bytes = [UInt8]()
        bytes.reserveCapacity(3 * cells.values.count)
        for value in cells.values {
            let colour = cells.colours.colours[Int(ColourMap.place(cells.span.fraction(value)))]
            bytes.append(colour.red)
            bytes.append(colour.green)
            bytes.append(colour.blue)
        }
        return Pixels(width: cells.columns, height: cells.rows, bytes: bytes)
    }

    private var trueColours: Pixels {
        guard case .uint8(let values) = tensor.elements else { return Pixels(width: 0, height: 0, bytes: []) }
        func step(_ axis: String) -> Int {
            tensor.axes.firstIndex(of: axis).map { tensor.shape[($0 + 1)...].reduce(1, *) } ?? 0
        }
        let (down, across, deep) = (step("height"), step("width"), step("channel"))
        let colours: [Int] = channels.map { $0 * deep }
        if colours == [0, 1, 2], across == 3, down == 3 * width {
            return Pixels(width: width, height: height, bytes: values)
        }
        var bytes = [UInt8]()
        bytes.reserveCapacity(3 * width * height)
        for row in 0..<height {
            for column in 0..<width {
                let place = row * down + column * across
                for colour in colours { bytes.append(values[place + colour]) }
            }
        }
        return Pixels(width: width, height: height, bytes: bytes)
    }

    /// Where red, green and blue are; one channel is grey.
    private var channels: [Int] {
        guard tensor.size(of: "channel") == 3 else { return [0, 0, 0] }
        let labels = tensor.labels["channel"]?.map { $0.lowercased() } ?? []
        let places = [["red", "r"], ["green", "g"], ["blue", "b"]].compactMap { names in
            labels.firstIndex(where: names.contains)
        }
        return Set(places).count == 3 ? places : [0, 1, 2]
    }
}
