// What the header of a frame says, as canonical bytes: a result, or that an earlier frame is to be forgotten.

internal import Tensors

/// A value as a header describes it.
struct ValueDescription: Sendable, Hashable {
    enum Form: String, Sendable {
        case tensor, bundle, nothing
    }

    let form: Form
    /// A tensor's header; null otherwise.
    let tensorHeader: Canonical
    /// Of the payload: a tensor's raw elements, a bundle's canonical bytes.
    let length: Int
    let payload: Digest
    let keeping: Keeping
    /// Whether the record's output is the value's digest. A table's record has the table's root for its output.
    let isOutput: Bool

    /// The name of the blob's file ends so.
    var ending: String { form == .tensor ? "npy" : "cbor" }
}

/// The header of a result.
struct ResultHeader: Sendable, Hashable {
    let slot: Slot
    let stage: Digest
    let output: Digest
    let noteBytes: [UInt8]
    let value: ValueDescription?
}

/// Drops an earlier frame, or what it kept, from all that is found later.
struct Forgetting: Sendable, Hashable {
    enum Extent: String, Sendable {
        /// The record.
        case record
        /// The value; the digest stays known.
        case value
    }

    let place: Place
    let slot: Slot
    let extent: Extent
}

/// The header of a frame.
enum FrameHeader: Sendable, Hashable {
    case result(ResultHeader)
    case forgetting(Forgetting)
}

extension FrameHeader {
    var encoded: [UInt8] {
        switch self {
        case .forgetting(let forgetting):
            Canonical.map([
                "forget": .text(forgetting.extent.rawValue),
                "key": .digest(forgetting.slot.key),
                "profile": .digest(forgetting.slot.profile),
                "segment": .text("\(forgetting.place.writer)"),
                "offset": .int(forgetting.place.offset),
            ]).encoded()
        case .result(let result):
            Canonical.map([
                "key": .digest(result.slot.key),
                "profile": .digest(result.slot.profile),
                "stage": .digest(result.stage),
                "output": .digest(result.output),
                "note": .bytes(result.noteBytes),
                "value": result.value?.canonical ?? .null,
            ]).encoded()
        }
    }

    /// Reads a header; nil for what this format does not know.
    init?(encoded: ArraySlice<UInt8>) {
        guard let map = Canonical(encoded: Array(encoded)), let key = map["key"]?.digestValue,
            let profile = map["profile"]?.digestValue
        else { return nil }
        let slot = Slot(key: key, profile: profile)
        if let extent = map["forget"] {
            guard let extent = extent.textValue.flatMap(Forgetting.Extent.init(rawValue:)),
                let writer = map["segment"]?.textValue.flatMap({ WriterName(file: $0 + ".seg") }),
                let offset = map["offset"]?.intValue
            else { return nil }
            self = .forgetting(
                Forgetting(place: Place(writer: writer, offset: offset), slot: slot, extent: extent))
            return
        }
        guard let stage = map["stage"]?.digestValue, let output = map["output"]?.digestValue,
            let note = map["note"]?.bytesValue, let described = map["value"]
        else { return nil }
        let value = ValueDescription(described)
        guard value != nil || described == .null else { return nil }
        self = .result(
            ResultHeader(slot: slot, stage: stage, output: output, noteBytes: note, value: value))
    }
}

extension ResultHeader {
    /// The record of a frame with this header.
    func record(at place: Place, headerLength: Int) -> Record {
        Record(
            key: slot.key, profile: slot.profile, output: output, byteCount: value?.length ?? 0,
            keeping: value?.keeping ?? .digestOnly, place: place, headerLength: headerLength, noteBytes: noteBytes)
    }
}

extension ValueDescription {
    fileprivate var canonical: Canonical {
        .map([
            "form": .text(form.rawValue),
            "header": tensorHeader,
            "length": .int(length),
            "payload": .digest(payload),
            "blob": .bool(keeping == .blob),
            "is_output": .bool(isOutput),
        ])
    }

    fileprivate init?(_ canonical: Canonical) {
        guard let form = canonical["form"]?.textValue.flatMap(Form.init(rawValue:)),
            let header = canonical["header"], let length = canonical["length"]?.intValue, length >= 0,
            let payload = canonical["payload"]?.digestValue, let isBlob = canonical["blob"]?.boolValue,
            let isOutput = canonical["is_output"]?.boolValue
        else { return nil }
        self.init(
            form: form, tensorHeader: header, length: length, payload: payload,
            keeping: form == .nothing ? .nothing : isBlob ? .blob : .inline, isOutput: isOutput)
    }
}
