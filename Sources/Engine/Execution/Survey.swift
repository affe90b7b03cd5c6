// What the plan must know of the world: the sources listed, their media digested (in parallel, and only where the stat
// memory has no answer), files named in parameters digested, the profile of this machine.

public import Cache
internal import Foundation
internal import Media
public import Stages
public import Tensors

/// Looks at the world on behalf of the plan builder.
public final class Survey: Surroundings, Sendable {
    private let catalogue: Catalogue
    private let memory: StatMemory
    private let clock: any Clock
    private let jobs: Int
    private let limit: Int?
    private let tables = Lock<[Digest: SourceTable]>([:])
    private let files = Lock<[String: Digest]>([:])
    /// How many media were read to be digested; the others were remembered.
    private let read = Lock(0)

    /// - Parameter limit: how many items of each source are taken at most: always the same ones, whichever others there are
    ///   and in every source that has them.
    public init(
        catalogue: Catalogue, memory: StatMemory, jobs: Int, limit: Int? = nil, clock: any Clock = SystemClock()
    ) {
        self.limit = limit
        self.catalogue = catalogue
        self.memory = memory
        self.jobs = jobs
        self.clock = clock
    }

    public var mediaRead: Int { read.withLock { $0 } }

    public func profile(of declaration: Declaration) -> [String: String] {
        catalogue.profile(of: declaration.arithmetic)
    }

    public func digest(ofFile path: String) throws -> Digest {
        if let known = files.withLock({ $0[path] }) { return known }
        let (digests, failures) = try digest([MediaLocation(path: absolutePath(path))])
        if let failure = failures[0] { throw failure }
        guard let digest = digests[0]?.digest else { throw Failure("\(path) cannot be read") }
        files.withLock { $0[path] = digest }
        return digest
    }

    public func table(of source: any SourceStage, recipe: Digest) throws -> SourceTable {
        if let known = tables.withLock({ $0[recipe] }) { return known }
        let listing = try source.list()
        var items = listing.items.sorted { precedes($0.id, $1.id) }
        try check(items, type(of: source).declaration.name)
        var notes = listing.notes
        if let limit, items.count > limit {
            notes.append("--limit: \(limit) of \(items.count) items of \(type(of: source).declaration.name)")
            let ranked = items.map { (item: $0, rank: Digest(of: Array($0.id.utf8)).hex) }
            items = ranked.sorted { precedes($0.rank, $1.rank) }.prefix(limit).map(\.item)
                .sorted { precedes($0.id, $1.id) }
        }
        var locations = [MediaLocation]()
        for item in items { if case .media(let location) = item.origin { locations.append(location) } }
        let (references, causes) = try digest(locations)
        var (values, digests, failures) = ([Value](), [Digest?](), [Int: Failure]())
        var next = 0
        for (row, item) in items.enumerated() {
            switch item.origin {
            case .media:
                if let reference = references[next] {
                    values.append(.media(reference))
                    digests.append(reference.digest)
                } else {
                    values.append(.nothing)
                    digests.append(nil)
                    failures[row] = causes[next] ?? Failure("it cannot be read")
                }
                next += 1
            case .value(let value):
                values.append(value)
                if case .tensor(let tensor) = value, tensor.hasNaN {
                    digests.append(nil)
                    failures[row] = Failure(
                        "its value has NaN (not a number)",
                        advice: "remove the row, or fill the gap before Martlet reads it")
                } else {
                    digests.append(value.digest)
                }
            }
        }
        let names = Set(items.flatMap(\.columns.keys))
        let columns = Dictionary(
            uniqueKeysWithValues: names.map { name in (name, items.map { $0.columns[name] ?? .missing }) })
        let table = SourceTable(
            rows: RowSet(ids: items.map(\.id), columns: columns), values: values, digests: digests, failures: failures,
            paths: items.map(\.path), notes: notes)
        tables.withLock { $0[recipe] = table }
        return table
    }

    private func check(_ items: [ListedItem], _ type: String) throws(Failure) {
        if let first = items.first, first.id.isEmpty {
            throw Failure("\(type) lists an item without an id: \(first.path)")
        }
        for (one, other) in zip(items, items.dropFirst()) where one.id == other.id {
            throw Failure(
                "two items have the id \(one.id): \(one.path) and \(other.path)",
                advice: "ids must be unique; leave one of them out")
        }
    }

    /// References to media, in the order of the locations; where one cannot be read, why.
    private func digest(_ locations: [MediaLocation]) throws -> ([MediaReference?], [Int: Failure]) {
        if locations.isEmpty { return ([], [:]) }
        let now = clock.now()
        var fingerprints = [String: Result<Fingerprint, MediaError>]()
        for location in locations where fingerprints[location.path] == nil {
            do throws(MediaError) {
                fingerprints[location.path] = .success(try MediaReader.fingerprint(of: location.path))
            } catch {
                fingerprints[location.path] = .failure(error)
            }
        }
        var (references, failures) = ([MediaReference?](repeating: nil, count: locations.count), [Int: Failure]())
        var (asked, unknown) = ([(position: Int, fingerprint: Fingerprint)](), [Int]())
        for (position, location) in locations.enumerated() {
            switch fingerprints[location.path] {
            case .success(let fingerprint): asked.append((position, fingerprint))
            case .failure(let error): failures[position] = Failure(error.cause, advice: error.advice)
            case nil: break
            }
        }
        // A memory that fails is one that knows nothing: that costs time, and no run.
        let remembered = try? memory.lookup(asked.map { ($0.fingerprint, member: locations[$0.position].member) })
        for (number, entry) in asked.enumerated() {
            if let known = remembered?[number] {
                references[entry.position] = MediaReference(
                    location: locations[entry.position], digest: known.digest, size: known.size,
                    fingerprint: entry.fingerprint)
            } else {
                unknown.append(entry.position)
            }
        }
        if unknown.isEmpty { return (references, failures) }
        let found = Lock<[Int: Result<MediaReference, MediaError>]>([:])
        let wanted = unknown
        forEachConcurrently(count: wanted.count, jobs: jobs) { index in
            let position = wanted[index]
            let result: Result<MediaReference, MediaError>
            do throws(MediaError) { result = .success(try MediaReader.digest(locations[position])) } catch {
                result = .failure(error)
            }
            found.withLock { $0[position] = result }
        }
        var fresh = [(Fingerprint, member: String?, Digest, size: Int)]()
        for (position, result) in found.withLock({ $0 }) {
            switch result {
            case .success(let reference):
                references[position] = reference
                fresh.append((reference.fingerprint, reference.location.member, reference.digest, reference.size))
            case .failure(let error): failures[position] = Failure(error.cause, advice: error.advice)
            }
        }
        read.withLock { $0 += wanted.count }
        try? memory.remember(fresh, now: now)
        return (references, failures)
    }
}
