// Normally distributed numbers from a stream, by the transform of Box and Muller ("A note on the generation of random
// normal deviates", 1958). Two words give two numbers, so a block of Philox gives four and the n-th number never depends
// on those before it. Logarithm, sine and cosine are polynomials of plain additions, multiplications and divisions, which
// are the same bits on every processor; the C library's are not. They are exact to 1e-13, far below the step of 2⁻³² in
// what is drawn. The largest number there can be is 6.76.

internal import Tensors

/// Standard normal noise.
enum NormalNoise {
    /// Numbers made at a time: the words fit the first cache.
    private static let blockSize = 1024

    /// So many draws of N(0, 1). An odd last one leaves its partner unused.
    static func values(_ count: Int, from stream: inout RandomStream) -> [Double] {
        [Double](unsafeUninitializedCapacity: count) { output, initialized in
            withUnsafeTemporaryAllocation(of: UInt32.self, capacity: blockSize) { words in
                words.initialize(repeating: 0)
                for start in stride(from: 0, to: count, by: blockSize) {
                    let wanted = min(blockSize, count - start)
                    stream.fill(UnsafeMutableBufferPointer(rebasing: words[..<(wanted + wanted % 2)]))
                    for index in stride(from: 0, to: wanted - 1, by: 2) {
                        let (first, second) = pair(words[index], words[index + 1])
                        output.initializeElement(at: start + index, to: first)
                        output.initializeElement(at: start + index + 1, to: second)
                    }
                    if wanted % 2 == 1 {
                        let last = pair(words[wanted - 1], words[wanted]).0
                        output.initializeElement(at: start + wanted - 1, to: last)
                    }
                }
            }
            initialized = count
        }
    }

    /// A point of the plane, normal in both directions: its radius from one word, its angle from the other.
    @inline(__always)
    static func pair(_ radiusWord: UInt32, _ angleWord: UInt32) -> (Double, Double) {
        let radius = (-2 * logarithm((Double(radiusWord) + 0.5) * 0x1p-32)).squareRoot()
        // The upper two bits are a quarter turn, the others an angle in the middle of it, −π/4 to π/4.
        let angle = (Double(angleWord & 0x3FFF_FFFF) * 0x1p-30 + (0x1p-31 - 0.5)) * (Double.pi / 2)
        let square = angle * angle
        let sine = angle * sineSeries(square)
        let cosine = cosineSeries(square)
        let swap = (0 &- UInt64(angleWord >> 30 & 1)) & (sine.bitPattern ^ cosine.bitPattern)
        // Of the quarters 0 to 3, x is negative in 1 and 2, y in 2 and 3.
        let sign = UInt64(angleWord >> 31) << 63
        let turned = UInt64(angleWord >> 30 & 1) << 63
        return (
            radius * Double(bitPattern: cosine.bitPattern ^ swap ^ sign ^ turned),
            radius * Double(bitPattern: sine.bitPattern ^ swap ^ sign)
        )
    }

    /// The bits of √½, where the mantissa is cut.
    private static let rootOfHalf: Int64 = 0x3FE6_A09E_667F_3BCD

    /// ln x for normal numbers above 0: x = 2ᵉ·m with m around 1, ln m by the series of artanh.
    @inline(__always)
    private static func logarithm(_ x: Double) -> Double {
        let bits = Int64(bitPattern: x.bitPattern)
        let exponent = (bits - rootOfHalf) >> 52
        let mantissa = Double(bitPattern: UInt64(bitPattern: bits - exponent << 52))
        let ratio = (mantissa - 1) / (mantissa + 1)
        let square = ratio * ratio
        var sum: Double = 2 / 15
        sum = sum * square + 2 / 13
        sum = sum * square + 2 / 11
        sum = sum * square + 2 / 9
        sum = sum * square + 2 / 7
        sum = sum * square + 2 / 5
        sum = sum * square + 2 / 3
        sum = sum * square + 2
        return ratio * sum + Double(Int32(truncatingIfNeeded: exponent)) * 0.693147180559945309
    }

    /// sin x / x of x².
    @inline(__always)
    private static func sineSeries(_ square: Double) -> Double {
        var sum: Double = 1 / 6_227_020_800
        sum = sum * square - 1 / 39_916_800
        sum = sum * square + 1 / 362_880
        sum = sum * square - 1 / 5040
        sum = sum * square + 1 / 120
        sum = sum * square - 1 / 6
        return sum * square + 1
    }

    /// cos x of x².
    @inline(__always)
    private static func cosineSeries(_ square: Double) -> Double {
        var sum: Double = -1 / 87_178_291_200
        sum = sum * square + 1 / 479_001_600
        sum = sum * square - 1 / 3_628_800
        sum = sum * square + 1 / 40320
        sum = sum * square - 1 / 720
        sum = sum * square + 1 / 24
        sum = sum * square - 1 / 2
        return sum * square + 1
    }
}
