// Sine and exponential from +, −, ×, ÷ alone, which IEEE 754 defines to the last bit. The C library's pick their code by
// processor, and practice data must have the same bits on every one. (Swift fuses no multiplication with an addition.)

/// The sine of an angle in turns.
func sine(turns: Double) -> Double {
    // To a quarter turn on either side of zero, where sin(π − x) = sin x.
    var x = turns - turns.rounded()
    if x > 0.25 { x = 0.5 - x }
    if x < -0.25 { x = -0.5 - x }
    let angle = x * 6.283185307179586
    let square = angle * angle
    // Taylor's series to the 15th power: below 1e-11 at a quarter turn.
    var sum = -1.0 / 1_307_674_368_000
    sum = sum * square + 1.0 / 6_227_020_800
    sum = sum * square - 1.0 / 39_916_800
    sum = sum * square + 1.0 / 362_880
    sum = sum * square - 1.0 / 5040
    sum = sum * square + 1.0 / 120
    sum = sum * square - 1.0 / 6
    return angle + angle * square * sum
}

/// The cosine of an angle in turns.
func cosine(turns: Double) -> Double { sine(turns: turns + 0.25) }

/// 2 to the power of `exponent`.
func powerOfTwo(_ exponent: Double) -> Double {
    let whole = exponent.rounded()
    let rest = (exponent - whole) * 0.6931471805599453
    var (sum, term) = (1.0, 1.0)
    // The rest is at most 0.35, so the 12th term is below 1e-14.
    for step in 1...12 {
        term = term * rest / Double(step)
        sum += term
    }
    return sum * Double(sign: .plus, exponent: Int(whole), significand: 1)
}

/// e to the power of `exponent`.
func exponential(_ exponent: Double) -> Double { powerOfTwo(exponent * 1.4426950408889634) }

/// The factor of an amplitude that a level in decibels stands for.
func amplitude(decibels: Double) -> Double { powerOfTwo(decibels * 0.16609640474436813) }
