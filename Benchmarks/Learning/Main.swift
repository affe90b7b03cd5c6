// Times stages of learning, family by family, in one thread, without engine and cache. For Benchmarks/run, which puts
// those of their peers beside them.
//
// Usage: LearningBenchmark FAMILY ARGUMENTS…

internal import Foundation
internal import Stages
internal import Workers

@main
enum Main {
    static func main() throws {
        // As the command line does it.
        Heap.keepsFreed()
        let arguments = Array(CommandLine.arguments.dropFirst())
        switch arguments.first {
        case "tucker" where arguments.count > 1:
            try TuckerBenchmark.run(arguments[1], only: arguments.count > 2 ? arguments[2] : nil)
        default: throw Failure("usage: LearningBenchmark tucker DIR [video|sweep|audio]")
        }
    }
}
