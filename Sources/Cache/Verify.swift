// Reading all of a cache and checking it, and counting what is in it.

internal import Tensors

/// What is in a cache.
public struct Statistics: Sendable, Hashable {
    public var records = 0
    /// Records of which only the digest is kept.
    public var digestsOnly = 0
    public var inlineValues = 0
    public var inlineBytes = 0
    /// Records whose value is a blob; several may share one.
    public var blobValues = 0
    public var blobs = 0
    /// Bytes that the files take.
    public var blobBytes = 0
    public var segments = 0
    public var segmentBytes = 0
    /// When the least recently written segment was written, in nanoseconds since 1970; nil without segments.
    public var oldest: Int64?
}

/// What reading all of a cache found.
public struct VerifyReport: Sendable, Hashable {
    public var records = 0
    public var values = 0
    public var bytes = 0
    /// Sentences, in the order of the segments.
    public var damage = [String]()
    /// Blobs that no record names; gc removes them.
    public var orphans = 0
    /// Bytes at segments' ends that belong to no whole record: a process was stopped while it wrote.
    public var incompleteBytes = 0
}

extension Store {
    /// Counts what is in the cache.
    public func statistics() throws(CacheError) -> Statistics {
        try refresh()
        var statistics = try ask { (index) throws(IndexFault) -> Statistics in
            var counted = Statistics()
            try index.forEach { record in
                counted.records += 1
                switch record.keeping {
                case .digestOnly, .nothing: counted.digestsOnly += record.hasValue ? 0 : 1
                case .inline:
                    counted.inlineValues += 1
                    counted.inlineBytes += record.byteCount
                case .blob: counted.blobValues += 1
                }
            }
            return counted
        }
        do throws(DiskFault) {
            for entry in try disk.list(layout.segments) ?? [] where WriterName(file: entry.name) != nil {
                statistics.segments += 1
                statistics.segmentBytes += entry.size
                statistics.oldest = min(statistics.oldest ?? entry.modified, entry.modified)
            }
            for blob in try blobFiles() {
                statistics.blobs += 1
                statistics.blobBytes += blob.size
            }
        } catch { throw CacheError(error) }
        return statistics
    }

    /// Reads and checks every record and every value, and forgets what is damaged. `progress` is told the bytes read so
    /// far and the bytes in all.
    public func verify(progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }) throws(CacheError) -> VerifyReport {
        try refresh()
        let forgotten = try ask { (index) throws(IndexFault) in try index.forgotten() }
        var report = VerifyReport()
        do throws(DiskFault) {
            let segments = try disk.list(layout.segments) ?? []
            let files = try blobFiles()
            let total = segments.reduce(0) { $0 + $1.size } + files.reduce(0) { $0 + $1.size }
            // Of each blob that a record names, whether it is whole.
            var blobs = [String: Damage?]()
            for entry in segments {
                guard let writer = WriterName(file: entry.name) else { continue }
                let path = layout.segment(writer)
                var walk = SegmentWalk(disk: disk, path: path, writer: writer, from: 0, size: entry.size)
                while let found = try walk.next() {
                    if case .result(let header) = found.header, forgotten[found.place] == nil {
                        try verify(found, header, path, &report, &blobs)
                    }
                    progress(report.bytes, total)
                }
                for range in walk.damaged {
                    report.damage.append("\(path) is damaged from byte \(range.lowerBound) to \(range.upperBound)")
                }
                if walk.damaged.last?.upperBound != entry.size { report.incompleteBytes += entry.size - walk.position }
            }
            report.orphans = files.count { blobs[$0.path] == nil }
        } catch { throw CacheError(error) }
        return report
    }

    private func verify(
        _ found: FoundFrame, _ header: ResultHeader, _ path: String, _ report: inout VerifyReport,
        _ blobs: inout [String: Damage?]
    ) throws(DiskFault) {
        report.records += 1
        report.bytes += found.frame.length
        guard let value = header.value else { return }
        report.values += 1
        var damage: Damage?
        switch value.keeping {
        case .digestOnly, .nothing: break
        case .inline:
            let start = found.place.offset + found.frame.length - found.frame.payloadLength
            let bytes = try disk.read(path, from: start, count: found.frame.payloadLength) ?? []
            if !bytes.withUnsafeBytes({ value.isPayload($0) }) {
                damage = Damage(
                    sentence: "\(path) is damaged at byte \(found.place.offset): the value there is not the one "
                        + "that was written")
            }
        case .blob:
            let name = self.blobs.path(value)
            if let known = blobs[name] {
                damage = known
            } else {
                if case .failure(let found) = try self.blobs.read(value) { damage = found }
                blobs[name] = .some(damage)
                report.bytes += value.length
                if let damage { report.damage.append(damage.sentence) }
                if damage != nil { try? disk.remove(name) }
            }
        }
        guard let damage else { return }
        if value.keeping == .inline { report.damage.append(damage.sentence) }
        drop(header.record(at: found.place, headerLength: found.frame.headerLength), damage)
    }

    /// All blobs' files.
    private func blobFiles() throws(DiskFault) -> [(path: String, size: Int)] {
        var files = [(path: String, size: Int)]()
        for directory in try disk.list(layout.blobs) ?? [] where directory.isDirectory {
            let path = "\(layout.blobs)/\(directory.name)"
            for file in try disk.list(path) ?? [] where !file.name.hasSuffix(".tmp") {
                files.append(("\(path)/\(file.name)", file.size))
            }
        }
        return files
    }
}
