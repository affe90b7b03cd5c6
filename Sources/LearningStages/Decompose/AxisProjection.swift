// Arrays projected along several axes: each axis times the transposed of its factor. What a sample takes is planned once
// for all of them.

internal import Linear

/// An orthonormal basis of part of an axis, row after row: (size, rank).
struct AxisFactor: Sendable {
    let size: Int
    let rank: Int
    let elements: [Double]
    /// How many of its columns are directions; the others are zero.
    let directions: Int
}

/// Projects arrays of one shape.
struct AxisProjection<Number: SampleNumber> {
    /// The shape that comes out.
    let shape: [Int]
    private let size: Int
    private let steps: [Step]
    private var buffers: [[Number]] = [[], []]

    private struct Step {
        let form: AxisForm
        let rank: Int
        let factor: [Number]
    }

    /// The largest product of axes that are projected at once.
    private static var span: Int { 1024 }

    /// - Parameter factors: by axis.
    init(_ shape: [Int], _ factors: [Int: AxisFactor]) {
        size = shape.reduce(1, *)
        let axes = factors.keys.sorted()
        func rank(_ axis: Int) -> Int { factors[axis]?.rank ?? shape[axis] }
        // Trailing axes are taken together where that is less work: one product with the Kronecker product of their
        // factors, instead of many small ones.
        var starts = axes.filter { $0 == shape.count - 1 || shape[$0...].reduce(1, *) <= Self.span }
        starts.append(shape.count)
        var best: (start: Int, order: [Int], cost: Int)?
        for start in starts {
            // What shrinks most goes first.
            let outer = axes.filter { $0 < start }.sorted { one, other in
                let (first, second) = (shape[one] * rank(other), shape[other] * rank(one))
                return first != second ? first > second : one < other
            }
            var (current, cost) = (shape, 0)
            for axis in outer {
                let form = axisForm(current, axis)
                let rank = rank(axis)
                cost += Number.cost(form, rank: rank)
                current[axis] = rank
            }
            if start < shape.count {
                let reduced = (start..<shape.count).reduce(1) { $0 * rank($1) }
                let size = shape[start...].reduce(1, *)
                let form = AxisForm(before: current.reduce(1, *) / size, size: size, after: 1)
                cost += Number.cost(form, rank: reduced)
            }
            if cost < best?.cost ?? .max { best = (start, outer, cost) }
        }
        var (current, steps) = (shape, [Step]())
        for axis in best?.order ?? [] {
            guard let factor = factors[axis] else { continue }
            steps.append(
                Step(form: axisForm(current, axis), rank: factor.rank, factor: factor.elements.map { Number($0) }))
            current[axis] = factor.rank
        }
        if let start = best?.start, start < shape.count {
            let product = Self.kronecker(shape, start, factors)
            let form = AxisForm(
                before: current[..<start].reduce(1, *), size: shape[start...].reduce(1, *), after: 1)
            steps.append(Step(form: form, rank: product.count / form.size, factor: product))
            for axis in start..<shape.count { current[axis] = rank(axis) }
        }
        (self.shape, self.steps) = (current, steps)
    }

    /// The Kronecker product of the factors of the axes from `start` on, with the identity where there is none.
    private static func kronecker(_ shape: [Int], _ start: Int, _ factors: [Int: AxisFactor]) -> [Number] {
        var product: (rows: Int, columns: Int, elements: [Double]) = (1, 1, [1])
        for axis in start..<shape.count {
            let (size, rank) = (shape[axis], factors[axis]?.rank ?? shape[axis])
            var next = [Double](repeating: 0, count: product.elements.count * size * rank)
            let columns = product.columns * rank
            for row in 0..<product.rows {
                for column in 0..<product.columns {
                    let weight = product.elements[row * product.columns + column]
                    if weight == 0 { continue }
                    for i in 0..<size {
                        let place = (row * size + i) * columns + column * rank
                        guard let factor = factors[axis] else {
                            next[place + i] = weight
                            continue
                        }
                        for j in 0..<rank { next[place + j] = weight * factor.elements[i * rank + j] }
                    }
                }
            }
            product = (product.rows * size, columns, next)
        }
        return product.elements.map { Number($0) }
    }

    var count: Int { shape.reduce(1, *) }

    /// Projects `samples` arrays that lie in `x` from `start` on; what comes out goes to `c` from `place` on.
    mutating func project(
        _ x: [Number], from start: Int, samples: Int, into c: inout [Number], at place: Int
    ) {
        if steps.isEmpty {
            for index in 0..<samples * size { c[place + index] = x[start + index] }
            return
        }
        for (position, step) in steps.enumerated() {
            let form = AxisForm(before: samples * step.form.before, size: step.form.size, after: step.form.after)
            let made = form.before * step.rank * form.after
            let isFirst = position == 0
            let from = (position + 1) % 2
            if position == steps.count - 1 {
                Number.axisProduct(
                    isFirst ? x : buffers[from], from: isFirst ? start : 0, form, step.factor, rank: step.rank,
                    into: &c,
                    at: place)
                continue
            }
            if buffers[position % 2].count < made {
                buffers[position % 2] = [Number](repeating: 0, count: made)
            }
            Number.axisProduct(
                isFirst ? x : buffers[from], from: isFirst ? start : 0, form, step.factor, rank: step.rank,
                into: &buffers[position % 2], at: 0)
        }
    }
}
