// martlet apply: one stage on one file.

internal import ArgumentParser
internal import Engine
internal import Spec
internal import Stages
internal import Tensors

struct ApplyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "apply",
        abstract: "Apply one stage to a file.",
        discussion: """
            Media files are given to the stage as they are, or loaded by audio.load first where it takes a signal, at \
            22050 Hz or at --attribute sample_rate=48000, or decoded by video.decode where it takes frames; .npy files are \
            tensors.

            Examples: martlet apply audio.features --in clip.wav --with '{features: [{mfcc: {n_mfcc: 13}}]}' --out mfcc.npy · martlet apply \
            audio.stft --in clip.wav --out spectrum.svg

            With --state, what an experiment fitted: martlet run spec.yaml --export fitted; martlet apply classifier \
            --state fitted --fold 0 --in new.wav
            """)

    @Argument(
        help: "A map stage type, or a composite of maps; with --state the name of a stage of the experiment.",
        completion: .stageTypes)
    var type: String?

    @Option(
        name: .customLong("in"),
        help: ArgumentHelp(
            "An input: media, or .npy. Several for several inputs; with --state, several files one after another, or one for each source, as faces=clip.mp4.",
            valueName: "file"))
    var inputs: [String]

    @Option(
        name: .customLong("with"), help: ArgumentHelp("The parameters, as in a spec.", valueName: "{name: value, …}"))
    var parameters: String?

    @Option(
        help: ArgumentHelp(
            "Take new files the way of an experiment, with the states that martlet run --export wrote there.",
            valueName: "directory"))
    var state: String?

    @Option(help: "With --state: the point of the sweep.")
    var point: String?

    @Option(name: .customLong("repeat"), help: "With --state: the repeat.")
    var repetition: String?

    @Option(help: "With --state: the fold whose states are taken.")
    var fold: String?

    @OptionGroup var inputOptions: InputOptions

    @Option(help: "The seed of the random stream.")
    var seed: Int = 0

    @OptionGroup var resultOptions: ResultOptions

    func run() throws {
        try resultOptions.check(inputs: inputs)
        if let state { return try applyState(in: state) }
        for (option, given) in [("--point", point), ("--repeat", repetition), ("--fold", fold)] where given != nil {
            throw UsageError(message: "\(option) goes with --state")
        }
        guard let name = self.type else {
            throw UsageError(message: "expected a stage type\n    = martlet stages lists them all")
        }
        let type = try Self.stageType(name)
        let kind = type.declaration.kind
        guard kind == .map || kind == .composite else {
            throw UsageError(
                message:
                    "\(name) is of kind \(kind.rawValue): it needs many rows, and cannot be applied to one file"
                    + "\n    = write a spec and use martlet run; what that fitted is applied by --state")
        }
        let ports = type.declaration.inputs
        if !ports.contains(where: \.isList), inputs.count != ports.count {
            throw UsageError(
                message:
                    "\(name) takes \(ports.count == 1 ? "one input" : "\(ports.count) inputs"), got \(inputs.count)"
            )
        }
        let given = try inputOptions.scalars()
        let stage = try Self.stage(type, with: try Self.parameters(parameters ?? "{}"))
        let values = try inputs.enumerated().map {
            try input($1, of: type.declaration, position: $0, attributes: given)
        }
        do throws(Problem) { _ = try stage.output(for: values.map { Signature(of: $0) }) } catch {
            throw UsageError(message: "\(name): " + error.message + (error.advice.map { "\n    = " + $0 } ?? ""))
        }
        let value = try Self.apply(stage, to: values, names: inputs, seed: seed)
        let names = inputs.map { $0.split(separator: "/").last.map(String.init) ?? $0 }
        try resultOptions.give(value, of: name, titled: "\(name) of \(names.joined(separator: ", "))")
    }

    static func stageType(_ name: String) throws -> any StageType.Type {
        let catalogue = installed.withLock { $0 }
        guard let type = catalogue[name] else {
            throw UsageError(
                message: "there is no stage type \(name)"
                    + (nearest(to: name, among: catalogue.names).map { "; did you mean \($0)?" }
                        ?? "; see martlet stages"))
        }
        return type
    }

    /// The text of `--with`.
    static func parameters(_ text: String) throws -> [String: Canonical] {
        do throws(Problem) { return try SpecReader.parameters(text, option: "--with") } catch { throw wrong(error) }
    }

    static func stage(_ type: any StageType.Type, with parameters: [String: Canonical]) throws -> any StageType {
        do throws(Problem) { return try type.init(given: parameters) } catch { throw wrong(error) }
    }

    private static func wrong(_ problem: Problem) -> UsageError {
        let place = problem.path.isEmpty ? "" : problem.path.joined(separator: ".") + ": "
        return UsageError(
            message: "--with: " + place + problem.message + (problem.advice.map { "\n    = " + $0 } ?? ""))
    }

    /// A failure names the stage and the files.
    static func apply(_ stage: any StageType, to values: [Value], names: [String], seed: Int) throws -> Value {
        do {
            return try OneShot.apply(stage, to: values, names: names, seed: seed, runner: ChildRunner())
        } catch let failure as Failure {
            throw Failure(
                "\(names.joined(separator: ", ")): \(Swift.type(of: stage).declaration.name): \(failure.cause)",
                advice: failure.advice)
        }
    }

    private func input(
        _ path: String, of declaration: Declaration, position: Int, attributes: [String: Scalar]
    ) throws -> Value {
        let ports = declaration.inputs
        let port = ports.indices.contains(position) ? ports[position] : ports.last
        if InputOptions.isTensor(path) {
            let expected = (port?.axes).map { [$0] } ?? port?.usualAxes ?? []
            let tensor = try inputOptions.tensor(path, expecting: expected, attributes: attributes)
            if let types = port?.types, !types.isEmpty, !types.contains(tensor.type) {
                throw UsageError(
                    message:
                        "\(declaration.name) takes \(types.map(\.rawValue).joined(separator: " or ")); \(path) is \(tensor.type.rawValue)"
                )
            }
            return .tensor(tensor)
        }
        let media = Value.media(try InputOptions.reference(path))
        if port?.accepts.contains(.media) ?? true { return media }
        let forms = (port?.axes).map { [$0] } ?? port?.usualAxes ?? []
        let isOfFrames = forms.contains { $0.contains("height") }
        guard let loader = installed.withLock({ $0[isOfFrames ? "video.decode" : "audio.load"] }) else {
            throw Failure("\(path): nothing here reads it")
        }
        if isOfFrames {
            guard attributes.isEmpty else {
                throw UsageError(message: "--attribute names a fact about a .npy file; \(path) is none")
            }
            return try Self.apply(try Self.stage(loader, with: [:]), to: [media], names: [path], seed: seed)
        }
        var given = [String: Canonical]()
        for (name, value) in attributes {
            guard name == "sample_rate", case .int(let rate) = value else {
                throw UsageError(
                    message:
                        "--attribute names a fact about a .npy file; for a sound file only sample_rate, a whole number, can be "
                        + "given: the rate to load it at")
            }
            given[name] = .int(rate)
        }
        let load: any StageType
        do throws(Problem) { load = try loader.init(given: given) } catch {
            throw UsageError(message: "--attribute: " + error.path.joined(separator: ".") + ": " + error.message)
        }
        return try Self.apply(load, to: [media], names: [path], seed: seed)
    }
}
