// What must be there. A spec that includes another may leave to it what it likes, and a sweep may give what is not written
// otherwise; so these rules stand apart from what may be there, each under its condition.

internal import Stages
internal import Tensors

/// What a spec must give, as schemas.
struct SchemaRules {
    let stages: [any StageType.Type]
    let splits: [any StageType.Type]

    private static let bodies = ["uses", "steps", "cases", "branches"]

    /// What holds at the top, each where its condition holds.
    var conditions: [Keywords] {
        let includes = Self.given(["include"])
        let whole: Keywords = [
            "required": .texts(["martlet", "name", "stages"]),
            "properties": .map([
                "stages": .schema(Self.each([.reference("whole"), .reference("connected")])),
                "split": .schema(Self.given(["uses"])),
            ]),
        ]
        let picked: Keywords = ["properties": .map(["stages": .schema(Self.each([.reference("picked")]))])]
        let supplied: Keywords = [
            "properties": .map([
                "stages": .schema(Self.each([.reference("supplied")])), "split": .schema(.reference("supplied")),
            ])
        ]
        let sweepsRequired = Self.given(["sweep"]).with([
            "properties": .map(["sweep": .schema(.reference("supplying"))])
        ])
        return [
            Self.unless(includes, whole),
            Self.unless(.any(of: [includes, Self.given(["sweep"])]), picked),
            Self.unless(.any(of: [includes, sweepsRequired]), supplied),
        ]
    }

    var definitions: [String: Keywords] {
        let requiring = (stages + splits).filter { !Self.required(of: $0).isEmpty }
        let names = Set(requiring.flatMap(Self.required)).sorted(by: precedes)
        let takers = stages.map { $0.declaration }.filter { !$0.inputs.isEmpty }.map(\.name)
        // `oneOf` would be four times right for text.
        let oneBody: Keywords = [
            "if": .map(["type": .text("object")]),
            "then": .map(["oneOf": .schemas(Self.bodies.map { Self.given([$0]) })]),
        ]
        return [
            "whole": Self.everywhere(
                "whole",
                oneBody.with([
                    "dependentRequired": .map(["with": .texts(["uses"]), "default": .texts(["cases"])]),
                    "properties": .map([
                        "steps": .map(["items": .schema(.any(of: [Self.given(["uses"]), Self.given(["as"])]))])
                    ]),
                ])),
            "picked": Self.everywhere("picked", ["dependentRequired": .map(["cases": .texts(["default"])])]),
            "supplied": Self.everywhere("supplied", .all(of: requiring.map(Self.supplies))),
            "connected": [
                "if": .schema(Self.uses(takers)), "then": .schema(Self.given(["in"])),
            ],
            "supplying": Self.mentions(names, "supplying"),
        ]
    }

    /// Of a stage that uses one of these types.
    static func uses(_ names: [String]) -> Keywords {
        let type: Keywords = names.count == 1 ? ["const": .text(names[0])] : ["enum": .texts(names)]
        return given(["uses"]).with(["properties": .map(["uses": .schema(type)])])
    }

    private static func given(_ keys: [String]) -> Keywords { ["required": .texts(keys)] }

    private static func unless(_ condition: Keywords, _ rule: Keywords) -> Keywords {
        ["if": .schema(condition), "else": .schema(rule)]
    }

    private static func each(_ rules: [Keywords]) -> Keywords {
        ["additionalProperties": .schema(rules.count == 1 ? rules[0] : .all(of: rules))]
    }

    /// A rule for a form and all forms in it. A branch may be empty: it passes on what it gets.
    private static func everywhere(_ name: String, _ rule: Keywords) -> Keywords {
        let inner = Canonical.schema(.reference(name))
        let branch: Keywords = ["if": .map(["minProperties": .int(1)]), "then": inner]
        let forms: Keywords = [
            "properties": .map([
                "steps": .map(["items": inner]), "cases": .map(["additionalProperties": inner]),
                "branches": .map(["additionalProperties": .schema(branch)]),
            ])
        ]
        return .all(of: [rule, forms])
    }

    private static func required(of type: any StageType.Type) -> [String] {
        type.parameterDescriptions.filter { $0.defaultValue == nil }.map(\.name)
    }

    private static func supplies(_ type: any StageType.Type) -> Keywords {
        let with = given(required(of: type)).with(["type": .texts(["object", "string"])])
        return [
            "if": .schema(uses([type.declaration.name])),
            "then": .schema(given(["with"]).with(["properties": .map(["with": .schema(with)])])),
        ]
    }

    /// Whether there is an address, at any depth, that one of these words is a part of.
    private static func mentions(_ words: [String], _ name: String) -> Keywords {
        let inner = Canonical.schema(.reference(name))
        let none: Keywords = ["not": .map(["pattern": .text(#"\.("# + words.joined(separator: "|") + #")(\.|$)"#)])]
        func negated(_ keywords: Keywords) -> Keywords { ["not": .schema(keywords)] }
        let object: Keywords = ["type": .text("object")]
        return .any(of: [
            object.with(negated(["propertyNames": .schema(none)])),
            object.with(negated(["additionalProperties": .schema(negated(.reference(name)))])),
            ["type": .text("array"), "contains": inner],
        ])
    }
}
