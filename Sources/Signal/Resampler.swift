// Changing the sample rate by libsoxr at its quality HQ, float32 in and out, one thread: what `librosa.resample` does
// by default, its length included.

internal import CSoxr

/// Why a signal could not be resampled.
public enum ResamplerError: Error, Sendable, Hashable {
    case badRates(from: Double, to: Double)
    case tooLong(samples: Double)
    case overflow
    case library(String)
}

extension ResamplerError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .badRates(let from, let to):
            "cannot resample from \(from) Hz to \(to) Hz: rates lie between 1 Hz and 1 GHz"
        case .tooLong(let samples): "resampling would give \(samples) samples; at most 2^30 are allowed"
        case .overflow: "resampling gives samples beyond the largest float: the input's are too large"
        case .library(let message): "libsoxr failed: \(message)"
        }
    }
}

/// Resampling of whole signals.
public enum Resampler {
    /// Hz.
    private static let rates = 1.0...1e9

    /// How many samples come out: `⌈count · to / from⌉`, with the ratio rounded to double first, as librosa has it.
    public static func length(_ count: Int, from: Double, to: Double) -> Int {
        Int((Double(count) * (to / from)).rounded(.up))
    }

    /// A signal of one channel at another rate (Hz). libsoxr gives the rounded number of samples; where that is one
    /// less than ``length(_:from:to:)``, a zero is added, as librosa does.
    public static func resample(_ signal: [Float], from: Double, to: Double) throws(ResamplerError) -> [Float] {
        // libsoxr takes more memory and time than there is for rates that are further apart than any sound's.
        guard rates.contains(from), rates.contains(to) else { throw .badRates(from: from, to: to) }
        if from == to || signal.isEmpty { return signal }
        let expected = (Double(signal.count) * (to / from)).rounded(.up)
        guard expected <= Double(1 << 30) else { throw .tooLong(samples: expected) }
        let count = Int(expected)
        var message: String?
        let resampled = [Float](unsafeUninitializedCapacity: count) { output, initialized in
            var (taken, given) = (0, 0)
            var format = soxr_io_spec(SOXR_FLOAT32_I, SOXR_FLOAT32_I)
            var quality = soxr_quality_spec(UInt(SOXR_20_BITQ), 0)
            var runtime = soxr_runtime_spec(1)
            let failure = signal.withUnsafeBufferPointer { input in
                soxr_oneshot(
                    from, to, 1, input.baseAddress, input.count, &taken, output.baseAddress, count, &given,
                    &format, &quality, &runtime)
            }
            if let failure { message = String(cString: failure) }
            for index in given..<count { output.initializeElement(at: index, to: 0) }
            initialized = count
        }
        if let message { throw .library(message) }
        if resampled.contains(where: { !$0.isFinite }) { throw .overflow }
        return resampled
    }
}
