// Times stages of learning, in one thread, without engine and cache: a line for each part, with its name and CPU seconds.
// For Benchmarks/run, which puts those of scikit-learn and TensorLy beside them.
//
// Usage: LearningBenchmark FAMILY

internal import Stages
internal import Workers

@main
enum Main {
    static func main() throws {
        // As the command line does it.
        Heap.keepsFreed()
        switch CommandLine.arguments.dropFirst().first {
        case "mlp": try mlp()
        default: throw Failure("usage: LearningBenchmark mlp")
        }
    }
}
