// Where a scale is marked, and with which numbers.

internal import Foundation
internal import Tensors

/// From a number to a greater one.
struct Span: Hashable {
    let low, high: Double

    /// Both finite; where they are equal, or so close that no number lies between, the span is widened around them.
    init(_ low: Double, _ high: Double) {
        let size = max(abs(low), abs(high))
        if high / 2 - low / 2 > size * 1e-12 {
            (self.low, self.high) = (low, high)
        } else {
            let margin = size == 0 ? 1 : max(size / 10, .leastNormalMagnitude)
            let most = Double.greatestFiniteMagnitude
            (self.low, self.high) = (max(low - margin, -most), min(high + margin, most))
        }
    }

    /// Around what is finite among numbers; 0 to 1 where nothing is.
    init(of values: some Sequence<Double>) {
        var (low, high) = (Double.infinity, -Double.infinity)
        for value in values where value.isFinite {
            low = min(low, value)
            high = max(high, value)
        }
        if low <= high { self.init(low, high) } else { self.init(0, 1) }
    }

    /// Where a number lies between both ends. Halves, since the whole may be more than a float holds.
    func fraction(_ value: Double) -> Double { (value / 2 - low / 2) / (high / 2 - low / 2) }

    /// With room at both ends.
    func widened(by part: Double) -> Span {
        let margin = (high / 2 - low / 2) * 2 * part
        let most = Double.greatestFiniteMagnitude
        return margin.isFinite ? Span(max(low - margin, -most), min(high + margin, most)) : self
    }
}

/// Multiples of 1, 2 or 5 times a power of ten.
struct Ticks {
    let values: [Double]
    /// One for each; exact, and the same in every locale.
    let labels: [String]

    /// - Parameter isWhole: whether only whole numbers are marked.
    init(_ span: Span, atMost count: Int, isWhole: Bool = false) {
        let rough = (span.high / 2 - span.low / 2) / Double(max(1, count)) * 2
        var exponent = Int(log10(max(rough, .leastNormalMagnitude)).rounded(.down))
        var factor = 1
        let mantissa = rough / pow(10, Double(exponent))
        if let enough = [1, 2, 5].first(where: { Double($0) >= mantissa * (1 - 1e-9) }) {
            factor = enough
        } else {
            exponent += 1
        }
        if isWhole, exponent < 0 { (factor, exponent) = (1, 0) }
        let step = Self.number(factor, exponent)
        let (first, last) = ((span.low / step - 1e-9).rounded(.up), (span.high / step + 1e-9).rounded(.down))
        guard step > 0, abs(first) < 1e15, abs(last) < 1e15, first <= last, last - first <= Double(2 * count + 2) else {
            (values, labels) = ([span.low, span.high], [decimal(span.low), decimal(span.high)])
            return
        }
        let multiples = (Int(first)...Int(last)).map { $0 * factor }
        let power = exponent
        values = multiples.map { Self.number($0, power) }
        // Numbers of one scale are written in one way.
        let isShort =
            power >= -4 && multiples.allSatisfy { Self.isShort($0, power) }
        labels = multiples.map { isShort ? Self.plain($0, power) : Self.scientific($0, power) }
    }

    private static func number(_ digits: Int, _ exponent: Int) -> Double { Double("\(digits)e\(exponent)") ?? 0 }

    /// Whether a number has six digits at most before the point.
    private static func isShort(_ digits: Int, _ exponent: Int) -> Bool {
        digits == 0 || String(abs(digits)).count + exponent <= 6
    }

    private static func plain(_ digits: Int, _ exponent: Int) -> String {
        var text = String(abs(digits))
        if exponent >= 0 {
            if digits != 0 { text += String(repeating: "0", count: exponent) }
        } else {
            text = String(repeating: "0", count: max(0, 1 - exponent - text.count)) + text
            text.insert(".", at: text.index(text.endIndex, offsetBy: exponent))
        }
        return (digits < 0 ? "\u{2212}" : "") + text
    }

    private static func scientific(_ digits: Int, _ exponent: Int) -> String {
        if digits == 0 { return "0" }
        let text = String(abs(digits))
        var fraction = text.dropFirst()
        while fraction.last == "0" { fraction = fraction.dropLast() }
        let power = exponent + text.count - 1
        return (digits < 0 ? "\u{2212}" : "") + text.prefix(1) + (fraction.isEmpty ? "" : "." + fraction) + "e"
            + (power < 0 ? "\u{2212}" : "") + String(abs(power))
    }
}
