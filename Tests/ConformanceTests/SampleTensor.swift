// Tensors of a wanted form, filled without any function of the C library, so that a sample has the same bits on every
// processor and a pinned digest speaks of the stage alone.

import Stages
import Tensors

/// Tensors over named axes.
struct SampleTensor {
    let axes: [String]
    var sizes: [Int]
    var type: ElementType
    var attributes: [String: Scalar] = [:]
    /// Whether numbers below 0 are turned to their magnitude.
    var isNonnegative = false

    init(_ axes: [String], type: ElementType) {
        self.axes = axes
        self.type = type
        sizes = axes.map { Self.size(of: $0, isAlone: axes.count == 1) }
        if axes.contains("time") { attributes["sample_rate"] = .int(8000) }
        if let frequency = axes.firstIndex(of: "frequency") { attributes["n_fft"] = .int(2 * (sizes[frequency] - 1)) }
    }

    private static func size(of axis: String, isAlone: Bool) -> Int {
        switch axis {
        case "time": isAlone ? 4096 : 24
        case "feature": 4
        case "frequency": 9
        case "height": 12
        case "width": 16
        case "channel": 2
        default: 5
        }
    }

    var count: Int { sizes.reduce(1, *) }

    /// All elements by a function of their position.
    func filled(_ element: (Int) -> Double) -> Tensor {
        let labels = axes.firstIndex(of: "feature").map { position in
            ["feature": (0..<sizes[position]).map { "f_\($0)" }]
        }
        return Tensor(
            Self.elements(type, (0..<count).map(element)), shape: sizes, axes: axes,
            labels: count > 1000 || axes.count > 2 ? [:] : labels ?? [:], attributes: attributes)
    }

    /// The tensor of a row: a triangle wave under noise along time, else a cloud around a centre a class.
    func tensor(row: Int) -> Tensor {
        var stream = RandomStream(named: Digest(of: .array([.text("sample"), .int(row)])))
        let period = 20 + row % 7
        return filled { position in
            let noise = stream.uniform() - 0.5
            if axes == ["time"] {
                let phase = Double(position % period) / Double(period)
                return (phase < 0.5 ? phase : 1 - phase) - 0.25 + noise / 8
            }
            let element = Double(row % 3 * (position % 3 + 1)) + noise
            return isNonnegative ? abs(element) : element
        }
    }

    static func elements(_ type: ElementType, _ values: [Double]) -> Elements {
        func clamped<Number: FixedWidthInteger>(_ value: Double) -> Number {
            Number(exactly: (value * 40).rounded()) ?? (value > 0 ? .max : .min)
        }
        switch type {
        case .float64: return .float64(values)
        case .float32: return .float32(values.map { $0.isFinite ? Float(max(-3e38, min(3e38, $0))) : Float($0) })
        case .uint8: return .uint8(values.map { clamped($0.magnitude) })
        case .int16: return .int16(values.map(clamped))
        case .int32: return .int32(values.map(clamped))
        case .int64: return .int64(values.map(clamped))
        case .bool: return .bool(values.map { $0 > 0.5 })
        case .complex64:
            return .complex64(
                values.map { value in
                    let part = value.isFinite ? Float(max(-3e38, min(3e38, value))) : Float(value)
                    return Complex64(part, part / 4)
                })
        }
    }
}
