// Logarithms and exponentials from additions, multiplications and divisions only: the same bits on every processor, so
// that no tie between splits falls differently on another. The C library picks its code by processor.

/// The natural logarithm of a positive, normal number, to within two units in the last place.
func logarithm(_ number: Double) -> Double {
    // number = m 2^e with m between √½ and √2; log m = 2 artanh s, s = (m − 1) / (m + 1), |s| < 0.172.
    let bits = number.bitPattern
    var exponent = Double(Int(truncatingIfNeeded: bits >> 52) - 1023)
    var m = Double(bitPattern: bits & 0x000F_FFFF_FFFF_FFFF | 0x3FF0_0000_0000_0000)
    if m > 1.4142135623730951 { (exponent, m) = (exponent + 1, m / 2) }
    let s = (m - 1) / (m + 1)
    let z = s * s
    var sum = 1.0 / 21
    sum = sum * z + 1.0 / 19
    sum = sum * z + 1.0 / 17
    sum = sum * z + 1.0 / 15
    sum = sum * z + 1.0 / 13
    sum = sum * z + 1.0 / 11
    sum = sum * z + 1.0 / 9
    sum = sum * z + 1.0 / 7
    sum = sum * z + 1.0 / 5
    sum = sum * z + 1.0 / 3
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
    var sum = 1.0 / 6_227_020_800
    sum = sum * r + 1.0 / 479_001_600
    sum = sum * r + 1.0 / 39_916_800
    sum = sum * r + 1.0 / 3_628_800
    sum = sum * r + 1.0 / 362_880
    sum = sum * r + 1.0 / 40_320
    sum = sum * r + 1.0 / 5_040
    sum = sum * r + 1.0 / 720
    sum = sum * r + 1.0 / 120
    sum = sum * r + 1.0 / 24
    sum = sum * r + 1.0 / 6
    sum = sum * r + 0.5
    sum = sum * r + 1
    sum = sum * r + 1
    return sum * Double(bitPattern: UInt64(truncatingIfNeeded: Int(k) + 1023) << 52)
}
