// files.media

internal import Media
internal import Stages
internal import Tensors

struct FilesMedia: SourceStage {
    struct Parameters: ParameterSet {
        var base = ""
        var glob = ""
        var id: String?
        var columns: String?
        var labels: String?
        var key = LabelKey.path

        static var fields: [Field<Self>] {
            [
                Field("base", \.base, as: .location, isRequired: true, "the directory that the files lie below"),
                Field("glob", \.glob, isRequired: true, "which files: \"**/*.wav\", \"*/[a-m]*.{flac,ogg}\""),
                Field(
                    "id", \.id,
                    "ids from groups of columns: \"{speaker}-{digit}-{name}\"; null for the path without extension"),
                Field(
                    "columns", \.columns, "a regular expression for the whole path, whose named groups become columns"),
                Field("labels", \.labels, as: .optional(.file), "a CSV file with more columns, a row a file"),
                Field("key", \.key, "the column of labels that says which file a row is about"),
            ]
        }
    }

    static let declaration = Declaration(
        "files.media", revision: 1, kind: .source,
        summary: "Media files below a directory, with columns from their paths or from a table.",
        documentation: """
            `glob`: `*` and `?` stay within a name, `**` stands for any number of directories, `[a-z]` and `[!a-z]` for one \
            character, `{wav,flac}` for a choice. Hidden files are left out, links are followed.

            `columns` is matched against the whole path below `base`, with `/` between names: \
            `(?<digit>\\d)_(?<speaker>[a-z]+)_.*` (put `.*/` before it for files in directories). A group's column is ints \
            where all its values are, text otherwise. A path that does not match is a failure.

            `labels` is a CSV file with a column `path` (below `base`) or `id`, by `key`; a file without a row is a \
            failure, a row without a file a note.

            The id is the path without its extension, or with it for all files where two would otherwise be alike.
            """,
        output: "media, one item a file")

    let parameters: Parameters
    private let glob: Glob

    init(_ parameters: Parameters) throws(Problem) {
        do throws(Glob.Issue) { glob = try Glob(parameters.glob) } catch {
            throw Problem("expected a pattern for paths, got \"\(parameters.glob)\": \(error.message)", at: ["glob"])
        }
        let pattern = try parameters.columns.map { text throws(Problem) in try PathPattern(text, at: "columns") }
        if let id = parameters.id { _ = try IdTemplate(id, groups: pattern?.names ?? []) }
        self.parameters = parameters
    }

    func output(for inputs: [Signature]) throws(Problem) -> Signature { .media }

    func list() throws -> Listing {
        let directory: DirectoryListing
        do throws(MediaError) { directory = try DirectoryListing(parameters.base) } catch { throw Failure(error) }
        let files = directory.files.filter { glob.matches($0) }
        guard !files.isEmpty else {
            throw Failure(
                "no file below \(directory.root) matches \(parameters.glob); it has "
                    + (directory.files.isEmpty ? "no files" : firstFew(directory.files)),
                advice: "check base and glob; **/ reaches into directories")
        }
        let pattern = try parameters.columns.map { text throws(Problem) in try PathPattern(text, at: "columns") }
        let groups = try self.groups(of: files, pattern, below: directory.root)
        let ids = try self.ids(of: files, groups, pattern)
        var columns = pattern.map { pattern in self.columns(pattern, groups) } ?? files.map { _ in [:] }
        var notes = directory.notes
        if let file = parameters.labels {
            try add(LabelTable(file, key: parameters.key), to: &columns, files, ids, &notes)
        }
        let items = files.indices.map { index in
            ListedItem(
                id: ids[index], columns: columns[index],
                origin: .media(MediaLocation(path: directory.path(of: files[index]))), path: files[index])
        }.sorted { precedes($0.id, $1.id) }
        return Listing(items: items, signature: .media, notes: notes)
    }

    private func groups(
        of files: [String], _ pattern: PathPattern?, below root: String
    ) throws(Failure) -> [[String: String?]] {
        guard let pattern else { return files.map { _ in [:] } }
        let matches = files.map { pattern.match($0) }
        let misses = zip(files, matches).filter { $1 == nil }.map(\.0)
        guard misses.isEmpty else {
            throw Failure(
                "\(misses[0]), below \(root), does not match columns (\(parameters.columns ?? ""))"
                    + (misses.count > 1 ? "; nor do \(misses.count - 1) more of \(counted(files.count, "file"))" : ""),
                advice: "the expression must match the whole path below base; or narrow glob")
        }
        return matches.compactMap(\.self)
    }

    private func ids(of files: [String], _ groups: [[String: String?]], _ pattern: PathPattern?) throws -> [String] {
        if let text = parameters.id {
            let template = try IdTemplate(text, groups: pattern?.names ?? [])
            let ids = zip(files, groups).map { file, groups in
                template.id(
                    name: Self.withoutExtension(file.split(separator: "/").last.map(String.init) ?? file),
                    groups: groups)
            }
            var seen = [String: String]()
            for (id, file) in zip(ids, files) {
                if id.isEmpty { throw Failure("the id of \(file) would be empty") }
                if let other = seen.updateValue(file, forKey: id) {
                    throw Failure(
                        "two files would both be \(id): \(other) and \(file)", advice: "put more groups into id")
                }
            }
            return ids
        }
        let short = files.map { Self.withoutExtension($0) }
        return Set(short).count == files.count ? short : files
    }

    private func columns(_ pattern: PathPattern, _ groups: [[String: String?]]) -> [[String: Scalar]] {
        var columns = groups.map { _ in [String: Scalar]() }
        for name in pattern.names {
            for (index, scalar) in typedCaptures(groups.map { $0[name] ?? nil }).enumerated() {
                columns[index][name] = scalar
            }
        }
        return columns
    }

    private func add(
        _ table: LabelTable, to columns: inout [[String: Scalar]], _ files: [String], _ ids: [String],
        _ notes: inout [String]
    ) throws(Failure) {
        if let clash = table.names.first(where: { columns.first?[$0] != nil }) {
            throw Failure("the column \(clash) comes from columns and from \(table.path)", advice: "rename one of them")
        }
        var unlabelled = [String]()
        for index in files.indices {
            if let labels = table.labels(path: files[index], id: ids[index]) {
                columns[index].merge(labels) { old, _ in old }
            } else {
                unlabelled.append(table.key == .path ? files[index] : ids[index])
            }
        }
        guard unlabelled.isEmpty else {
            throw Failure(
                "\(table.path) has no row for \(unlabelled[0]); \(unlabelled.count) of \(counted(files.count, "file")) have none",
                advice: "add rows with that \(table.key.rawValue), or narrow glob")
        }
        let known = Set(table.key == .path ? files : ids)
        let unused = table.keys.filter { !known.contains($0) }
        if !unused.isEmpty {
            notes.append("\(table.path): \(counted(unused.count, "row")) without a file: \(firstFew(unused))")
        }
    }

    /// A path up to the last dot of its name; a name that begins with its only dot is left as it is.
    private static func withoutExtension(_ path: String) -> String {
        guard let dot = path.lastIndex(of: "."), dot > path.startIndex, path[path.index(before: dot)] != "/",
            !path[dot...].contains("/")
        else { return path }
        return String(path[..<dot])
    }
}
