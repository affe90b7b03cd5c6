import Kernels
import Tensors
import Testing

/// The kernels of frames give, byte by byte, what plain Swift loops give.
struct ResizeKernelTests {
    private struct Taps {
        var from: Int, to: Int
        var starts = [UInt32](), counts = [UInt32](), weights = [Float]()
        var most = 0

        /// Neighbours by random weights, alike but for the first and the last, or all by 1.
        init(_ from: Int, _ to: Int, most: Int, isWhole: Bool, _ stream: inout RandomStream) {
            (self.from, self.to, self.most) = (from, to, most)
            for _ in 0..<to {
                let count = isWhole ? most : 1 + stream.index(below: most)
                starts.append(UInt32(stream.index(below: from - count + 1)))
                counts.append(UInt32(count))
                var shares = [Double](repeating: 1, count: count)
                if !isWhole {
                    shares[0] = stream.uniform()
                    shares[count - 1] = stream.uniform()
                }
                let sum = isWhole ? 1 : shares.reduce(0, +)
                weights += shares.map { Float($0 / sum) } + [Float](repeating: 0, count: most - count)
            }
        }

        func use(_ body: (kernel_taps) -> Void) {
            starts.withUnsafeBufferPointer { starts in
                counts.withUnsafeBufferPointer { counts in
                    weights.withUnsafeBufferPointer { weights in
                        body(
                            kernel_taps(
                                from: from, to: to, most: most, starts: starts.baseAddress, counts: counts.baseAddress,
                                weights: weights.baseAddress))
                    }
                }
            }
        }
    }

    /// Sums along the width first, row after row.
    private func twin(
        _ bytes: [UInt8], stride: Int, _ rows: Taps, _ columns: Taps, channels: Int, factor: Float, isWhole: Bool
    ) -> [UInt8] {
        var made = [UInt8]()
        for y in 0..<rows.to {
            for x in 0..<columns.to {
                for channel in 0..<channels {
                    var (sum, whole) = (Float(0), 0)
                    for j in 0..<Int(rows.counts[y]) {
                        var across = Float(0)
                        for k in 0..<Int(columns.counts[x]) {
                            let place = (Int(columns.starts[x]) + k) * channels + channel
                            let byte = bytes[(Int(rows.starts[y]) + j) * stride + place]
                            whole += Int(byte)
                            across += Float(byte) * columns.weights[x * columns.most + k]
                        }
                        sum += rows.weights[y * rows.most + j] * across
                    }
                    let value = isWhole ? Float(whole) * factor : sum
                    made.append(UInt8(min(value.rounded(.toNearestOrEven), 255)))
                }
            }
        }
        return made
    }

    @Test(arguments: [1, 2, 3, 4, 5], [(1, 1), (2, 3), (4, 4), (5, 2), (3, 7)])
    func areas(_ channels: Int, _ most: (Int, Int)) {
        var stream = RandomStream(named: Digest(of: .array([.text("areas"), .int(channels), .int(most.0)])))
        for (height, width, isFew) in [(9, 7, true), (23, 61, false), (12, 130, true)] {
            let stride = width * channels + 5
            // Few different values make sums that lie on half a unit.
            let bytes = (0..<height * stride).map { _ in UInt8(stream.index(below: isFew ? 3 : 256)) }
            for isWhole in [false, true] {
                let rows = Taps(height, 5, most: most.0, isWhole: isWhole, &stream)
                let columns = Taps(width, 90, most: most.1, isWhole: isWhole, &stream)
                let factor = isWhole ? 1 / Float(most.0 * most.1) : 1
                let margin = isWhole ? 0 : 2 * 255 * Float(most.0 + most.1 + 4) * 0x1p-24
                var sums = [Float](repeating: 0, count: (width + most.1) * channels + 4)
                var values = [Float](repeating: 0, count: columns.to * channels + 4)
                var made = [UInt8](repeating: 0, count: rows.to * columns.to * channels)
                rows.use { rows in
                    columns.use { columns in
                        kernel_area(
                            bytes, stride, rows, columns, channels, factor, 0, margin, isWhole ? 1 : 0, &sums, &values,
                            &made)
                    }
                }
                let want = twin(
                    bytes, stride: stride, rows, columns, channels: channels, factor: factor, isWhole: isWhole)
                #expect(made == want)
            }
        }
    }

    @Test("sums of more rows than 16 bits hold, and of more pixels than a float holds")
    func large() {
        var stream = RandomStream(named: Digest(of: .text("large")))
        let (height, width) = (600, 130)
        let bytes = (0..<height * width).map { _ in UInt8(200 + stream.index(below: 56)) }
        let rows = Taps(height, 1, most: height, isWhole: true, &stream)
        let columns = Taps(width, 1, most: width, isWhole: true, &stream)
        let factor = 1 / Float(height * width)
        for margin in [Float(0.001), 0.49] {
            var sums = [Float](repeating: 0, count: 2 * width + 4)
            var (values, made) = ([Float](repeating: 0, count: 5), [UInt8](repeating: 0, count: 1))
            rows.use { rows in
                columns.use { columns in
                    kernel_area(bytes, width, rows, columns, 1, factor, 0, margin, 1, &sums, &values, &made)
                }
            }
            #expect(made == twin(bytes, stride: width, rows, columns, channels: 1, factor: factor, isWhole: true))
        }
    }

    @Test(arguments: [1, 3, 4, 5, 31, 64, 1000])
    func between(_ count: Int) {
        var stream = RandomStream(named: Digest(of: .array([.text("between"), .int(count)])))
        let first = (0..<count).map { _ in UInt8(stream.index(below: 256)) }
        let next = first.map { stream.index(below: 3) == 0 ? $0 : UInt8(stream.index(below: 256)) }
        for (below, above) in [(0.5, 0.5), (0.77551020408163263, 0.22448979591836737), (0.1, 0.9)] {
            var made = [UInt8](repeating: 0, count: count)
            kernel_between_bytes(first, next, below, above, count, &made)
            let twin = (0..<count).map { (index: Int) -> UInt8 in
                let (one, other) = (below * Double(first[index]), above * Double(next[index]))
                return UInt8(one + other)
            }
            #expect(made == twin)
        }
    }
}
