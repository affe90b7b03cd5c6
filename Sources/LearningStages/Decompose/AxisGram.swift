// The Gram matrix of an axis: the products of its positions with each other, summed over everything else. In double
// whatever the samples are in: its eigenvalues are squares, so that of Float the smaller half of the digits would be lost.

internal import Kernels
internal import Linear
internal import Stages
internal import Tensors

/// Numbers that samples may consist of.
protocol SampleNumber: BinaryFloatingPoint, Sendable {
    static func axisProduct(
        _ x: [Self], from start: Int, _ form: AxisForm, _ factor: [Self], rank: Int, into c: inout [Self], at place: Int
    )
    /// What that takes, in multiplications of a large product.
    static func cost(_ form: AxisForm, rank: Int) -> Int
    static func elements(_ values: [Self]) -> Elements
    static func values(_ tensor: Tensor) -> [Self]?
    static func place(ofNotFinite values: [Self]) -> Int?
}

/// What a call of BLAS costs beside its work, in multiplications.
private let callCost = 10_000

private func blasCost(_ form: AxisForm, rank: Int) -> Int {
    form.count * rank + (form.after == 1 ? 1 : form.before) * callCost
}

extension Float: SampleNumber {
    /// Few components of short axes: BLAS spends more on setting its blocks out than on the products. For Float alone, as
    /// large samples are.
    private static func isSmall(_ form: AxisForm, _ rank: Int) -> Bool {
        form.after < 8 ? form.size * rank <= 64 : rank <= 16 && form.after <= 4096
    }

    static func axisProduct(
        _ x: [Float], from start: Int, _ form: AxisForm, _ factor: [Float], rank: Int, into c: inout [Float],
        at place: Int
    ) {
        guard isSmall(form, rank) else {
            return Blas.axisProduct(x, from: start, form, factor, rank: rank, into: &c, at: place)
        }
        let made = form.before * rank * form.after
        precondition(start >= 0 && start + form.count <= x.count, "wrong sizes")
        precondition(place >= 0 && place + made <= c.count && factor.count == form.size * rank, "wrong sizes")
        x.withUnsafeBufferPointer { x in
            c.withUnsafeMutableBufferPointer { c in
                guard let x = x.baseAddress, let c = c.baseAddress else { return }
                kernel_axis_product(x + start, form.before, form.size, form.after, factor, rank, c + place)
            }
        }
    }

    static func cost(_ form: AxisForm, rank: Int) -> Int {
        isSmall(form, rank) ? form.count * rank * (form.after < 8 ? 8 : 2) : blasCost(form, rank: rank)
    }

    static func elements(_ values: [Float]) -> Elements { .float32(values) }
    static func values(_ tensor: Tensor) -> [Float]? { tensor.type == .float32 ? tensor.floats() : nil }
    static func place(ofNotFinite values: [Float]) -> Int? { firstNotFinite(values) }
}

extension Double: SampleNumber {
    static func axisProduct(
        _ x: [Double], from start: Int, _ form: AxisForm, _ factor: [Double], rank: Int, into c: inout [Double],
        at place: Int
    ) { Blas.axisProduct(x, from: start, form, factor, rank: rank, into: &c, at: place) }
    static func cost(_ form: AxisForm, rank: Int) -> Int { blasCost(form, rank: rank) }
    static func elements(_ values: [Double]) -> Elements { .float64(values) }
    static func values(_ tensor: Tensor) -> [Double]? { tensor.doubles() }
    static func place(ofNotFinite values: [Double]) -> Int? { firstNotFinite(values) }
}

/// Adds up the Gram matrix of one axis. Elements are gathered in a panel of Double, which is multiplied with itself when
/// it is full: the products are large enough to be fast, however few elements lie behind the axis.
struct AxisGram {
    let size: Int
    /// Whether nothing lies behind the axis: the panel then is as the elements are, and elsewhere across them.
    private let isLast: Bool
    private let width: Int
    private var filled = 0
    private var panel: [Double]
    private var sum: [Double]

    init(size: Int, isLast: Bool) {
        (self.size, self.isLast) = (size, isLast)
        width = max(256, (1 << 15) / max(1, size))
        panel = [Double](repeating: 0, count: width * size)
        sum = [Double](repeating: 0, count: size * size)
    }

    /// Adds elements that lie in `x` from `start` on.
    mutating func add<Number: SampleNumber>(_ x: [Number], from start: Int, _ form: AxisForm) {
        precondition(form.size == size && start >= 0 && start + form.count <= x.count, "wrong sizes")
        if isLast {
            var row = 0
            while row < form.before {
                let rows = min(form.before - row, width - filled)
                copy(x, from: start + row * size, to: filled * size, count: rows * size)
                advance(rows)
                row += rows
            }
            return
        }
        for block in 0..<form.before {
            var column = 0
            while column < form.after {
                let columns = min(form.after - column, width - filled)
                copyAcross(x, from: start + block * size * form.after + column, step: form.after, columns)
                advance(columns)
                column += columns
            }
        }
    }

    private mutating func copy<Number: SampleNumber>(_ x: [Number], from start: Int, to place: Int, count: Int) {
        x.withUnsafeBufferPointer { x in
            panel.withUnsafeMutableBufferPointer { panel in
                for index in 0..<count { panel[place + index] = Double(x[start + index]) }
            }
        }
    }

    private mutating func copyAcross<Number: SampleNumber>(
        _ x: [Number], from start: Int, step: Int, _ columns: Int
    ) {
        let (size, width, filled) = (size, width, filled)
        x.withUnsafeBufferPointer { x in
            panel.withUnsafeMutableBufferPointer { panel in
                for row in 0..<size {
                    let (from, to) = (start + row * step, row * width + filled)
                    for index in 0..<columns { panel[to + index] = Double(x[from + index]) }
                }
            }
        }
    }

    private mutating func advance(_ count: Int) {
        filled += count
        if filled == width { flush() }
    }

    private mutating func flush() {
        Blas.syrk(panel, isLast ? .transposed(width, size) : .plain(size, width), into: &sum, keep: 1)
        filled = 0
    }

    /// The matrix of all that was added.
    consuming func matrix() -> [Double] {
        if filled > 0 {
            for place in 0..<(isLast ? width - filled : 0) * size { panel[filled * size + place] = 0 }
            for row in 0..<(isLast ? 0 : size) {
                for column in filled..<width { panel[row * width + column] = 0 }
            }
            flush()
        }
        return sum
    }
}

/// The view of an axis of arrays of this shape, `samples` of them one after the other.
func axisForm(_ shape: [Int], _ axis: Int, samples: Int = 1) -> AxisForm {
    AxisForm(
        before: samples * shape[..<axis].reduce(1, *), size: shape[axis], after: shape[(axis + 1)...].reduce(1, *))
}
