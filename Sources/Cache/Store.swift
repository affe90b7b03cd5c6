// The store: results by key and profile, kept across runs and shared between processes. It knows digests and bytes, and no
// stages. What was stored is first in memory, then in this process's segment (by the time that `store` returns), and some
// thousands of records later in the index; look-ups ask memory and then the index.
//
// Locks, in the order in which they may be held together: `upkeep`, `segment`, `state`.

internal import Glibc
public import Tensors

/// Where the index of a cache lies.
public enum IndexLocation: Sendable, Hashable {
    /// In the cache's directory.
    case inside
    /// In a directory of this machine, where the cache's is on a shared file system.
    case directory(String)
    /// In memory, made from the segments each time.
    case memory
}

/// A cache of results.
public final class Store: Sendable {
    let disk: any BlobStore
    let layout: Layout
    let blobs: Blobs
    let indexPath: String?
    let upkeep = Lock(())
    let segment: Lock<SegmentWriter>
    let state: Lock<State>

    /// What is in memory.
    struct State: Sendable {
        var index: Index
        /// What the index does not know yet, in order.
        var changes = [IndexChange]()
        var stretches = [IndexedStretch]()
        /// The same by slot; nil for what was forgotten.
        var recent = [Slot: Record?]()
        /// What is on its way into the index.
        var entering = [Slot: Record?]()
        /// How many changes are worth a transaction; more after one that had to wait.
        var batch = Store.batch
        var isEntering = false
        /// Slots that were looked up in vain: storing them need not look again.
        var misses = Set<Slot>()
        var stages = Set<Digest>()
        var profiles = Set<Digest>()
        /// Files that may not be on the medium yet.
        var unsynced = Set<String>()
        var noted = Set<Digest>()
        var damage = [String]()
        var isClosed = false

        mutating func report(_ sentence: String) {
            // After a thousand the story is told.
            if damage.count < 1000, !damage.contains(sentence) { damage.append(sentence) }
        }
    }

    static let batch = 4096
    /// The most misses that are remembered.
    static let mostMisses = 1 << 17

    /// Opens the cache in a directory, or makes one there if the directory is missing or empty.
    public init(
        directory: String, disk: any BlobStore = Disk(), index: IndexLocation = .inside
    ) throws(CacheError) {
        let layout = Layout(directory: directory)
        try layout.open(on: disk)
        self.disk = disk
        self.layout = layout
        blobs = Blobs(disk: disk, layout: layout)
        indexPath =
            switch index {
            case .inside: directory + "/index.sqlite"
            case .directory(let path): path + "/index.sqlite"
            case .memory: nil
            }
        segment = Lock(SegmentWriter(disk: disk, layout: layout))
        let (opened, complaint) = try Self.openIndex(indexPath)
        var initial = State(index: opened)
        if let complaint { initial.report(complaint) }
        state = Lock(initial)
        try openUp()
    }

    deinit {
        // Whoever wants to know of failures calls `close` first; what could not be entered is in the segment.
        try? close()
    }

    // MARK: Look-ups

    /// The records of keys, each nil where there is none.
    public func lookup(_ keys: [Digest], profile: Digest) throws(CacheError) -> [Record?] {
        var (records, open, isUnknown) = state.withLock { state in
            var records = [Record?](repeating: nil, count: keys.count)
            var open = [Int]()
            for (position, key) in keys.enumerated() {
                if let known = state.known(Slot(key: key, profile: profile)) {
                    records[position] = known
                } else {
                    open.append(position)
                }
            }
            return (records, open, !state.profiles.contains(profile))
        }
        if open.isEmpty { return records }
        let slots = open.map { Slot(key: keys[$0], profile: profile) }
        let found =
            isUnknown
            ? [Record?](repeating: nil, count: slots.count)
            : try ask { (index) throws(IndexFault) in try index.find(slots) }
        for (position, record) in zip(open, found) { records[position] = record }
        let missed = zip(slots, found).compactMap { $1 == nil ? $0 : nil }
        if !missed.isEmpty { state.withLock { $0.miss(missed) } }
        return records
    }

    /// The record of a key. Many keys are cheaper together.
    public func lookup(_ key: Digest, profile: Digest) throws(CacheError) -> Record? {
        try lookup([key], profile: profile)[0]
    }

    /// The records of a key under any profile.
    public func lookupInAnyProfile(_ key: Digest) throws(CacheError) -> [Record] {
        var records = [Record]()
        for profile in state.withLock({ $0.profiles }).sorted() {
            if let record = try lookup(key, profile: profile) { records.append(record) }
        }
        return records
    }

    /// Whether anything was ever recorded of a stage. False spares the look-ups of a stage that never ran.
    public func hasRecords(of stage: Digest) -> Bool {
        state.withLock { $0.stages.contains(stage) }
    }

    // MARK: Storing

    /// Records a result: `digest` if the caller knows it (of a table: its root, which is not its value's digest), else
    /// the value's. If a record exists with another digest, it stays, and `notDeterministic` is thrown; if one exists
    /// that keeps no value, and this one does, this one takes its place.
    @discardableResult
    public func store(
        key: Digest, profile: Digest, stage: Digest, value: Value, digest: Digest?, keepsValue: Bool, note: Canonical
    ) throws(CacheError) -> Record {
        let slot = Slot(key: key, profile: profile)
        if !keepsValue {
            let output = digest ?? value.digest
            return try store(slot, stage, output, nil, note, payload: UnsafeRawBufferPointer(start: nil, count: 0))
        }
        return try value.withPayload { (payload) throws(CacheError) in
            let (output, description) = value.description(payload: payload, output: digest)
            return try store(slot, stage, output, description, note, payload: payload)
        }
    }

    private func store(
        _ slot: Slot, _ stage: Digest, _ output: Digest, _ value: ValueDescription?, _ note: Canonical,
        payload: UnsafeRawBufferPointer
    ) throws(CacheError) -> Record {
        let isMiss = state.withLock { $0.misses.remove(slot) != nil || !$0.profiles.contains(slot.profile) }
        if !isMiss, let existing = try lookup(slot.key, profile: slot.profile),
            try suffices(existing, output, value, note)
        {
            return existing
        }
        if let value, value.keeping == .blob {
            do throws(DiskFault) {
                if let path = try blobs.write(payload, value) {
                    state.withLock { _ = $0.unsynced.insert(path) }
                }
            } catch { throw CacheError(error) }
        }
        let header = ResultHeader(
            slot: slot, stage: stage, output: output, noteBytes: note.encoded(), value: value)
        let headerBytes = FrameHeader.result(header).encoded
        let inline = value?.keeping == .inline ? payload : UnsafeRawBufferPointer(start: nil, count: 0)
        let frame = Frame.encode(header: headerBytes, payload: inline)
        let record = try segment.withLock { (segment) throws(CacheError) -> Record in
            // Another thread may have come first.
            if let existing = state.withLock({ $0.known(slot) ?? nil }),
                try suffices(existing, output, value, note)
            {
                return existing
            }
            let place = try append(frame, to: &segment)
            let record = header.record(at: place, headerLength: headerBytes.count)
            state.withLock { state in
                state.changes.append(.record(record, stage: stage))
                state.recent[slot] = .some(record)
                state.stages.insert(stage)
                state.profiles.insert(slot.profile)
            }
            return record
        }
        enterIfDue()
        return record
    }

    /// Whether a record that exists is all that is to be stored.
    private func suffices(
        _ existing: Record, _ output: Digest, _ value: ValueDescription?, _ note: Canonical
    ) throws(CacheError) -> Bool {
        guard existing.output == output else {
            throw .notDeterministic(existing: existing, note: note, output: output)
        }
        return existing.hasValue || value == nil
    }

    /// Appends a frame to this process's segment.
    private func append(_ frame: [UInt8], to segment: inout SegmentWriter) throws(CacheError) -> Place {
        do throws(DiskFault) {
            let place = try segment.append(frame)
            let end = place.offset + frame.count
            state.withLock { state in
                if let last = state.stretches.last, last.writer == place.writer, last.to == place.offset {
                    state.stretches[state.stretches.count - 1] = IndexedStretch(
                        writer: last.writer, from: last.from, to: end)
                } else {
                    state.stretches.append(IndexedStretch(writer: place.writer, from: place.offset, to: end))
                }
            }
            return place
        } catch { throw CacheError(error) }
    }

    // MARK: Forgetting

    /// Makes it so that the record was never stored. (A twin that another process wrote at the same time may show up.)
    public func forget(_ record: Record) {
        forget(record, .record)
    }

    /// Drops a record or its value, in memory, in the segments and in time in the index. Where nothing can be written
    /// it is dropped for this process only.
    func forget(_ record: Record, _ extent: Forgetting.Extent) {
        let forgetting = Forgetting(place: record.place, slot: record.slot, extent: extent)
        let frame = Frame.encode(
            header: FrameHeader.forgetting(forgetting).encoded, payload: UnsafeRawBufferPointer(start: nil, count: 0))
        segment.withLock { segment in
            _ = try? append(frame, to: &segment)
            state.withLock { state in
                // Something newer may have taken the record's place.
                if let known = state.known(record.slot), known?.place != record.place { return }
                state.changes.append(.forgetting(forgetting))
                state.recent[record.slot] = .some(extent == .record ? nil : record.withoutValue)
            }
        }
        enterIfDue()
    }
}

extension Store.State {
    /// What memory knows of a slot: a record, that there is none, or (nil) nothing.
    func known(_ slot: Slot) -> Record?? {
        if let record = recent[slot] { return .some(record) }
        if let record = entering[slot] { return .some(record) }
        return nil
    }

    /// Remembers look-ups that found nothing; some are forgotten when they are too many.
    mutating func miss(_ slots: [Slot]) {
        if misses.count + slots.count > Store.mostMisses { misses.removeAll() }
        misses.formUnion(slots.prefix(Store.mostMisses))
    }
}
