// The beta distribution: its distribution function, by the continued fraction of the incomplete beta function.

internal import Glibc

struct BetaDistribution: Sendable {
    private let a: Double
    private let b: Double

    /// Shapes above 0.
    init(_ a: Double, _ b: Double) { (self.a, self.b) = (a, b) }

    /// The probability of a number below `x`, which lies in [0, 1].
    func below(_ x: Double) -> Double {
        if x <= 0 { return 0 }
        if x >= 1 { return 1 }
        let front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x))
        // The fraction converges quickly on this side of the mean only.
        return x < (a + 1) / (a + b + 2)
            ? front * Self.fraction(a, b, x) / a : 1 - front * Self.fraction(b, a, 1 - x) / b
    }

    /// Evaluated from the front by Lentz's method (Numerical Recipes, 6.4; DLMF 8.17.22).
    private static func fraction(_ a: Double, _ b: Double, _ x: Double) -> Double {
        func safe(_ value: Double) -> Double { abs(value) < 1e-300 ? 1e-300 : value }
        var c = 1.0
        var d = 1 / safe(1 - (a + b) * x / (a + 1))
        var result = d
        for step in 1...10_000 {
            let m = Double(step)
            let even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
            d = 1 / safe(1 + even * d)
            c = safe(1 + even / c)
            result *= d * c
            let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
            d = 1 / safe(1 + odd * d)
            c = safe(1 + odd / c)
            result *= d * c
            if abs(d * c - 1) < 1e-15 { break }
        }
        return result
    }
}
