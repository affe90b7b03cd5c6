// The incomplete beta function, which the distributions of Beta and Student are made of.

internal import Glibc

/// The regularised incomplete beta function, for x from 0 to 1 and shapes above 0, to some 14 digits.
public func incompleteBeta(_ x: Double, _ a: Double, _ b: Double) -> Double {
    if x <= 0 { return 0 }
    if x >= 1 { return 1 }
    let front = exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * log(x) + b * log1p(-x))
    // The fraction converges quickly on this side of the mean only.
    return x < (a + 1) / (a + b + 2) ? front * fraction(a, b, x) / a : 1 - front * fraction(b, a, 1 - x) / b
}

/// The continued fraction, evaluated from the front by Lentz's method (Numerical Recipes, 6.4; DLMF 8.17.22).
private func fraction(_ a: Double, _ b: Double, _ x: Double) -> Double {
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

/// log Γ(x) for x > 0; the C library's own writes to a global.
private func logGamma(_ x: Double) -> Double {
    var sign: Int32 = 0
    return lgamma_r(x, &sign)
}
