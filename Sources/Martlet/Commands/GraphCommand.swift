// martlet graph

internal import ArgumentParser

struct GraphCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "graph",
        abstract: "Draw the stages of a spec and what they take from each other.",
        discussion: """
            Text for Graphviz or Mermaid. Of a sweep the first point is drawn, and what is swept is named; --set picks \
            another case or value.

            Example: martlet graph experiments/quickstart.yaml | dot -Tsvg > graph.svg
            """)

    @OptionGroup var specOptions: SpecOptions

    @Option(help: "dot or mermaid.")
    var format: StageGraph.Format = .dot

    func run() throws {
        print(try StageGraph(specOptions.read()).text(as: format))
    }
}

extension StageGraph.Format: ExpressibleByArgument {}
