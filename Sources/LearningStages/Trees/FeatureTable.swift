// Features as trees read them: in float32, as scikit-learn's trees take them, one feature after another. For exact splits
// each feature is sorted once for all trees; a node's rows are then put in order by their ranks.

internal import Stages

/// The place of each row in the ascending order of each feature.
enum FeatureRanks: Sendable {
    case narrow([UInt16])
    case wide([UInt32])
}

/// The features of all training rows, column after column.
struct FeatureTable: Sendable {
    /// Values closer than this are one, as in scikit-learn.
    static let closeness: Float = 1e-7

    let rows: Int
    let columns: Int
    /// Of each feature, the values: row by row, or, for exact splits, in ascending order.
    let values: [Float]
    /// For exact splits.
    let ranks: FeatureRanks
    /// Whether a feature has a value twice, or values so close that they are one. For exact splits.
    let hasTies: [Bool]

    init(_ features: FeatureMatrix, _ form: FeatureForm, isSorted: Bool, threads: Int) throws(Failure) {
        let (rows, columns) = (features.rows, features.columns)
        (self.rows, self.columns) = (rows, columns)
        let table = try Self.floats(features, form)
        guard isSorted else {
            (values, ranks, hasTies) = (table, .wide([]), [])
            return
        }
        // In runs of features, so that results are few and large.
        let run = max(1, 65536 / rows)
        let parts = concurrently((columns + run - 1) / run, threads: threads) { part in
            SortedRun(table, rows: rows, columns: part * run..<min(columns, (part + 1) * run))
        }
        values = Self.joined(parts, \.values, rows * columns)
        hasTies = Self.joined(parts, \.hasTies, columns)
        // Narrow where that will do: trees read here and there, and half as much memory is read sooner.
        if rows <= 1 << 16 {
            ranks = .narrow(Self.joined(parts, \.narrow, rows * columns))
        } else {
            ranks = .wide(Self.joined(parts, \.wide, rows * columns))
        }
    }

    private static func joined<Element>(
        _ parts: [SortedRun], _ property: KeyPath<SortedRun, [Element]>, _ count: Int
    ) -> [Element] {
        var all = [Element]()
        all.reserveCapacity(count)
        for part in parts { all += part[keyPath: property] }
        return all
    }

    private static func floats(_ features: FeatureMatrix, _ form: FeatureForm) throws(Failure) -> [Float] {
        let (rows, columns) = (features.rows, features.columns)
        var floats = [Float](repeating: 0, count: rows * columns)
        for column in 0..<columns {
            var isFinite = true
            for row in 0..<rows {
                let value = Float(features.elements[row * columns + column])
                isFinite = isFinite && value.isFinite
                floats[column * rows + row] = value
            }
            if !isFinite { throw tooLarge(form.name(column)) }
        }
        return floats
    }

    /// A row to predict for, rounded as the table is.
    static func row(_ features: [Double], _ form: FeatureForm) throws(Failure) -> [Double] {
        let floats = features.map { Double(Float($0)) }
        if let column = floats.firstIndex(where: { !$0.isFinite }) { throw tooLarge(form.name(column)) }
        return floats
    }

    private static func tooLarge(_ name: String) -> Failure {
        Failure("\(name) is too large for float32, which trees compare in", advice: "scale the features first")
    }
}

/// Some features in ascending order, equal values in the order of the rows.
private struct SortedRun: Sendable {
    var values = [Float]()
    var narrow = [UInt16]()
    var wide = [UInt32]()
    var hasTies = [Bool]()

    init(_ table: [Float], rows: Int, columns: Range<Int>) {
        let isNarrow = rows <= 1 << 16
        values.reserveCapacity(rows * columns.count)
        narrow = [UInt16](repeating: 0, count: isNarrow ? rows * columns.count : 0)
        wide = [UInt32](repeating: 0, count: isNarrow ? 0 : rows * columns.count)
        var (keys, spare) = ([UInt64](repeating: 0, count: rows), [UInt64](repeating: 0, count: rows))
        for (position, column) in columns.enumerated() {
            for row in 0..<rows {
                let bits = table[column * rows + row].bitPattern
                let key = bits ^ (bits >> 31 == 1 ? .max : 1 << 31)
                keys[row] = UInt64(key) << 32 | UInt64(row)
            }
            // Counting digits takes longer than comparing a few.
            if rows < 256 { keys.sort() } else { Self.sortByUpperHalf(&keys, &spare) }
            let start = position * rows
            var hasTie = false
            for place in 0..<rows {
                let row = Int(keys[place] & 0xFFFF_FFFF)
                let value = table[column * rows + row]
                if place > 0, value <= values[start + place - 1] + FeatureTable.closeness { hasTie = true }
                values.append(value)
                if isNarrow { narrow[start + row] = UInt16(place) } else { wide[start + row] = UInt32(place) }
            }
            hasTies.append(hasTie)
        }
    }

    /// Radix sort by the upper 32 bits, a byte at a time; stable.
    private static func sortByUpperHalf(_ keys: inout [UInt64], _ spare: inout [UInt64]) {
        for shift in stride(from: UInt64(32), to: 64, by: 8) {
            var ends = [Int](repeating: 0, count: 256)
            for key in keys { ends[Int(key >> shift & 255)] += 1 }
            if ends.contains(keys.count) { continue }
            var sum = 0
            for digit in 0..<256 { (ends[digit], sum) = (sum, sum + ends[digit]) }
            for key in keys {
                let digit = Int(key >> shift & 255)
                spare[ends[digit]] = key
                ends[digit] += 1
            }
            swap(&keys, &spare)
        }
    }
}
