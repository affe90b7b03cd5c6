// Keeping the index in step with the segments: entering what this process stored, catching up with what others stored, and
// making the index again when it is not to be used.

internal import Glibc
internal import Tensors

extension Store {
    /// Enters what was stored into the index, and waits until it is on the medium.
    public func flush() throws(CacheError) {
        upkeep.withLock { _ in enter() }
        try sync()
    }

    private func sync() throws(CacheError) {
        let paths = state.withLock { state in
            defer { state.unsynced.removeAll() }
            return state.unsynced
        }
        do throws(DiskFault) { try disk.sync(paths.sorted()) } catch {
            state.withLock { $0.unsynced.formUnion(paths) }
            throw CacheError(error)
        }
    }

    /// Flushes, and closes the files. The store is not to be used afterwards; closing twice is no error.
    public func close() throws(CacheError) {
        let wasClosed = state.withLock { state in
            defer { state.isClosed = true }
            return state.isClosed
        }
        if wasClosed { return }
        defer {
            segment.withLock { $0.abandon() }
            state.withLock { $0.index }.close()
        }
        try flush()
    }

    /// Takes in what other processes have stored since the last time.
    public func refresh() throws(CacheError) {
        try upkeep.withLock { (_) throws(CacheError) in
            enter()
            try catchUp()
        }
    }

    /// Catches up at the start.
    func openUp() throws(CacheError) {
        try upkeep.withLock { (_) throws(CacheError) in try catchUp() }
    }

    /// Enters what was stored when it is enough for a transaction.
    func enterIfDue() {
        let isDue = state.withLock { state in
            guard state.changes.count >= state.batch, !state.isEntering else { return false }
            state.isEntering = true
            return true
        }
        guard isDue else { return }
        // A failure to sync is told by the next flush, which tries again.
        try? flush()
        state.withLock { $0.isEntering = false }
    }

    /// Asks the index; one that cannot answer is made again, once.
    func ask<Answer>(_ question: (Index) throws(IndexFault) -> Answer) throws(CacheError) -> Answer {
        let index = state.withLock { $0.index }
        do throws(IndexFault) { return try question(index) } catch {
            if case .unusable(let reason) = error {
                try upkeep.withLock { (_) throws(CacheError) in try replace(index, reason) }
                let again = state.withLock { $0.index }
                do throws(IndexFault) { return try question(again) } catch { throw cacheError(error) }
            }
            throw cacheError(error)
        }
    }

    private func cacheError(_ fault: IndexFault) -> CacheError {
        let path = indexPath ?? layout.directory
        return switch fault {
        case .busy: .cannotRead(path: path, reason: "another process holds it")
        case .unusable(let reason): .cannotRead(path: path, reason: reason)
        }
    }

    /// Enters what was stored; what cannot be entered now stays in memory for the next time. Holding `upkeep`.
    private func enter() {
        let (index, changes, stretches) = state.withLock { state in
            defer { (state.changes, state.stretches, state.entering, state.recent) = ([], [], state.recent, [:]) }
            for stretch in state.stretches { state.unsynced.insert(layout.segment(stretch.writer)) }
            return (state.index, state.changes, state.stretches)
        }
        if changes.isEmpty { return }
        do throws(IndexFault) {
            let conflicts = try index.enter(changes, stretches)
            state.withLock { state in
                state.entering = [:]
                state.batch = Self.batch
            }
            report(conflicts)
        } catch {
            state.withLock { state in
                state.changes = changes + state.changes
                state.stretches = stretches + state.stretches
                state.recent = state.entering.merging(state.recent) { $1 }
                state.entering = [:]
                state.batch = state.changes.count + Self.batch
            }
            // Made again from the segments it has these changes; entering them once more changes nothing.
            if case .unusable(let reason) = error { try? replace(index, reason) }
        }
    }

    /// Takes in the segments' new frames. Holding `upkeep`.
    private func catchUp() throws(CacheError) {
        let index = state.withLock { $0.index }
        do throws(IndexFault) {
            try catchUp(index)
        } catch {
            // Another process that holds the index enters the same frames.
            if case .unusable(let reason) = error { try replace(index, reason) }
        }
    }

    /// The faults of the disk are told apart from the index's: they are reported, and what cannot be read is not found.
    private func catchUp(_ index: Index) throws(IndexFault) {
        defer { state.withLock { $0.misses.removeAll() } }
        // Lengths before sizes: another process may append and enter in between, and what it entered must not look longer
        // than its segment.
        var lengths = try index.lengths()
        let entries = readable(layout.segments) { () throws(DiskFault) in try disk.list(layout.segments) } ?? []
        var segments = [(writer: WriterName, size: Int)]()
        for entry in entries {
            if let writer = WriterName(file: entry.name) { segments.append((writer, entry.size)) }
        }
        let sizes = Dictionary(uniqueKeysWithValues: segments.map { ($0.writer, $0.size) })
        // What a vanished segment had may lie in another one now: all are read again.
        if lengths.contains(where: { sizes[$0.key] ?? -1 < $0.value }) {
            try index.clear()
            lengths = [:]
        }
        for (writer, size) in segments where size > lengths[writer] ?? 0 {
            try catchUp(index, writer, from: lengths[writer] ?? 0, size: size)
        }
        let names = try index.names()
        state.withLock { state in
            state.stages.formUnion(names.stages)
            state.profiles.formUnion(names.profiles)
        }
    }

    private func catchUp(_ index: Index, _ writer: WriterName, from start: Int, size: Int) throws(IndexFault) {
        let path = layout.segment(writer)
        var walk = SegmentWalk(disk: disk, path: path, writer: writer, from: start, size: size)
        var isAtEnd = false
        while !isAtEnd {
            let from = walk.position
            var changes = [IndexChange]()
            while changes.count < 4 * Self.batch {
                guard let found = readable(path, { () throws(DiskFault) in try walk.next() }) else {
                    isAtEnd = true
                    break
                }
                switch found.header {
                case .result(let header):
                    let record = header.record(at: found.place, headerLength: found.frame.headerLength)
                    changes.append(.record(record, stage: header.stage))
                case .forgetting(let forgetting): changes.append(.forgetting(forgetting))
                }
            }
            if !changes.isEmpty {
                report(try index.enter(changes, [IndexedStretch(writer: writer, from: from, to: walk.position)]))
            }
        }
        for range in walk.damaged {
            let sentence =
                "\(path) is damaged from byte \(range.lowerBound) to \(range.upperBound): "
                + "what was recorded there is computed again"
            state.withLock { $0.report(sentence) }
        }
    }

    private func readable<Result>(_ path: String, _ read: () throws(DiskFault) -> Result?) -> Result? {
        do throws(DiskFault) { return try read() } catch {
            let sentence = "\(path) cannot be read: \(error.reason)"
            state.withLock { $0.report(sentence) }
            return nil
        }
    }

    private func report(_ conflicts: [(kept: Record, refused: Record)]) {
        for (kept, refused) in conflicts {
            let error = CacheError.notDeterministic(existing: kept, note: refused.note, output: refused.output)
            state.withLock { $0.report("\(error)") }
        }
    }

    /// Throws an index away and makes it again from the segments. Holding `upkeep`.
    private func replace(_ index: Index, _ reason: String) throws(CacheError) {
        guard state.withLock({ $0.index === index && !$0.isClosed }) else { return }
        index.close()
        if let indexPath { removeDatabase(indexPath) }
        let (fresh, _) = try Self.openIndex(indexPath)
        state.withLock { state in
            state.index = fresh
            state.report("the index was not to be used (\(reason)) and was made again")
        }
        do throws(IndexFault) { try catchUp(fresh) } catch { throw cacheError(error) }
    }

    /// Opens the index; one that is not to be used is thrown away; where none can be had it lives in memory.
    static func openIndex(_ path: String?) throws(CacheError) -> (index: Index, complaint: String?) {
        var complaint: String?
        // Two processes that make one at the same time get in each other's way; a short one.
        for _ in 0..<3 {
            guard let path else { break }
            do throws(IndexFault) { return (try Index(path: path), complaint) } catch {
                if case .unusable(let reason) = error {
                    complaint = "the index was not to be used (\(reason)) and was made again"
                    removeDatabase(path)
                }
            }
        }
        do throws(IndexFault) { return (try Index(path: nil), complaint) } catch {
            throw .cannotRead(path: path ?? "the index", reason: "\(error)")
        }
    }
}

/// Removes a database of SQLite's, with what lies beside it.
func removeDatabase(_ path: String) {
    for ending in ["", "-wal", "-shm"] { unlink(path + ending) }
}
