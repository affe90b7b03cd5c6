// A picture: panels one below the other or side by side, each with two scales and curves, bars, cells of colour or an
// image. It knows numbers and words, and no tensor.

/// A scale of a panel, across or upward.
struct PictureScale {
    let title: String
    let span: Span
    /// Whether only whole numbers are marked: positions along an axis without a unit.
    var isWhole = false
    /// Names of the positions from 0, in place of numbers.
    var names: [String]?
    /// Whether it begins at the top, as the rows of a printed matrix do.
    var isDownward = false
}

struct Curve {
    let name: String?
    /// Places across and upward, in order; where one is no finite number, the curve is broken.
    let points: [(x: Double, y: Double)]
}

/// A matrix as colours. Row 0 is at the beginning of the upward scale.
struct Cells {
    let values: [Double]
    let rows, columns: Int
    /// What the numbers are, and in which unit.
    let title: String
    let span: Span
    var colours = ColourMap.sequential
    /// Where the colours are marked, and with what; otherwise at round numbers.
    var marks: [(value: Double, label: String)]?
}

struct Panel {
    enum Content {
        case curves([Curve])
        case bars([Double])
        case cells(Cells)
        /// In true colours, from the top left.
        case image(Pixels)
    }

    let across, upward: PictureScale
    let content: Content
    var height = 300.0
    /// The width of the plot, where it is not all there is.
    var width: Double?
    /// A line above it.
    var title: String?
}

struct Picture {
    let title: String
    /// A line below the title.
    let note: String
    let panels: [Panel]
    /// Whether the panels stand side by side; each then has a width.
    var isAbreast = false

    /// The file: the same bytes for the same picture.
    var svg: String { PictureDrawing(self).svg }
}

/// What is drawn where.
private struct PictureDrawing {
    private static let letters = 11.0
    private static let (ink, faint, grid) = ("#222222", "#666666", "#e4e4e4")
    private static let curveColours = ["#0072b2", "#d55e00", "#009e73"]
    /// Names longer than this are cut.
    private static let longestName = 24

    private let picture: Picture
    /// Of the whole, or of each panel where they stand side by side.
    private let width: Double
    private let left, right: Double
    private var out = Svg()
    private(set) var svg = ""

    init(_ picture: Picture) {
        self.picture = picture
        // All panels begin and end at the same places, so that one time stands above the other.
        left = 44 + (picture.panels.map { Self.widthOfMarks($0.upward, height: $0.height) }.max() ?? 0)
        let bars = picture.panels.compactMap { panel -> Double? in
            guard case .cells(let cells) = panel.content else { return nil }
            return 66 + Self.widest(Self.colourMarks(cells, height: panel.height).map(\.label))
        }
        right = max(24, bars.max() ?? 0)
        width = picture.isAbreast ? left + (picture.panels.compactMap(\.width).max() ?? 0) + right : 900
        svg = draw()
    }

    // MARK: All

    private mutating func draw() -> String {
        out.text(
            Self.cut(picture.title, to: 90), left, 26, size: 15, colour: Self.ink, isBold: true)
        out.text(Self.cut(picture.note, to: 125), left, 44, size: Self.letters, colour: Self.faint)
        let top = 58.0
        var bottom = top
        for (position, panel) in picture.panels.enumerated() {
            if picture.isAbreast {
                bottom = max(bottom, draw(panel, x: Double(position) * width, top: top))
            } else {
                bottom = draw(panel, x: 0, top: bottom)
            }
        }
        let whole = picture.isAbreast ? width * Double(picture.panels.count) : width
        return out.file(width: whole, height: bottom + 4, title: picture.title)
    }

    /// - Returns: Where the next panel begins.
    private mutating func draw(_ panel: Panel, x: Double, top given: Double) -> Double {
        var top = given
        if let title = panel.title {
            out.text(title, x + left, top + 12, size: 12, colour: Self.ink, isBold: true)
            top += 20
        }
        if case .curves(let curves) = panel.content, curves.contains(where: { $0.name != nil }) {
            drawLegend(curves, y: top + 8)
            top += 20
        }
        let all = width - left - right
        let frame = Frame(x: x + left, y: top, width: min(panel.width ?? all, all), height: panel.height)
        switch panel.content {
        case .cells(let cells):
            draw(cells, in: frame, isDownward: panel.upward.isDownward)
        case .image(let pixels):
            out.image(Png.encode(pixels), frame.x, frame.y, frame.width, frame.height)
        case .curves, .bars:
            drawGrid(panel, frame)
        }
        switch panel.content {
        case .curves(let curves):
            for (position, curve) in curves.enumerated() {
                draw(
                    curve, in: frame, panel,
                    colour: Self.curveColours[position % Self.curveColours.count])
            }
        case .bars(let values): draw(values, in: frame, panel)
        case .cells, .image: break
        }
        out.rectangle(frame.x, frame.y, frame.width, frame.height, stroke: Self.faint)
        drawUpward(panel.upward, frame)
        return drawAcross(panel.across, frame)
    }

    private mutating func drawLegend(_ curves: [Curve], y: Double) {
        var x = left
        for (position, curve) in curves.enumerated() {
            let colour = Self.curveColours[position % Self.curveColours.count]
            out.line((x, y - 4), (x + 18, y - 4), stroke: colour, width: 2.5)
            let name = Self.cut(curve.name ?? "", to: Self.longestName)
            out.text(name, x + 24, y, size: Self.letters, colour: Self.ink)
            x += 44 + Svg.width(of: name, size: Self.letters)
        }
    }

    // MARK: Scales

    private struct Mark {
        /// From 0 to 1.
        let place: Double
        let label: String
    }

    private static func marks(_ scale: PictureScale, atMost count: Int) -> [Mark] {
        if let names = scale.names {
            let step = thinning(names.count, atMost: count)
            return stride(from: 0, to: names.count, by: step).map {
                Mark(place: scale.span.fraction(Double($0)), label: cut(names[$0], to: longestName))
            }
        }
        let ticks = Ticks(scale.span, atMost: count, isWhole: scale.isWhole)
        return zip(ticks.values, ticks.labels).map { Mark(place: scale.span.fraction($0), label: $1) }
    }

    /// Every how many names one is shown: 1, 2, 5, 10 ….
    private static func thinning(_ names: Int, atMost count: Int) -> Int {
        var (step, factors) = (1, [2, 5, 10])
        var decade = 1
        while (names + step - 1) / step > max(1, count) {
            if factors.isEmpty {
                decade *= 10
                factors = [2, 5, 10]
            }
            step = decade * factors.removeFirst()
        }
        return step
    }

    private static func upwardMarks(_ scale: PictureScale, height: Double) -> [Mark] {
        marks(scale, atMost: scale.names == nil ? max(5, Int(height / 38)) : max(2, Int(height / 13)))
    }

    private static func widthOfMarks(_ scale: PictureScale, height: Double) -> Double {
        widest(upwardMarks(scale, height: height).map(\.label))
    }

    private static func widest(_ labels: [String]) -> Double {
        labels.map { Svg.width(of: $0, size: letters) }.max() ?? 0
    }

    private func acrossMarks(_ scale: PictureScale, _ frame: Frame) -> (marks: [Mark], areTurned: Bool) {
        guard let names = scale.names else { return (Self.marks(scale, atMost: max(2, Int(frame.width / 80))), false) }
        let level = Int(frame.width / (Self.widest(names.map { Self.cut($0, to: Self.longestName) }) + 10))
        if names.count <= level { return (Self.marks(scale, atMost: names.count), false) }
        return (Self.marks(scale, atMost: max(2, Int(frame.width / 15))), true)
    }

    private mutating func drawUpward(_ scale: PictureScale, _ frame: Frame) {
        let marks = Self.upwardMarks(scale, height: frame.height)
        for mark in marks {
            let y = frame.y(mark.place, isDownward: scale.isDownward)
            out.line((frame.x - 4, y), (frame.x, y), stroke: Self.faint)
            out.text(mark.label, frame.x - 7, y + 4, size: Self.letters, anchor: .end, colour: Self.ink)
        }
        out.text(
            scale.title, frame.x - left + 18, frame.y + frame.height / 2, size: 12, anchor: .middle, colour: Self.ink,
            turned: -90)
    }

    private mutating func drawAcross(_ scale: PictureScale, _ frame: Frame) -> Double {
        let (marks, areTurned) = acrossMarks(scale, frame)
        let bottom = frame.y + frame.height
        for mark in marks {
            let x = frame.x + mark.place * frame.width
            out.line((x, bottom), (x, bottom + 4), stroke: Self.faint)
            if areTurned {
                out.text(
                    mark.label, x + 4, bottom + 12, size: Self.letters, anchor: .end, colour: Self.ink, turned: -60)
            } else {
                out.text(mark.label, x, bottom + 17, size: Self.letters, anchor: .middle, colour: Self.ink)
            }
        }
        let depth = areTurned ? 14 + Self.widest(marks.map(\.label)) * 0.87 : 18
        if scale.title.isEmpty { return bottom + depth + 10 }
        out.text(
            scale.title, frame.x + frame.width / 2, bottom + depth + 17, size: 12, anchor: .middle, colour: Self.ink)
        return bottom + depth + 30
    }

    private mutating func drawGrid(_ panel: Panel, _ frame: Frame) {
        if panel.across.names == nil {
            for mark in acrossMarks(panel.across, frame).marks {
                let x = frame.x + mark.place * frame.width
                out.line((x, frame.y), (x, frame.y + frame.height), stroke: Self.grid)
            }
        }
        for mark in Self.upwardMarks(panel.upward, height: panel.height) {
            let y = frame.y(mark.place, isDownward: panel.upward.isDownward)
            out.line((frame.x, y), (frame.x + frame.width, y), stroke: Self.grid)
        }
    }

    // MARK: Contents

    private mutating func draw(_ curve: Curve, in frame: Frame, _ panel: Panel, colour: String) {
        func place(_ point: (x: Double, y: Double)) -> (Double, Double) {
            (
                frame.x + panel.across.span.fraction(point.x) * frame.width,
                frame.y(panel.upward.span.fraction(point.y), isDownward: panel.upward.isDownward)
            )
        }
        var (strokes, stroke) = ([[(Double, Double)]](), [(Double, Double)]())
        for point in curve.points {
            if point.x.isFinite, point.y.isFinite {
                stroke.append(place(point))
            } else {
                strokes.append(stroke)
                stroke = []
            }
        }
        strokes.append(stroke)
        out.path(strokes.filter { $0.count == 1 }, stroke: colour, width: 3)
        out.path(
            strokes.filter { $0.count > 1 }, stroke: colour, width: curve.points.count > Int(frame.width) ? 1 : 1.6)
    }

    private mutating func draw(_ values: [Double], in frame: Frame, _ panel: Panel) {
        let slot = frame.width / Double(max(1, values.count))
        let zero = frame.y(panel.upward.span.fraction(0), isDownward: false)
        for (position, value) in values.enumerated() {
            let x = frame.x + (Double(position) + 0.15) * slot
            guard value.isFinite else {
                out.rectangle(x, frame.y, slot * 0.7, frame.height, fill: "#dddddd")
                continue
            }
            let y = frame.y(panel.upward.span.fraction(value), isDownward: false)
            out.rectangle(x, min(y, zero), slot * 0.7, abs(y - zero), fill: Self.curveColours[0])
        }
        out.line((frame.x, zero), (frame.x + frame.width, zero), stroke: Self.faint)
    }

    private mutating func draw(_ cells: Cells, in frame: Frame, isDownward: Bool) {
        let drawn = cells.shrunk(rows: Int(frame.height), columns: Int(frame.width))
        var pixels = [UInt8]()
        pixels.reserveCapacity(drawn.values.count)
        for row in 0..<drawn.rows {
            let start = (isDownward ? row : drawn.rows - 1 - row) * drawn.columns
            pixels += drawn.values[start..<start + drawn.columns].map { ColourMap.place(cells.span.fraction($0)) }
        }
        out.image(
            Png.encode(
                pixels, width: drawn.columns, height: drawn.rows, across: max(1, Int(frame.width) / drawn.columns),
                down: max(1, Int(frame.height) / drawn.rows), colours: cells.colours.colours), frame.x, frame.y,
            frame.width,
            frame.height)
        drawColourBar(cells, frame)
    }

    private mutating func drawColourBar(_ cells: Cells, _ frame: Frame) {
        let (x, width) = (frame.x + frame.width + 14, 14.0)
        let steps = (0..<ColourMap.count).reversed().map { UInt8($0) }
        out.image(
            Png.encode(steps, width: 1, height: steps.count, colours: cells.colours.colours), x, frame.y, width,
            frame.height)
        out.rectangle(x, frame.y, width, frame.height, stroke: Self.faint)
        let ticks = Self.colourMarks(cells, height: frame.height)
        for (value, label) in ticks {
            let y = frame.y(cells.span.fraction(value), isDownward: false)
            out.line((x + width, y), (x + width + 4, y), stroke: Self.faint)
            out.text(label, x + width + 7, y + 4, size: Self.letters, colour: Self.ink)
        }
        let beside = x + width + 7 + Self.widest(ticks.map(\.label)) + 20
        out.text(
            cells.title, beside, frame.y + frame.height / 2, size: 12, anchor: .middle, colour: Self.ink, turned: -90)
    }

    private static func colourMarks(_ cells: Cells, height: Double) -> [(value: Double, label: String)] {
        if let marks = cells.marks { return marks }
        let ticks = Ticks(cells.span, atMost: max(5, Int(height / 38)))
        return Array(zip(ticks.values, ticks.labels))
    }

    private static func cut(_ text: String, to count: Int) -> String {
        text.count <= count ? text : text.prefix(count - 1) + "…"
    }

    /// Where a plot stands.
    private struct Frame {
        let x, y, width, height: Double

        /// Where a fraction of the upward scale lies.
        func y(_ place: Double, isDownward: Bool) -> Double { y + (isDownward ? place : 1 - place) * height }
    }
}

extension Cells {
    /// No more rows and columns than there are pixels: each cell is the mean of those that fall into it, of the finite
    /// ones; where none is finite, it is none.
    func shrunk(rows most: Int, columns widest: Int) -> Cells {
        let (height, width) = (min(rows, max(1, most)), min(columns, max(1, widest)))
        if (height, width) == (rows, columns) { return self }
        var means = [Double]()
        means.reserveCapacity(height * width)
        for row in 0..<height {
            let above = row * rows / height..<(row + 1) * rows / height
            for column in 0..<width {
                let beside = column * columns / width..<(column + 1) * columns / width
                var (sum, count) = (0.0, 0.0)
                for position in above {
                    for value in values[position * columns + beside.lowerBound..<position * columns + beside.upperBound]
                    where value.isFinite {
                        count += 1
                        sum += value / count - sum / count
                    }
                }
                means.append(count == 0 ? .nan : sum)
            }
        }
        return Cells(
            values: means, rows: height, columns: width, title: title, span: span, colours: colours, marks: marks)
    }
}
