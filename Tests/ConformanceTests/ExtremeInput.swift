// Inputs at the ends of what a port may be given, and beyond: what a stage has to answer with a value or an error.

import Media
import Stages
import Tensors
import TestSupport

/// An input that is hard to take.
struct ExtremeInput {
    let name: String
    let value: Value
    /// Whether all numbers in it are finite, so that a NaN that comes out was made inside.
    let isFinite: Bool
    var isLong = false

    /// The extremes for a port.
    /// - Parameter longCount: the elements of a long tensor.
    static func all(for port: Port, of sample: Sample, longCount: Int = 1_000_000) throws -> [ExtremeInput] {
        var inputs = [
            ExtremeInput(name: "nothing", value: .nothing, isFinite: false),
            ExtremeInput(name: "an empty bundle", value: .bundle(Bundle()), isFinite: false),
        ]
        if port.accepts == [.media] { return inputs + (try sounds(of: sample)) }
        inputs.append(ExtremeInput(name: "a prediction", value: Sample.prediction(row: 1).value, isFinite: true))
        let plain = Sample.plainType(of: port)
        let form = SampleTensor(sample.form(of: port), type: plain)
        inputs += numbers(form) + shapes(form, longCount: longCount)
        for type in ElementType.allCases where type != plain {
            var other = form
            other.type = type
            inputs.append(ExtremeInput(name: "\(type.rawValue)", value: .tensor(other.tensor(row: 1)), isFinite: true))
        }
        if port.types.isEmpty || port.types.contains(.float32), plain != .float32 {
            var single = form
            single.type = .float32
            inputs += numbers(single)
        }
        return inputs
    }

    /// Odd numbers in a tensor of a fitting shape.
    private static func numbers(_ form: SampleTensor) -> [ExtremeInput] {
        let middle = form.count / 2
        let cases: [(String, Bool, (Int) -> Double)] = [
            ("zeros", true, { _ in 0 }),
            ("constant", true, { _ in 0.5 }),
            ("one NaN", false, { $0 == middle ? .nan : 0.25 }),
            ("all NaN", false, { _ in .nan }),
            ("one infinity", false, { $0 == middle ? .infinity : 0.25 }),
            ("infinities of both signs", false, { $0 % 2 == 0 ? .infinity : -.infinity }),
            ("huge", true, { _ in 1e300 }),
            ("huge of both signs", true, { $0 % 2 == 0 ? 1e300 : -1e300 }),
            ("the largest there are", true, { Double($0 % 3 - 1) * Double.greatestFiniteMagnitude }),
            ("nothing but the largest", true, { _ in .greatestFiniteMagnitude }),
            ("one huge", true, { $0 == middle ? 1e300 : 0.25 }),
            ("the least above zero", true, { $0 % 2 == 0 ? Double.leastNonzeroMagnitude : 0 }),
        ]
        return cases.map { name, isFinite, element in
            ExtremeInput(
                name: "\(form.type.rawValue), \(name)", value: .tensor(form.filled(element)), isFinite: isFinite)
        }
    }

    /// Odd shapes, axes and attributes.
    private static func shapes(_ form: SampleTensor, longCount: Int) -> [ExtremeInput] {
        var inputs = [ExtremeInput]()
        func add(_ name: String, _ value: SampleTensor, isLong: Bool = false) {
            inputs.append(
                ExtremeInput(
                    name: name, value: .tensor(value.filled { Double($0 % 5) / 8 }), isFinite: true, isLong: isLong))
        }
        for (axis, position) in zip(form.axes, 0...) {
            for size in [0, 1, 2, 3] {
                var other = form
                other.sizes[position] = size
                add("\(size) along \(axis)", other)
            }
        }
        var other = form
        for size in [0, 1] {
            other.sizes = form.sizes.map { _ in size }
            add("\(size) along every axis", other)
        }
        other.sizes = form.sizes
        other.sizes[0] = max(1, longCount / max(1, form.count / form.sizes[0]))
        add("long", other, isLong: true)
        add("a single number without axes", SampleTensor([], type: form.type))
        add("other axes", SampleTensor(form.axes.map { $0 + "_x" }, type: form.type))
        add("one axis more", SampleTensor(form.axes + ["extra"], type: form.type))
        other = form
        other.attributes = [:]
        add("no attributes", other)
        let odd: [Scalar] = [
            .int(0), .int(-1), .int(.max), .float(1e300), .float(1e-300), .float(.nan), .string("many"), .missing,
        ]
        for name in form.attributes.keys.sorted() {
            for scalar in odd {
                other.attributes = form.attributes.merging([name: scalar]) { _, new in new }
                add("\(name) \(scalar.typeName) \(scalar)", other)
            }
        }
        return inputs
    }

    /// Odd sound files.
    private static func sounds(of sample: Sample) throws -> [ExtremeInput] {
        let plain = SampleSound.wav(row: 0)
        let largest = Float.greatestFiniteMagnitude
        let pcm = [UInt8](repeating: 7, count: 400)
        var files: [(String, [UInt8], Bool)] = damaged(plain).map { ($0, $1, true) }
        if sample.declaration.place == .media {
            files += damaged(Sample.video(row: 0)).map { ("a video: " + $0, $1, true) }
        }
        files += [
            ("no samples", SampleSound.wav([]), true),
            ("one sample", SampleSound.wav([1, 2]), true),
            ("half a sample", SampleSound.wav([1]), true),
            ("silence", SampleSound.wav([UInt8](repeating: 0, count: 4000)), true),
            ("a NaN", SampleSound.wav(floats: [0.5, .nan, 0.25, 0]), false),
            ("an infinity", SampleSound.wav(floats: [0.5, .infinity, 0.25, 0]), false),
            ("the largest floats", SampleSound.wav(floats: (0..<400).map { $0 % 2 == 0 ? largest : -largest }), true),
            ("a header that claims 4 GB", SampleSound.wav(pcm, claimedSize: 0xFFFF_FFF0), true),
            ("a header that claims 2 GB", SampleSound.wav(pcm, claimedSize: 0x7FFF_FFF0), true),
            ("a rate of 0", SampleSound.wav(pcm, rate: 0), true),
            ("a rate of 1", SampleSound.wav(pcm, rate: 1), true),
            ("a rate of 4 GHz", SampleSound.wav(pcm, rate: 0xFFFF_FFFF), true),
            ("no channels", SampleSound.wav(pcm, channels: 0), true),
            ("65535 channels", SampleSound.wav(pcm, channels: 65535), true),
            ("0 bits a sample", SampleSound.wav(pcm, bits: 0), true),
            ("an unknown format", SampleSound.wav(pcm, format: 0x1234), true),
        ]
        var inputs = try files.enumerated().map { index, file in
            ExtremeInput(
                name: file.0, value: try SampleSound.media(file.1, named: "extreme_\(index).wav", in: sample.scratch),
                isFinite: file.2)
        }
        let long = SampleSound.wav((0..<2_000_000).map { UInt8(truncatingIfNeeded: $0 / 3) & 0x1F })
        inputs.append(
            ExtremeInput(
                name: "10⁶ samples", value: try SampleSound.media(long, named: "long.wav", in: sample.scratch),
                isFinite: true,
                isLong: true))
        let gone = try SampleSound.media(plain, named: "gone.wav", in: sample.scratch)
        SourcePlaces.remove(sample.scratch["gone.wav"])
        inputs.append(ExtremeInput(name: "a file that is gone", value: gone, isFinite: true))
        return inputs
    }

    /// Columns that are hard to take.
    static func columns(of count: Int) -> [(String, [Scalar])] {
        let odd: [Scalar] = [
            .missing, .float(.nan), .float(.infinity), .float(-0.0), .int(.max), .int(.min), .string(""), .bool(true),
        ]
        return [
            ("missing", Array(repeating: .missing, count: count)),
            ("NaN", Array(repeating: .float(.nan), count: count)),
            ("empty text", Array(repeating: .string(""), count: count)),
            ("of all types", (0..<count).map { odd[$0 % odd.count] }),
        ]
    }

    /// A file in several states of damage.
    static func damaged(_ bytes: [UInt8]) -> [(String, [UInt8])] {
        [
            ("empty", []), ("one byte", Array(bytes.prefix(1))),
            ("its first half", Array(bytes.prefix(bytes.count / 2))),
            ("without its last byte", Array(bytes.dropLast())), ("zeros", [UInt8](repeating: 0, count: bytes.count)),
            ("bytes that are no text", [UInt8](repeating: 0xFF, count: 100)), ("one line", Array("a,b\n".utf8)),
            ("only line ends", Array("\n\n\r\n\r".utf8)), ("an open quote", Array("a,b\n\"1,2\n".utf8)),
            ("twice itself", bytes + bytes),
        ]
    }

    /// Numbers far out, where a range of the kind is open to that side.
    static func far(within kind: ParameterKind) -> [(Canonical, String)] {
        switch kind {
        case .int(let bounds):
            [Int.max, .min, Int(Int32.max) + 1].filter {
                bounds.contains(Double($0)) && (try? kind.convert(.int($0))) != nil
            }.map {
                (.int($0), "\($0)")
            }
        case .float(let bounds):
            [1e300, -1e300, 1e19, -1e19, 1e-300].filter { bounds.contains($0) }.map { (.float($0), "\($0)") }
        case .optional(let inner): far(within: inner)
        case .either(let kinds): kinds.flatMap { far(within: $0) }
        case .list(let inner): far(within: inner).map { (.array([$0.0]), "[\($0.1)]") }
        case .parts(let parts):
            parts.flatMap { part in
                part.parameters.flatMap { parameter in
                    far(within: parameter.kind).map {
                        (
                            .array([.map([part.name: .map([parameter.name: $0.0])])]),
                            "\(part.name).\(parameter.name): \($0.1)"
                        )
                    }
                }
            }
        default: []
        }
    }
}
