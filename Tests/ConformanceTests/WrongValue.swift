// Values that a kind of parameter must refuse, and the way to the place where they are wrong.

import Stages
import Tensors

/// A value that is wrong, or has something wrong in it.
struct WrongValue: Sendable {
    let value: Canonical
    /// The way from the parameter to what is wrong.
    var path: [String] = []

    /// Just beyond each end of each range within the kind, and numbers that are none.
    static func outOfRange(of kind: ParameterKind) -> [WrongValue] {
        switch kind {
        case .int(let bounds): return beyond(bounds).map { WrongValue(value: .int(Int($0))) }
        case .float(let bounds):
            return (beyond(bounds) + [.nan, .infinity, -.infinity]).map { WrongValue(value: .float($0)) }
        case .optional(let inner): return outOfRange(of: inner)
        case .list(let inner):
            return outOfRange(of: inner).map { WrongValue(value: .array([$0.value]), path: ["0"] + $0.path) }
        case .map(let inner):
            return outOfRange(of: inner).map { WrongValue(value: .map(["x": $0.value]), path: ["x"] + $0.path) }
        case .either(let kinds):
            // What one alternative refuses another may take.
            return kinds.flatMap { outOfRange(of: $0) }.filter { wrong in
                wrong.path.isEmpty && !kinds.contains { (try? $0.convert(wrong.value)) != nil }
            }
        case .parts(let parts):
            return parts.flatMap { part in
                part.parameters.flatMap { parameter in
                    outOfRange(of: parameter.kind).map { wrong in
                        WrongValue(
                            value: .array([.map([part.name: .map([parameter.name: wrong.value])])]),
                            path: ["0", part.name, parameter.name] + wrong.path)
                    }
                }
            }
        case .bool, .text, .choice, .axis, .column, .file, .location: return []
        }
    }

    /// Values of other types.
    static func wrongType(for kind: ParameterKind) -> [WrongValue] {
        let list = Canonical.array([.array([.null])])
        switch kind {
        case .bool: return plain([.int(1), .text("yes"), .null, list])
        case .int: return plain([.text("three"), .float(1.5), .bool(true), .null, list])
        case .float: return plain([.text("0.5x"), .text("1/0"), .bool(true), .null, list])
        case .text: return plain([.int(3), .bool(false), .null, list])
        case .axis, .column, .file, .location: return plain([.text(""), .int(3), .null, list])
        case .choice(let words): return plain([.text((words.first ?? "") + "_x"), .int(7), .null, list])
        case .list(let inner):
            return plain([.int(1), .null, .map(["a": .int(1)])])
                + wrongType(for: inner).map { WrongValue(value: .array([$0.value]), path: ["0"] + $0.path) }
        case .map(let inner):
            return plain([.int(1), .null, .array([])])
                + wrongType(for: inner).map { WrongValue(value: .map(["x": $0.value]), path: ["x"] + $0.path) }
        case .optional(let inner): return wrongType(for: inner).filter { $0.value != .null }
        case .either(let kinds):
            // An alternative of the value's own form tells where in it something is wrong.
            let hasList = kinds.contains { if case .list = $0 { true } else { false } }
            let hasMap = kinds.contains { if case .map = $0 { true } else { false } }
            let wrong = [
                WrongValue(value: list, path: hasList ? ["0"] : []),
                WrongValue(value: .map(["a": list]), path: hasMap ? ["a"] : []),
            ]
            return wrong.filter { wrong in !kinds.contains { (try? $0.convert(wrong.value)) != nil } }
        case .parts:
            return plain([.int(1), .null, .text("a")])
                + [
                    WrongValue(value: .array([.int(1)]), path: ["0"]),
                    WrongValue(value: .array([.text("qqq")]), path: ["0"]),
                ]
        }
    }

    private static func plain(_ values: [Canonical]) -> [WrongValue] { values.map { WrongValue(value: $0) } }

    private static func beyond(_ bounds: Bounds) -> [Double] {
        [
            bounds.lower.map { bounds.isLowerOpen ? $0 : $0 - 1 },
            bounds.upper.map { bounds.isUpperOpen ? $0 : $0 + 1 },
        ].compactMap(\.self)
    }
}
