// What a tensor looks like: which picture its axes, labels and attributes ask for.
//
//   (time)                     a curve over seconds
//   (time, x), x of 3 at most  a curve for each
//   (time, frequency)          a spectrogram: seconds, hertz, and decibels below the largest magnitude
//   frames, gradients          an image, and three side by side: VideoPicture.swift
//   two other axes             cells of colour
//   one other axis             bars, or a curve where they would be too thin

internal import Foundation
internal import Stages
internal import Tensors

enum TensorPicture {
    /// Decibels below the largest magnitude that are told apart.
    static let range = 80.0
    private static let levels = "dB below the largest magnitude"
    private static let mostCurves = 3
    private static let mostBars = 64

    /// - Throws: `UsageError` where a part has to be chosen; `Failure` where there is nothing to draw.
    static func picture(of tensor: Tensor, title: String) throws -> Picture {
        if let video = VideoPicture(tensor) {
            let (frame, fact) = video.still
            if let panels = frame.panels {
                let notes = [Value.tensor(tensor).phrase, fact].compactMap(\.self)
                return Picture(
                    title: title, note: notes.joined(separator: " · "), panels: panels, isAbreast: panels.count > 1)
            }
            if let fact {
                let (panel, facts) = panel(of: frame.tensor)
                return Picture(
                    title: title, note: ([Value.tensor(tensor).phrase, fact] + facts).joined(separator: " · "),
                    panels: [panel])
            }
        }
        let shown = try twoAxes(tensor)
        let (panel, facts) = panel(of: shown)
        let notes = [Value.tensor(tensor).phrase] + facts
        return Picture(title: title, note: notes.joined(separator: " · "), panels: [panel])
    }

    /// A signal above its spectrum.
    static func picture(ofSignal signal: Tensor, spectrum: Tensor, title: String) throws -> Picture {
        let (wave, facts) = panel(of: try twoAxes(signal))
        let (cells, _) = panel(of: try twoAxes(spectrum))
        let across = PictureScale(title: "", span: cells.across.span)
        var notes = [Value.tensor(signal).phrase] + facts
        for name in ["sample_rate", "n_fft", "hop_length"] {
            if let value = spectrum.attributes[name] { notes.append("\(name) \(value)") }
        }
        return Picture(
            title: title, note: notes.joined(separator: " · "),
            panels: [
                Panel(across: across, upward: wave.upward, content: wave.content, height: 120),
                Panel(across: cells.across, upward: cells.upward, content: cells.content, height: 260),
            ])
    }

    /// One or two axes; those of one position are left out where there are more.
    private static func twoAxes(_ tensor: Tensor) throws -> Tensor {
        let phrase = Value.tensor(tensor).phrase
        if tensor.axes.isEmpty {
            throw Failure("\(phrase) is a single number, and no picture", advice: "leave --out away to see it")
        }
        if tensor.count == 0 { throw Failure("\(phrase) is empty: there is nothing to draw") }
        var shown = tensor
        while shown.axes.count > 2, let single = shown.shape.firstIndex(of: 1) {
            shown = shown.chosen(axis: single, position: 0)
        }
        guard shown.axes.count > 2 else { return shown }
        let examples = shown.axes.dropLast(2).map { "--at \($0)=0" }
        throw UsageError(
            message: "a picture has two axes, and this is \(phrase)\n    = choose a position along "
                + (examples.count == 1 ? "one" : "\(examples.count) of them") + ", as in "
                + examples.joined(separator: " "))
    }

    private static func panel(of tensor: Tensor) -> (Panel, facts: [String]) {
        let time = tensor.axes.firstIndex(of: "time")
        if tensor.axes.count == 1 {
            let (values, title) = numbers(of: tensor)
            let isSignal = time != nil && Grid("time", tensor).isPerSample
            let facts = broken(values, isCells: false)
            if time == nil, values.count <= mostBars { return (bars(values, title, tensor), facts) }
            let name = title ?? (isSignal ? "amplitude" : "value")
            return (curves([(nil, values)], over: tensor.axes[0], titled: name, tensor), facts)
        }
        if let time, tensor.axes[1 - time] != "frequency", tensor.shape[1 - time] <= mostCurves {
            let (values, title) = numbers(of: tensor)
            let (count, other) = (tensor.shape[1 - time], tensor.axes[1 - time])
            let all = (0..<count).map { position in
                let own = (0..<tensor.shape[time]).map {
                    values[time == 0 ? $0 * count + position : position * tensor.shape[time] + $0]
                }
                return (tensor.labels[other]?[position] ?? "\(other) \(position)" as String?, own)
            }
            let facts = broken(values, isCells: false)
            // One curve is named by its scale.
            if count == 1 {
                return (curves([(nil, values)], over: "time", titled: title ?? all[0].0 ?? "", tensor), facts)
            }
            return (curves(all, over: "time", titled: title ?? "value", tensor), facts)
        }
        return cells(tensor, time: time)
    }

    // MARK: Kinds of panels

    private static func curves(
        _ curves: [(name: String?, values: [Double])], over axis: String, titled: String, _ tensor: Tensor
    ) -> Panel {
        let grid = Grid(axis, tensor)
        let span = Span(of: curves.lazy.map(\.values).joined())
        let count = curves[0].values.count
        return Panel(
            across: PictureScale(
                title: grid.title, span: Span(grid.place(0), grid.place(max(1, count - 1))), isWhole: grid.isWhole,
                names: tensor.labels[axis]),
            upward: PictureScale(title: titled, span: span.widened(by: 0.05)),
            content: .curves(
                curves.map { curve in
                    Curve(
                        name: curve.name,
                        points: positions(toShow: curve.values).map { (x: grid.place($0), y: curve.values[$0]) })
                }))
    }

    /// Of more values than a picture has places for, the lowest and the highest of each stretch are all that is seen.
    private static func positions(toShow values: [Double]) -> [Int] {
        let stretches = 1000
        if values.count <= 2 * stretches { return Array(values.indices) }
        return (0..<stretches).flatMap { stretch in
            let range = stretch * values.count / stretches..<(stretch + 1) * values.count / stretches
            var (lowest, highest, broken) = (Int?.none, Int?.none, Int?.none)
            for position in range {
                let value = values[position]
                if !value.isFinite {
                    broken = position
                    continue
                }
                if lowest.map({ value < values[$0] }) ?? true { lowest = position }
                if highest.map({ value > values[$0] }) ?? true { highest = position }
            }
            return Set([lowest, highest, broken].compactMap(\.self)).sorted()
        }
    }

    private static func bars(_ values: [Double], _ title: String?, _ tensor: Tensor) -> Panel {
        let span = Span(of: values + [0])
        return Panel(
            across: scale(of: tensor.axes[0], in: tensor),
            upward: PictureScale(
                title: title ?? "value",
                span: Span(
                    span.low < 0 ? span.widened(by: 0.05).low : 0, span.high > 0 ? span.widened(by: 0.05).high : 0)),
            content: .bars(values))
    }

    private static func cells(_ tensor: Tensor, time: Int?) -> (Panel, facts: [String]) {
        var (values, title) = numbers(of: tensor)
        let facts = broken(values, isCells: true)
        var span = Span(of: values)
        if title == levels { span = Span(min(max(span.low, -range), -range / 2), 0) }
        // Time runs from left to right; other matrices are shown as they are printed.
        let across = time ?? 1
        let (columns, rows) = (tensor.shape[across], tensor.shape[1 - across])
        if across == 0 {
            values = (0..<rows * columns).map { values[$0 % columns * rows + $0 / columns] }
        }
        let rowAxis = tensor.axes[1 - across]
        var upward = scale(of: rowAxis, in: tensor)
        upward.isDownward = time == nil
        var (height, width) = (300.0, Double?.none)
        if tensor.axes == ["height", "width"] {
            // Square pixels.
            let side = min(720 / Double(columns), 480 / Double(rows))
            (height, width) = (max(20, side * Double(rows)), max(20, side * Double(columns)))
        } else if tensor.labels[rowAxis] != nil {
            height = min(max(13.5 * Double(rows), 240), 480)
        }
        return (
            Panel(
                across: scale(of: tensor.axes[across], in: tensor), upward: upward,
                content: .cells(
                    Cells(values: values, rows: rows, columns: columns, title: title ?? "value", span: span)),
                height: height, width: width), facts
        )
    }

    // MARK: Numbers

    /// The elements, and what they are, where the tensor says so. Of complex ones it is the magnitudes; those of spectra
    /// are in decibels, and so are real numbers over frequencies that are not below zero and have no unit.
    private static func numbers(of tensor: Tensor) -> ([Double], title: String?) {
        let isSpectrum = tensor.axes.contains("frequency")
        if case .complex64(let values) = tensor.elements {
            let magnitudes = values.map { value -> Double in
                let (real, imaginary) = (Double(value.real), Double(value.imaginary))
                return (real * real + imaginary * imaginary).squareRoot()
            }
            return isSpectrum ? (decibels(magnitudes), levels) : (magnitudes, "magnitude")
        }
        let values = tensor.doubles() ?? []
        if case .string(let unit)? = tensor.attributes["unit"] { return (values, "value (\(unit))") }
        return isSpectrum && !values.contains { $0 < 0 }
            ? (decibels(values, power: number("power", of: tensor) ?? 1), levels) : (values, nil)
    }

    /// Magnitudes as decibels below the largest, no lower than what is told apart.
    /// - Parameter power: what the magnitudes were raised to.
    private static func decibels(_ magnitudes: [Double], power: Double = 1) -> [Double] {
        let largest = magnitudes.lazy.filter(\.isFinite).max() ?? 0
        return magnitudes.map { magnitude in
            if !magnitude.isFinite { return .nan }
            return largest > 0 && magnitude > 0 ? max(20 / power * log10(magnitude / largest), -range) : -range
        }
    }

    /// What is said of numbers that cannot be drawn.
    private static func broken(_ values: [Double], isCells: Bool) -> [String] {
        let count = values.count { !$0.isFinite }
        return count == 0 ? [] : ["\(count) not finite" + (isCells ? " (grey)" : "")]
    }

    // MARK: Scales

    /// Where the positions along an axis are.
    private struct Grid {
        private(set) var title = ""
        private var first = 0.0
        private var step = 1.0
        /// Whether places are positions, for want of a unit.
        private(set) var isWhole = true
        /// Whether positions are samples of a signal.
        private(set) var isPerSample = false

        init(_ axis: String, _ tensor: Tensor) {
            let rate = number("sample_rate", of: tensor)
            let size = number("n_fft", of: tensor)
            let bins = size.map { ($0 / 2).rounded(.down) + 1 }
            if axis == "time", let rate {
                if let hop = number("hop_length", of: tensor) {
                    (step, isWhole) = (hop / rate, false)
                    // Frames that are not centred begin at their time.
                    if tensor.attributes["center"]?.description == "false" { first = (size ?? 0) / 2 / rate }
                } else if tensor.axes.allSatisfy({ $0 == "time" || $0 == "channel" }) {
                    (step, isWhole, isPerSample) = (1 / rate, false, true)
                }
            } else if axis == "frequency", let rate, let size, tensor.size(of: axis).map(Double.init) == bins {
                (step, isWhole) = (rate / size, false)
            }
            // Attributes may say what no scale can hold.
            if !(step > 1e-15 && first + step * Double(tensor.size(of: axis) ?? 1) < 1e15) {
                (first, step, isWhole, isPerSample) = (0, 1, true, false)
            }
            title = isWhole ? axis : axis == "time" ? "time (s)" : "frequency (Hz)"
        }

        func place(_ position: Int) -> Double { first + Double(position) * step }

        /// Of cells, each with its place in the middle.
        func span(_ count: Int) -> Span { Span(first - step / 2, first + (Double(count) - 0.5) * step) }
    }

    private static func number(_ name: String, of tensor: Tensor) -> Double? {
        let value: Double? =
            switch tensor.attributes[name] {
            case .int(let number): Double(number)
            case .float(let number): number
            default: nil
            }
        return value.flatMap { $0.isFinite && $0 > 0 ? $0 : nil }
    }

    static func scale(of axis: String, in tensor: Tensor) -> PictureScale {
        let grid = Grid(axis, tensor)
        return PictureScale(
            title: grid.title, span: grid.span(tensor.size(of: axis) ?? 1), isWhole: grid.isWhole,
            names: tensor.labels[axis])
    }
}

extension Tensor {
    /// What is at one position along an axis, without that axis.
    func chosen(axis: Int, position: Int) -> Tensor {
        let outer = shape[..<axis].reduce(1, *)
        let inner = shape[(axis + 1)...].reduce(1, *) * type.width
        var bytes = [UInt8]()
        bytes.reserveCapacity(outer * inner)
        elements.withBytes { all in
            for block in 0..<outer {
                let start = (block * shape[axis] + position) * inner
                bytes.append(contentsOf: all[start..<start + inner])
            }
        }
        let (kept, sizes) = (axes.indices.filter { $0 != axis }, shape.indices.filter { $0 != axis }.map { shape[$0] })
        let chosen = bytes.withUnsafeBytes { Elements(type: type, count: sizes.reduce(1, *), bytes: $0) }
        guard let chosen else { preconditionFailure("a part of a tensor is as long as its shape says") }
        return Tensor(
            chosen, shape: sizes, axes: kept.map { axes[$0] }, labels: labels.filter { $0.key != axes[axis] },
            attributes: attributes)
    }
}
