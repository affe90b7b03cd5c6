// Chroma filter banks: a bump around each note's frequencies in all octaves, those around octave 5 weighted most, as
// `librosa.filters.chroma` makes them. Banks are made once for each set of parameters and kept.

internal import Glibc
internal import Tensors

/// A bank of chroma filters.
struct ChromaFilters: Sendable {
    struct Parameters: Sendable, Hashable {
        var notes = 12
        /// In notes.
        var tuning = 0.0
        /// Where the octave weight is greatest, in octaves above 27.5 Hz.
        var centre = 5.0
        /// How wide it is, in octaves; nil for none.
        var width: Double? = 2
    }

    let notes: Int
    let bins: Int
    /// Row-major (note, frequency); note 0 is C.
    let weights: [Float]

    private struct Key: Hashable {
        let parameters: Parameters
        let sampleRate: Double
        let size: Int
    }
    private static let banks = Kept<Key, ChromaFilters>(most: 512)

    static func bank(_ parameters: Parameters, sampleRate: Double, size: Int) -> ChromaFilters {
        let key = Key(parameters: parameters, sampleRate: sampleRate, size: size)
        return banks.value(key) { ChromaFilters(parameters, sampleRate: sampleRate, size: size) }
    }

    private init(_ parameters: Parameters, sampleRate: Double, size: Int) {
        let (notes, bins) = (parameters.notes, size / 2 + 1)
        let count = Double(notes)
        let reference = 440 * pow(2, parameters.tuning / count) / 16
        // One more than the bins that are kept, as a bin's width is the distance to the next.
        var places = (1...max(1, bins)).map { count * log2(Double($0) * sampleRate / Double(size) / reference) }
        // 0 Hz has no place; it is put one and a half octaves below the first bin.
        places.insert((places.first ?? 0) - 1.5 * count, at: 0)
        let half = (count / 2).rounded(.toNearestOrEven)
        var weights = [Float](repeating: 0, count: notes * bins)
        for bin in 0..<bins {
            // Behind the last bin of the whole transform there is none.
            let width = bin == size - 1 ? 1 : max(places[bin + 1] - places[bin], 1)
            let bumps = (0..<notes).map { note in
                let distance = (places[bin] - Double(note) + half + 10 * count)
                let wrapped = distance - (distance / count).rounded(.down) * count - half
                return exp(-0.5 * pow(2 * wrapped / width, 2))
            }
            let norm = bumps.reduce(0) { $0 + $1 * $1 }.squareRoot()
            let scale = parameters.width.map { exp(-0.5 * pow((places[bin] / count - parameters.centre) / $0, 2)) } ?? 1
            for note in 0..<notes {
                // Places count from A; the rows from C.
                let row = ((note - 3 * (notes / 12)) % notes + notes) % notes
                weights[row * bins + bin] = Float(bumps[note] / (norm < .leastNormalMagnitude ? 1 : norm) * scale)
            }
        }
        (self.notes, self.bins, self.weights) = (notes, bins, weights)
    }
}
