import Kernels
import Tensors
import Testing

/// What a perceptron does between its products gives, bit by bit, what plain Swift loops give, at every length around the
/// eight lanes. The kernels for Double are the same source; the reference numbers of classify.mlp hold them.
struct PerceptronKernelTests {
    static let lengths = [1, 7, 8, 9, 16, 100, 1025]

    private func numbers(_ count: Int, _ name: String) -> [Float] {
        var stream = RandomStream(named: Digest(of: .text(name)))
        return (0..<count).map { $0 % 7 == 3 ? 0 : Float(stream.uniform() * 2 - 1) }
    }

    @Test func gather() {
        let source = numbers(5 * 3, "source")
        var made = [Float](repeating: .nan, count: 4 * 3)
        kernel_gather_float(source, 3, [4, 0, 0, 2], 4, &made)
        let twin: [Float] = [4, 0, 0, 2].flatMap { (row: Int) -> [Float] in Array(source[3 * row..<3 * row + 3]) }
        #expect(made == twin)
    }

    @Test(arguments: lengths) func activations(_ width: Int) {
        let (values, bias) = (numbers(2 * width, "values"), numbers(width, "bias"))
        let sums = values.indices.map { values[$0] + bias[$0 % width] }
        var made = values
        kernel_activate_float(&made, bias, 2, width, kernel_identity)
        #expect(made == sums)
        made = values
        kernel_activate_float(&made, bias, 2, width, kernel_relu)
        #expect(made == sums.map { max($0, 0) })
    }

    @Test(arguments: lengths) func slopes(_ count: Int) {
        let (deltas, values) = (numbers(count, "deltas"), numbers(count, "outputs").map(abs))
        func made(_ activation: kernel_activation) -> [Float] {
            var made = deltas
            kernel_slopes_float(&made, values, count, activation)
            return made
        }
        #expect(made(kernel_identity) == deltas)
        func twin(_ slope: (Float) -> Float) -> [Float] {
            (0..<count).map { (index: Int) -> Float in deltas[index] * slope(values[index]) }
        }
        #expect(made(kernel_relu).map { $0 + 0 } == twin { $0 == 0 ? 0 : 1 }.map { $0 + 0 })
        #expect(made(kernel_tanh) == twin { 1 - $0 * $0 })
        #expect(made(kernel_logistic) == twin { $0 * (1 - $0) })
    }

    @Test(arguments: lengths) func sums(_ width: Int) {
        let values = numbers(3 * width, "rows")
        var made = [Float](repeating: .nan, count: width)
        kernel_sums_float(values, 3, width, &made)
        let twin: [Float] = (0..<width).map { (column: Int) -> Float in
            let first: Float = values[column] + values[width + column]
            return first + values[2 * width + column]
        }
        #expect(made == twin)
    }

    /// The squares of the weights, in eight lanes, and what is left behind them.
    private func squares(_ weights: [Float]) -> Double {
        let whole = weights.count / 8 * 8
        var (lanes, sum) = ([Float](repeating: 0, count: 8), 0.0)
        for index in 0..<whole { lanes[index % 8] += weights[index] * weights[index] }
        for lane in lanes { sum += Double(lane) }
        for weight in weights[whole...] { sum += Double(weight) * Double(weight) }
        return sum
    }

    @Test(arguments: lengths) func adam(_ count: Int) {
        let how = kernel_adam(rate: 0.01, beta_1: 0.9, beta_2: 0.999, epsilon: 1e-8, penalty: 0.3)
        let start = (
            weights: numbers(count, "weights"), means: numbers(count, "means"),
            squares: numbers(count, "squares").map { $0 * $0 }, gradient: numbers(count, "gradient")
        )
        var (weights, means, powers) = (start.weights, start.means, start.squares)
        let norm = kernel_adam_float(&weights, &means, &powers, start.gradient, count, how)
        let (old, new) = (Float(0.9), Float(1 - 0.9))
        let (oldSquare, newSquare) = (Float(0.999), Float(1 - 0.999))
        for index in 0..<count {
            let weight = start.weights[index]
            let slope = start.gradient[index] + Float(0.3) * weight
            let mean = old * start.means[index] + new * slope
            let square = oldSquare * start.squares[index] + newSquare * (slope * slope)
            #expect(means[index] == mean)
            #expect(powers[index] == square)
            let divisor: Float = square.squareRoot() + Float(1e-8)
            let moved: Float = Float(0.01) * mean / divisor
            #expect(weights[index] == weight - moved)
        }
        #expect(norm == squares(start.weights))
    }

    @Test(arguments: lengths, [0, 1] as [Int32]) func momentum(_ count: Int, _ isNesterov: Int32) {
        let how = kernel_momentum(rate: 0.05, momentum: 0.9, penalty: 0.2, is_nesterov: isNesterov)
        let (before, speeds, gradient) = (
            numbers(count, "weights"), numbers(count, "speeds"), numbers(count, "gradient")
        )
        var (weights, velocities) = (before, speeds)
        let norm = kernel_momentum_float(&weights, &velocities, gradient, count, how)
        for index in 0..<count {
            let step = Float(0.05) * (gradient[index] + Float(0.2) * before[index])
            let velocity = Float(0.9) * speeds[index] - step
            #expect(velocities[index] == velocity)
            let moved: Float = isNesterov == 1 ? Float(0.9) * velocity - step : velocity
            #expect(weights[index] == before[index] + moved)
        }
        #expect(norm == squares(before))
    }
}
