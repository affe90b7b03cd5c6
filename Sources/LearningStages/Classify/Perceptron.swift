// A multilayer perceptron: layers of weights, each a product of matrices, an offset and an activation. Generic over the
// precision: it learns in Float, and predicts and is held to reference numbers in Double.

internal import Kernels
internal import Linear

/// One number for each weight of a network: the weights themselves, their gradient, or what an optimiser remembers.
struct Layers<Number: PerceptronNumber>: Sendable {
    /// (inputs, outputs) of each layer, row after row.
    var coefficients: [[Number]]
    /// (outputs) of each layer.
    var intercepts: [[Number]]

    init(coefficients: [[Number]], intercepts: [[Number]]) {
        self.coefficients = coefficients
        self.intercepts = intercepts
    }

    /// Zeros for layers of these sizes, the inputs first.
    init(zeros sizes: [Int]) {
        coefficients = zip(sizes, sizes.dropFirst()).map { [Number](repeating: 0, count: $0 * $1) }
        intercepts = sizes.dropFirst().map { [Number](repeating: 0, count: $0) }
    }

    var isFinite: Bool {
        (coefficients + intercepts).allSatisfy { $0.allSatisfy(\.isFinite) }
    }
}

/// What a network makes of a batch of a fixed number of rows, layer by layer; made once, and used for each batch.
struct Workspace<Number: PerceptronNumber> {
    let rows: Int
    /// What goes in, and what comes out of each layer.
    var values: [[Number]]
    /// The loss's derivatives by the sums of each hidden layer.
    var deltas: [[Number]]
    var targets: [Number]

    /// - Parameter learns: whether it is for more than a look at the outputs.
    init(rows: Int, sizes: [Int], learns: Bool = true) {
        self.rows = rows
        values = sizes.map { [Number](repeating: 0, count: rows * $0) }
        deltas = learns ? sizes.dropFirst().dropLast().map { [Number](repeating: 0, count: rows * $0) } : []
        targets = [Number](repeating: 0, count: learns ? rows * (sizes.last ?? 0) : 0)
    }
}

struct Perceptron<Number: PerceptronNumber>: Sendable {
    /// Units a layer, the inputs first.
    let sizes: [Int]
    let activation: kernel_activation
    /// That of the last layer.
    let outputActivation: kernel_activation
    var layers: Layers<Number>

    /// From the values of the first layer to those of the last.
    func forward(_ work: inout Workspace<Number>) {
        for layer in layers.coefficients.indices {
            let (inputs, outputs) = (sizes[layer], sizes[layer + 1])
            Number.product(
                work.values[layer], .plain(work.rows, inputs), layers.coefficients[layer], .plain(inputs, outputs),
                into: &work.values[layer + 1])
            let isLast = layer + 1 == layers.coefficients.count
            Number.activate(
                &work.values[layer + 1], layers.intercepts[layer], work.rows, isLast ? outputActivation : activation)
        }
    }

    /// After `forward`: the mean loss beside the targets, without the penalty, and its gradient.
    func backward(_ work: inout Workspace<Number>, gradient: inout Layers<Number>) -> Double {
        let last = layers.coefficients.count - 1
        let loss = Number.loss(&work.values[last + 1], work.targets, work.rows, outputActivation)
        for layer in stride(from: last, through: 0, by: -1) {
            let (inputs, outputs) = (sizes[layer], sizes[layer + 1])
            let deltas = layer == last ? work.values[last + 1] : work.deltas[layer]
            Number.product(
                work.values[layer], .transposed(work.rows, inputs), deltas, .plain(work.rows, outputs),
                into: &gradient.coefficients[layer])
            Number.sums(deltas, work.rows, into: &gradient.intercepts[layer])
            if layer == 0 { break }
            Number.product(
                deltas, .plain(work.rows, outputs), layers.coefficients[layer], .transposed(inputs, outputs),
                into: &work.deltas[layer - 1])
            Number.slopes(&work.deltas[layer - 1], work.values[layer], activation)
        }
        return loss
    }
}
