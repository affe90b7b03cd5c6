// martlet schema

internal import ArgumentParser
internal import Engine
internal import Spec
internal import Tensors

struct SchemaCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema",
        abstract: "Print a JSON Schema of specs, so that an editor completes and checks them.",
        discussion: """
            Draft 2020-12, made from the catalogue. Editors with a YAML language server find it by a comment in the \
            first line of a spec: # yaml-language-server: $schema=martlet.schema.json

            Example: martlet schema > experiments/martlet.schema.json
            """)

    func run() throws {
        print(SpecReader.schema(installed.withLock { $0 }).json())
    }
}
