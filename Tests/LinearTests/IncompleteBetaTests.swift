// The incomplete beta function against numbers of SciPy's.

import Linear
import Testing

@Suite struct IncompleteBetaTests {
    /// scipy 1.17, `stats.beta.cdf`.
    @Test func betaAgreesWithScipy() {
        let cases: [(Double, Double, Double, Double)] = [
            (0.1, 2.0, 18.0, 0.5797350211684026), (0.37, 1.5, 9.25, 0.9674122352819409),
            (0.9, 0.5, 0.5, 0.7951672353008665), (0.5, 300, 200, 3.543480264392529e-06),
            (0.62, 300, 200, 0.8190699881577963), (0, 2, 18, 0), (1, 2, 18, 1),
        ]
        for (x, a, b, want) in cases { #expect(abs(incompleteBeta(x, a, b) - want) < 1e-11 * max(want, 1e-6)) }
    }
}
