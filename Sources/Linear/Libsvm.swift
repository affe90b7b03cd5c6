// Support vector machines by libsvm (Chang and Lin: "LIBSVM: a library for support vector machines", 2011), over a matrix
// of kernel values that is there as a whole. libsvm may be used from several threads at once, as long as it estimates no
// probabilities, for which it draws by C's `rand`.

internal import CSvm
internal import Glibc

/// The kernel's value for each pair of rows, as libsvm reads it: 16 bytes each.
public final class KernelMatrix {
    public let size: Int
    private let nodes: UnsafeMutablePointer<svm_node>

    /// What a machine is: the decision for a row is the weighted sum of its kernel values, less the offset.
    public struct Machine: Sendable, Hashable {
        /// A weight for each row that it was trained on; 0 for those that do not support it.
        public let weights: [Double]
        public let offset: Double
        public let iterations: Int
        /// False where libsvm gave up, after max(10⁷, 100 · rows) iterations.
        public let hasConverged: Bool
    }

    /// - Parameter elements: row after row.
    public init(_ elements: [Double], size: Int) {
        precondition(elements.count == size * size, "wrong size")
        self.size = size
        nodes = .allocate(capacity: max(1, size * (size + 1)))
        elements.withUnsafeBufferPointer { elements in
            for row in 0..<size {
                // In front of its values a row has its number, from 1.
                let own = nodes + row * (size + 1)
                own.initialize(to: svm_node(index: 0, value: Double(row + 1)))
                for column in 0..<size {
                    (own + column + 1).initialize(
                        to: svm_node(index: Int32(column + 1), value: elements[row * size + column]))
                }
            }
        }
    }

    deinit { nodes.deallocate() }

    public subscript(row: Int, column: Int) -> Double { nodes[row * (size + 1) + column + 1].value }

    /// Two classes: above 0 is the decision for `signs` of 1, below for those of −1; each must occur.
    /// - Parameters:
    ///   - rows: those to train on, by their position in the matrix.
    ///   - costs: of each of the two.
    public func classifier(
        rows: [Int], signs: [Double], costs: (positive: Double, negative: Double), tolerance: Double, shrinks: Bool
    ) -> Machine {
        precondition(signs.contains(1) && signs.contains(-1), "both classes must occur")
        var labels: [Int32] = [1, -1]
        var weights = [costs.positive, costs.negative]
        return labels.withUnsafeMutableBufferPointer { labels in
            weights.withUnsafeMutableBufferPointer { weights in
                var parameter = parameter(C_SVC, cost: 1, tolerance: tolerance, shrinks: shrinks, rows: rows.count)
                (parameter.nr_weight, parameter.weight_label, parameter.weight) =
                    (2, labels.baseAddress, weights.baseAddress)
                return train(rows, signs, &parameter)
            }
        }
    }

    /// A regression in which errors up to `width` count nothing.
    public func regressor(
        rows: [Int], targets: [Double], cost: Double, width: Double, tolerance: Double, shrinks: Bool
    ) -> Machine {
        precondition(!rows.isEmpty, "there must be rows")
        var parameter = parameter(EPSILON_SVR, cost: cost, tolerance: tolerance, shrinks: shrinks, rows: rows.count)
        parameter.p = width
        return train(rows, targets, &parameter)
    }

    private func parameter(_ type: Int, cost: Double, tolerance: Double, shrinks: Bool, rows: Int)
        -> svm_parameter
    {
        var parameter = svm_parameter()
        parameter.svm_type = Int32(type)
        parameter.kernel_type = Int32(PRECOMPUTED)
        // In MB: all rows as Float, as far as that is not much.
        parameter.cache_size = min(1024, Double(rows) * Double(rows) * 4 / 0x1p20 + 1)
        (parameter.C, parameter.eps, parameter.shrinking) = (cost, tolerance, shrinks ? 1 : 0)
        return parameter
    }

    private func train(_ rows: [Int], _ targets: [Double], _ parameter: inout svm_parameter) -> Machine {
        precondition(targets.count == rows.count && rows.allSatisfy { (0..<size).contains($0) }, "wrong rows")
        _ = listening
        var starts: [UnsafeMutablePointer<svm_node>?] = rows.map { nodes + $0 * (size + 1) }
        var targets = targets
        var iterations = 0
        var weights = [Double](repeating: 0, count: rows.count)
        var offset = 0.0
        starts.withUnsafeMutableBufferPointer { starts in
            targets.withUnsafeMutableBufferPointer { targets in
                var problem = svm_problem(l: Int32(rows.count), y: targets.baseAddress, x: starts.baseAddress)
                var model = withUnsafeMutablePointer(to: &iterations) { place in
                    pthread_setspecific(iterationsOfThread, place)
                    defer { pthread_setspecific(iterationsOfThread, nil) }
                    return svm_train(&problem, &parameter)
                }
                guard let found = model?.pointee, let places = found.sv_indices, let own = found.sv_coef?[0],
                    let offsets = found.rho
                else { return }
                // A regression has no labels.
                let sign: Double = found.label.map { $0[0] == 1 ? 1 : -1 } ?? 1
                for index in 0..<Int(found.l) { weights[Int(places[index]) - 1] = sign * own[index] }
                offset = sign * offsets[0]
                svm_free_and_destroy_model(&model)
            }
        }
        let limit = max(10_000_000, 100 * rows.count * (parameter.svm_type == Int32(EPSILON_SVR) ? 2 : 1))
        return Machine(weights: weights, offset: offset, iterations: iterations, hasConverged: iterations < limit)
    }
}

/// Where the thread that is training wants to have the number of its iterations.
private let iterationsOfThread: pthread_key_t = {
    var key = pthread_key_t()
    pthread_key_create(&key, nil)
    return key
}()

/// libsvm tells the number of its iterations in words only, which it would print.
private let listening: Void = svm_set_print_string_function { words in
    guard let words, let place = pthread_getspecific(iterationsOfThread), let found = strstr(words, "#iter = ")
    else { return }
    place.assumingMemoryBound(to: Int.self).pointee = atol(found + 8)
}

/// The library that this process is linked to.
public enum Libsvm {
    /// Its version: `3.24`.
    public static var profile: String {
        let version = libsvmVersion()
        return "\(version / 100).\(version % 100)"
    }
}
