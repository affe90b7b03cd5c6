// Whether all numbers are finite. Bits are compared without a branch, as such a loop runs in vectors; the position is
// looked for only where there is one.

/// The position of the first NaN or infinity; nil where all are finite.
public func firstNotFinite(_ values: [Float]) -> Int? {
    var largest: Int32 = 0
    for value in values { largest = max(largest, Int32(truncatingIfNeeded: value.bitPattern & 0x7FFF_FFFF)) }
    return largest < 0x7F80_0000 ? nil : values.firstIndex { !$0.isFinite }
}

/// The position of the first NaN or infinity; nil where all are finite.
public func firstNotFinite(_ values: [Double]) -> Int? {
    var largest: Int64 = 0
    for value in values {
        largest = max(largest, Int64(truncatingIfNeeded: value.bitPattern & 0x7FFF_FFFF_FFFF_FFFF))
    }
    return largest < 0x7FF0_0000_0000_0000 ? nil : values.firstIndex { !$0.isFinite }
}
