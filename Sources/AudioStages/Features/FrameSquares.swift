// The sum of squares of each frame of a signal.

/// In double precision, in a fixed order. Where frames share whole blocks of samples, each block is summed once.
func frameSquares<Real: BinaryFloatingPoint & SIMDScalar>(
    of samples: [Real], length: Int, hop: Int, count: Int
) -> [Double] {
    let block = greatestCommonDivisor(length, hop)
    // Below some size there is nothing to save.
    let size = block >= 32 && block < length ? block : length
    let step = size == length ? hop : size
    return samples.withUnsafeBufferPointer { samples in
        let blocks = (samples.count - size) / step + 1
        let sums = (0..<max(0, blocks)).map { squares(samples, $0 * step, size) }
        if size == length { return Array(sums.prefix(count)) }
        return (0..<count).map { frame in
            let first = frame * hop / size
            var sum = 0.0
            for block in first..<first + length / size { sum += sums[block] }
            return sum
        }
    }
}

private func greatestCommonDivisor(_ a: Int, _ b: Int) -> Int { b == 0 ? a : greatestCommonDivisor(b, a % b) }

/// In four lanes.
private func squares<Real: BinaryFloatingPoint & SIMDScalar>(
    _ samples: UnsafeBufferPointer<Real>, _ start: Int, _ count: Int
) -> Double {
    var (first, second) = (SIMD4<Double>.zero, SIMD4<Double>.zero)
    let whole = count / 8 * 8
    for index in stride(from: start, to: start + whole, by: 8) {
        let a = SIMD4<Double>(
            Double(samples[index]), Double(samples[index + 1]), Double(samples[index + 2]), Double(samples[index + 3]))
        let b = SIMD4<Double>(
            Double(samples[index + 4]), Double(samples[index + 5]), Double(samples[index + 6]),
            Double(samples[index + 7]))
        first += a * a
        second += b * b
    }
    for index in start + whole..<start + count {
        let value = Double(samples[index])
        first[(index - start - whole) & 3] += value * value
    }
    return (first + second).sum()
}
