// classify.mlp: an epoch of the article's network, and its products alone, which no implementation can do without.

internal import Foundation
internal import LearningStages
internal import Linear
internal import StageTiming
internal import Stages
internal import Tensors

extension Main {
    static func mlp() throws {
        let (count, sizes) = (960, [3228, 250, 500, 100, 8])
        var stream = RandomStream(named: Digest(of: .text("benchmark")))
        var rows = [[Value]]()
        for _ in 0..<count {
            var row = [Float]()
            for _ in 0..<sizes[0] { row.append(Float(stream.uniform() * 3.4 - 1.7)) }
            rows.append([.tensor(Tensor(.float32(row), shape: [sizes[0]], axes: ["feature"]))])
        }
        let training = TrainingSet(rows, targets: (0..<count).map { .int($0 % 8) })

        func fit(_ epochs: Int) throws -> Double {
            let stage = try learningStages.stage(
                "classify.mlp",
                [
                    "hidden_layer_sizes": .array(sizes[1...3].map { .int($0) }), "alpha": .float(0.07),
                    "max_iter": .int(epochs), "n_iter_no_change": .int(1000),
                ])
            guard let fitted = stage as? any FittedStage else { return 0 }
            let start = cpu()
            _ = try fitted.fit(FitInput(training: training, stream: stream))
            return cpu() - start
        }
        var (epochs, products) = ([Double](), [Double]())
        _ = try fit(1)
        for _ in 0..<5 {
            epochs.append((try fit(13) - fit(3)) / 10)
            products.append(bareEpoch(count, sizes))
        }
        print("mlp_epoch", epochs.sorted()[2])
        print("mlp_products", products.sorted()[2])
        print("mlp_rest_of_fit", try fit(1) - epochs.sorted()[2])
    }

    /// All products of an epoch in batches of 200, and nothing else.
    private static func bareEpoch(_ count: Int, _ sizes: [Int]) -> Double {
        func ones(_ count: Int) -> [Float] { [Float](repeating: 1, count: count) }
        var seconds = 0.0
        for batch in [200, 200, 200, 200, count - 800] {
            var (values, deltas) = (sizes.map { ones(batch * $0) }, sizes.map { ones(batch * $0) })
            var weights = zip(sizes, sizes.dropFirst()).map { ones($0 * $1) }
            let start = cpu()
            for layer in 0..<4 {
                let (inputs, outputs) = (sizes[layer], sizes[layer + 1])
                Blas.gemm(
                    values[layer], .plain(batch, inputs), weights[layer], .plain(inputs, outputs),
                    into: &values[layer + 1])
            }
            for layer in (0..<4).reversed() {
                let (inputs, outputs) = (sizes[layer], sizes[layer + 1])
                Blas.gemm(
                    values[layer], .transposed(batch, inputs), deltas[layer + 1], .plain(batch, outputs),
                    into: &weights[layer])
                if layer == 0 { break }
                Blas.gemm(
                    deltas[layer + 1], .plain(batch, outputs), weights[layer], .transposed(inputs, outputs),
                    into: &deltas[layer])
            }
            seconds += cpu() - start
        }
        return seconds
    }

    /// Seconds of this thread.
    private static func cpu() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
}
