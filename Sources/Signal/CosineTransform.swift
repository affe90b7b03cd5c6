// The discrete cosine transforms of types 1, 2 and 3 as matrices, in the scaling of `scipy.fft.dct`. The sizes in use
// (128 mel bands to 20 coefficients) are small, and only the first coefficients are wanted, so a product beats a fast
// transform.

internal import Glibc

/// The first coefficients of a discrete cosine transform.
public struct CosineTransform: Sendable {
    public enum Kind: Int, Sendable, CaseIterable {
        case one = 1
        case two = 2
        case three = 3
    }

    /// Values that go in.
    public let size: Int
    /// Coefficients that come out.
    public let count: Int
    /// (coefficients in groups of eight, size): what each input adds to the eight coefficients of a group.
    private let matrix: [SIMD8<Double>]

    /// - Parameters:
    ///   - size: values that go in, at least 1; at least 2 for type 1.
    ///   - count: coefficients that come out, at most `size`.
    ///   - isOrthonormal: scaled, and for types 1 and 3 weighted at the ends, so that the whole matrix is orthogonal.
    public init(_ kind: Kind, size: Int, count: Int, isOrthonormal: Bool) {
        precondition(size >= (kind == .one ? 2 : 1) && count >= 0 && count <= size)
        self.size = size
        self.count = count
        var matrix = [SIMD8<Double>](repeating: .zero, count: size * ((count + 7) / 8))
        for output in 0..<count {
            for input in 0..<size {
                matrix[output / 8 * size + input][output % 8] = Self.entry(kind, input, output, size, isOrthonormal)
            }
        }
        self.matrix = matrix
    }

    private static func entry(_ kind: Kind, _ input: Int, _ output: Int, _ size: Int, _ isOrthonormal: Bool) -> Double {
        let n = Double(size)
        switch kind {
        case .one:
            let last = size - 1
            let (inputAtEnd, outputAtEnd) = (input == 0 || input == last, output == 0 || output == last)
            var entry = cosine(input * output, over: last) * (inputAtEnd ? 1 : 2)
            if isOrthonormal {
                entry *= 0.5 * ((outputAtEnd ? 1 : 2) / Double(last)).squareRoot()
                if inputAtEnd { entry *= 2.0.squareRoot() }
            }
            return entry
        case .two:
            let entry = 2 * cosine(output * (2 * input + 1), over: 2 * size)
            return isOrthonormal ? entry * ((output == 0 ? 0.25 : 0.5) / n).squareRoot() : entry
        case .three:
            let entry = cosine((2 * output + 1) * input, over: 2 * size)
            if isOrthonormal { return entry * ((input == 0 ? 1 : 2) / n).squareRoot() }
            return input == 0 ? entry : 2 * entry
        }
    }

    /// cos(π · steps / half), with the angle reduced exactly.
    private static func cosine(_ steps: Int, over half: Int) -> Double {
        cos(Double.pi * Double(steps % (2 * half)) / Double(half))
    }

    /// Each row of `rows`, row-major (row, size), transformed: (row, count). Sums in double precision, in the order of
    /// the inputs.
    public func apply(rows: [Float]) -> [Float] {
        precondition(rows.count.isMultiple(of: size))
        let number = rows.count / size
        return [Float](unsafeUninitializedCapacity: number * count) { output, initialized in
            matrix.withUnsafeBufferPointer { matrix in
                rows.withUnsafeBufferPointer { rows in
                    for row in 0..<number {
                        for first in stride(from: 0, to: count, by: 8) {
                            var sums = SIMD8<Double>.zero
                            for input in 0..<size {
                                sums += matrix[first / 8 * size + input] * Double(rows[row * size + input])
                            }
                            for lane in 0..<min(8, count - first) {
                                output.initializeElement(at: row * count + first + lane, to: Float(sums[lane]))
                            }
                        }
                    }
                }
            }
            initialized = number * count
        }
    }
}
