// The epochs of a perceptron: batches of shuffled rows, and when to stop.

internal import Stages
internal import Tensors

/// Rows in single precision with the class of each; nil for a class that is not learned.
struct FloatRows: Sendable {
    let columns: Int
    var elements = [Float]()
    var positions = [Int?]()

    var count: Int { positions.count }

    init(columns: Int) { self.columns = columns }

    mutating func add(_ row: some Sequence<Float>, _ position: Int?) {
        elements += row
        positions.append(position)
    }

    func row(_ index: Int) -> ArraySlice<Float> { elements[index * columns..<(index + 1) * columns] }
}

/// What became of a training.
struct PerceptronCourse {
    var losses = [Double]()
    /// Of the rows held out to stop by, where there are any.
    var scores = [Double]()
    var hasConverged = false
}

struct PerceptronTraining {
    let parameters: ClassifyMlp.Parameters
    let training: FloatRows
    /// Held out to stop by.
    let validation: FloatRows?
    let batchSize: Int

    /// Changes the network's weights epoch by epoch.
    func run(
        _ network: inout Perceptron<Float>, _ steps: inout some PerceptronSteps<Float>, _ stream: inout RandomStream
    ) throws(Failure) -> PerceptronCourse {
        let (count, outputs) = (training.count, network.sizes.last ?? 1)
        let targets = targets(outputs)
        var order = Array(0..<count)
        var whole = Workspace<Float>(rows: batchSize, sizes: network.sizes)
        var rest = Workspace<Float>(rows: count % batchSize, sizes: network.sizes)
        var held = Workspace<Float>(rows: validation?.count ?? 0, sizes: network.sizes, learns: false)
        if let validation { held.values[0] = validation.elements }
        var gradient = Layers<Float>(zeros: network.sizes)

        var course = PerceptronCourse()
        var (best, bestLayers, idle) = (Double.infinity, network.layers, 0)
        for epoch in 1...parameters.maxIterations {
            if parameters.shuffle { stream.shuffle(&order) }
            var sum = 0.0
            for start in stride(from: 0, to: count, by: batchSize) {
                let rows = order[start..<min(start + batchSize, count)]
                let loss =
                    rows.count == batchSize
                    ? learn(rows, targets, &network, &whole, &gradient, &steps)
                    : learn(rows, targets, &network, &rest, &gradient, &steps)
                sum += loss * Double(rows.count)
            }
            let loss = sum / Double(count)
            guard loss.isFinite else { throw Self.diverged(epoch) }
            course.losses.append(loss)

            // Of the loss or of the share of mistakes: what is to become less.
            var current = loss
            if validation != nil {
                let score = score(network, &held)
                course.scores.append(score)
                current = -score
            }
            // An improvement of exactly `tol` counts for a score, and for a loss.
            idle = current > best - parameters.tolerance ? idle + 1 : 0
            if current < best {
                best = current
                if validation != nil { bestLayers = network.layers }
            }
            steps.epochEnded(rowsSeen: epoch * count)
            if idle > parameters.idleIterations {
                if !steps.goesOn() {
                    course.hasConverged = true
                    break
                }
                idle = 0
            }
        }
        if validation != nil { network.layers = bestLayers }
        guard network.layers.isFinite else { throw Self.diverged(course.losses.count) }
        return course
    }

    /// The loss of a batch, penalty included, before its step.
    private func learn(
        _ rows: ArraySlice<Int>, _ targets: [Float], _ network: inout Perceptron<Float>,
        _ work: inout Workspace<Float>, _ gradient: inout Layers<Float>, _ steps: inout some PerceptronSteps<Float>
    ) -> Double {
        Float.gather(rows, of: training.elements, into: &work.values[0])
        Float.gather(rows, of: targets, into: &work.targets)
        network.forward(&work)
        let loss = network.backward(&work, gradient: &gradient)
        let penalty = parameters.alpha / Double(rows.count)
        return loss + penalty / 2 * steps.step(&network.layers, gradient, penalty: penalty)
    }

    /// A column a class, 1 for the row's own; with one output, 1 for the second class.
    private func targets(_ outputs: Int) -> [Float] {
        var targets = [Float](repeating: 0, count: training.count * outputs)
        for (row, position) in training.positions.enumerated() {
            guard let position else { continue }
            if outputs == 1 {
                targets[row] = Float(position)
            } else {
                targets[row * outputs + position] = 1
            }
        }
        return targets
    }

    /// The share of the rows held out that the network is right about.
    private func score(_ network: Perceptron<Float>, _ held: inout Workspace<Float>) -> Double {
        network.forward(&held)
        let (values, outputs) = (held.values[network.sizes.count - 1], network.sizes.last ?? 1)
        let right = (0..<held.rows).count { row in
            validation?.positions[row] == mostLikely(values[row * outputs..<(row + 1) * outputs])
        }
        return Double(right) / Double(held.rows)
    }

    private static func diverged(_ epoch: Int) -> Failure {
        Failure(
            "the loss is not finite after \(epoch) epochs",
            advice: "scale the features first, by scale.standard, or lower learning_rate_init")
    }
}

/// The class of the largest output, the first of equals; of a single output, which of two.
func mostLikely(_ outputs: ArraySlice<some PerceptronNumber>) -> Int {
    if outputs.count == 1, let output = outputs.first { return 2 * output > 1 ? 1 : 0 }
    var best = outputs.startIndex
    for index in outputs.indices where outputs[index] > outputs[best] { best = index }
    return best - outputs.startIndex
}
