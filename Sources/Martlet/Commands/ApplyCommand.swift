// martlet apply: one stage on one file.

internal import ArgumentParser
internal import Engine
internal import Foundation
internal import Media
internal import Spec
internal import Stages
internal import Tensors

struct ApplyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "apply",
        abstract: "Apply one stage to a file.",
        discussion: """
            Media files are given to the stage as they are, or loaded by audio.load first where it takes a signal; .npy \
            files are tensors.

            Example: martlet apply audio.features --in clip.wav --with '{features: [{mfcc: {n_mfcc: 13}}]}' --out mfcc.npy
            """)

    @Argument(help: "A map stage type, or a composite of maps.", completion: .stageTypes)
    var type: String

    @Option(
        name: .customLong("in"),
        help: ArgumentHelp("An input: media, or .npy. Several for several inputs.", valueName: "file"))
    var inputs: [String]

    @Option(
        name: .customLong("with"), help: ArgumentHelp("The parameters, as in a spec.", valueName: "{name: value, …}"))
    var parameters: String = "{}"

    @Option(
        help: ArgumentHelp(
            "Names of the axes of .npy inputs, separated by commas; the default is what the stage expects.",
            valueName: "names"))
    var axes: String?

    @Option(
        name: .customLong("attribute"),
        help: ArgumentHelp("An attribute of .npy inputs, as sample_rate=22050.", valueName: "name=value"))
    var attributes: [String] = []

    @Option(help: "The seed of the random stream.")
    var seed: Int = 0

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("Write the result to this .npy file; otherwise it is described.", valueName: "file"))
    var out: String?

    func run() throws {
        let catalogue = installed.withLock { $0 }
        guard let type = catalogue[type] else {
            throw UsageError(
                message: "there is no stage type \(self.type)"
                    + (nearest(to: self.type, among: catalogue.names).map { "; did you mean \($0)?" }
                        ?? "; see martlet stages"))
        }
        let kind = type.declaration.kind
        guard kind == .map || kind == .composite else {
            throw UsageError(
                message:
                    "\(self.type) is of kind \(kind.rawValue): it needs many rows, and cannot be applied to one file"
                    + "\n    = write a spec and use martlet run")
        }
        let ports = type.declaration.inputs
        if !ports.contains(where: \.isList), inputs.count != ports.count {
            throw UsageError(
                message:
                    "\(self.type) takes \(ports.count == 1 ? "one input" : "\(ports.count) inputs"), got \(inputs.count)"
            )
        }
        let given = try scalars()
        let stage: any StageType
        do throws(Problem) {
            stage = try type.init(given: try SpecReader.parameters(parameters, option: "--with"))
        } catch {
            let place = error.path.isEmpty ? "" : error.path.joined(separator: ".") + ": "
            throw UsageError(message: "--with: " + place + error.message + (error.advice.map { "\n    = " + $0 } ?? ""))
        }
        let values = try inputs.enumerated().map {
            try input($1, port: type.declaration.inputs, position: $0, attributes: given, catalogue: catalogue)
        }
        do throws(Problem) { _ = try stage.output(for: values.map { Signature(of: $0) }) } catch {
            throw UsageError(message: "\(self.type): " + error.message + (error.advice.map { "\n    = " + $0 } ?? ""))
        }
        let value = try Self.apply(stage, to: values, names: inputs, seed: seed)
        guard case .tensor(let tensor) = value else {
            print(value.phrase)
            return
        }
        guard let out else {
            for line in TensorText.describe(tensor) { print(line) }
            return
        }
        do throws(RecordsError) { try PlainFile.write(Npy.encode(tensor), to: out) } catch {
            throw RecordsError(path: out, cause: error.cause, advice: "choose another place with --out")
        }
        print("\(out): \(value.phrase)")
    }

    /// A failure names the stage and the files.
    private static func apply(_ stage: any StageType, to values: [Value], names: [String], seed: Int) throws -> Value {
        do {
            return try OneShot.apply(stage, to: values, names: names, seed: seed, runner: ChildRunner())
        } catch let failure as Failure {
            throw Failure(
                "\(names.joined(separator: ", ")): \(Swift.type(of: stage).declaration.name): \(failure.cause)",
                advice: failure.advice)
        }
    }

    private func input(
        _ path: String, port ports: [Stages.Port], position: Int, attributes: [String: Scalar], catalogue: Catalogue
    ) throws -> Value {
        let port = ports.indices.contains(position) ? ports[position] : ports.last
        let reference = try MediaReader.digest(MediaLocation(path: absolutePath(path)))
        if path.hasSuffix(".npy") {
            let names = axes?.split(separator: ",").map(String.init)
            let tensor: Tensor
            do throws(NpyError) {
                tensor = try Npy.decode(try bytes(reference)) { count in
                    if let names, names.count == count { return names }
                    if let expected = port?.axes, expected.count == count { return expected }
                    return Npy.defaultAxes(count)
                }
            } catch {
                throw Failure("\(path): \(error)")
            }
            if let names, names.count != tensor.shape.count || Set(names).count != names.count {
                throw UsageError(
                    message:
                        "--axes takes a name for each axis; \(path) has \(tensor.shape.count), got \(names.joined(separator: ","))"
                )
            }
            return .tensor(
                Tensor(
                    tensor.elements, shape: tensor.shape, axes: tensor.axes, attributes: attributes))
        }
        if port?.accepts.contains(.media) ?? true { return .media(reference) }
        guard let loader = catalogue["audio.load"] else { throw Failure("\(path): nothing here reads it") }
        return try Self.apply(try loader.init(given: [:]), to: [.media(reference)], names: [path], seed: seed)
    }

    private func bytes(_ reference: MediaReference) throws(NpyError) -> [UInt8] {
        guard let bytes = try? MediaReader.read(reference) else { throw .notNpy }
        return bytes
    }

    private func scalars() throws -> [String: Scalar] {
        var result = [String: Scalar]()
        for text in attributes {
            let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2 else { throw UsageError(message: "--attribute takes name=value; got \(text)") }
            result[parts[0]] =
                Int(parts[1]).map { .int($0) } ?? Double(parts[1]).map { .float($0) } ?? .string(parts[1])
        }
        return result
    }
}
