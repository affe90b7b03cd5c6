// audio.columns

internal import Stages
internal import Tensors

struct AudioColumns: MapStage {
    static let declaration = Declaration(
        "audio.columns", revision: 1, kind: .map,
        summary: "Features of one signal side by side.",
        documentation: """
            The part of `audio.features` that joins its features, in their order; labels are theirs. Attributes are those \
            that all agree on.

            Fails where the features have different numbers of frames: their hop_length or center differ.
            """,
        inputs: [
            Port(
                accepts: [.tensor], types: [.float32], axes: ["time", "feature"], isList: true,
                "features of one signal, frame by frame")
        ],
        output: "float32, axes (time, feature), the inputs' labels", isCheap: true)

    let parameters: NoParameters
    init(_ parameters: NoParameters) { self.parameters = parameters }

    func output(for inputs: [Signature]) throws(Problem) -> Signature {
        var labels: [String]? = []
        for input in inputs {
            guard let own = input.axes?.last?.labels else {
                labels = nil
                break
            }
            labels?.append(contentsOf: own)
        }
        return .tensor(.float32, [Axis("time"), labels.map { Axis("feature", labels: $0) } ?? Axis("feature")])
    }

    func apply(_ input: MapInput) throws -> Value {
        var parts = [(values: [Float], width: Int)]()
        var (labels, frames) = ([String](), 0)
        for (index, value) in input.values.enumerated() {
            guard case .tensor(let tensor) = value, case .float32(let values) = tensor.elements,
                tensor.axes == ["time", "feature"]
            else { throw Failure("expected features, float32 (time, feature), got \(value.phrase)") }
            if index == 0 { frames = tensor.shape[0] }
            guard tensor.shape[0] == frames else {
                throw Failure(
                    "\(name(input, index)) has \(tensor.shape[0]) frames, \(name(input, 0)) has \(frames)",
                    advice: "give all features the same hop_length and center")
            }
            labels += tensor.labels["feature"] ?? (0..<tensor.shape[1]).map { "\(name(input, index))_\($0)" }
            parts.append((values, tensor.shape[1]))
        }
        let width = labels.count
        var joined = [Float](repeating: 0, count: frames * width)
        var first = 0
        for part in parts {
            for frame in 0..<frames {
                for column in 0..<part.width {
                    joined[frame * width + first + column] = part.values[frame * part.width + column]
                }
            }
            first += part.width
        }
        return .tensor(
            Tensor(
                .float32(joined), shape: [frames, width], axes: ["time", "feature"], labels: ["feature": labels],
                attributes: agreed(input.values)))
    }

    private func name(_ input: MapInput, _ index: Int) -> String {
        input.names.indices.contains(index) ? input.names[index] : "input \(index)"
    }

    /// The attributes that no input contradicts another on.
    private func agreed(_ values: [Value]) -> [String: Scalar] {
        var (agreed, contradicted) = ([String: Scalar](), Set<String>())
        for case .tensor(let tensor) in values {
            for (name, value) in tensor.attributes where agreed.updateValue(value, forKey: name) ?? value != value {
                contradicted.insert(name)
            }
        }
        return agreed.filter { !contradicted.contains($0.key) }
    }
}
