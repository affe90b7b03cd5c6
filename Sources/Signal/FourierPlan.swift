// Plans of FFTW for real input in double precision. Planned with FFTW_ESTIMATE, as measured plans choose by timing and
// so would change the bits from run to run; planned under a lock, as FFTW's planner is not thread-safe; kept for good,
// one a size. Executing a plan on other buffers of the same alignment is thread-safe.

internal import CFftw
internal import Tensors

/// A transform of `size` real samples to `size / 2 + 1` complex values.
final class FourierPlan: @unchecked Sendable {
    /// Alignment in bytes of the buffers that a plan is made for and executed on.
    static let alignment = 64

    let size: Int
    private let plan: fftw_plan

    private static let plans = Lock([Int: FourierPlan]())
    private static let planner = Lock(())

    /// FFTW's planner is one for all sizes, types and directions, and takes one caller at a time.
    static func planning<Result>(_ body: () -> Result) -> Result { planner.withLock { _ in body() } }

    /// The plan for a size of at least 1.
    static func size(_ size: Int) -> FourierPlan {
        plans.withLock { plans in
            if let plan = plans[size] { return plan }
            let plan = FourierPlan(size)
            plans[size] = plan
            return plan
        }
    }

    private init(_ size: Int) {
        self.size = size
        let buffers = FourierBuffers(size: size)
        let made = Self.planning {
            fftw_plan_dft_r2c_1d(
                Int32(size), buffers.samples, buffers.spectrum, FFTW_ESTIMATE | UInt32(FFTW_DESTROY_INPUT))
        }
        guard let plan = made else { fatalError("FFTW made no plan for a transform of \(size) samples") }
        self.plan = plan
    }

    /// Transforms `buffers.samples` to `buffers.spectrum`; the samples are lost.
    func execute(_ buffers: borrowing FourierBuffers) {
        fftw_execute_dft_r2c(plan, buffers.samples, buffers.spectrum)
    }
}

/// Aligned buffers for one thread's transforms of one size.
struct FourierBuffers: ~Copyable {
    let samples: UnsafeMutablePointer<Double>
    let spectrum: UnsafeMutablePointer<fftw_complex>

    init(size: Int) {
        samples = UnsafeMutableRawPointer.allocate(
            byteCount: size * MemoryLayout<Double>.stride, alignment: FourierPlan.alignment
        ).bindMemory(to: Double.self, capacity: size)
        let bins = size / 2 + 1
        spectrum = UnsafeMutableRawPointer.allocate(
            byteCount: bins * MemoryLayout<fftw_complex>.stride, alignment: FourierPlan.alignment
        ).bindMemory(to: fftw_complex.self, capacity: bins)
    }

    deinit {
        UnsafeMutableRawPointer(samples).deallocate()
        UnsafeMutableRawPointer(spectrum).deallocate()
    }
}
