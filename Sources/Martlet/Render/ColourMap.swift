// Colours for numbers.

struct Colour: Hashable {
    let red, green, blue: UInt8

    init(_ rgb: Int) {
        red = UInt8(truncatingIfNeeded: rgb >> 16)
        green = UInt8(truncatingIfNeeded: rgb >> 8)
        blue = UInt8(truncatingIfNeeded: rgb)
    }

    /// Between two colours.
    init(_ a: Colour, _ b: Colour, _ fraction: Double) {
        func mixed(_ x: UInt8, _ y: UInt8) -> UInt8 {
            UInt8((Double(x) + (Double(y) - Double(x)) * fraction).rounded())
        }
        (red, green, blue) = (mixed(a.red, b.red), mixed(a.green, b.green), mixed(a.blue, b.blue))
    }
}

/// Colours for the numbers of a scale.
struct ColourMap: Sendable {
    /// How many colours there are for numbers; one more is for what is none.
    static let count = 255

    /// The colours from the lowest number to the highest, then the grey of what is no finite number.
    let colours: [Colour]

    private init(_ supports: [Int]) {
        let supports = supports.map { Colour($0) }
        colours =
            (0..<Self.count).map { place in
                let position = Double(place) / Double(Self.count - 1) * Double(supports.count - 1)
                let below = min(Int(position), supports.count - 2)
                return Colour(supports[below], supports[below + 1], position - Double(below))
            } + [Colour(0xB8B8B8)]
    }

    /// The place of a fraction from 0 to 1 among the colours.
    static func place(_ fraction: Double) -> UInt8 {
        fraction.isFinite ? UInt8((min(max(fraction, 0), 1) * Double(count - 1)).rounded()) : UInt8(count)
    }

    /// From dark blue to yellow, in steps that look equal, to those who tell red from green badly as well, and in grey.
    ///
    /// Viridis at every sixteenth, by van der Walt and Smith (2015), who gave it to the public domain.
    static let sequential = ColourMap([
        0x440154, 0x48186A, 0x472D7B, 0x424086, 0x3B528B, 0x33638D, 0x2C728E, 0x26828E, 0x21918C, 0x1FA088, 0x28AE80,
        0x3FBC73, 0x5EC962, 0x84D44B, 0xADDC30, 0xD8E219, 0xFDE725,
    ])

    /// Once around the colours, so that both ends of a circle look the same: hues in equal steps of OKLCH, the lightest
    /// opposite the ends.
    static let cyclic = ColourMap([
        0x6F6FE2, 0x9764D5, 0xBA5FC1, 0xDA61A6, 0xF46A86, 0xFF7F67, 0xFF9646, 0xF5AB0A, 0xD7BF02, 0xA8CC3C, 0x65D06C,
        0x03C897, 0x08B6AF, 0x0CA4BC, 0x0894CD, 0x3780E6, 0x6F6FE2,
    ])
}
