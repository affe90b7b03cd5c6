// Products of one axis of an array with a matrix, by OpenBLAS, in place among the elements of larger arrays: what
// decompositions of tensors are made of.

internal import CBlas

/// An array as it looks from one of its axes: `before` blocks, each of `size` rows of `after` elements.
public struct AxisForm: Sendable, Hashable {
    public let before: Int
    public let size: Int
    public let after: Int

    public init(before: Int, size: Int, after: Int) {
        (self.before, self.size, self.after) = (before, size, after)
    }

    public var count: Int { before * size * after }
}

extension Blas {
    /// Each block of x (size × after) ← factorᵀ (rank × size) · block; to `c` from `place` on. Sizes that do not fit are a
    /// fault in the program and trap.
    public static func axisProduct(
        _ x: [Double], from start: Int, _ form: AxisForm, _ factor: [Double], rank: Int, into c: inout [Double],
        at place: Int
    ) {
        let made = form.before * rank * form.after
        precondition(start >= 0 && start + form.count <= x.count, "wrong sizes")
        precondition(place >= 0 && place + made <= c.count && factor.count == form.size * rank, "wrong sizes")
        if made == 0 { return }
        _ = OpenBLAS.isReady
        let (size, columns, after) = (Int32(form.size), Int32(rank), Int32(form.after))
        x.withUnsafeBufferPointer { x in
            c.withUnsafeMutableBufferPointer { c in
                guard let x = x.baseAddress, let c = c.baseAddress else { return }
                if form.after == 1 {
                    cblas_dgemm(
                        CblasRowMajor, CblasNoTrans, CblasNoTrans, Int32(form.before), columns, size, 1, x + start,
                        size,
                        factor, columns, 0, c + place, columns)
                    return
                }
                for block in 0..<form.before {
                    cblas_dgemm(
                        CblasRowMajor, CblasTrans, CblasNoTrans, columns, after, size, 1, factor, columns,
                        x + start + block * form.size * form.after, after, 0, c + place + block * rank * form.after,
                        after)
                }
            }
        }
    }

    /// Each block of x (size × after) ← factorᵀ (rank × size) · block; to `c` from `place` on. Sizes that do not fit are a
    /// fault in the program and trap.
    public static func axisProduct(
        _ x: [Float], from start: Int, _ form: AxisForm, _ factor: [Float], rank: Int, into c: inout [Float],
        at place: Int
    ) {
        let made = form.before * rank * form.after
        precondition(start >= 0 && start + form.count <= x.count, "wrong sizes")
        precondition(place >= 0 && place + made <= c.count && factor.count == form.size * rank, "wrong sizes")
        if made == 0 { return }
        _ = OpenBLAS.isReady
        let (size, columns, after) = (Int32(form.size), Int32(rank), Int32(form.after))
        x.withUnsafeBufferPointer { x in
            c.withUnsafeMutableBufferPointer { c in
                guard let x = x.baseAddress, let c = c.baseAddress else { return }
                if form.after == 1 {
                    cblas_sgemm(
                        CblasRowMajor, CblasNoTrans, CblasNoTrans, Int32(form.before), columns, size, 1, x + start,
                        size,
                        factor, columns, 0, c + place, columns)
                    return
                }
                for block in 0..<form.before {
                    cblas_sgemm(
                        CblasRowMajor, CblasTrans, CblasNoTrans, columns, after, size, 1, factor, columns,
                        x + start + block * form.size * form.after, after, 0, c + place + block * rank * form.after,
                        after)
                }
            }
        }
    }
}
