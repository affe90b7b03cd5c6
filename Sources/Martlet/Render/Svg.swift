// SVG, as far as pictures of tensors need it: text that is built up, with coordinates to a hundredth of a pixel.

internal import Foundation
internal import Tensors

struct Svg {
    enum Anchor: String { case start, middle, end }

    /// What is known of the width of letters: fonts differ from reader to reader, so this is on the wide side.
    static func width(of text: String, size: Double) -> Double { Double(text.count) * size * 0.6 }

    private var lines = [String]()

    /// The file.
    func file(width: Double, height: Double, title: String) -> String {
        let size = "width=\"\(Self.number(width))\" height=\"\(Self.number(height))\""
        let head = [
            "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" \(size) viewBox=\"0 0 \(Self.number(width)) "
                + "\(Self.number(height))\" font-family=\"DejaVu Sans, Verdana, Helvetica, Arial, sans-serif\">",
            "<title>\(Self.escaped(title))</title>", "<rect \(size) fill=\"#ffffff\"/>",
        ]
        return (head + lines + ["</svg>"]).joined(separator: "\n") + "\n"
    }

    /// - Parameter turned: degrees, clockwise around the place of the text.
    mutating func text(
        _ text: String, _ x: Double, _ y: Double, size: Double = 12, anchor: Anchor = .start,
        colour: String = "#222222",
        isBold: Bool = false, turned: Double = 0
    ) {
        let place = "x=\"\(Self.number(x))\" y=\"\(Self.number(y))\" "
        let turn =
            turned == 0 ? "" : "transform=\"rotate(\(Self.number(turned)) \(Self.number(x)) \(Self.number(y)))\" "
        lines.append(
            "<text \(place)\(turn)font-size=\"\(Self.number(size))\" text-anchor=\"\(anchor.rawValue)\""
                + (isBold ? " font-weight=\"bold\"" : "") + " fill=\"\(colour)\">\(Self.escaped(text))</text>")
    }

    mutating func rectangle(
        _ x: Double, _ y: Double, _ width: Double, _ height: Double, fill: String = "none", stroke: String? = nil
    ) {
        lines.append(
            "<rect x=\"\(Self.number(x))\" y=\"\(Self.number(y))\" width=\"\(Self.number(width))\" height=\""
                + "\(Self.number(height))\" fill=\"\(fill)\"" + (stroke.map { " stroke=\"\($0)\"" } ?? "") + "/>")
    }

    mutating func line(_ from: (Double, Double), _ to: (Double, Double), stroke: String, width: Double = 1) {
        path([[from, to]], stroke: stroke, width: width)
    }

    /// Lines through points, each list by itself.
    mutating func path(_ strokes: [[(Double, Double)]], stroke: String, width: Double) {
        let data = strokes.filter { !$0.isEmpty }.map { points in
            // A single point is seen as a dot, through the round ends of a line without length.
            let shown = points.count == 1 ? points + points : points
            return "M" + shown.map { Self.number($0.0) + " " + Self.number($0.1) }.joined(separator: "L")
        }
        if data.isEmpty { return }
        lines.append(
            "<path d=\"\(data.joined())\" fill=\"none\" stroke=\"\(stroke)\" stroke-width=\"\(Self.number(width))\" "
                + "stroke-linejoin=\"round\" stroke-linecap=\"round\"/>")
    }

    /// Cells of colour, with sharp edges however large they are shown. A reader that does not know the newer word keeps to
    /// the older one.
    mutating func image(_ png: [UInt8], _ x: Double, _ y: Double, _ width: Double, _ height: Double) {
        lines.append(
            "<image x=\"\(Self.number(x))\" y=\"\(Self.number(y))\" width=\"\(Self.number(width))\" height=\""
                + "\(Self.number(height))\" preserveAspectRatio=\"none\" style=\"image-rendering:optimizeSpeed;image-rendering:pixelated\" href=\""
                + "data:image/png;base64,\(Data(png).base64EncodedString())\"/>")
    }

    /// To a hundredth; the same in every locale.
    static func number(_ value: Double) -> String {
        let hundredths = value.isFinite ? Int((min(max(value, -1e9), 1e9) * 100).rounded()) : 0
        let (whole, part) = (abs(hundredths) / 100, abs(hundredths) % 100)
        let digits = part == 0 ? "" : part % 10 == 0 ? ".\(part / 10)" : part < 10 ? ".0\(part)" : ".\(part)"
        return (hundredths < 0 ? "-" : "") + "\(whole)" + digits
    }

    /// As XML has it; what no XML may hold is a replacement character.
    static func escaped(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result.append(contentsOf: "&amp;".unicodeScalars)
            case "<": result.append(contentsOf: "&lt;".unicodeScalars)
            case ">": result.append(contentsOf: "&gt;".unicodeScalars)
            case "\"": result.append(contentsOf: "&quot;".unicodeScalars)
            case "\t", "\n", "\r": result.append(" ")
            case _ where scalar.value < 0x20 || scalar.value == 0xFFFE || scalar.value == 0xFFFF:
                result.append("\u{FFFD}")
            default: result.append(scalar)
            }
        }
        return String(result)
    }
}
