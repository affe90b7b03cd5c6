// Resampling by libsoxr, HQ quality, as librosa's default `soxr_hq`: float32 in and out, one thread.

internal import CSoxr
internal import Tensors

/// Why a signal could not be resampled.
public struct ResamplingError: Error, Sendable, CustomStringConvertible {
    public let description: String
}

public enum Resampler {
    /// The signal at another rate, ceil(count · target / original) samples: libsoxr gives round(…) of them, and what is
    /// missing is filled with zeros, as librosa does.
    public static func resample(_ signal: [Float], from original: Double, to target: Double) throws(ResamplingError) -> [Float] {
        let ratio = target / original
        let count = Int((Double(signal.count) * ratio).rounded(.up))
        guard !signal.isEmpty else { return [] }
        if original == target { return signal }
        let format = soxr_io_spec(SOXR_FLOAT32_I, SOXR_FLOAT32_I)
        var (specification, quality, threads) = (format, soxr_quality_spec(UInt(SOXR_HQ), 0), soxr_runtime_spec(1))
        let wanted = Int((Double(signal.count) * ratio).rounded(.toNearestOrAwayFromZero))
        var (used, done) = (0, 0)
        var message: String?
        var output = [Float](unsafeUninitializedCapacity: wanted) { buffer, initialized in
            signal.withUnsafeBufferPointer { input in
                let error = soxr_oneshot(
                    original, target, 1, input.baseAddress, input.count, &used, buffer.baseAddress, wanted, &done, &specification,
                    &quality, &threads)
                if let error { message = String(cString: error) }
            }
            initialized = message == nil ? done : 0
        }
        if let message { throw ResamplingError(description: "libsoxr cannot resample from \(original) to \(target) Hz: \(message)") }
        if output.count < count { output += [Float](repeating: 0, count: count - output.count) }
        if output.count > count { output.removeLast(output.count - count) }
        return output
    }

    public static var version: String { String(cString: soxr_version()) }
}
