// The two precisions of a perceptron: what is done to whole arrays, by OpenBLAS and by kernels.

internal import Kernels
internal import Linear

/// Float or Double.
protocol PerceptronNumber: BinaryFloatingPoint, Sendable {
    static func product(
        _ a: [Self], _ left: Operand, _ b: [Self], _ right: Operand, into c: inout [Self])
    static func gather(_ rows: ArraySlice<Int>, of source: [Self], into target: inout [Self])
    static func activate(
        _ values: inout [Self], _ bias: [Self], _ rows: Int, _ activation: kernel_activation)
    static func slopes(_ deltas: inout [Self], _ values: [Self], _ activation: kernel_activation)
    static func loss(
        _ outputs: inout [Self], _ targets: [Self], _ rows: Int, _ activation: kernel_activation
    ) -> Double
    static func sums(_ values: [Self], _ rows: Int, into sums: inout [Self])
    static func adam(
        _ weights: inout [Self], _ means: inout [Self], _ squares: inout [Self], _ gradient: [Self],
        _ how: kernel_adam
    ) -> Double
    static func momentum(
        _ weights: inout [Self], _ velocities: inout [Self], _ gradient: [Self], _ how: kernel_momentum
    ) -> Double
}

extension Float: PerceptronNumber {
    static func product(_ a: [Float], _ left: Operand, _ b: [Float], _ right: Operand, into c: inout [Float]) {
        Blas.gemm(a, left, b, right, into: &c)
    }

    static func gather(_ rows: ArraySlice<Int>, of source: [Float], into target: inout [Float]) {
        let width = target.count / rows.count
        precondition(target.count == rows.count * width && source.count >= width, "wrong sizes")
        rows.withUnsafeBufferPointer { rows in
            kernel_gather_float(source, width, rows.baseAddress, rows.count, &target)
        }
    }

    static func activate(_ values: inout [Float], _ bias: [Float], _ rows: Int, _ activation: kernel_activation) {
        precondition(values.count == rows * bias.count, "wrong sizes")
        kernel_activate_float(&values, bias, rows, bias.count, activation)
    }

    static func slopes(_ deltas: inout [Float], _ values: [Float], _ activation: kernel_activation) {
        precondition(deltas.count == values.count, "wrong sizes")
        kernel_slopes_float(&deltas, values, values.count, activation)
    }

    static func loss(
        _ outputs: inout [Float], _ targets: [Float], _ rows: Int, _ activation: kernel_activation
    ) -> Double {
        precondition(outputs.count == targets.count, "wrong sizes")
        return kernel_loss_float(&outputs, targets, rows, outputs.count / rows, activation)
    }

    static func sums(_ values: [Float], _ rows: Int, into sums: inout [Float]) {
        precondition(values.count == rows * sums.count, "wrong sizes")
        kernel_sums_float(values, rows, sums.count, &sums)
    }

    static func adam(
        _ weights: inout [Float], _ means: inout [Float], _ squares: inout [Float], _ gradient: [Float],
        _ how: kernel_adam
    ) -> Double {
        precondition([means.count, squares.count, gradient.count].allSatisfy { $0 == weights.count }, "wrong sizes")
        return kernel_adam_float(&weights, &means, &squares, gradient, gradient.count, how)
    }

    static func momentum(
        _ weights: inout [Float], _ velocities: inout [Float], _ gradient: [Float], _ how: kernel_momentum
    ) -> Double {
        precondition(velocities.count == weights.count && gradient.count == weights.count, "wrong sizes")
        return kernel_momentum_float(&weights, &velocities, gradient, gradient.count, how)
    }
}

extension Double: PerceptronNumber {
    static func product(_ a: [Double], _ left: Operand, _ b: [Double], _ right: Operand, into c: inout [Double]) {
        Blas.gemm(a, left, b, right, into: &c)
    }

    static func gather(_ rows: ArraySlice<Int>, of source: [Double], into target: inout [Double]) {
        let width = target.count / rows.count
        precondition(target.count == rows.count * width && source.count >= width, "wrong sizes")
        rows.withUnsafeBufferPointer { rows in
            kernel_gather_double(source, width, rows.baseAddress, rows.count, &target)
        }
    }

    static func activate(_ values: inout [Double], _ bias: [Double], _ rows: Int, _ activation: kernel_activation) {
        precondition(values.count == rows * bias.count, "wrong sizes")
        kernel_activate_double(&values, bias, rows, bias.count, activation)
    }

    static func slopes(_ deltas: inout [Double], _ values: [Double], _ activation: kernel_activation) {
        precondition(deltas.count == values.count, "wrong sizes")
        kernel_slopes_double(&deltas, values, values.count, activation)
    }

    static func loss(
        _ outputs: inout [Double], _ targets: [Double], _ rows: Int, _ activation: kernel_activation
    ) -> Double {
        precondition(outputs.count == targets.count, "wrong sizes")
        return kernel_loss_double(&outputs, targets, rows, outputs.count / rows, activation)
    }

    static func sums(_ values: [Double], _ rows: Int, into sums: inout [Double]) {
        precondition(values.count == rows * sums.count, "wrong sizes")
        kernel_sums_double(values, rows, sums.count, &sums)
    }

    static func adam(
        _ weights: inout [Double], _ means: inout [Double], _ squares: inout [Double], _ gradient: [Double],
        _ how: kernel_adam
    ) -> Double {
        precondition([means.count, squares.count, gradient.count].allSatisfy { $0 == weights.count }, "wrong sizes")
        return kernel_adam_double(&weights, &means, &squares, gradient, gradient.count, how)
    }

    static func momentum(
        _ weights: inout [Double], _ velocities: inout [Double], _ gradient: [Double], _ how: kernel_momentum
    ) -> Double {
        precondition(velocities.count == weights.count && gradient.count == weights.count, "wrong sizes")
        return kernel_momentum_double(&weights, &velocities, gradient, gradient.count, how)
    }
}
