// Plans of FFTW for real output, in single and double precision: what `FourierPlan` does, backwards. Planned and kept in
// the same way, and for the same reasons.

internal import CFftw
internal import Kernels
internal import Tensors

/// A real number type that FFTW transforms: Float and Double.
public protocol FourierReal: BinaryFloatingPoint, Sendable {
    /// A plan from `size / 2 + 1` complex values, real and imaginary parts in turn, to `size` reals; the input is lost.
    static func inversePlan(
        size: Int, from spectrum: UnsafeMutablePointer<Self>, to samples: UnsafeMutablePointer<Self>
    )
        -> OpaquePointer?
    static func execute(
        _ plan: OpaquePointer, from spectrum: UnsafeMutablePointer<Self>, to samples: UnsafeMutablePointer<Self>)
    /// windowed[i] = samples[i] · window[i].
    static func window(
        _ samples: UnsafePointer<Self>, by window: UnsafePointer<Double>, count: Int,
        into windowed: UnsafeMutablePointer<Double>)
    /// sum[i] += samples[i] · window[i].
    static func overlap(
        _ samples: UnsafePointer<Self>, by window: UnsafePointer<Double>, count: Int,
        onto sum: UnsafeMutablePointer<Double>)
    /// sum[i] / weight[i]; sum[i] where the weight is not above the least.
    static func quotients(of sum: [Double], _ weight: [Double], least: Double) -> [Self]
}

extension Float: FourierReal {
    public static func inversePlan(
        size: Int, from spectrum: UnsafeMutablePointer<Float>, to samples: UnsafeMutablePointer<Float>
    ) -> OpaquePointer? {
        UnsafeMutableRawPointer(spectrum).withMemoryRebound(to: fftwf_complex.self, capacity: size / 2 + 1) {
            fftwf_plan_dft_c2r_1d(Int32(size), $0, samples, FFTW_ESTIMATE | UInt32(FFTW_DESTROY_INPUT))
        }
    }

    public static func execute(
        _ plan: OpaquePointer, from spectrum: UnsafeMutablePointer<Float>, to samples: UnsafeMutablePointer<Float>
    ) {
        UnsafeMutableRawPointer(spectrum).withMemoryRebound(to: fftwf_complex.self, capacity: 1) {
            fftwf_execute_dft_c2r(plan, $0, samples)
        }
    }

    public static func window(
        _ samples: UnsafePointer<Float>, by window: UnsafePointer<Double>, count: Int,
        into windowed: UnsafeMutablePointer<Double>
    ) { kernel_window(samples, window, count, windowed) }

    public static func overlap(
        _ samples: UnsafePointer<Float>, by window: UnsafePointer<Double>, count: Int,
        onto sum: UnsafeMutablePointer<Double>
    ) { kernel_overlap(samples, window, count, sum) }

    public static func quotients(of sum: [Double], _ weight: [Double], least: Double) -> [Float] {
        [Float](unsafeUninitializedCapacity: sum.count) { output, initialized in
            if let output = output.baseAddress { kernel_divide(sum, weight, sum.count, least, output) }
            initialized = sum.count
        }
    }
}

extension Double: FourierReal {
    public static func inversePlan(
        size: Int, from spectrum: UnsafeMutablePointer<Double>, to samples: UnsafeMutablePointer<Double>
    ) -> OpaquePointer? {
        UnsafeMutableRawPointer(spectrum).withMemoryRebound(to: fftw_complex.self, capacity: size / 2 + 1) {
            fftw_plan_dft_c2r_1d(Int32(size), $0, samples, FFTW_ESTIMATE | UInt32(FFTW_DESTROY_INPUT))
        }
    }

    public static func execute(
        _ plan: OpaquePointer, from spectrum: UnsafeMutablePointer<Double>, to samples: UnsafeMutablePointer<Double>
    ) {
        UnsafeMutableRawPointer(spectrum).withMemoryRebound(to: fftw_complex.self, capacity: 1) {
            fftw_execute_dft_c2r(plan, $0, samples)
        }
    }

    public static func window(
        _ samples: UnsafePointer<Double>, by window: UnsafePointer<Double>, count: Int,
        into windowed: UnsafeMutablePointer<Double>
    ) { for index in 0..<count { windowed[index] = samples[index] * window[index] } }

    public static func overlap(
        _ samples: UnsafePointer<Double>, by window: UnsafePointer<Double>, count: Int,
        onto sum: UnsafeMutablePointer<Double>
    ) { for index in 0..<count { sum[index] += samples[index] * window[index] } }

    public static func quotients(of sum: [Double], _ weight: [Double], least: Double) -> [Double] {
        zip(sum, weight).map { $1 > least ? $0 / $1 : $0 }
    }
}

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
