// `include`: files that a spec builds on. Maps merge by key, lists and scalars replace, what is read later wins, the
// including file last. Where it gives a stage another type, or cases in place of a type, what belonged to the former goes. A value keeps its place in the file that it came from, so that an error points there. Paths are
// relative to the including file and stay in the directory of the first, so that this directory is the whole experiment.

internal import Glibc
internal import Stages
internal import Tensors

/// Reads a spec with all that it includes.
struct IncludeReader {
    private struct File {
        let name: String
        /// Without symbolic links: what tells files apart.
        let real: String
    }

    private var sources: [Source]
    private var errors = ErrorList()
    private let directory: String?
    private var merged = [String: Located]()
    private var open = [File]()
    private var size: Int
    private static let mostFiles = 100

    /// The spec without `include`, and the texts of all files, the first one first.
    static func read(_ source: Source) throws(SpecErrors) -> (Located, [Source]) {
        var reader = IncludeReader(source)
        let root = reader.value(of: source, File(name: source.name, real: Self.real(source.name) ?? source.name))
        if let root, reader.errors.isEmpty {
            do throws(SpecError) { try Self.checkVersion(of: root) } catch { reader.errors.add(error) }
            if reader.errors.isEmpty { return (root, reader.sources) }
        }
        throw reader.errors.sorted(sources: reader.sources)
    }

    private init(_ source: Source) {
        sources = [source]
        size = source.bytes.count
        directory = Self.real(Self.directory(of: source.name))
    }

    /// The value of a file, its includes merged; nil after an error.
    private mutating func value(of source: Source, _ file: File) -> Located? {
        let written: Located
        do throws(SpecError) {
            written = try YamlReader.read(source)
            try Self.checkKind(of: written)
        } catch {
            errors.add(error)
            return nil
        }
        guard let entry = written.entry("include") else { return written }
        guard let paths = paths(entry.value) else { return nil }
        open.append(file)
        defer { open.removeLast() }
        var base: Located?
        for path in paths {
            guard let included = include(path, from: file) else { continue }
            base = base.map { $0.merged(with: included) } ?? included
        }
        let own = Located(.mapping((written.entries ?? []).filter { $0.key != "include" }), written.range)
        let result = base?.merged(with: own) ?? own
        if result.count > YamlLimits.values {
            errors.add(
                "expected at most \(YamlLimits.values) values with what is included, got \(result.count)",
                at: entry.value.range, address: "include")
        }
        return result
    }

    private mutating func paths(_ value: Located) -> [Located]? {
        let elements = value.elements ?? [value]
        for element in elements where element.text?.isEmpty ?? true {
            errors.add(
                "expected the path of a file, or a list of paths, got \(element.canonical.phrase)", at: element.range,
                address: "include")
            return nil
        }
        return elements
    }

    /// What a path leads to; nil after an error.
    private mutating func include(_ path: Located, from file: File) -> Located? {
        let text = path.text ?? ""
        func refuse(_ message: String, advice: String? = nil) -> Located? {
            errors.add(message, at: path.range, address: "include", advice: advice)
            return nil
        }
        if text.contains("${") {
            return refuse("a path to include cannot use parameters, which are read later", advice: "write it out")
        }
        if text.hasPrefix("/") {
            return refuse("expected a path relative to this file, got \(text)", advice: "write it from here")
        }
        let name = Self.joined(Self.directory(of: file.name), text)
        guard let real = Self.real(name) else { return refuse("\(name) cannot be read: " + SpecFile.reason()) }
        guard let directory, real == directory || real.hasPrefix(directory == "/" ? "/" : directory + "/") else {
            return refuse(
                "\(text) leads out of the directory of the spec, to \(real)",
                advice: "put what is included into the directory of the spec, or below it")
        }
        if let start = open.firstIndex(where: { $0.real == real }) {
            let ring = open[start...].map(\.name) + [open[start].name]
            return refuse("files that include each other: " + ring.joined(separator: " → "))
        }
        if let known = merged[real] { return known }
        if sources.count >= Self.mostFiles { return refuse("expected at most \(Self.mostFiles) files") }
        let source: Source
        do throws(SpecError) { source = try SpecFile.read(real, as: name) } catch {
            return refuse(error.message, advice: error.advice)
        }
        sources.append(source)
        size += source.bytes.count
        if size > YamlLimits.fileSize {
            return refuse("expected at most \(YamlLimits.fileSize) bytes with what is included, got \(size)")
        }
        let value = value(of: source, File(name: name, real: real))
        merged[real] = value
        return value
    }

    // MARK: Paths

    private static func directory(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    private static func joined(_ directory: String, _ path: String) -> String {
        directory == "." ? path : directory == "/" ? "/" + path : directory + "/" + path
    }

    /// Without symbolic links; nil, with `errno`, where there is nothing.
    private static func real(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    // MARK: Versions

    /// A file of another version, or of another kind, is not judged further.
    private static func checkKind(of root: Located) throws(SpecError) {
        guard root.entries != nil else {
            throw SpecError(
                range: start(of: root),
                message: "expected a spec, a map with martlet, name and stages, got \(root.canonical.phrase)",
                advice: "begin with martlet: 1")
        }
        guard let version = root["martlet"], version.canonical != .int(1) else { return }
        throw SpecError(
            range: version.range, address: "martlet",
            message: "this program reads version 1 of the spec's language, got \(version.canonical.phrase)")
    }

    private static func checkVersion(of root: Located) throws(SpecError) {
        try checkKind(of: root)
        if root["martlet"] == nil {
            throw SpecError(
                range: start(of: root), message: "martlet is missing: the version of the spec's language",
                advice: "begin with martlet: 1")
        }
    }

    private static func start(of root: Located) -> SourceRange {
        let begin = root.range.start
        return SourceRange(
            file: root.range.file, start: begin, end: SourcePosition(line: begin.line, column: begin.column + 1))
    }
}

extension Located {
    /// With what another has in addition or otherwise: maps by key, all else as a whole.
    fileprivate func merged(with later: Located) -> Located {
        guard var result = entries, let others = later.entries else { return later }
        if let body = others.first(where: { Self.bodies.contains($0.key) }) {
            let isAnother =
                self[body.key] == nil || body.key == "uses" && self["uses"]?.text != body.value.text
            if isAnother { result.removeAll { Self.bodies.contains($0.key) || ["with", "default"].contains($0.key) } }
        }
        var positions = [String: Int]()
        for (index, entry) in result.enumerated() { positions[entry.key] = index }
        for other in others {
            if let position = positions[other.key] {
                let value = result[position].value.merged(with: other.value)
                result[position] = Entry(key: other.key, keyRange: other.keyRange, value: value)
            } else {
                result.append(other)
            }
        }
        return Located(.mapping(result), later.range)
    }

    /// What a stage is; one of them.
    private static let bodies = ["uses", "steps", "branches", "cases"]
}
