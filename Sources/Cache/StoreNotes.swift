// Notes that the cache keeps for people and for gc: what a recipe was made of, and which nodes a run used.

public import Tensors

extension Store {
    /// Keeps the named parts that a recipe was made of; written once.
    public func noteNode(recipe: Digest, parts: Canonical) throws(CacheError) {
        let isNew = state.withLock { $0.noted.insert(recipe).inserted }
        guard isNew else { return }
        let (directory, path) = layout.spread(layout.nodes, recipe, "cbor")
        do throws(DiskFault) {
            if try disk.size(of: path) != nil { return }
            try disk.createDirectory(directory)
            try disk.write(parts.encoded(), to: path)
        } catch {
            state.withLock { _ = $0.noted.remove(recipe) }
            throw CacheError(error)
        }
    }

    /// The parts of a recipe; nil when they were never noted.
    public func node(recipe: Digest) throws(CacheError) -> Canonical? {
        try read(layout.spread(layout.nodes, recipe, "cbor").path)
    }

    /// Keeps which nodes a run used; a later note of the same run takes its place.
    public func noteRun(id: String, uses: [Digest]) throws(CacheError) {
        let uses = Canonical.array(uses.map { .digest($0) })
        do throws(DiskFault) {
            try disk.write(Canonical.map(["id": .text(id), "uses": uses]).encoded(), to: runPath(id))
        } catch { throw CacheError(error) }
    }

    /// The nodes that a run used; nil when it is unknown.
    public func run(id: String) throws(CacheError) -> [Digest]? {
        try read(runPath(id))?["uses"]?.arrayValue?.compactMap(\.digestValue)
    }

    /// The runs that are noted, with the time of the note in nanoseconds since 1970, in the order of their ids.
    public func runs() throws(CacheError) -> [(id: String, noted: Int64)] {
        let entries: [DiskEntry]
        do throws(DiskFault) { entries = try disk.list(layout.runs) ?? [] } catch { throw CacheError(error) }
        var runs = [(id: String, noted: Int64)]()
        for entry in entries where entry.name.hasSuffix(".cbor") {
            if let id = try read("\(layout.runs)/\(entry.name)")?["id"]?.textValue { runs.append((id, entry.modified)) }
        }
        return runs.sorted { precedes($0.id, $1.id) }
    }

    /// An id is any text, and a file's name is not.
    private func runPath(_ id: String) -> String {
        "\(layout.runs)/\(Digest(of: .text(id)).hex.prefix(32)).cbor"
    }

    private func read(_ path: String) throws(CacheError) -> Canonical? {
        do throws(DiskFault) {
            guard let size = try disk.size(of: path), let bytes = try disk.read(path, from: 0, count: size) else {
                return nil
            }
            return Canonical(encoded: bytes)
        } catch { throw CacheError(error) }
    }
}
