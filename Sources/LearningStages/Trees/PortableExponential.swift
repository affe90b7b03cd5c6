// Logarithms and exponentials from additions, multiplications and divisions only: the same bits on every processor, so
// that no tie between splits falls differently on another. The C library picks its code by processor.

/// The natural logarithm of a positive, normal number, to within two units in the last place.
func logarithm(_ number: Double) -> Double {
    // number = m 2^e with m between √½ and √2; log m = 2 artanh s, s = (m − 1) / (m + 1), |s| < 0.172.
    var (exponent, m) = (Double(number.exponent), number.significand)
    if m > 1.4142135623730951 { (exponent, m) = (exponent + 1, m / 2) }
    let s = (m - 1) / (m + 1)
    let z = s * s
    var sum = 1.0 / 21
    for odd in stride(from: 19.0, through: 3, by: -2) { sum = sum * z + 1 / odd }
    // ln 2 in two parts, the first exact when multiplied by an exponent.
    return exponent * 0x1.62e42feep-1 + (2 * s + (2 * s * z * sum + exponent * 0x1.a39ef35793c76p-33))
}

func logarithm2(_ number: Double) -> Double { logarithm(number) * 1.4426950408889634 }

/// The exponential, to within two units in the last place; 0 and the largest power of two far out.
func exponential(_ number: Double) -> Double {
    if number < -700 { return 0 }
    let bounded = min(number, 700)
    // number = k ln 2 + r, |r| ≤ ½ ln 2. Adding and taking away 1.5 · 2⁵² rounds to a whole number.
    let k = (bounded * 1.4426950408889634 + 0x1.8p52) - 0x1.8p52
    let r = (bounded - k * 0x1.62e42feep-1) - k * 0x1.a39ef35793c76p-33
    var sum = 1.0
    for order in stride(from: 13.0, through: 1, by: -1) { sum = sum * r / order + 1 }
    return sum * Double(sign: .plus, exponent: Int(k), significand: 1)
}
