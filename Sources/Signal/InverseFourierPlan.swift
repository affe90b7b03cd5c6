// Plans of FFTW for real output, in single and double precision: what `FourierPlan` does, backwards. Planned and kept in
// the same way, and for the same reasons.

internal import CFftw
internal import Tensors

/// Buffers of one thread for inverse transforms of one size.
struct InverseFourierBuffers<Real: FourierReal>: ~Copyable {
    /// Real and imaginary parts in turn.
    let spectrum: UnsafeMutablePointer<Real>
    let samples: UnsafeMutablePointer<Real>

    init(size: Int) {
        func allocate(_ count: Int) -> UnsafeMutablePointer<Real> {
            let pointer = UnsafeMutableRawPointer.allocate(
                byteCount: count * MemoryLayout<Real>.stride, alignment: FourierPlan.alignment
            ).bindMemory(to: Real.self, capacity: count)
            pointer.initialize(repeating: 0, count: count)
            return pointer
        }
        spectrum = allocate(2 * (size / 2 + 1))
        samples = allocate(size)
    }

    deinit {
        UnsafeMutableRawPointer(spectrum).deallocate()
        UnsafeMutableRawPointer(samples).deallocate()
    }
}

/// The plan of one size; not scaled, so that a transform and its inverse multiply by the size.
final class InverseFourierPlan<Real: FourierReal>: @unchecked Sendable {
    private let plan: OpaquePointer

    init(size: Int) {
        let buffers = InverseFourierBuffers<Real>(size: size)
        let made = FourierPlan.planning { Real.inversePlan(size: size, from: buffers.spectrum, to: buffers.samples) }
        guard let made else { fatalError("FFTW made no plan for an inverse transform to \(size) samples") }
        plan = made
    }

    func execute(_ buffers: borrowing InverseFourierBuffers<Real>) {
        Real.execute(plan, from: buffers.spectrum, to: buffers.samples)
    }
}

/// All plans that were made, one a size and type.
enum InverseFourierPlans {
    private struct Key: Hashable {
        let size: Int
        let type: ObjectIdentifier
    }
    private static let plans = Lock([Key: any Sendable]())

    static func plan<Real: FourierReal>(size: Int) -> InverseFourierPlan<Real> {
        let key = Key(size: size, type: ObjectIdentifier(Real.self))
        if let known = plans.withLock({ $0[key] }) as? InverseFourierPlan<Real> { return known }
        let plan = InverseFourierPlan<Real>(size: size)
        plans.withLock { $0[key] = plan }
        return plan
    }
}
