// `sweep` as JSON Schema: a block, or a list of blocks.

internal import Stages
internal import Tensors

enum SweepSchema {
    static let sweep: Keywords = block.with([
        "type": .texts(["object", "array", "null"]), "minItems": .int(1), "items": .schema(.reference("block")),
    ]).described("The values to run with: a block, or a list of blocks that are united.")

    static let definitions: [String: Keywords] = [
        "block": block.with(["type": .text("object")]),
        "values": values.described("A list of values, or a map of labels to values."),
        "distribution": distribution,
    ]

    private static let values: Keywords = [
        "type": .texts(["array", "object"]), "minItems": .int(1), "minProperties": .int(1),
    ]

    private static let addresses: Keywords = [
        "not": .map(["enum": .texts(["name", "description", "predictions", "repeats"])]), "minLength": .int(1),
    ]

    private static let block: Keywords = {
        let columns: Keywords = [
            "type": .texts(["object", "null"]), "propertyNames": .schema(addresses),
            "additionalProperties": .schema(.reference("values")),
        ]
        let point: Keywords = ["type": .text("object"), "propertyNames": .schema(addresses)]
        let random: Keywords = [
            "type": .texts(["object", "null"]), "propertyNames": .schema(addresses),
            "properties": .map([
                "n": .schema(ParameterKind.int(.between(1, 100_000)).schema.described("How many points are drawn.")),
                "seed": .schema(ParameterKind.int(.any).schema.described("What the draws come from.")),
            ]),
            "required": .texts(["n"]), "minProperties": .int(2),
            "additionalProperties": .schema(.reference("distribution")),
        ]
        let keys: [String: Keywords] = [
            "grid": columns.described("Addresses and their values: every combination."),
            "zip": columns.described("Addresses and their values, in step: the first of each, the second of each …"),
            "points": (["type": .text("array"), "minItems": .int(1), "items": .schema(point)] as Keywords)
                .described("Listed points, each a map of addresses to values."),
            "random": random.described("Addresses and what their values are drawn from."),
            "where": (["type": .text("string"), "minLength": .int(1)] as Keywords)
                .described("A condition on addresses, for the whole sweep; points for which it holds are kept."),
        ]
        return ["properties": .schemas(keys), "additionalProperties": .bool(false)]
    }()

    private static let distribution: Keywords = {
        func range(_ kind: ParameterKind, _ help: String) -> Keywords {
            Keywords.typed(
                "array", and: ["minItems": .int(2), "maxItems": .int(2), "items": .schema(kind.schema)]
            ).described(help)
        }
        let keys: [String: Keywords] = [
            "uniform": range(.float(.any), "A number between two, evenly."),
            "log_uniform": range(.float(.above(0)), "A number between two, its logarithm evenly."),
            "int": range(.int(.any), "An int from the first to the last."),
            "choice": .reference("values"),
        ]
        return [
            "type": .text("object"), "minProperties": .int(1), "maxProperties": .int(1),
            "properties": .schemas(keys), "additionalProperties": .bool(false),
        ]
    }()
}
