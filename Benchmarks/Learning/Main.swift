// Times learning stages, in one thread, without engine and cache: a line for each part, with its name and CPU seconds. For
// Benchmarks/run, which puts those of scikit-learn and TensorLy beside them.
//
// Usage: LearningBenchmark FAMILY [PLACE [NAME]]
//
// The data of a family are made where there are none.

internal import Foundation
internal import Stages
internal import Workers

@main
enum Main {
    static func main() throws {
        // As the command line does it.
        Heap.keepsFreed()
        let arguments = Array(CommandLine.arguments.dropFirst())
        let path = arguments.dropFirst().first.map { URL(fileURLWithPath: $0) }
        let only = arguments.dropFirst(2).first
        switch (arguments.first, path) {
        case ("mlp", let path?): try timeMlp(path, only)
        case ("svm", let path?): try timeSvm(path, only)
        case ("trees", let path?): try timeTrees(path, only)
        case ("tucker", let path?): try TuckerBenchmark.run(path.path, only: only)
        default:
            throw Failure(
                "usage: LearningBenchmark mlp|svm|trees DATA.npy [NAME] | tucker DIR [video|sweep|audio]")
        }
    }
}

/// Prints the name and the median of the CPU seconds that something takes; unless another is asked for.
func measure(_ name: String, only: String?, turns: Int, _ body: () throws -> Void) throws {
    if let only, only != name { return }
    var seconds = [Double]()
    for _ in 0..<turns {
        let before = cpu()
        try body()
        seconds.append(cpu() - before)
    }
    print(name, seconds.sorted()[turns / 2])
}

/// Seconds of this thread.
func cpu() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}
