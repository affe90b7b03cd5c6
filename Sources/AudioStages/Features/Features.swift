// audio.features

internal import Stages
internal import Tensors

struct AudioFeatures: CompositeStage {
    struct Parameters: ParameterSet {
        var features = Canonical.array([.map(["mfcc": .map([:])])])
        var spectrum = SpectrumParameters()

        init() {}

        static let fields: [Field<Self>] =
            [
                Field("features", \.features, as: .parts(Feature.all.map(\.description)), isRequired: true, "what to compute, in this order")
            ] + Field.all(of: \.spectrum)
    }

    static let declaration = Declaration(
        "audio.features", revision: 1, kind: .composite,
        summary: "Features of a signal, frame by frame, over one short-time Fourier transform.",
        documentation: """
            Expands into one audio.stft and a node for each listed feature, each with a key of its own: to add one or to \
            drop one recomputes no other.
            """,
        inputs: [Port(accepts: [.tensor], types: [.float32, .float64], axes: ["time"], "a signal with the attribute sample_rate")],
        output: "float32 (time, feature), labels by feature: mfcc_0 …", arithmetic: [.fftw, .libm])

    let parameters: Parameters

    init(_ parameters: Parameters) throws(Problem) {
        try parameters.spectrum.check()
        self.parameters = parameters
        let names = listed.map(\.name)
        if names.isEmpty { throw Problem("the list is empty", at: ["features"], advice: "list at least one: [mfcc]") }
        for (index, name) in names.enumerated() where names[..<index].contains(name) {
            throw Problem("\(name) is listed twice", at: ["features", String(index)])
        }
        _ = try expand()
    }

    private var listed: [(name: String, given: [String: Canonical])] {
        (parameters.features.arrayValue ?? []).compactMap { entry in
            entry.mapValue?.first.map { ($0.key, $0.value.mapValue ?? [:]) }
        }
    }

    func expand() throws(Problem) -> Expansion {
        var parts = [Part(name: "stft", stage: try AudioSTFT(parameters.spectrum), inputs: [.port(0)])]
        for (index, (name, given)) in listed.enumerated() {
            guard let feature = Feature.all.first(where: { $0.description.name == name }) else { continue }
            do throws(Problem) {
                parts.append(Part(name: name, stage: try feature.make(given), inputs: [.part("stft")]))
            } catch {
                throw error.under(name).under(String(index)).under("features")
            }
        }
        return Expansion(parts: parts, output: parts.last?.name ?? "stft")
    }
}

/// A feature that `audio.features` can list.
struct Feature: Sendable {
    let description: PartDescription
    let make: @Sendable ([String: Canonical]) throws(Problem) -> any StageType

    static let all: [Feature] = [of(MFCCOfSpectrum.self, named: "mfcc")]

    private static func of<Stage: StageType>(_ type: Stage.Type, named name: String) -> Feature {
        Feature(
            description: PartDescription(name: name, summary: type.declaration.summary, parameters: type.parameterDescriptions)
        ) { given throws(Problem) in try Stage(given: given) }
    }
}
