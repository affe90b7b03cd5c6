// audio.spectrum.chroma_stft

internal import Glibc
internal import Linear
internal import Stages
internal import Tensors

struct SpectrumChroma: SpectrumFeature {
    static let name = "chroma_stft"
    static let subject = "The power in the notes of the octave"
    static let documentation = """
        Powers, summed in n_chroma bands that each take a note in all octaves; column 0 is C. Then each frame is divided by \
        its greatest value (`norm: inf`), its sum (1), the root of its sum of squares (2) or its p-norm; a silent frame \
        stays zero. float32.

        Without `tuning` it is estimated from the power spectrogram of the whole sample, in steps of 0.01 notes: on noisy \
        recordings a small change of the signal can move the estimate, and with it all columns.

        Source: librosa 0.11, `librosa.feature.chroma_stft`.
        """
    static let labelPhrase = "chroma_0 …"
    static let arithmetic: Set<NumericLibrary> = [.libm, .openblas]
    // Where the estimate of the tuning is the same: at worst it jumps between profiles, and the columns with it.
    static let tolerance: Double? = 1e-3

    struct Parameters: ParameterSet {
        enum Norm: Sendable, Hashable, ParameterValue {
            case greatest
            case least
            case power(Double)

            static var kind: ParameterKind { .either([.float(.above(0)), .choice(["inf", "-inf"])]) }

            init?(canonical: Canonical) {
                switch canonical {
                case .text("inf"): self = .greatest
                case .text("-inf"): self = .least
                default:
                    guard let power = canonical.floatValue else { return nil }
                    self = .power(power)
                }
            }

            var canonical: Canonical {
                switch self {
                case .greatest: .text("inf")
                case .least: .text("-inf")
                case .power(let power): .float(power)
                }
            }
        }

        var norm: Norm? = .greatest
        var tuning: Double?
        var notes = 12
        var centre = 5.0
        var width: Double? = 2

        static var fields: [Field<Parameters>] {
            [
                Field("norm", \.norm, "what a frame is divided by: inf its maximum, 1, 2 … a p-norm; null for nothing"),
                Field(
                    "tuning", \.tuning, as: .optional(.float(.between(-0.5, 0.5))), unit: "notes",
                    "how far the notes lie from A 440; null estimates it"),
                Field("n_chroma", \.notes, as: .int(.between(1, 1200)), "notes an octave"),
                Field("ctroct", \.centre, as: .float(.between(0, 12)), unit: "octaves", "where the weight is greatest"),
                Field(
                    "octwidth", \.width, as: .optional(.float(.above(0))), unit: "octaves",
                    "how wide that weight is; null weighs all octaves alike"),
            ]
        }
    }

    let parameters: Parameters
    var labels: [String] { (0..<parameters.notes).map { "chroma_\($0)" } }
    init(_ parameters: Parameters) { self.parameters = parameters }

    func apply(_ input: MapInput) throws -> Value {
        let spectrum = try input.spectrum()
        let powers = try spectrum.magnitudes(power: 2)
        let notes = parameters.notes
        let tuning =
            parameters.tuning
            // librosa takes the size from the number of bins here, which for an odd one is one less.
            ?? Tuning.estimate(
                of: powers, size: 2 * (spectrum.bins - 1), sampleRate: spectrum.sampleRate, notes: notes)
        let bank = ChromaFilters.bank(
            ChromaFilters.Parameters(
                notes: notes, tuning: tuning, centre: parameters.centre, width: parameters.width),
            sampleRate: spectrum.sampleRate, size: spectrum.size)
        var chroma = [Float](repeating: 0, count: spectrum.frames * notes)
        Blas.gemm(
            powers, .plain(spectrum.frames, spectrum.bins), bank.weights, .transposed(notes, spectrum.bins),
            into: &chroma)
        if let norm = parameters.norm {
            for frame in 0..<spectrum.frames {
                let row = frame * notes..<(frame + 1) * notes
                let length = Self.length(chroma[row], norm)
                for index in row { chroma[index] = Float(Double(chroma[index]) / FrameMoments.divisor(length)) }
            }
        }
        return try spectrum.features(chroma, labels: labels)
    }

    private static func length(_ values: ArraySlice<Float>, _ norm: Parameters.Norm) -> Double {
        switch norm {
        case .greatest: Double(values.max() ?? 0)
        case .least: Double(values.min() ?? 0)
        case .power(1): values.reduce(0) { $0 + Double($1) }
        case .power(2): values.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
        case .power(let power): pow(values.reduce(0) { $0 + pow(Double($1), power) }, 1 / power)
        }
    }
}
