// Law: the schema of specs takes the parameters of a stage type that the type takes, and refuses those that it refuses.

import Foundation
import Martlet
import Spec
import Stages
import Tensors
import TestSupport
import Testing

private let schema = SpecReader.schema(builtInStages)

@Suite struct SchemaLaw {
    /// The schema of a type's parameters.
    private static func parameters(_ name: String) -> JSONSchema {
        var root = schema.mapValue?["$defs"]?.mapValue?[Registered.typeName(name)]?.mapValue ?? [:]
        root["$defs"] = schema.mapValue?["$defs"]
        return JSONSchema(.map(root))
    }

    @Test func usesTheKeywordsThatItsValidatorKnows() { #expect(JSONSchema(schema).unknownKeywords == []) }

    @Test(arguments: Registered.names) func parametersOfASampleAreTaken(_ name: String) throws {
        let sample = try Sample(name)
        #expect(Self.parameters(name).faults(in: .map(sample.given)) == [])
        #expect(Self.parameters(name).faults(in: .map(sample.stage.canonicalParameters)) == [])
    }

    @Test(arguments: Registered.names) func wrongParametersAreRefused(_ name: String) throws {
        let parameters = Self.parameters(name)
        #expect(!parameters.accepts(.map(["qqqqqqqq": .int(1)])))
        for parameter in try Registered.type(name).parameterDescriptions {
            let wrong = WrongValue.outOfRange(of: parameter.kind) + WrongValue.wrongType(for: parameter.kind)
            // JSON has no infinity and nothing that is not a number.
            for value in wrong.map(\.value) where !Self.isNotFinite(value) {
                #expect(!parameters.accepts(.map([parameter.name: value])), "\(parameter.name): \(value)")
            }
        }
    }

    @Test(arguments: Registered.names) func everyParameterIsExplained(_ name: String) throws {
        let properties = schema.mapValue?["$defs"]?.mapValue?[Registered.typeName(name)]?.mapValue?["properties"]?
            .mapValue
        for parameter in try Registered.type(name).parameterDescriptions {
            let said = properties?[parameter.name]?.mapValue
            #expect(said?["description"]?.textValue?.hasPrefix(parameter.help) == true)
            #expect(said?["default"] == parameter.defaultValue)
        }
    }

    private static let experiments: [String] = {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: Binary.root + "/experiments")) ?? []
        return names.filter { $0.hasSuffix(".yaml") }.sorted()
    }()

    /// An experiment of the repository.
    private static func spec(_ name: String) throws -> [String: Canonical] {
        let text = try String(contentsOfFile: Binary.root + "/experiments/" + name, encoding: .utf8)
        return try SpecReader.parameters(text, option: name)
    }

    @Test(arguments: experiments) func experimentsAreTaken(_ name: String) throws {
        #expect(JSONSchema(schema).faults(in: .map(try Self.spec(name))) == [])
    }

    /// Those that say all themselves, and include nothing.
    private static let whole = experiments.filter { (try? spec($0))?["include"] == nil }

    @Test(arguments: whole, ["uses", "with"]) func experimentsWithoutWhatTheyNeedAreRefused(
        _ name: String, _ key: String
    ) throws {
        var spec = try Self.spec(name)
        var stages = spec["stages"]?.mapValue ?? [:]
        let sources = ["ravdess.clips", "files.media"]
        let source = try #require(stages.first { sources.contains($0.value["uses"]?.textValue ?? "") })
        var clips = try #require(source.value.mapValue)
        clips[key] = nil
        stages[source.key] = .map(clips)
        spec["stages"] = .map(stages)
        #expect(!JSONSchema(schema).accepts(.map(spec)))
    }

    private static func isNotFinite(_ value: Canonical) -> Bool {
        switch value {
        case .float(let number): !number.isFinite
        case .array(let values): values.contains(where: isNotFinite)
        case .map(let entries): entries.values.contains(where: isNotFinite)
        default: false
        }
    }
}
