// Goldens of grey frames, smoothing, gradients, bins and HOG3D: which stage computes which case, and the results.

import Stages
import Tensors
import TestSupport
import Testing

@testable import VideoStages

enum HogGoldens {
    static let group = GoldenGroup("video")

    static let cases = group.cases("video.gray", "video.gaussian", "video.gradients", "video.bins", "video.hog3d")

    static func results(of golden: GoldenCase) throws -> [GoldenResult] {
        try compute(golden).sorted { $0.key < $1.key }.map { try golden.compare($0.key, $0.value) }
    }

    private static func compute(_ golden: GoldenCase) throws -> [String: [Double]] {
        let with = golden.with
        switch golden.stage {
        case "video.gray":
            let grey = try run(VideoGrayscale.self, with.filter { $0.key == "dtype" }, frames(golden))
            return ["gray": grey.arranged(["height", "width", "time"]).doubles() ?? []]
        case "video.gaussian":
            #expect(try golden.input("kernel").doubles() == VideoGaussian.kernel.flatMap(\.self))
            let smooth = try run(VideoGaussian.self, with.filter { $0.key == "dtype" }, frames(golden))
            return ["smooth": smooth.arranged(["height", "width", "time"]).doubles() ?? []]
        case "video.gradients": return try gradients(golden)
        case "video.bins": return try bins(golden)
        default: return ["descriptor": try descriptor(golden)]
        }
    }

    /// The input of a case, whose axes are (height, width, time) or (height, width, channel, time).
    private static func frames(_ golden: GoldenCase) throws -> Tensor {
        let array = try golden.input(golden.roles[0])
        let axes = array.shape.count == 4 ? ["height", "width", "channel", "time"] : ["height", "width", "time"]
        return Tensor(array.elements, shape: array.shape, axes: axes)
    }

    private static func gradients(_ golden: GoldenCase) throws -> [String: [Double]] {
        let given = try frames(golden)
        let clip = try VideoFrames(given, needsTime: true)
        let parts = try VoxelGradients(of: try clip.grey(), time: clip.time, height: clip.height, width: clip.width)
        func ordered(_ values: [Double]) -> [Double] {
            let tensor = Tensor(
                .float64(values), shape: [clip.time, clip.height, clip.width], axes: ["time", "height", "width"])
            return tensor.arranged(["height", "width", "time"]).doubles() ?? []
        }
        var got = [
            "gx": ordered(parts.alongHeight), "gy": ordered(parts.alongWidth), "gz": ordered(parts.alongTime),
        ]
        for variant in HogVariant.allCases {
            let stage = try run(VideoGradients.self, ["variant": variant.canonical], given)
            let values = stage.doubles() ?? []
            let size = values.count / 3
            got["magnitude"] = ordered(Array(values[..<size]))
            got["azimuth"] = ordered(Array(values[size..<2 * size]))
            got["polar_" + variant.rawValue] = ordered(Array(values[(2 * size)...]))
        }
        return got
    }

    /// The bin of an angle is that of a clip whose gradient points there, by the edges of the stage.
    private static func bins(_ golden: GoldenCase) throws -> [String: [Double]] {
        let count = golden.with["bins"]?.intValue ?? 0
        let edges = HogEdges(bins: count, variant: .corrected)
        let used = golden.with["low"]?.floatValue == 0 ? edges.polars : edges.azimuths
        let angles = try golden.input("angle").doubles() ?? []
        let indices = angles.map { angle in
            Double(used[1..<count].count { $0 <= angle })
        }
        return ["edges": used, "index": indices]
    }

    private static func descriptor(_ golden: GoldenCase) throws -> [Double] {
        let with = golden.with
        var clip = try frames(golden)
        if with["gaussian"] == .bool(true) {
            clip = try run(VideoGaussian.self, [:], try run(VideoGrayscale.self, [:], clip))
        }
        let given: [String: Canonical] = [
            "cell": with["cell"] ?? .null, "n_bins": with["bins"] ?? .null, "variant": with["variant"] ?? .null,
        ]
        return try hog3d(clip, given).doubles() ?? []
    }

    static func run(_ type: (some MapStage).Type, _ given: [String: Canonical], _ tensor: Tensor) throws -> Tensor {
        let input = MapInput(values: [.tensor(tensor)], stream: RandomStream(named: Digest(of: .null)))
        guard case .tensor(let made) = try type.init(given: given).apply(input) else { throw Failure("no tensor") }
        return made
    }

    /// The composite, part by part.
    static func hog3d(_ clip: Tensor, _ given: [String: Canonical] = [:]) throws -> Tensor {
        var value = clip
        for part in try VideoHog3d(given: given).expand().parts {
            guard let stage = part.stage as? any MapStage else { throw Failure("\(part.name) is no map") }
            let input = MapInput(values: [.tensor(value)], stream: RandomStream(named: Digest(of: .null)))
            guard case .tensor(let made) = try stage.apply(input) else { throw Failure("no tensor") }
            value = made
        }
        return value
    }
}

/// Parity with NumPy and SciPy on stored inputs; no voxel may lie in another bin.
@Suite(.enabled(if: HogGoldens.group.isThere, "the reference numbers are not beside the package"))
struct HogGoldenTests {
    @Test(arguments: HogGoldens.cases)
    func parity(_ golden: GoldenCase) throws {
        let results = try HogGoldens.results(of: golden)
        #expect(results.count == golden.outputs.count)
        for result in results { #expect(result.hasPassed, "\(result)") }
    }
}
