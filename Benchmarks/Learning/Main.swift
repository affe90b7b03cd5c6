// Times learning stages, in one thread, without engine and cache: a line for each, with its name and the median of its
// CPU seconds. For Benchmarks/run, which puts those of scikit-learn and TensorLy beside them.
//
// Usage: LearningBenchmark FAMILY DATA.npy [NAME]
//
// The data of a family are made where there are none.

internal import Foundation
internal import Stages

@main
enum Main {
    static func main() throws {
        let arguments = CommandLine.arguments
        guard (3...4).contains(arguments.count) else {
            throw Failure("usage: LearningBenchmark FAMILY DATA.npy [NAME]")
        }
        let (path, only) = (URL(fileURLWithPath: arguments[2]), arguments.dropFirst(3).first)
        switch arguments[1] {
        case "mlp": try timeMlp(path, only)
        case "trees": try timeTrees(path, only)
        default: throw Failure("there is no family \(arguments[1])")
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
