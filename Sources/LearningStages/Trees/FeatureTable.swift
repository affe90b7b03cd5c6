// Features as trees read them: in float32, as scikit-learn's trees take them, one feature after another. For exact splits
// each feature is sorted once for all trees; a node's rows are then put in order by marking their ranks.

internal import Stages

/// The features of all training rows, column after column.
struct FeatureTable: Sendable {
    let rows: Int
    let columns: Int
    /// Of each feature, the values: row by row, or, for exact splits, in ascending order.
    let values: [Float]
    /// Of each feature, the row of each place in the ascending order; empty unless sorted.
    let order: [UInt32]
    /// Of each feature, the place of each row; empty unless sorted.
    let rank: [UInt32]

    init(_ features: FeatureMatrix, _ form: FeatureForm, isSorted: Bool, threads: Int) throws(Failure) {
        (rows, columns) = (features.rows, features.columns)
        let transposed = try Self.floats(features, form)
        guard isSorted else {
            (values, order, rank) = (transposed, [], [])
            return
        }
        // Features are sorted in runs, so that results are few and large.
        let run = max(1, 65536 / rows)
        let rows = rows
        let parts = concurrently((columns + run - 1) / run, threads: threads) { [columns] part in
            Self.sort(transposed, rows: rows, columns: part * run..<min(columns, (part + 1) * run))
        }
        var (values, order, rank) = ([Float](), [UInt32](), [UInt32]())
        values.reserveCapacity(rows * columns)
        order.reserveCapacity(rows * columns)
        rank.reserveCapacity(rows * columns)
        for part in parts {
            values += part.values
            order += part.order
            rank += part.rank
        }
        (self.values, self.order, self.rank) = (values, order, rank)
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

    /// Features in ascending order, equal values in the order of the rows.
    private static func sort(
        _ table: [Float], rows: Int, columns: Range<Int>
    ) -> (values: [Float], order: [UInt32], rank: [UInt32]) {
        let count = rows * columns.count
        var values = [Float](repeating: 0, count: count)
        var order = [UInt32](repeating: 0, count: count)
        var rank = [UInt32](repeating: 0, count: count)
        var (keys, spare) = ([UInt64](repeating: 0, count: rows), [UInt64](repeating: 0, count: rows))
        for (position, column) in columns.enumerated() {
            for row in 0..<rows {
                let bits = table[column * rows + row].bitPattern
                let key = bits ^ (bits >> 31 == 1 ? .max : 1 << 31)
                keys[row] = UInt64(key) << 32 | UInt64(row)
            }
            sortByUpperHalf(&keys, &spare)
            let start = position * rows
            for place in 0..<rows {
                let row = UInt32(truncatingIfNeeded: keys[place])
                values[start + place] = table[column * rows + Int(row)]
                order[start + place] = row
                rank[start + Int(row)] = UInt32(place)
            }
        }
        return (values, order, rank)
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
