// The way from a file to an experiment; every error on it is told at once.

public import Stages
internal import Tensors

/// Reads specs.
public struct SpecReader {
    /// The experiment in a file.
    public static func read(
        path: String, settings: [Setting] = [], sweeps: [Setting] = [], catalogue: Catalogue
    ) throws(SpecErrors) -> Experiment {
        let source: Source
        do throws(SpecError) { source = try SpecFile.read(path) } catch { throw SpecErrors([error], sources: []) }
        return try read(source, settings, sweeps, catalogue)
    }

    /// The experiment in a text.
    public static func read(
        text: String, name file: String, settings: [Setting] = [], sweeps: [Setting] = [], catalogue: Catalogue
    ) throws(SpecErrors) -> Experiment {
        try read(Source(name: file, bytes: Array(text.utf8)), settings, sweeps, catalogue)
    }

    static func read(
        _ source: Source, _ settings: [Setting], _ sweeps: [Setting], _ catalogue: Catalogue
    ) throws(SpecErrors) -> Experiment {
        let (written, files) = try IncludeReader.read(source)
        var setter = SettingReader(written, catalogue: catalogue)
        setter.set(settings)
        setter.sweep(sweeps)
        let sources = files + setter.sources
        var errors = setter.errors

        let root = setter.root
        let (outline, substitution) = Check.outline(of: root)
        let book = AddressBook(outline: outline, catalogue: catalogue)
        var reader = SweepReader(book: book, substitution: substitution)
        let blocks = reader.read(root.entry("sweep"))
        let bare = Located(.mapping((root.entries ?? []).filter { $0.key != "sweep" }), root.range)
        var sweep = Sweep(root: bare, blocks: blocks, condition: reader.condition, book: book)
        if reader.hasCondition, !reader.errors.isEmpty {
            // Half a sweep would be judged by points that the condition leaves out.
            sweep = Sweep(root: bare, blocks: [Block(factors: [])], book: book)
        }
        var variants = Variants(sweep, book: book, catalogue: catalogue)
        let first = variants.check()
        errors.add(reader.errors)
        errors.add(variants.errors)
        errors.add(reader.substitution.errors)
        guard errors.isEmpty else { throw errors.sorted(sources: sources) }

        var warnings = reader.warnings
        warnings.add(variants.warnings)
        warnings.add(unused(outline, catalogue))
        return Experiment(
            name: first.outline.name, description: first.outline.description, predictions: first.outline.predictions,
            warnings: warnings.sorted(sources: sources).errors, resolvedText: YamlText.write(root), sources: sources,
            sweep: variants.sweep, catalogue: catalogue, first: first)
    }

    /// Stages that nothing takes and that report nothing.
    private static func unused(_ outline: Outline, _ catalogue: Catalogue) -> ErrorList {
        let taken = Set(outline.stages.flatMap(\.all).flatMap { $0.input?.names ?? [] }.map(\.text))
        var warnings = ErrorList()
        // Without a report the ends are what the experiment is for: features to be computed and kept.
        let reports = outline.stages.flatMap(\.uses).contains {
            catalogue[$0.use.type.text]?.declaration.kind == .report
        }
        if !reports { return warnings }
        for stage in outline.stages where !taken.contains(stage.word) {
            let kinds = stage.uses.map { catalogue[$0.use.type.text]?.declaration.kind }
            if kinds.contains(.report) { continue }
            warnings.add(
                "nothing takes this stage, and it reports nothing", at: stage.keyRange, address: stage.address,
                advice: "add a stage that takes it, or leave it out")
        }
        return warnings
    }
}
