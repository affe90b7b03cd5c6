// Discrete cosine transforms of types 1 to 3 as a matrix, as scipy.fft.dct defines them. The matrices are small (a mel
// bank's width), and the first rows are all that is asked for.

internal import Glibc

/// The first rows of a cosine transform.
public struct CosineTransform: Sendable {
    /// rows × size.
    public let matrix: [Float]
    public let rows: Int
    public let size: Int

    /// - Parameters:
    ///   - type: 1, 2 or 3.
    ///   - isOrthonormal: scipy's `norm="ortho"`.
    public init(type: Int, rows: Int, size: Int, isOrthonormal: Bool) {
        self.rows = rows
        self.size = size
        var matrix = [Float]()
        matrix.reserveCapacity(rows * size)
        let n = Double(size)
        for k in 0..<rows {
            for j in 0..<size {
                let (k, j) = (Double(k), Double(j))
                var value: Double
                switch type {
                case 1:
                    let isEnd = j == 0 || j == n - 1
                    value = cos(Double.pi * k * j / (n - 1)) * (isEnd ? 1 : 2)
                    if isOrthonormal {
                        // scipy scales the ends of the input by √2, then the output by √(1/2(n−1)), its ends by √½ more.
                        value = cos(Double.pi * k * j / (n - 1)) * (isEnd ? 2.0.squareRoot() : 2)
                        value *= (1 / (2 * (n - 1))).squareRoot() * (k == 0 || k == n - 1 ? 0.5.squareRoot() : 1)
                    }
                case 2:
                    value = 2 * cos(Double.pi * k * (2 * j + 1) / (2 * n))
                    if isOrthonormal { value *= (k == 0 ? 1 / (4 * n) : 1 / (2 * n)).squareRoot() }
                default:
                    value = j == 0 ? 1 : 2 * cos(Double.pi * j * (2 * k + 1) / (2 * n))
                    if isOrthonormal {
                        value = j == 0 ? (1 / n).squareRoot() : (2 / n).squareRoot() * cos(Double.pi * j * (2 * k + 1) / (2 * n))
                    }
                }
                matrix.append(Float(value))
            }
        }
        self.matrix = matrix
    }

    /// Transforms frames of `size` values each: frames × rows.
    public func apply(_ frames: [Float], count: Int) -> [Float] {
        precondition(frames.count == count * size)
        return [Float](unsafeUninitializedCapacity: count * rows) { result, initialized in
            frames.withUnsafeBufferPointer { frames in
                matrix.withUnsafeBufferPointer { matrix in
                    for frame in 0..<count {
                        for row in 0..<rows {
                            // Eight lanes, summed in one fixed order.
                            var lanes = SIMD8<Float>(repeating: 0)
                            var index = 0
                            let (x, m) = (frame * size, row * size)
                            while index + 8 <= size {
                                var a = SIMD8<Float>(), b = SIMD8<Float>()
                                for lane in 0..<8 {
                                    a[lane] = frames[x + index + lane]
                                    b[lane] = matrix[m + index + lane]
                                }
                                lanes += a * b
                                index += 8
                            }
                            var sum = lanes.sum()
                            while index < size {
                                sum += frames[x + index] * matrix[m + index]
                                index += 1
                            }
                            result[frame * rows + row] = sum
                        }
                    }
                }
            }
            initialized = count * rows
        }
    }
}
