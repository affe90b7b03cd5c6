// video.gradients

internal import Stages
internal import Tensors

struct VideoGradients: MapStage {
    static let declaration = Declaration(
        "video.gradients", revision: 1, kind: .map,
        summary: "Magnitude, azimuth and polar angle of the gradient of each voxel.",
        documentation: """
            Frames become grey as `video.grayscale` does it. The gradient (gx along height, gy along width, gz along time) \
            is half the difference of a voxel's neighbours, at a border the difference from the one neighbour. Magnitude: \
            √(gx² + gy² + gz²). Azimuth: atan2(gy, gx) in radians over [−π, π]; 0 where both are 0, π where gy is 0 and gx \
            below. Polar angle, over [0, π]: atan2(√(gx² + gy²), gz) in the variant `corrected`, which is what the article \
            means, and atan2(|gx|, gz) in `article`, which is what its code computes. Computed in float64.

            Fails on: fewer than 2 positions along an axis, as they have no gradient; NaN and infinity; 2 channels, or more \
            than 4.

            Source: NumPy 2.4, `gradient` and `arctan2`, as the article "Classifying Emotions from Videos" (2024) uses them.
            """,
        inputs: [
            Port(
                accepts: [.tensor], types: [.uint8, .float32, .float64],
                usualAxes: [["time", "height", "width"], frameAxes], "frames, in colour or not")
        ],
        output:
            "float64 or float32, axes (quantity, time, height, width), labels of quantity: magnitude, azimuth, polar",
        arithmetic: [.libm], isTransient: true, tolerance: 1e-6)

    struct Parameters: ParameterSet {
        var variant = HogVariant.corrected
        var rounding = FloatOutput()

        static var fields: [Field<Parameters>] {
            [
                Field("variant", \.variant, "corrected, or article for the polar angle of the published code")
            ] + Field.all(of: \.rounding)
        }
    }

    let parameters: Parameters
    init(_ parameters: Parameters) { self.parameters = parameters }

    /// Voxels of a clip.
    private static let most = (1 << 30) / 24

    private static let quantities = ["magnitude", "azimuth", "polar"]

    func output(for inputs: [Signature]) throws(Problem) -> Signature {
        let known = try knownAxes(of: inputs.first, needsTime: true)
        return .tensor(
            parameters.rounding.dtype.element,
            known.map { [Axis("quantity", labels: Self.quantities)] + $0.filter { $0.name != "channel" } })
    }

    func apply(_ input: MapInput) throws -> Value {
        let frames = try VideoFrames(try input.tensor(), needsTime: true)
        let voxels = frames.time * frames.height * frames.width
        guard voxels <= Self.most else {
            throw Failure(
                "the gradients of \(voxels) voxels are more than 1 GiB",
                advice: "shrink the frames, or take fewer of them (video.hog3d needs none of these fields)")
        }
        let grey = try frames.grey()
        try checkFinite(grey, frames)
        let gradients = try VoxelGradients(of: grey, time: frames.time, height: frames.height, width: frames.width)
        let values = gradients.magnitudes + gradients.azimuths + gradients.polars(parameters.variant)
        let elements: Elements =
            parameters.rounding.dtype == .float64 ? .float64(values) : .float32(values.map { Float($0) })
        // Both types have the same limits, as frames of float32 were converted.
        let isFinite =
            switch elements {
            case .float32(let values): firstNotFinite(values) == nil
            default: firstNotFinite(values) == nil
            }
        guard isFinite else {
            throw Failure(
                "the gradients are beyond the range of \(parameters.rounding.dtype.rawValue)",
                advice: "scale the frames down")
        }
        return .tensor(
            Tensor(
                elements, shape: [3, frames.time, frames.height, frames.width],
                axes: ["quantity", "time", "height", "width"], labels: ["quantity": Self.quantities],
                attributes: frames.tensor.attributes))
    }
}

/// Fails on NaN and infinity among values of the pixels of frames.
func checkFinite(_ values: [Double], _ frames: VideoFrames) throws(Failure) {
    guard let place = firstNotFinite(values) else { return }
    let frame = place / (values.count / frames.time)
    throw Failure("expected finite numbers, got \(values[place])" + (frames.hasTime ? " in frame \(frame)" : ""))
}
