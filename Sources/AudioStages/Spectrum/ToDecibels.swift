// audio.power_to_db, audio.amplitude_to_db

internal import Glibc
internal import Stages
internal import Tensors

/// The parameters of decibels, with the least value that their kind of input counts.
protocol HasDecibels: ParameterSet {
    var decibels: Decibels { get set }
}

extension HasDecibels {
    static func decibelFields(unit: String) -> [Field<Self>] {
        [
            Field(
                "ref", \Self.decibels.reference, as: Decibels.Reference.kind,
                "the \(unit) that is 0 dB, or max for the greatest"),
            Field("amin", \Self.decibels.least, as: .float(.above(0)), "what lies below counts as it"),
            Field(
                "top_db", \Self.decibels.range, as: .optional(.float(.atLeast(0))), unit: "dB",
                "nothing lies further below the maximum of the whole sample; null for no limit"),
        ]
    }
}

struct AudioPowerToDb: MapStage {
    static let declaration = toDecibels(
        "audio.power_to_db", of: "Powers",
        formula: "10 · log10(max(amin, power) / max(amin, ref))", source: "librosa.power_to_db")

    struct Parameters: HasDecibels {
        var decibels = Decibels()
        static var fields: [Field<Parameters>] { decibelFields(unit: "power") }
    }

    let parameters: Parameters
    init(_ parameters: Parameters) { self.parameters = parameters }

    func output(for inputs: [Signature]) throws(Problem) -> Signature { .tensor(.float32, inputs.first?.axes) }

    func apply(_ input: MapInput) throws -> Value {
        try converted(try input.tensor()) { parameters.decibels.apply($0) }
    }
}

struct AudioAmplitudeToDb: MapStage {
    static let declaration = toDecibels(
        "audio.amplitude_to_db", of: "Magnitudes",
        formula: "20 · log10(max(amin, |magnitude|) / max(amin, ref))", source: "librosa.amplitude_to_db")

    struct Parameters: HasDecibels {
        var decibels = Decibels(least: 1e-5)
        static var fields: [Field<Parameters>] { decibelFields(unit: "magnitude") }
    }

    let parameters: Parameters
    init(_ parameters: Parameters) { self.parameters = parameters }

    func output(for inputs: [Signature]) throws(Problem) -> Signature { .tensor(.float32, inputs.first?.axes) }

    func apply(_ input: MapInput) throws -> Value {
        var decibels = parameters.decibels
        decibels.least *= decibels.least
        if case .power(let reference) = decibels.reference { decibels.reference = .power(reference * reference) }
        return try converted(try input.tensor()) { decibels.apply($0.map { $0 * $0 }) }
    }
}

private func toDecibels(_ name: String, of what: String, formula: String, source: String) -> Declaration {
    Declaration(
        name, revision: 1, kind: .map, summary: "\(what) in decibels.",
        documentation: """
            \(formula), in float32, and nothing further than `top_db` below the greatest value of the whole sample.

            Fails on: NaN and infinite values.

            Source: librosa 0.11, `\(source)`.
            """,
        inputs: [
            Port(
                accepts: [.tensor], types: [.float32, .float64], usualAxes: [["time", "frequency"]],
                "a spectrogram, or any other values")
        ],
        output: "float32, the axes, labels and attributes of the input; unit dB", arithmetic: [.libm], tolerance: 1e-5)
}

private func converted(_ tensor: Tensor, by decibels: ([Float]) -> [Float]) throws(Failure) -> Value {
    guard let values = tensor.floats() else {
        throw Failure("expected real numbers, got \(Value.tensor(tensor).phrase)")
    }
    if let position = values.firstIndex(where: { !$0.isFinite }) {
        throw Failure("value \(position) is \(values[position].isNaN ? "not a number" : "infinite")")
    }
    var attributes = tensor.attributes.filter { $0.key != "power" }
    attributes["unit"] = .string("dB")
    let result = decibels(values)
    guard result.allSatisfy(\.isFinite) else { throw Failure("the values are beyond the range of float32") }
    return .tensor(
        Tensor(.float32(result), shape: tensor.shape, axes: tensor.axes, labels: tensor.labels, attributes: attributes))
}
