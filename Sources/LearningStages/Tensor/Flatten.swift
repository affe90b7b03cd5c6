// tensor.flatten

internal import Stages
internal import Tensors

struct TensorFlatten: MapStage {
    static let declaration = Declaration(
        "tensor.flatten", revision: 1, kind: .map,
        summary: "All axes as one, in row-major order.",
        documentation: """
            Gives a tensor with the single axis `feature`, of the product of the input's sizes, the last axis moving \
            fastest. Where every axis longer than 1 has labels, the new labels are theirs joined with `.`: `mfcc_0.mean`.
            """,
        inputs: [Port(accepts: [.tensor], "any tensor")],
        output: "the same element type, axes (feature)", isCheap: true)

    let parameters: NoParameters
    init(_ parameters: NoParameters) { self.parameters = parameters }

    func output(for inputs: [Signature]) throws(Problem) -> Signature {
        guard let input = inputs.first else { return .unknown }
        let sizes = input.axes?.map(\.size)
        let size: Int? = sizes.flatMap { sizes in
            sizes.contains(nil) ? nil : sizes.reduce(1) { $0 * ($1 ?? 1) }
        }
        return .tensor(input.type, [Axis("feature", size: size)])
    }

    func apply(_ input: MapInput) throws -> Value {
        .tensor(Self.flatten(try input.tensor()))
    }

    static func flatten(_ tensor: Tensor) -> Tensor {
        var labels: [String]? = [""]
        for (axis, size) in zip(tensor.axes, tensor.shape) where size != 1 || tensor.labels[axis] != nil {
            guard let names = tensor.labels[axis], let so = labels else {
                labels = nil
                break
            }
            labels = so.flatMap { prefix in names.map { prefix.isEmpty ? $0 : prefix + "." + $0 } }
        }
        if labels == [""] { labels = nil }
        return Tensor(
            tensor.elements, shape: [tensor.count], axes: ["feature"],
            labels: labels.map { ["feature": $0] } ?? [:], attributes: tensor.attributes)
    }
}
