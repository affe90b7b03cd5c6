import TestSupport
import Testing

/// The rule by which reference numbers are compared.
@Suite struct ToleranceTests {
    private func share(
        _ tolerance: Tolerance, _ got: [Double], _ want: [Double], shape: [Int]? = nil
    ) -> Double {
        tolerance.compare(got, want, shape: shape ?? [want.count]).share
    }

    @Test func limitIsAbsolutePlusRelative() {
        let tolerance = Tolerance(rtol: 0.25, atol: 1)
        #expect(tolerance.compare([3, 10], [4, 8], shape: [2]) == (2, 2.0 / 3))
        #expect(share(tolerance, [11], [8]) == 1)
        #expect(share(tolerance, [11.5], [8]) > 1)
        #expect(share(tolerance, [-5.5], [-8]) < 1)
    }

    @Test func withoutToleranceOnlyEqualsPass() {
        #expect(share(Tolerance(), [1, .infinity], [1, .infinity]) == 0)
        #expect(share(Tolerance(), [(1 as Double).nextUp], [1]) == .infinity)
    }

    @Test func nothingEqualsNaNAndNothingIsNothing() {
        let wide = Tolerance(rtol: 1, atol: 1e9, outliers: 1, outlierAtol: 1e9)
        #expect(share(wide, [.nan], [1]) == .infinity)
        #expect(share(wide, [1], [.nan]) == .infinity)
        #expect(share(wide, [.nan], [.nan]) == .infinity)
        #expect(share(wide, [.infinity], [1]) == .infinity)
        #expect(share(wide, [], []) == .infinity)
        #expect(share(wide, [1], [1, 1]) == .infinity)
    }

    @Test func aFewMayBeFurtherOff() {
        let tolerance = Tolerance(atol: 1, outliers: 0.5, outlierAtol: 4)
        #expect(share(tolerance, [0.5, 0, 0, 3], [0, 0, 0, 0]) == 0.75)
        #expect(share(tolerance, [3, 0, 0, 3], [0, 0, 0, 0]) == 1)
        #expect(share(tolerance, [2, 2, 0, 2], [0, 0, 0, 0]) == 1.5)
        #expect(share(tolerance, [5, 0, 0, 0], [0, 0, 0, 0]) == 1.25)
    }

    @Test func blocksHaveTheirOwn() {
        let rows = Tolerance(atol: 8, blocks: [Tolerance.Block(axis: 0, range: 0..<1, atol: 1)])
        #expect(share(rows, [0, 0, 2, 2], [0, 0, 0, 0], shape: [2, 2]) == 0.25)
        #expect(share(rows, [2, 0, 0, 0], [0, 0, 0, 0], shape: [2, 2]) == 2)
        let columns = Tolerance(atol: 8, blocks: [Tolerance.Block(axis: 1, range: 1..<3, atol: 1)])
        #expect(share(columns, [2, 0, 0, 2, 0, 0], [0, 0, 0, 0, 0, 0], shape: [2, 3]) == 0.25)
        #expect(share(columns, [0, 0, 0, 0, 0, 2], [0, 0, 0, 0, 0, 0], shape: [2, 3]) == 2)
    }
}
