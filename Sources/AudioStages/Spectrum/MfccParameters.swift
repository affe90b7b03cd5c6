// The parameters of mel-frequency cepstral coefficients, shared by `audio.spectrum.mfcc`, `audio.mfcc` and
// `audio.features`.

internal import Signal
internal import Stages
internal import Tensors

/// Names as in librosa, but for `mel_norm`, which `librosa.feature.mfcc` calls so and `melspectrogram` calls `norm`.
struct MfccParameters: Sendable {
    enum Norm: String, CaseIterable, ParameterValue { case ortho }

    var count = 20
    var dctType = 2
    var norm: Norm? = .ortho
    var lifter = 0.0
    var power = 2.0
    var mel = MelParameters()
    var decibels = Decibels()

    /// The transform of a frame's bands; more coefficients than bands, and limits in the wrong order, are problems.
    func transform() throws(Problem) -> CosineTransform {
        guard count <= mel.bands else {
            throw Problem(
                "expected at most as many coefficients as mel bands (\(mel.bands)), got the int \(count)",
                at: ["n_mfcc"],
                advice: "lower n_mfcc, or raise n_mels")
        }
        try mel.check()
        guard let kind = CosineTransform.Kind(rawValue: dctType) else {
            throw Problem("expected 1, 2 or 3, got the int \(dctType)", at: ["dct_type"])
        }
        if kind == .one && mel.bands < 2 {
            throw Problem("a transform of type 1 needs at least 2 mel bands, got \(mel.bands)", at: ["dct_type"])
        }
        return CosineTransform(kind, size: mel.bands, count: count, isOrthonormal: norm == .ortho)
    }
}

/// A parameter set with those of MFCC among its own.
protocol HasMfcc: ParameterSet {
    var mfcc: MfccParameters { get set }
}

extension HasMfcc {
    static var mfccFields: [Field<Self>] {
        [
            Field("n_mfcc", \Self.mfcc.count, as: .int(.between(1, 10_000)), "how many coefficients"),
            Field("dct_type", \Self.mfcc.dctType, as: .int(.between(1, 3)), "type of the cosine transform: 1, 2 or 3"),
            Field("norm", \Self.mfcc.norm, "ortho for an orthonormal cosine transform; null for none"),
            Field(
                "lifter", \Self.mfcc.lifter, as: .float(.atLeast(0)),
                "coefficient n is scaled by 1 + lifter/2 · sin(π(n+1)/lifter); 0 for none"),
            Field("n_mels", \Self.mfcc.mel.bands, as: .int(.between(1, 10_000)), "how many mel bands"),
            Field("fmin", \Self.mfcc.mel.lowest, as: .float(.atLeast(0)), unit: "Hz", "where the lowest band begins"),
            Field(
                "fmax", \Self.mfcc.mel.highest, as: .optional(.float(.above(0))), unit: "Hz",
                "where the highest band ends; null is half the sample rate"),
            Field("htk", \Self.mfcc.mel.isHtk, "whether the mel scale is HTK's formula, else Slaney's"),
            Field("power", \Self.mfcc.power, as: .float(.above(0)), "exponent of the magnitudes: 1 energy, 2 power"),
            Field("mel_norm", \Self.mfcc.mel.norm, "slaney for filters of equal area; null for peaks of 1"),
            Field(
                "top_db", \Self.mfcc.decibels.range, as: .optional(.float(.atLeast(0))), unit: "dB",
                "nothing lies further below the maximum of the whole sample; null for no limit"),
            Field("amin", \Self.mfcc.decibels.least, as: .float(.above(0)), "powers below it count as it"),
            Field("ref", \Self.mfcc.decibels.reference, as: Decibels.Reference.kind, "the power that is 0 dB, or max"),
        ]
    }
}
