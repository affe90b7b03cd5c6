// What the header of a frame says, as canonical bytes: a result, or that an earlier frame is to be forgotten.

internal import Tensors

/// A value as a header describes it.
struct ValueDescription: Sendable, Hashable {
    enum Form: String, Sendable {
        case tensor, bundle, nothing
    }

    let form: Form
    /// The canonical bytes of a tensor's header; empty otherwise.
    let tensorHeader: [UInt8]
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
            return Canonical.map([
                "forget": .text(forgetting.extent.rawValue),
                "key": .digest(forgetting.slot.key),
                "profile": .digest(forgetting.slot.profile),
                "segment": .text("\(forgetting.place.writer)"),
                "offset": .int(forgetting.place.offset),
            ]).encoded()
        case .result(let result):
            var writer = CanonicalWriter(
                capacity: 384 + result.noteBytes.count + (result.value?.tensorHeader.count ?? 0))
            writer.map(6)
            writer.text("key")
            writer.digest(result.slot.key)
            writer.text("note")
            writer.bytes(result.noteBytes)
            writer.text("stage")
            writer.digest(result.stage)
            writer.text("value")
            if let value = result.value { value.write(&writer) } else { writer.null() }
            writer.text("output")
            writer.digest(result.output)
            writer.text("profile")
            writer.digest(result.slot.profile)
            return writer.bytes
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
    fileprivate func write(_ writer: inout CanonicalWriter) {
        writer.map(6)
        writer.text("blob")
        writer.bool(keeping == .blob)
        writer.text("form")
        writer.text(form.rawValue)
        writer.text("header")
        writer.bytes(tensorHeader)
        writer.text("length")
        writer.int(length)
        writer.text("payload")
        writer.digest(payload)
        writer.text("is_output")
        writer.bool(isOutput)
    }

    fileprivate init?(_ canonical: Canonical) {
        guard let form = canonical["form"]?.textValue.flatMap(Form.init(rawValue:)),
            let header = canonical["header"]?.bytesValue, let length = canonical["length"]?.intValue, length >= 0,
            let payload = canonical["payload"]?.digestValue, let isBlob = canonical["blob"]?.boolValue,
            let isOutput = canonical["is_output"]?.boolValue
        else { return nil }
        self.init(
            form: form, tensorHeader: header, length: length, payload: payload,
            keeping: form == .nothing ? .nothing : isBlob ? .blob : .inline, isOutput: isOutput)
    }
}
