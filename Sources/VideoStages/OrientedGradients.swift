// Histograms of gradients over cells, as scikit-image's HOG takes them. A pixel's bin is found by which side of each edge
// between bins its gradient lies on, which needs no function of the C library and runs in vectors.

/// Sums of magnitudes by cell and orientation of one frame.
struct OrientedGradients {
    let height, width, channels: Int
    let cell: (height: Int, width: Int)
    let orientations: Int
    let cells: (rows: Int, columns: Int)
    /// Edges between bins, as directions of any length.
    private let edges: [(x: Double, y: Double)]

    init(height: Int, width: Int, channels: Int, cell: (height: Int, width: Int), orientations: Int) {
        (self.height, self.width, self.channels) = (height, width, channels)
        (self.cell, self.orientations) = (cell, orientations)
        cells = (height / cell.height, width / cell.width)
        // scikit-image has its edges in float32: where 180 / n has no exact one, angles may fall between the last edge and
        // 180°, and count nowhere.
        let step = Float(180.0 / Double(orientations))
        edges = (1...orientations).map { step * Float($0) }.filter { $0 < 180 }.map { direction(Double($0)) }
    }

    /// (row, column, orientation): sums of magnitudes over the pixels of a cell, divided by their number; rounded to
    /// float32 at each step, as in scikit-image.
    func sums<Element: BinaryFloatingPoint>(_ values: [Element]) -> [Double] {
        let covered = cells.columns * cell.width
        var totals = [Float](repeating: 0, count: cells.rows * cells.columns * orientations)
        var down = [Double](repeating: 0, count: covered)
        var (across, magnitudes, bins) = (down, down, [Int32](repeating: 0, count: covered))
        for y in 0..<cells.rows * cell.height {
            differences(values, row: y, &down, &across)
            for x in 0..<covered {
                bins[x] = 0
                magnitudes[x] = (across[x] * across[x] + down[x] * down[x]).squareRoot()
                // Opposite directions are one orientation.
                let isBelow = down[x] < 0 || (down[x] == 0 && across[x] < 0)
                across[x] = isBelow ? -across[x] : across[x]
                down[x] = isBelow ? -down[x] : down[x]
            }
            for edge in edges {
                for x in 0..<covered { bins[x] += edge.x * down[x] - edge.y * across[x] >= 0 ? 1 : 0 }
            }
            let start = y / cell.height * cells.columns
            var x = 0
            for column in 0..<cells.columns {
                let place = (start + column) * orientations
                for _ in 0..<cell.width {
                    let bin = Int(bins[x])
                    if bin < orientations {
                        totals[place + bin] = Float(Double(totals[place + bin]) + magnitudes[x])
                    }
                    x += 1
                }
            }
        }
        let pixels = Float(cell.height * cell.width)
        return totals.map { Double($0 / pixels) }
    }

    /// Differences of the neighbours of a row's pixels: of the channel where they are largest, the first of equal ones.
    private func differences<Element: BinaryFloatingPoint>(
        _ values: [Element], row: Int, _ down: inout [Double], _ across: inout [Double]
    ) {
        let line = width * channels
        let hasRows = row > 0 && row < height - 1
        for x in down.indices {
            let hasColumns = x > 0 && x < width - 1
            var (dy, dx, largest) = (Element(0), Element(0), Element(-1))
            for channel in 0..<channels {
                let place = row * line + x * channels + channel
                let dyHere = hasRows ? values[place + line] - values[place - line] : 0
                let dxHere = hasColumns ? values[place + channels] - values[place - channels] : 0
                var magnitude = Element(0)
                if channels > 1 {
                    let (x, y) = (Double(dxHere), Double(dyHere))
                    magnitude = Element((x * x + y * y).squareRoot())
                }
                if magnitude > largest { (dy, dx, largest) = (dyHere, dxHere, magnitude) }
            }
            (down[x], across[x]) = (Double(dy), Double(dx))
        }
    }
}

/// The direction of an angle from 0° to 180°, of any length, in sums and products alone: the bits are the same everywhere,
/// and multiples of 45° are exact.
private func direction(_ degrees: Double) -> (x: Double, y: Double) {
    let eighth = Int(degrees / 45)
    let rest = (degrees - 45 * Double(eighth)) * Double.pi / 180
    var (cosine, sine, term) = (0.0, 0.0, 1.0)
    // cos + i sin = Σ (i · rest)ⁿ / n!, whose terms fall below the last bit before the 20th.
    for n in 0..<24 {
        switch n % 4 {
        case 0: cosine += term
        case 1: sine += term
        case 2: cosine -= term
        default: sine -= term
        }
        term *= rest / Double(n + 1)
    }
    let (x, y) = [(1.0, 0.0), (1, 1), (0, 1), (-1, 1)][min(eighth, 3)]
    return (cosine * x - sine * y, cosine * y + sine * x)
}
