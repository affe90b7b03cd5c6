// Reading values back. Nothing is believed: the frame's checksum, the payload's digest and the value's digest must all
// agree with the record; where they do not, the value is forgotten, and whoever asked computes it again.

public import Tensors

extension Store {
    /// The value of a record; nil when it keeps none, or when what it kept is damaged: then that is forgotten, and told
    /// by `damage`.
    public func value(of record: Record) throws(CacheError) -> Value? {
        switch record.keeping {
        case .digestOnly: return nil
        case .nothing: return .nothing
        case .inline, .blob: break
        }
        let found: Result<Value, Damage>
        var isCollected = false
        do throws(DiskFault) {
            found = try read(record)
            if case .failure = found { isCollected = try disk.size(of: layout.segment(record.place.writer)) == nil }
        } catch { throw CacheError(error) }
        switch found {
        case .success(let value): return value
        case .failure(let damage):
            // A segment that is gone was collected; what it had is elsewhere.
            if isCollected { return try valueElsewhere(record, damage) }
            drop(record, damage)
            return nil
        }
    }

    /// Sentences on what was found damaged so far, by this process.
    public func damage() -> [String] {
        state.withLock { $0.damage }
    }

    func drop(_ record: Record, _ damage: Damage) {
        state.withLock { $0.report(damage.sentence) }
        forget(record, .value)
    }

    private func valueElsewhere(_ record: Record, _ damage: Damage) throws(CacheError) -> Value? {
        try refresh()
        guard let found = try lookup(record.key, profile: record.profile), found.output == record.output,
            found.place != record.place
        else {
            drop(record, damage)
            return nil
        }
        return try value(of: found)
    }

    /// Reads a record's frame and payload, and checks both.
    private func read(_ record: Record) throws(DiskFault) -> Result<Value, Damage> {
        let path = layout.segment(record.place.writer)
        let inlineLength = record.keeping == .inline ? record.byteCount : 0
        let start = Frame.prefixLength + record.headerLength
        func damaged(_ what: String) -> Result<Value, Damage> {
            .failure(Damage(sentence: "\(path) is damaged at byte \(record.place.offset): \(what)"))
        }
        guard let bytes = try disk.read(path, from: record.place.offset, count: start + inlineLength) else {
            return .failure(Damage(sentence: "\(path) is missing"))
        }
        guard bytes.count == start + inlineLength, let frame = Frame(prefix: bytes[..<Frame.prefixLength]),
            frame.headerLength == record.headerLength,
            frame.isIntact(prefix: bytes[..<Frame.prefixLength], header: bytes[Frame.prefixLength..<start]),
            case .result(let header) = FrameHeader(encoded: bytes[Frame.prefixLength..<start]),
            header.slot == record.slot, header.output == record.output, let description = header.value,
            description.keeping == record.keeping
        else { return damaged("the record there is not the one that was written") }
        let value: Value?
        if record.keeping == .inline {
            value = bytes.withUnsafeBytes { bytes in
                let payload = UnsafeRawBufferPointer(rebasing: bytes[start...])
                return description.isPayload(payload) ? description.value(payload, output: record.output) : nil
            }
        } else {
            switch try blobs.read(description) {
            case .failure(let damage):
                // So that storing it again writes it again.
                try? disk.remove(blobs.path(description))
                return .failure(damage)
            case .success(let (bytes, start)):
                value = bytes.withUnsafeBytes {
                    description.value(UnsafeRawBufferPointer(rebasing: $0[start...]), output: record.output)
                }
            }
        }
        guard let value else { return damaged("the value there is not the one that was written") }
        return .success(value)
    }
}
