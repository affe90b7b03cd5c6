// Which way a direction points: decompositions give it or its negative, by chance of rounding.

/// Whether the entry of the largest size is below 0, so that the direction is to be turned. The first of equals decides, and
/// as equal counts what rounding may have made different.
func isTurned<Number: BinaryFloatingPoint>(_ direction: some Collection<Number>) -> Bool {
    var largest = 0.0
    for entry in direction { largest = max(largest, abs(Double(entry))) }
    for entry in direction where abs(Double(entry)) >= largest * (1 - 1e-9) { return entry < 0 }
    return false
}
