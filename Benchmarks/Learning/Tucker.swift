// decompose.partial_tucker on arrays of the article's sizes, as tucker_peer.py makes them and TensorLy is timed on.

internal import Foundation
internal import LearningStages
internal import StageTiming
internal import Stages
internal import Tensors

/// Times fits: a line for each, with its name, CPU seconds, and the peak of memory beyond the samples in MB.
enum TuckerBenchmark {
    static func run(_ directory: String, only: String?) throws {
        let video: [String: Canonical] = ["modes": [1, 2, 3, 5].canonical, "ranks": [8, 8, 3, 1].canonical]
        if only == nil || only == "video" || only == "sweep" {
            let samples = try samples("\(directory)/video.npy", ["height", "width", "time", "bin", "angle"])
            if only != "sweep" { try fit("video", video, samples) }
            if only != "video" { try sweep(samples) }
        }
        if only == nil || only == "audio" {
            let samples = try samples("\(directory)/audio.npy", ["time", "feature"])
            try fit("audio", ["modes": [1, 2].canonical, "ranks": [10, 150].canonical], samples)
        }
    }

    private static func fit(_ name: String, _ given: [String: Canonical], _ samples: TrainingSet) throws {
        guard let stage = try learningStages.stage("decompose.partial_tucker", given) as? any SummaryStage else {
            return
        }
        let input = FitInput(training: samples, stream: RandomStream(named: Digest(of: .null)))
        let memory = Memory()
        let (start, middle) = (cpu(), try stage.summary(of: samples))
        let summed = cpu()
        let fitted = try stage.fit(middle, input)
        let end = cpu()
        let sweeps = fitted.metrics.first { $0.name == "n_iter" }?.value ?? 0
        let error = fitted.metrics.last { $0.name == "reconstruction_error" && $0.step == nil }?.value ?? 0
        print(name, end - start, memory.beyond(), Int(sweeps), error, "summary", summed - start, "fit", end - summed)
    }

    /// Six settings of ranks over one summary, as a sweep shares it, against the first alone.
    private static func sweep(_ samples: TrainingSet) throws {
        let settings = [[8, 8, 3, 1], [4, 8, 3, 1], [12, 8, 3, 1], [8, 12, 3, 1], [8, 8, 2, 1], [12, 12, 4, 2]]
        let input = FitInput(training: samples, stream: RandomStream(named: Digest(of: .null)))
        var (summary, seconds) = (Optional<Tensors.Bundle>.none, [Double]())
        for ranks in settings {
            let start = cpu()
            let given: [String: Canonical] = ["modes": [1, 2, 3, 5].canonical, "ranks": ranks.canonical]
            let type = try learningStages.stage("decompose.partial_tucker", given)
            guard let stage = type as? any SummaryStage else { return }
            let sum = try summary ?? stage.summary(of: samples)
            summary = sum
            _ = try stage.fit(sum, input)
            seconds.append(cpu() - start)
        }
        print("sweep", seconds.reduce(0, +), seconds[0], seconds.reduce(0, +) / seconds[0])
    }

    private static func samples(_ path: String, _ axes: [String]) throws -> TrainingSet {
        let array = try Npy.decode(Array(Data(contentsOf: URL(fileURLWithPath: path))))
        let shape = Array(array.shape.dropFirst())
        guard shape.count == axes.count, case .float32(let elements) = array.elements else {
            throw Failure("\(path) is not as tucker_peer.py makes it")
        }
        let size = shape.reduce(1, *)
        let rows: [[Value]] = (0..<array.shape[0]).map { row in
            let own = Array(elements[row * size..<(row + 1) * size])
            return [.tensor(Tensor(.float32(own), shape: shape, axes: axes))]
        }
        return TrainingSet(rows)
    }

    private static func cpu() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
}

/// The peak of this process' memory from now on, over what it has now.
struct Memory {
    private let resident: Double

    init() {
        try? Data("5".utf8).write(to: URL(fileURLWithPath: "/proc/self/clear_refs"))
        resident = Self.status("VmRSS")
    }

    /// In MB.
    func beyond() -> Double { Self.status("VmHWM") - resident }

    private static func status(_ key: String) -> Double {
        let text = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let line = text.split(separator: "\n").first { $0.hasPrefix(key) } ?? ""
        return (line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Double($0) } ?? 0) / 1024
    }
}
