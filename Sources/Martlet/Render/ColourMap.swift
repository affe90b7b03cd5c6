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

/// From dark blue to yellow, in steps that look equal, to those who tell red from green badly as well, and in grey.
enum ColourMap {
    /// How many colours there are for numbers; one more is for what is none.
    static let count = 255

    /// The colours from the lowest number to the highest, then the grey of what is no finite number.
    static let colours: [Colour] =
        (0..<count).map { place in
            let position = Double(place) / Double(count - 1) * Double(supports.count - 1)
            let below = min(Int(position), supports.count - 2)
            return Colour(supports[below], supports[below + 1], position - Double(below))
        } + [Colour(0xB8B8B8)]

    /// The place of a fraction from 0 to 1 among the colours.
    static func place(_ fraction: Double) -> UInt8 {
        fraction.isFinite ? UInt8((min(max(fraction, 0), 1) * Double(count - 1)).rounded()) : UInt8(count)
    }

    /// Viridis at every sixteenth, by van der Walt and Smith (2015), who gave it to the public domain.
    private static let supports = [
        0x440154, 0x48186A, 0x472D7B, 0x424086, 0x3B528B, 0x33638D, 0x2C728E, 0x26828E, 0x21918C, 0x1FA088, 0x28AE80,
        0x3FBC73, 0x5EC962, 0x84D44B, 0xADDC30, 0xD8E219, 0xFDE725,
    ].map { Colour($0) }
}
