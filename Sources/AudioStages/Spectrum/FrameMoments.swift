// Sums over the frequencies of a frame.

/// Sums over the bins of each frame, in double precision and four lanes: the same bits on every machine.
struct FrameMoments {
    /// Σ |X(f)|.
    let sums: [Double]
    /// Hz.
    let centroids: [Double]

    init(of magnitudes: [Float], frequencies: [Double]) {
        let bins = frequencies.count
        let frames = magnitudes.count / bins
        var (sums, centroids) = ([Double](repeating: 0, count: frames), [Double](repeating: 0, count: frames))
        magnitudes.withUnsafeBufferPointer { magnitudes in
            frequencies.withUnsafeBufferPointer { frequencies in
                for frame in 0..<frames {
                    let row = UnsafeBufferPointer(rebasing: magnitudes[frame * bins..<(frame + 1) * bins])
                    let sum = laneSum(bins) { Double(row[$0]) }
                    sums[frame] = sum
                    // What is too small to divide by is left as it is, as `librosa.util.normalize` does.
                    centroids[frame] =
                        laneSum(bins) { Double(row[$0]) * frequencies[$0] } / Self.divisor(sum)
                }
            }
        }
        self.sums = sums
        self.centroids = centroids
    }

    static func divisor(_ sum: Double) -> Double { sum < Double(Float.leastNormalMagnitude) ? 1 : sum }
}

/// A sum in four lanes, index k in lane k mod 4, and the lanes in a fixed order.
@inline(__always)
func laneSum(_ count: Int, _ value: (Int) -> Double) -> Double {
    var lanes = SIMD4<Double>.zero
    let whole = count / 4 * 4
    for index in stride(from: 0, to: whole, by: 4) {
        lanes += SIMD4(value(index), value(index + 1), value(index + 2), value(index + 3))
    }
    for index in whole..<count { lanes[index - whole] += value(index) }
    return (lanes.x + lanes.y) + (lanes.z + lanes.w)
}
