// Random numbers from a counter: Philox 4×32-10 (Salmon, Moraes, Dror, Shaw: "Parallel random numbers: as easy as 1, 2,
// 3", SC 2011). A stream is a key and a position; drawing in one never moves another, so results do not depend on the
// order of work or the number of workers.

/// The bijection of Philox 4×32 with 10 rounds.
public enum Philox {
    @inline(__always)
    public static func block(_ counter: SIMD4<UInt32>, key: SIMD2<UInt32>) -> SIMD4<UInt32> {
        // Word by word: the compiler keeps these in registers, where it moves a vector's lanes to and fro.
        var (a, b, c, d) = (counter.x, counter.y, counter.z, counter.w)
        var (k, l) = (key.x, key.y)
        for round in 0..<10 {
            if round > 0 { (k, l) = (k &+ 0x9E37_79B9, l &+ 0xBB67_AE85) }
            let low = UInt64(a) &* 0xD251_1F53
            let high = UInt64(c) &* 0xCD9E_8D57
            (a, b) = (UInt32(truncatingIfNeeded: high >> 32) ^ b ^ k, UInt32(truncatingIfNeeded: high))
            (c, d) = (UInt32(truncatingIfNeeded: low >> 32) ^ d ^ l, UInt32(truncatingIfNeeded: low))
        }
        return SIMD4(a, b, c, d)
    }
}

/// A stream of random numbers, named by a digest.
public struct RandomStream: Sendable, RandomNumberGenerator {
    /// What a stream at its beginning can be made from again, in another process too.
    public let name: Digest
    private let key: SIMD2<UInt32>
    private let prefix: SIMD2<UInt32>
    private var position: UInt64 = 0
    private var buffer = SIMD4<UInt32>()
    private var unused = 0

    /// The stream of that name: the digest's first words are the key and the upper half of the counter.
    public init(named name: Digest) {
        self.name = name
        let (a, b, _, _) = name.words
        key = SIMD2(UInt32(truncatingIfNeeded: a), UInt32(truncatingIfNeeded: a >> 32))
        prefix = SIMD2(UInt32(truncatingIfNeeded: b), UInt32(truncatingIfNeeded: b >> 32))
    }

    public mutating func next32() -> UInt32 {
        if unused == 0 {
            let counter = SIMD4(
                UInt32(truncatingIfNeeded: position), UInt32(truncatingIfNeeded: position >> 32), prefix.x, prefix.y)
            buffer = Philox.block(counter, key: key)
            position += 1
            unused = 4
        }
        unused -= 1
        return buffer[3 - unused]
    }

    /// Fills the buffer with what as many calls of ``next32()`` would give, whole blocks at a time.
    public mutating func fill(_ words: UnsafeMutableBufferPointer<UInt32>) {
        var index = 0
        while unused > 0 && index < words.count {
            words[index] = next32()
            index += 1
        }
        while index + 4 <= words.count {
            let counter = SIMD4(
                UInt32(truncatingIfNeeded: position), UInt32(truncatingIfNeeded: position >> 32), prefix.x, prefix.y)
            let block = Philox.block(counter, key: key)
            (words[index], words[index + 1]) = (block.x, block.y)
            (words[index + 2], words[index + 3]) = (block.z, block.w)
            position += 1
            index += 4
        }
        while index < words.count {
            words[index] = next32()
            index += 1
        }
    }

    public mutating func next() -> UInt64 {
        let low = UInt64(next32())
        return UInt64(next32()) << 32 | low
    }

    /// Uniform over [0, 1), with 53 random bits.
    public mutating func uniform() -> Double {
        Double(next() >> 11) * 0x1p-53
    }

    /// Uniform over 0 ..< `bound`, without bias (Lemire's method with rejection).
    public mutating func index(below bound: Int) -> Int {
        precondition(bound > 0)
        let range = UInt64(bound)
        let threshold = (0 &- range) % range
        while true {
            let (high, low) = next().multipliedFullWidth(by: range)
            if low >= threshold { return Int(high) }
        }
    }

    /// Fisher–Yates, from the end.
    public mutating func shuffle<Element>(_ elements: inout [Element]) {
        for last in stride(from: elements.count - 1, to: 0, by: -1) {
            elements.swapAt(last, index(below: last + 1))
        }
    }
}
