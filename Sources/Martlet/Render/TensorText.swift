// Tensors and bundles in a few lines, for people.

internal import Foundation
internal import Stages
internal import Tensors

enum TensorText {
    static func describe(_ tensor: Tensor) -> [String] {
        var lines = [Value.tensor(tensor).phrase]
        if let values = tensor.doubles(), !values.isEmpty {
            let finite = values.filter(\.isFinite)
            let mean = finite.reduce(0, +) / Double(max(1, finite.count))
            lines.append("min \(finite.min() ?? 0), mean \(mean), max \(finite.max() ?? 0)")
            lines.append("first " + values.prefix(8).map { decimal($0) }.joined(separator: " "))
        }
        for (name, value) in tensor.attributes.sorted(by: { precedes($0.key, $1.key) }) {
            lines.append("\(name) \(value)")
        }
        for (axis, labels) in tensor.labels.sorted(by: { precedes($0.key, $1.key) }) {
            lines.append("\(axis): " + labels.prefix(8).joined(separator: " ") + (labels.count > 8 ? " …" : ""))
        }
        return lines
    }

    static func describe(_ value: Value) -> [String] {
        switch value {
        case .tensor(let tensor): describe(tensor)
        case .bundle(let bundle): describe(bundle)
        case .media(let media): ["\(media.location.path), \(media.size) bytes"]
        default: [value.phrase]
        }
    }

    static func describe(_ bundle: Tensors.Bundle) -> [String] {
        var lines = [String]()
        for (name, scalar) in bundle.scalars.sorted(by: { precedes($0.key, $1.key) }) {
            lines.append("\(name): \(scalar)")
        }
        for (name, tensor) in bundle.tensors.sorted(by: { precedes($0.key, $1.key) }) {
            let described = describe(tensor)
            lines.append("\(name): " + (described.first ?? ""))
            lines += described.dropFirst().map { "    " + $0 }
        }
        return lines
    }
}
