// Philox 4×32-10 by the known answers that its authors publish (Random123, kat_vectors), and the draws that are made of it.

import Tensors
import Testing

struct PhiloxTests {
    @Test(
        arguments: [
            ([0, 0, 0, 0], [0, 0], [0x6627_E8D5, 0xE169_C58D, 0xBC57_AC4C, 0x9B00_DBD8]),
            (
                [0xFFFF_FFFF, 0xFFFF_FFFF, 0xFFFF_FFFF, 0xFFFF_FFFF], [0xFFFF_FFFF, 0xFFFF_FFFF],
                [0x408F_276D, 0x41C8_3B0E, 0xA20B_C7C6, 0x6D54_51FD]
            ),
            (
                [0x243F_6A88, 0x85A3_08D3, 0x1319_8A2E, 0x0370_7344], [0xA409_3822, 0x299F_31D0],
                [0xD16C_FE09, 0x94FD_CCEB, 0x5001_E420, 0x2412_6EA1]
            ),
        ] as [([UInt32], [UInt32], [UInt32])])
    func knownAnswers(counter: [UInt32], key: [UInt32], expected: [UInt32]) {
        #expect(Philox.block(SIMD4(counter), key: SIMD2(key)) == SIMD4(expected))
    }

    @Test func aStreamsDrawsArePinned() {
        var stream = RandomStream(named: Digest(of: .text("martlet")))
        #expect(
            (0..<5).map { _ in stream.next32() } == [
                3_229_100_999, 16_551_286, 2_199_236_445, 2_305_417_118, 109_797_222,
            ])
        #expect(stream.next() == 17_755_900_234_928_897_068)
        #expect(stream.uniform() == 0.789347007804775)
        #expect((0..<8).map { _ in stream.index(below: 10) } == [7, 5, 8, 0, 7, 6, 1, 8])
        var order = Array(0..<10)
        stream.shuffle(&order)
        #expect(order == [2, 4, 1, 0, 8, 3, 9, 6, 5, 7])
    }

    @Test(arguments: [0, 1, 2, 3, 4, 5, 8, 1023]) func fillingIsDrawingOneByOne(count: Int) {
        var (filled, drawn) = (RandomStream(named: Digest(of: .int(1))), RandomStream(named: Digest(of: .int(1))))
        // From each place in a block, and on into the next.
        for _ in 0..<5 {
            var words = [UInt32](repeating: 0, count: count)
            words.withUnsafeMutableBufferPointer { filled.fill($0) }
            #expect(words == (0..<count).map { _ in drawn.next32() })
            #expect(filled.next32() == drawn.next32())
        }
    }

    @Test func drawsAreEven() {
        var stream = RandomStream(named: Digest(of: .text("even")))
        var counts = [Int](repeating: 0, count: 7)
        var sum = 0.0
        for _ in 0..<70_000 {
            counts[stream.index(below: 7)] += 1
            let draw = stream.uniform()
            #expect(draw >= 0 && draw < 1)
            sum += draw
        }
        #expect(counts.allSatisfy { abs($0 - 10_000) < 500 })
        #expect(abs(sum / 70_000 - 0.5) < 0.01)
    }

    @Test func streamsOfOtherNamesAreOthers() {
        var draws = Set<UInt64>()
        for name in 0..<1000 {
            var stream = RandomStream(named: Digest(of: .int(name)))
            draws.insert(stream.next())
        }
        #expect(draws.count == 1000)
    }
}
