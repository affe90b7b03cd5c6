// Times the stages of video on one clip, in one thread, without engine and cache: a line for each, with its name and the
// median of its CPU seconds. For Benchmarks/run, which puts those of NumPy and OpenCV beside them.
//
// Usage: VideoBenchmark CLIP.npy [NAME]
//
// The clip is uint8 (time, height, width, channel); one of the article's size is made where there is none.

internal import Foundation
internal import StageTiming
internal import Stages
internal import Tensors
internal import VideoStages
internal import Workers

@main
enum Main {
    static func main() throws {
        guard (2...3).contains(CommandLine.arguments.count) else {
            throw Failure("usage: VideoBenchmark CLIP.npy [NAME]")
        }
        // As the command line does it.
        Heap.keepsFreed()
        let path = URL(fileURLWithPath: CommandLine.arguments[1])
        if !FileManager.default.fileExists(atPath: path.path) {
            try Data(Npy.encode(made(time: 50, height: 240, width: 426))).write(to: path)
        }
        let array = try Npy.decode(Array(Data(contentsOf: path)))
        let clip = Tensor(array.elements, shape: array.shape, axes: ["time", "height", "width", "channel"])
        for (name, type, given) in parts {
            let stage = try videoStages.stage(type, given)
            try time(name) { _ = try run(stage, on: [.tensor(clip)]) }
        }
        // What each further count of bins costs, as the engine shares the grey frames.
        let grey = try run(try videoStages.stage("video.hog3d.gray"), on: [.tensor(clip)])
        let cells = try videoStages.stage("video.hog3d.cells", ["n_bins": .int(12)])
        try time("hog3d_further") { _ = try run(cells, on: [grey]) }
        let pixels = bytes(clip)
        let one = Tensor(
            .uint8(stride(from: 0, to: clip.count, by: 3).map { pixels[$0] }), shape: Array(clip.shape.prefix(3)),
            axes: ["time", "height", "width"])
        let twelve = try videoStages.stage("video.hog3d", ["n_bins": .int(12)])
        try time("hog3d_one_channel_12") { _ = try run(twelve, on: [.tensor(one)]) }
        let large = Value.tensor(made(time: 11, height: 720, width: 1280))
        let third = try videoStages.stage("video.resize", ["scale": .text("1/3")])
        try time("resize_11") { _ = try run(third, on: [large]) }
    }

    /// What is timed on its own: the peer's name, the type and its parameters.
    private static let parts: [(String, String, [String: Canonical])] = [
        ("hog3d", "video.hog3d", [:]), ("hog3d_12", "video.hog3d", ["n_bins": .int(12)]),
        ("hog3d_article", "video.hog3d", ["variant": .text("article")]),
        ("grayscale", "video.grayscale", [:]), ("gaussian", "video.gaussian", [:]),
        ("gradients", "video.gradients", [:]),
    ]

    /// Smooth shapes that drift over a ground with some noise, as no still or even part would be like a film.
    private static func made(time: Int, height: Int, width: Int) -> Tensor {
        var stream = RandomStream(named: Digest(of: .text("benchmark")))
        var bytes = [UInt8]()
        bytes.reserveCapacity(time * height * width * 3)
        for t in 0..<time {
            for y in 0..<height {
                for x in 0..<width {
                    let (across, down) = (Double(x + t) / 23, Double(y - 2 * t) / 17)
                    for channel in 0..<3 {
                        let wave = sin(across + Double(channel)) * cos(down) * 90
                        bytes.append(UInt8(max(0, min(255, 128 + wave + stream.uniform() * 6))))
                    }
                }
            }
        }
        return Tensor(
            .uint8(bytes), shape: [time, height, width, 3], axes: ["time", "height", "width", "channel"])
    }
}

private func bytes(_ tensor: Tensor) -> [UInt8] {
    if case .uint8(let bytes) = tensor.elements { bytes } else { [] }
}
