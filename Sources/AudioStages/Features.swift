// audio.features

internal import Stages
internal import Tensors

struct AudioFeatures: CompositeStage {
    static let declaration = Declaration(
        "audio.features", revision: 1, kind: .composite,
        summary: "Features of a signal, frame by frame, over one shared short-time Fourier transform.",
        documentation: """
            Expands into one `audio.stft` and one stage a feature. The parameters of the transform hold for all \
            features; a feature that is given its own gets a transform of its own, shared by those that agree. Frames \
            of all features are aligned where `hop_length` and `center` are.

            features: [{mfcc: {n_mfcc: 13}}]

            Source: librosa 0.11, `librosa.feature`.
            """,
        inputs: [Port(accepts: [.tensor], types: [.float32, .float64], axes: ["time"], "a signal")],
        output: "float32, axes (time, feature), labels by feature: mfcc_0 …; attributes sample_rate, n_fft, hop_length",
        arithmetic: [.fftw, .libm], tolerance: 1e-4)

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
        var parts = [Part]()
        var transforms = [[String: Canonical]: String]()
        var names = [String]()
        for (position, entry) in listed.enumerated() {
            guard let (name, given) = entry.mapValue?.first, let feature = Feature.all.first(where: { $0.name == name })
            else {
                throw Problem("expected the name of a feature, got \(entry.phrase)", at: ["features", "\(position)"])
            }
            let path = ["features", "\(position)", name]
            if names.contains(name) { throw Problem("\(name) is listed twice", at: path) }
            names.append(name)
            do throws(Problem) {
                let stage = try feature.stage(given.mapValue ?? [:])
                let stft = try AudioStft(StftOverride(part: given.mapValue ?? [:]).applied(to: parameters.stft))
                let shared = transforms[stft.canonicalParameters]
                let transform = shared ?? (transforms.isEmpty ? "stft" : "stft_\(transforms.count + 1)")
                if shared == nil {
                    transforms[stft.canonicalParameters] = transform
                    parts.append(Part(name: transform, stage: stft, inputs: [.port(0)]))
                }
                parts.append(Part(name: name, stage: stage, inputs: [.part(transform)]))
            } catch { throw path.reversed().reduce(error) { $0.under($1) } }
        }
        guard let only = names.first, names.count == 1 else {
            throw Problem("several features cannot be joined yet", at: ["features"], advice: "list one")
        }
        return Expansion(parts: parts, output: only)
    }
}
