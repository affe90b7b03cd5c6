// classify.mlp: an epoch of the article's network on 960 rows of 3228 features, and the products of an epoch alone, which
// no implementation can do without.

internal import Foundation
internal import LearningStages
internal import Linear
internal import StageTiming
internal import Stages
internal import Tensors

func timeMlp(_ path: URL, _ only: String?) throws {
    let rows = try articleRows(path)
    guard case .tensor(let first)? = rows.first?.first else { return }
    let (count, columns) = (rows.count, first.count)
    let input = FitInput(
        training: TrainingSet(rows, targets: rows.indices.map { .int($0 % 8) }),
        stream: RandomStream(named: Digest(of: .text("benchmark"))))
    let hidden = [250, 500, 100]

    func seconds(epochs: Int) throws -> Double {
        let stage = try learningStages.stage(
            "classify.mlp",
            [
                "hidden_layer_sizes": .array(hidden.map { .int($0) }), "alpha": .float(0.07),
                "max_iter": .int(epochs), "n_iter_no_change": .int(1000),
            ])
        let before = cpu()
        _ = try (stage as? any FittedStage)?.fit(input)
        return cpu() - before
    }
    var (epochs, products) = ([Double](), [Double]())
    for _ in 0..<7 {
        // Reading the rows, and drawing the first weights, is in both.
        epochs.append((try seconds(epochs: 13) - seconds(epochs: 3)) / 10)
        products.append(secondsOfProducts(rows: count, sizes: [columns] + hidden + [8]))
    }
    if only == nil || only == "mlp_epoch" { print("mlp_epoch", epochs.sorted()[3]) }
    if only == nil || only == "mlp_products" { print("mlp_products", products.sorted()[3]) }
}

/// All products of an epoch in batches of 200, and nothing else.
private func secondsOfProducts(rows: Int, sizes: [Int]) -> Double {
    func ones(_ count: Int) -> [Float] { [Float](repeating: 1, count: count) }
    var seconds = 0.0
    for start in stride(from: 0, to: rows, by: 200) {
        let batch = min(200, rows - start)
        var (values, deltas) = (sizes.map { ones(batch * $0) }, sizes.map { ones(batch * $0) })
        var weights = zip(sizes, sizes.dropFirst()).map { ones($0 * $1) }
        let before = cpu()
        for layer in weights.indices {
            Blas.gemm(
                values[layer], .plain(batch, sizes[layer]), weights[layer], .plain(sizes[layer], sizes[layer + 1]),
                into: &values[layer + 1])
        }
        for layer in weights.indices.reversed() {
            let (inputs, outputs) = (sizes[layer], sizes[layer + 1])
            Blas.gemm(
                values[layer], .transposed(batch, inputs), deltas[layer + 1], .plain(batch, outputs),
                into: &weights[layer])
            if layer == 0 { break }
            Blas.gemm(
                deltas[layer + 1], .plain(batch, outputs), weights[layer], .transposed(inputs, outputs),
                into: &deltas[layer])
        }
        seconds += cpu() - before
    }
    return seconds
}
