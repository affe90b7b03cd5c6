import Foundation
import Signal
import Stages
import Tensors
import TestSupport
import Testing

@testable import AudioStages

/// A filter, and what scipy 1.17 gives for samples 0, 1, 50, 123 and 199 of the sawtooth of 200 at 8 kHz.
struct FilterCase: Sendable, CustomStringConvertible {
    let order: Int
    var low: Double?
    var high: Double?
    let bothWays: [Double]
    let once: [Double]
    var description: String { "order \(order), \(low ?? 0) to \(high ?? 4000) Hz" }

    static let all = [
        FilterCase(
            order: 4, low: 300, high: 3000,
            bothWays: [
                0.01616782624255214, 0.7549718858170963, 0.010005999979204289, -0.7068062495880874,
                -0.000298027599899664,
            ],
            once: [
                -0.24440568523425255, -0.42029651850941624, 0.6736873726034833, -0.40653698021521273,
                0.06919905985844896,
            ]),
        FilterCase(
            order: 3, high: 1000,
            bothWays: [
                -1.00002548627627, -0.5877070901327319, 0.07545329597617348, -0.1379114991841218, 0.8208140743540651,
            ],
            once: [
                -0.03168934384971104, -0.14954293458972445, 0.1694255254177977, 0.23568955828212518,
                -0.09700462195931604,
            ]),
        FilterCase(
            order: 5, low: 500,
            bothWays: [
                0.002830187534953732, 0.4877195670335969, -0.36846261856051177, -0.9032838043706608,
                -0.011178253088166556,
            ],
            once: [
                -0.5270227933905524, 0.5315163663087206, -0.8257765178774782, -0.6078551778122893, 0.4687451683825404,
            ]),
        FilterCase(
            order: 1, low: 100, high: 3500,
            bothWays: [
                -0.09483403932579071, 0.6461700304106728, -0.14147303493185062, -0.7399794042693593,
                0.09806718674087178,
            ],
            once: [
                -0.8064003940699658, -0.4188981632665254, -0.22226868759522758, -0.5187220075386342,
                0.8299410441896173,
            ]),
        FilterCase(
            order: 7, low: 50, high: 200,
            bothWays: [
                -0.010355178849680846, 0.06318164552338768, -0.06519288310023194, 0.05858301584844862,
                0.01224642561415087,
            ],
            once: [
                -1.903385081643241e-09, -2.6055509857747988e-08, 0.03483648470917898, 0.007154445267785626,
                0.03401314221606486,
            ]),
        FilterCase(
            order: 2, high: 2000,
            bothWays: [
                -0.9999700511409457, -0.17637653344973597, 0.22865353159851293, -0.3749119600051274,
                0.8199848297174652,
            ],
            once: [
                -0.2928932188134524, -0.6619386745184025, 0.49600553564921135, -0.2115477161341783,
                0.05744502838575502,
            ]),
    ]
}

@Suite struct BandPassTests {
    private func filtered(_ filter: FilterCase, isZeroPhase: Bool, on input: Value) throws -> Tensor {
        try augmented(
            AudioBandPass.self,
            [
                "order": .int(filter.order), "low": filter.low.map { .float($0) } ?? .null,
                "high": filter.high.map { .float($0) } ?? .null, "zero_phase": .bool(isZeroPhase),
            ], on: input)
    }

    @Test(arguments: FilterCase.all) func isThatOfScipy(_ filter: FilterCase) throws {
        let input = signal64(sawtooth(200), rate: 8000)
        for (isZeroPhase, wanted) in [(true, filter.bothWays), (false, filter.once)] {
            let got = try #require(filtered(filter, isZeroPhase: isZeroPhase, on: input).doubles())
            for (index, value) in zip([0, 1, 50, 123, 199], wanted) {
                #expect(abs(got[index] - value) < 1e-9, "sample \(index), \(isZeroPhase ? "both ways" : "once")")
            }
        }
    }

    /// Half of the power at the edges, all of it between, hardly any beyond.
    @Test(arguments: FilterCase.all) func edgesAreAtThreeDecibels(_ filter: FilterCase) {
        let sections = Butterworth(
            order: filter.order, low: filter.low.map { $0 / 8000 }, high: filter.high.map { $0 / 8000 }
        )
        .sections
        func power(_ hertz: Double) -> Double {
            sections.reduce(1) { product, section in
                let turn = 2 * Double.pi * hertz / 8000
                func square(_ a: Double, _ b: Double, _ c: Double) -> Double {
                    let re = a + b * cos(turn) + c * cos(2 * turn)
                    let im = b * sin(turn) + c * sin(2 * turn)
                    return re * re + im * im
                }
                return product * square(section.b0, section.b1, section.b2) / square(1, section.a1, section.a2)
            }
        }
        for edge in [filter.low, filter.high].compactMap(\.self) { #expect(abs(power(edge) - 0.5) < 1e-9) }
        if filter.low == nil { #expect(abs(power(0) - 1) < 1e-12) } else { #expect(power(0) < 1e-20) }
        if filter.high == nil { #expect(abs(power(4000) - 1) < 1e-12) } else { #expect(power(4000) < 1e-20) }
    }

    @Test func channelsAndTypesStay() throws {
        let left = sawtooth(200).map(Float.init)
        let both = try filtered(FilterCase.all[0], isZeroPhase: true, on: stereo(left, left.reversed(), rate: 8000))
        #expect(both.type == .float32 && both.shape == [2, 200] && both.attributes["take"] == .string("b"))
        let alone = try filtered(FilterCase.all[0], isZeroPhase: true, on: signal(left, rate: 8000))
        #expect(both.floats().map { Array($0[..<200]) } == alone.floats())
    }

    @Test func failsInWords() throws {
        #expect(problem(AudioBandPass.self, [:]) == "low: expected a lower or an upper limit, got neither")
        #expect(
            problem(AudioBandPass.self, ["low": .int(300), "high": .int(300)])
                == "high: expected a number above low (300 Hz), got 300 Hz")
        func cause(_ given: [String: Canonical], _ count: Int = 200) throws -> String? {
            try failure(AudioBandPass.self, given, on: signal64(sawtooth(count), rate: 8000))
        }
        #expect(
            try cause(["low": .int(300), "high": .int(4000)])
                == "high is 4000 Hz, expected below half the sample rate (4000 Hz)")
        #expect(
            try cause(["low": .int(5000)]) == "low is 5000 Hz, expected below half the sample rate (4000 Hz)")
        #expect(
            try cause(["low": .int(300), "high": .int(3000)], 27)
                == "expected a signal of more than 27 samples for a filter of order 4 without delay, got 27")
        #expect(try cause(["low": .int(300), "high": .int(3000)], 28) == nil)
        #expect(try cause(["high": .int(3000), "zero_phase": .bool(false)], 1) == nil)
    }
}
