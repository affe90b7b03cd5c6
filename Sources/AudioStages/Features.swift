// audio.features

internal import Stages
internal import Tensors

struct AudioFeatures: CompositeStage {
    static let declaration = Declaration(
        "audio.features", revision: 1, kind: .composite,
        summary: "Features of a signal, frame by frame, over one shared short-time Fourier transform.",
        documentation: """
            Expands into one `audio.stft`, one stage a feature, and `audio.columns`, which puts them side by side. Each \
            feature has a key of its own: to add, drop or change one computes no other again. The parameters of the \
            transform hold for all features (as frame_length, for those that look at samples); a feature that is given its \
            own gets a transform of its own, shared by those that agree. Frames of all features must be aligned: the same \
            hop_length and center.

            features: [{mfcc: {n_mfcc: 13}}, zero_crossing_rate, rms, chroma_stft, spectral_contrast]

            Source: librosa 0.11, `librosa.feature`.
            """,
        inputs: [Port(accepts: [.tensor], types: [.float32, .float64], axes: ["time"], "a signal")],
        output: "float32, axes (time, feature), labels by feature: mfcc_0 …; attributes sample_rate, n_fft, hop_length",
        arithmetic: [.fftw, .libm, .openblas], tolerance: 1e-3)

    struct Parameters: HasStft {
        var stft = StftParameters(hop: 512)
        var features = Canonical.array([])

        static var fields: [Field<Parameters>] {
            [
                Field(
                    "features", \.features, as: .parts(Feature.all.map(\.description)), isRequired: true,
                    "the features, each a name or a name with its parameters")
            ] + stftFields
        }
    }

    let parameters: Parameters
    private let expansion: Expansion

    init(_ parameters: Parameters) throws(Problem) {
        self.parameters = parameters
        expansion = try Self.expansion(of: parameters)
    }

    func expand() throws(Problem) -> Expansion { expansion }

    private static func expansion(of parameters: Parameters) throws(Problem) -> Expansion {
        let listed = parameters.features.arrayValue ?? []
        guard !listed.isEmpty else { throw Problem("expected at least one feature, got none", at: ["features"]) }
        var parts = FeatureParts(shared: parameters.stft)
        var names = Set<String>()
        for (position, entry) in listed.enumerated() {
            guard let (name, given) = entry.mapValue?.first, let feature = Feature.all.first(where: { $0.name == name })
            else {
                throw Problem("expected the name of a feature, got \(entry.phrase)", at: ["features", "\(position)"])
            }
            let path = ["features", "\(position)", name]
            guard names.insert(name).inserted else { throw Problem("\(name) is listed twice", at: path) }
            do throws(Problem) { try feature.add(given.mapValue ?? [:], &parts) } catch {
                throw path.reversed().reduce(error) { $0.under($1) }
            }
        }
        if parts.columns.count > 1 {
            parts.append(
                "columns", AudioColumns(NoParameters()), of: parts.columns.map { .part($0) }, isColumn: false)
        }
        return Expansion(parts: parts.parts, output: parts.parts.last?.name ?? "")
    }
}
