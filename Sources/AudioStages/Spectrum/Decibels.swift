// Power to decibels, as librosa.power_to_db with ref = 1.

internal import Glibc

enum Decibels {
    /// 10 · log10(max(amin, power)), cut at `topDB` below the largest value of the whole array.
    static func ofPower(_ power: [Float], amin: Float = 1e-10, topDB: Float? = 80) -> [Float] {
        // The reference of 1 gives 10 · log10(max(amin, 1)), which is 0 unless amin is above it.
        let reference = 10 * log10(max(amin, 1))
        var levels = power.map { 10 * log10(max(amin, $0)) - reference }
        if let topDB, let loudest = levels.max() {
            let floor = loudest - topDB
            for index in levels.indices where levels[index] < floor { levels[index] = floor }
        }
        return levels
    }
}
