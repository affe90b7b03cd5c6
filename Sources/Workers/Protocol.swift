// What is said between Martlet and a worker process. A worker is any program that keeps to this page, in any language.
//
// Martlet starts it with these descriptors, and no others:
//
//     0      /dev/null
//     1, 2   a pipe: what is written there is never part of the protocol; its end is quoted when the worker dies
//     3      a stream socket: messages both ways; when it hangs up, Martlet is gone and the worker must end
//     4, 5   two files in memory: arrays to the worker (4) and from it (5), mapped shared by both sides
//
// A message is a frame: the four bytes `mrtl`, a length (32 bits, little-endian, at most 256 MiB), and so many bytes of
// canonical CBOR (RFC 8949, section 4.2.1; see `Tensors/Canonical.swift`), which hold one map.
//
//     from the worker, once      {"protocol": 1}                                 ready
//     to the worker              {"number", "type", "parameters", "values", "names", "columns", "stream", "memory"}
//     from the worker            {"number", "value"}                             the same number
//                             or {"number", "cause", "advice"}                   the sample failed; advice may be null
//
// One request is under way at a time. `type` is a text and `parameters` a map of canonical values, defaults included;
// `values` an array of values, `names` of texts, `columns` a map of scalars, `stream` the 32 bytes that name the sample's
// stream of random numbers, `memory` the bytes that it may take, or null.
//
// A value is null (nothing), or a map of one key:
//
//     {"tensor": TENSOR}
//     {"bundle": {"tensors": {name: TENSOR}, "scalars": {name: scalar}}}
//     {"media": {"path", "member", "digest", "size", "fingerprint": [device, inode, size, modified, changed]}}
//
// TENSOR is [HEADER, elements] or, from 64 KiB on, [HEADER, offset, size]: where the elements lie in the sender's file in
// memory. HEADER is {"type", "shape", "axes", "labels", "attributes"}; elements are raw, row-major, little-endian. The
// sender makes its file longer when it must, and uses it again from the start for the next message: arrays are to be
// copied before the answer is sent, or the next request.

public import Tensors

/// One sample to be worked on.
public struct Request: Sendable {
    public let type: String
    public let parameters: [String: Canonical]
    public let values: [Value]
    public let names: [String]
    public let columns: [String: Scalar]
    public let stream: Digest
    /// Bytes that the worker's memory may grow by.
    public let memory: Int?

    public init(
        type: String, parameters: [String: Canonical] = [:], values: [Value], names: [String] = [],
        columns: [String: Scalar] = [:], stream: Digest = Digest(of: .null), memory: Int? = nil
    ) {
        self.type = type
        self.parameters = parameters
        self.values = values
        self.names = names
        self.columns = columns
        self.stream = stream
        self.memory = memory
    }
}

/// What came of it.
public enum Answer: Sendable, Hashable {
    case value(Value)
    case failure(cause: String, advice: String?)
}

enum Protocol {
    static let version = 1
    static let greeting = Canonical.map(["protocol": .int(version)])
    /// Where a worker finds its descriptors.
    static let socket: Int32 = 3
    static let arraysToWorker: Int32 = 4
    static let arraysFromWorker: Int32 = 5
}

extension Request {
    func message(number: Int, arrays: SharedFile) throws(SharedFileError) -> Canonical {
        var writer = ArrayWriter(file: arrays)
        var forms = [Canonical]()
        for value in values { forms.append(try writer.form(of: value)) }
        return .map([
            "number": .int(number), "type": .text(type), "parameters": .map(parameters), "values": .array(forms),
            "names": .array(names.map { .text($0) }), "columns": .map(columns.mapValues(\.canonical)),
            "stream": .digest(stream), "memory": memory.map { .int($0) } ?? .null,
        ])
    }

    /// Nil for what is no request.
    init?(_ message: Canonical, arrays: SharedFile) {
        guard let type = message["type"]?.textValue, let parameters = message["parameters"]?.mapValue,
            let forms = message["values"]?.arrayValue, let names = message["names"]?.arrayValue,
            let columns = message["columns"]?.mapValue, let stream = message["stream"]?.digestValue
        else { return nil }
        self.type = type
        self.parameters = parameters
        values = forms.compactMap { Value(form: $0, arrays: arrays) }
        self.names = names.compactMap(\.textValue)
        self.columns = columns.compactMapValues { Scalar($0) }
        self.stream = stream
        memory = message["memory"]?.intValue
        guard values.count == forms.count, self.names.count == names.count, self.columns.count == columns.count else {
            return nil
        }
    }
}

extension Answer {
    func message(number: Int, arrays: SharedFile) throws(SharedFileError) -> Canonical {
        switch self {
        case .value(let value):
            var writer = ArrayWriter(file: arrays)
            return .map(["number": .int(number), "value": try writer.form(of: value)])
        case .failure(let cause, let advice):
            return .map([
                "number": .int(number), "cause": .text(cause), "advice": advice.map { .text($0) } ?? .null,
            ])
        }
    }

    /// Nil for what is no answer to the request of that number.
    init?(_ message: Canonical, number: Int, arrays: SharedFile) {
        guard message["number"]?.intValue == number else { return nil }
        if let form = message["value"] {
            guard let value = Value(form: form, arrays: arrays) else { return nil }
            self = .value(value)
        } else {
            guard let cause = message["cause"]?.textValue else { return nil }
            self = .failure(cause: cause, advice: message["advice"]?.textValue)
        }
    }
}
