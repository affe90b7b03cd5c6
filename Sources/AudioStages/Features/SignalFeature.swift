// Features that look at the samples of a signal: stage types of their own, and parts of `audio.features`.

internal import Stages
internal import Tensors

/// A stage that computes a feature, frame by frame, from a signal: (time) → (time, feature).
protocol SignalFeature: MapStage {
    var labels: [String] { get }
}

extension SignalFeature {
    func output(for inputs: [Signature]) throws(Problem) -> Signature {
        .tensor(.float32, [Axis("time"), Axis("feature", labels: labels)])
    }

    /// The values, row-major (time, feature).
    func features(_ values: [Float], _ tensor: Tensor, _ framing: FramingParameters) throws(Failure) -> Value {
        try featureTensor(values, labels: labels, attributes: framing.attributes(of: tensor))
    }
}

/// Features of each frame, row-major (time, feature); ones that are not finite are a failure.
func featureTensor(_ values: [Float], labels: [String], attributes: [String: Scalar]) throws(Failure) -> Value {
    guard firstNotFinite(values) == nil else {
        throw Failure("the result is not finite: the signal's values are too large", advice: "scale the signal down")
    }
    return .tensor(
        Tensor(
            .float32(values), shape: [values.count / labels.count, labels.count], axes: ["time", "feature"],
            labels: ["feature": labels], attributes: attributes))
}
