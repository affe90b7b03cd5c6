// How far a recording's notes lie from A 440, from the peaks of its spectrogram: those that are at least as strong as
// their median vote for their distance from the nearest note, in steps of a hundredth. As `librosa.piptrack`,
// `estimate_tuning` and `pitch_tuning` define it, in float32 as there: the vote is close at times, and rounding decides.

internal import Glibc
internal import Kernels

/// Peaks of a spectrogram, with their place between the bins.
struct SpectralPeaks {
    struct Peak {
        let frame: Int
        let bin: Int
        /// Hz.
        let frequency: Float
        let magnitude: Float
    }

    let peaks: [Peak]

    /// Peaks above a tenth of their frame's maximum, from 150 Hz to 4000 Hz.
    /// - Parameter spectrogram: row-major (time, frequency), at least 0.
    init(of spectrogram: [Float], size: Int, sampleRate: Double) {
        let bins = size / 2 + 1
        let frames = spectrogram.count / bins
        let (lowest, highest) = (150.0, min(4000.0, sampleRate / 2))
        let candidates = (0..<bins).filter {
            let frequency = Double($0) * sampleRate / Double(size)
            return frequency >= lowest && frequency < highest
        }
        guard let first = candidates.first.map({ max(1, $0) }), let last = candidates.last, first <= last else {
            peaks = []
            return
        }
        var found = [Peak]()
        spectrogram.withUnsafeBufferPointer { spectrogram in
            for frame in 0..<frames {
                let row = UnsafeBufferPointer(rebasing: spectrogram[frame * bins..<(frame + 1) * bins])
                guard let base = row.baseAddress else { return }
                let reference = 0.1 * kernel_greatest(base, bins)
                // The last bin has nothing behind it to be compared with.
                let end = min(last + 1, bins - 1)
                var next = first
                while next < end {
                    let bin = kernel_peak(base, next, end, reference)
                    guard bin < end else { break }
                    next = bin + 1
                    let value = row[bin]
                    let curve = row[bin + 1] + row[bin - 1] - 2 * value
                    let slope = (row[bin + 1] - row[bin - 1]) / 2
                    let shift = abs(slope) >= abs(curve) ? 0 : -slope / curve
                    let frequency = (Double(bin) + Double(shift)) * sampleRate / Double(size)
                    found.append(
                        Peak(
                            frame: frame, bin: bin, frequency: Float(frequency),
                            magnitude: value + 0.5 * slope * shift))
                }
            }
        }
        peaks = found
    }
}

enum Tuning {
    /// In notes, −0.5 to 0.5; 0 where there are no peaks.
    /// - Parameters:
    ///   - spectrogram: row-major (time, frequency), at least 0: powers in chroma features, magnitudes elsewhere.
    ///   - notes: notes an octave.
    static func estimate(
        of spectrogram: [Float], size: Int, sampleRate: Double, notes: Int = 12, resolution: Double = 0.01
    ) -> Double {
        let peaks = SpectralPeaks(of: spectrogram, size: size, sampleRate: sampleRate).peaks.filter { $0.frequency > 0 }
        guard !peaks.isEmpty else { return 0 }
        let threshold = median(peaks.map(\.magnitude))
        let count = Int((1 / resolution).rounded(.up))
        let step = 1.0 / Double(count)
        let edges = (0...count).map { $0 == count ? 0.5 : -0.5 + Double($0) * step }
        var votes = [Int](repeating: 0, count: count)
        let reference = Float(440.0 / 16)
        for peak in peaks where peak.magnitude >= threshold {
            let place = Float(notes) * log2(peak.frequency / reference)
            var residual = place - place.rounded(.down)
            if residual >= 0.5 { residual -= 1 }
            let value = Double(residual)
            // The bin by arithmetic, then moved to where the edges say it is.
            var bin = min(count - 1, max(0, Int((value + 0.5) / step)))
            while bin > 0 && value < edges[bin] { bin -= 1 }
            while bin < count - 1 && value >= edges[bin + 1] { bin += 1 }
            votes[bin] += 1
        }
        var best = 0
        for bin in votes.indices where votes[bin] > votes[best] { best = bin }
        return edges[best]
    }

    /// The middle value, or the mean of the two middle ones; at least one value is needed.
    private static func median(_ values: [Float]) -> Float {
        var values = values
        let middle = values.count / 2
        let upper = select(middle, of: &values)
        if !values.count.isMultiple(of: 2) { return upper }
        // What lies before it is no greater.
        let lower = values[..<middle].max() ?? upper
        return (lower + upper) / 2
    }

    /// The value that would stand at a position if they were sorted, which is put there, among smaller and greater ones
    /// (Hoare's selection, by the median of three).
    private static func select(_ position: Int, of values: inout [Float]) -> Float {
        var (first, last) = (0, values.count - 1)
        while first < last {
            let three = [values[first], values[(first + last) / 2], values[last]]
            let pivot = max(min(three[0], three[1]), min(max(three[0], three[1]), three[2]))
            var (low, high) = (first, last)
            while low <= high {
                while values[low] < pivot { low += 1 }
                while values[high] > pivot { high -= 1 }
                if low <= high {
                    values.swapAt(low, high)
                    low += 1
                    high -= 1
                }
            }
            if position <= high { last = high } else if position >= low { first = low } else { break }
        }
        return values[position]
    }
}
