// The language of specs as a JSON Schema (draft 2020-12), made from the catalogue, so that an editor completes and checks a
// spec while it is written. The schema takes every spec that the reader takes; of the wrong ones it refuses those whose
// fault lies in one place: keys, types, ranges, names of stage types. What only the whole shows is left to `martlet check`.

public import Stages
public import Tensors

extension SpecReader {
    /// The schema of specs with the stage types of a catalogue.
    public static func schema(_ catalogue: Catalogue) -> Canonical { .schema(SpecSchema(catalogue).whole) }
}

/// Writes the schema.
struct SpecSchema {
    private let stages: [any StageType.Type]
    private let splits: [any StageType.Type]

    init(_ catalogue: Catalogue) {
        stages = catalogue.types.filter { !($0 is any SplitStage.Type) }
        splits = catalogue.types.filter { $0 is any SplitStage.Type }
    }

    var whole: Keywords {
        [
            "$schema": .text("https://json-schema.org/draft/2020-12/schema"),
            "title": .text("Martlet experiment"),
            "description": .text("Which data, which stages, which values to sweep and how to split."),
            "type": .text("object"),
            "properties": .schemas(top),
            "additionalProperties": .bool(false),
            "allOf": .schemas(SchemaRules(stages: stages, splits: splits).conditions),
            "$defs": .schemas(definitions),
        ]
    }

    // MARK: The top

    private var top: [String: Keywords] {
        let column: Keywords = ["type": .texts(["string", "null"]), "minLength": .int(1)]
        let stageNames: Keywords = Keywords.names.with(["not": .map(["enum": .texts(FormReader.reserved)])])
        return [
            "martlet": (["const": .int(1)] as Keywords).described("The version of the spec's language."),
            "name": Keywords.word.described("What the results are called: letters, digits, - and _."),
            "description": (["type": .texts(["string", "number", "boolean", "null"])] as Keywords)
                .described("One line on what the experiment is for."),
            "seed": ParameterKind.int(.any).schema.with(["default": .int(0)])
                .described("What all random numbers come from."),
            "params": (["type": .texts(["object", "null"])] as Keywords)
                .described("Names and values, put in where ${name} stands; --set params.name=… changes them."),
            "stages": .typed(
                "object",
                and: [
                    "minProperties": .int(1), "propertyNames": .schema(stageNames),
                    "additionalProperties": .schema(.reference("stage")),
                ]
            ).described("Names and stages; the order does not matter."),
            "target": column.described("The column that is predicted."),
            "group": column.described("The column whose values stay on one side of a split."),
            "split": .reference("split"),
            "repeats": ParameterKind.int(Bounds(lower: 1, upper: 100_000)).schema.with(["default": .int(1)])
                .described("How often the split is made, each time with another seed."),
            "predictions": ParameterKind.choice(["all", "none"]).schema
                .described("Whether predictions are recorded."),
            "include":
                ([
                    "type": .texts(["string", "array"]), "minLength": .int(1),
                    "items": .map(["type": .text("string"), "minLength": .int(1)]),
                ] as Keywords).described("A file, or a list of files, that this one builds on; later values win."),
            "sweep": SweepSchema.sweep,
        ]
    }

    // MARK: Definitions

    private var definitions: [String: Keywords] {
        var definitions = SchemaRules(stages: stages, splits: splits).definitions
        definitions.merge(SweepSchema.definitions) { _, new in new }
        definitions["stage type"] = Self.choice(of: stages)
        definitions["stage"] = form(with: ["in": input])
        definitions["step"] = form(with: ["as": Keywords.word.described("What the step is called.")])
        definitions["branch"] = form(with: [:])
        definitions["use"] = .all(of: stages.map(rule))
        definitions["split"] = .typed(
            "object",
            and: [
                "properties": .map(["uses": .schema(Self.choice(of: splits)), "with": .schema(Self.parameters)]),
                "additionalProperties": .bool(false),
            ]
        ).with(.all(of: splits.map(rule))).described("Who is in training and who in test.")
        for type in stages + splits {
            definitions[type.declaration.name] = type.parameterDescriptions.schema.described(type.declaration.summary)
        }
        return definitions
    }

    private static let parameters: Keywords = Keywords.typed("object", "null").described("The parameters of the type.")

    private static func choice(of types: [any StageType.Type]) -> Keywords {
        let names = types.map { type in
            (["const": .text(type.declaration.name)] as Keywords).described(type.declaration.summary)
        }
        return Keywords.any(of: names + [.substitution])
    }

    private var input: Keywords {
        let stage: Keywords = ["type": .text("string"), "minLength": .int(1)]
        let list: Keywords = ["minItems": .int(1), "items": .schema(stage)]
        let port = stage.with(list).with(["type": .texts(["string", "array"])])
        return stage.with(list).with([
            "type": .texts(["string", "array", "object"]), "minProperties": .int(1),
            "additionalProperties": .schema(port),
        ]).described("The stage that it takes, a list of stages, or ports and stages.")
    }

    /// A stage, a step or a branch.
    private func form(with keys: [String: Keywords]) -> Keywords {
        func map(of name: String) -> Keywords {
            .typed(
                "object",
                and: [
                    "minProperties": .int(1), "propertyNames": .schema(Keywords.names),
                    "additionalProperties": .schema(.reference(name)),
                ])
        }
        func quantity(_ units: String) -> Keywords {
            let number = #"^(?=[^1-9]*[1-9])\+?([0-9]+(\.[0-9]+)?|\.[0-9]+)"#
            return [
                "type": .text("string"),
                "pattern": Keywords.pattern("\(number) *(\(units))$"),
            ]
        }
        let own: [String: Keywords] = [
            "uses": Keywords.reference("stage type").described("The stage type."),
            "with": Self.parameters,
            "steps": Keywords.typed(
                "array", and: ["minItems": .int(1), "items": .schema(.reference("step"))]
            ).described("A chain under one name: each step takes what the one before it gives."),
            "cases": map(of: "stage").described("Alternatives, one of which is picked."),
            "default": Keywords.word.described("The case that is picked where nothing else is said."),
            "branches": map(of: "branch").described(
                "Chains from one input; what follows runs once a branch, until a stage joins them."),
            "only": ParameterKind.choice(["train"]).schema.described("Applies to training rows; others pass."),
            "keep": ParameterKind.choice(Limits.Keep.allCases.map(\.rawValue)).schema
                .with(["default": .text("auto")]).described("Whether its values are kept in the cache."),
            "timeout": quantity("ms|s|min|h").described("The longest that a sample may take, as 30s."),
            "memory": quantity("kB|KiB|MB|MiB|GB|GiB").described("The most memory that a sample may take, as 500MB."),
            "threads": ParameterKind.int(.between(1, 1024)).schema.described("The threads that it may use."),
        ]
        return .typed(
            "object",
            and: [
                "properties": .schemas(own.merging(keys) { _, new in new }),
                "additionalProperties": .bool(false),
                "allOf": .schemas([.reference("use")]),
            ])
    }

    /// What a type asks of the keys beside `uses`.
    private func rule(_ type: any StageType.Type) -> Keywords {
        let declaration = type.declaration
        var keys: [String: Canonical] = ["with": .schema(.reference(declaration.name))]
        let ports = declaration.inputs
        if declaration.kind == .source {
            keys["in"] = .bool(false)
        } else if !ports.isEmpty {
            var input: [String: Canonical] = ["propertyNames": .map(["enum": .texts(ports.map(\.name))])]
            if !ports.contains(where: \.isList) { input["maxItems"] = .int(ports.count) }
            keys["in"] = .map(input)
        }
        return [
            "if": .schema(SchemaRules.uses([declaration.name])), "then": .map(["properties": .map(keys)]),
        ]
    }
}
