// YAML text → located values, over libyaml's events. What libyaml leaves open is decided here: duplicate keys, anchors and
// merge keys, types of scalars, and bounds, so that no input takes more than a moment or overflows the stack.

internal import Stages
internal import Tensors

/// The bounds of what is read.
enum YamlLimits {
    static let fileSize = 4 << 20
    static let depth = 64
    /// Values after aliases, merges and `${…}` are put in.
    static let values = 100_000
}

/// Reads the one document of a text.
struct YamlReader {
    private let source: Source
    private let events: YamlEvents
    private var anchors = [String: Located]()
    private var total = 0

    private init(source: Source, events: YamlEvents) {
        self.source = source
        self.events = events
    }

    /// The value of a text; an empty text is null.
    /// - Parameter offset: bytes to skip: the address that stands before the value of a setting.
    static func read(_ source: Source, from offset: Int = 0) throws(SpecError) -> Located {
        guard source.bytes.count <= YamlLimits.fileSize else { throw tooLarge(source.name, source.bytes.count) }
        if let bad = firstInvalid(source.bytes) {
            let place = source.position(ofByte: bad)
            throw SpecError(
                range: SourceRange(file: source.name, start: place, end: place),
                message: "expected UTF-8, got the byte 0x" + String(source.bytes[bad], radix: 16),
                advice: "save the file as UTF-8")
        }
        let hasMark = source.bytes.starts(with: [0xEF, 0xBB, 0xBF])
        let skipped = hasMark ? 3 : offset
        let columns = String(decoding: source.bytes.prefix(offset), as: UTF8.self).unicodeScalars.count
        let result = source.bytes.dropFirst(skipped).withUnsafeBufferPointer { text -> Result<Located, SpecError> in
            let events = YamlEvents(text, of: source, from: skipped, origin: hasMark ? 0 : columns)
            var reader = YamlReader(source: source, events: events)
            do throws(SpecError) { return .success(try reader.stream()) } catch { return .failure(error) }
        }
        return try result.get()
    }

    static func tooLarge(_ name: String, _ size: Int) -> SpecError {
        let start = SourcePosition(line: 1, column: 1)
        return SpecError(
            range: SourceRange(file: name, start: start, end: start),
            message: "expected a spec of at most \(YamlLimits.fileSize) bytes, got \(size)",
            advice: "data belongs in files that stages read, not in the spec")
    }

    /// The offset of the first byte that is not UTF-8.
    private static func firstInvalid(_ bytes: [UInt8]) -> Int? {
        if String(validating: bytes, as: UTF8.self) != nil { return nil }
        var decoder = UTF8()
        var iterator = bytes.makeIterator()
        var valid = bytes.startIndex
        while true {
            switch decoder.decode(&iterator) {
            case .scalarValue(let scalar): valid += UTF8.width(scalar)
            case .emptyInput, .error: return min(valid, bytes.endIndex - 1)
            }
        }
    }

    private mutating func stream() throws(SpecError) -> Located {
        var root: Located?
        while true {
            let event = try events.next()
            switch event.kind {
            case .streamEnd:
                // libyaml counts a line more than there is behind a text without a value.
                let end = min(event.start, source.end)
                return root ?? .null(range(end, end))
            case .documentStart:
                if root != nil {
                    throw SpecError(
                        range: range(event.start, event.end), message: "expected one document, got a second one",
                        advice: "one file is one experiment; put the other in a file of its own")
                }
                let first = try events.next()
                root = try value(from: first, depth: 1)
            case .streamStart, .documentEnd: break
            default: throw SpecError(range: range(event.start, event.end), message: "expected a document")
            }
        }
    }

    /// The value that starts with an event.
    private mutating func value(from event: YamlEvent, depth: Int) throws(SpecError) -> Located {
        let place = range(event.start, event.end)
        if depth > YamlLimits.depth { throw tooDeep(place) }
        total += 1
        if total > YamlLimits.values { throw tooMany(place) }
        let result: Located
        switch event.kind {
        case .alias(let name):
            guard let anchored = anchors[name] else {
                throw SpecError(
                    range: place, message: "expected an anchor that comes before, got *\(name)",
                    advice: nearest(to: name, among: anchors.keys.sorted()).map { "did you mean *\($0)?" })
            }
            total += anchored.count - 1
            if total > YamlLimits.values { throw tooMany(place) }
            if depth + anchored.depth - 1 > YamlLimits.depth { throw tooDeep(place) }
            return anchored
        case .scalar(let text, let isPlain, let tag):
            result = Located(.scalar(try typed(text, isPlain, tag, place), written: text), place)
        case .sequenceStart:
            try checkTag(event.tag, is: "seq", place)
            var elements = [Located]()
            var end = event.end
            while true {
                let element = try events.next()
                if case .sequenceEnd = element.kind {
                    if element.end != element.start { end = element.end }
                    break
                }
                elements.append(try value(from: element, depth: depth + 1))
                end = elements.last?.range.end ?? end
            }
            result = Located(.sequence(elements), range(event.start, end))
        case .mappingStart:
            try checkTag(event.tag, is: "map", place)
            result = try mapping(event, depth: depth)
        default:
            throw SpecError(range: place, message: "expected a value")
        }
        if let anchor = event.anchor { anchors[anchor] = result }
        return result
    }

    private mutating func mapping(_ event: YamlEvent, depth: Int) throws(SpecError) -> Located {
        var entries = [Located.Entry]()
        var names = Set<String>()
        var merges = [Located]()
        var end = event.end
        while true {
            let key = try events.next()
            let place = range(key.start, key.end)
            if case .mappingEnd = key.kind {
                if key.end != key.start { end = key.end }
                break
            }
            guard case .scalar(let name, let isPlain, _) = key.kind else {
                throw SpecError(range: place, message: "expected a name as the key, got a structure or an alias")
            }
            let value = try value(from: try events.next(), depth: depth + 1)
            end = max(value.range.end, place.end)
            if isPlain && name == "<<" {
                merges.append(value)
                continue
            }
            guard names.insert(name).inserted else {
                let first = entries.first { $0.key == name }?.keyRange.start.line ?? 0
                throw SpecError(
                    range: place, message: "the key \(name) is already on line \(first)", advice: "keep one of them")
            }
            entries.append(Located.Entry(key: name, keyRange: place, value: value))
        }
        for merge in merges { try add(merge, to: &entries, &names) }
        return Located(.mapping(entries), range(event.start, end))
    }

    /// `<<`: the keys of a mapping, or of a list of mappings, that are not there already.
    private mutating func add(
        _ merge: Located, to entries: inout [Located.Entry], _ names: inout Set<String>
    ) throws(SpecError) {
        for source in merge.elements ?? [merge] {
            guard let others = source.entries else {
                throw SpecError(
                    range: source.range,
                    message: "expected a map to merge, or a list of maps, got \(source.canonical.phrase)")
            }
            for entry in others where names.insert(entry.key).inserted {
                total += entry.value.count
                if total > YamlLimits.values { throw tooMany(merge.range) }
                entries.append(entry)
            }
        }
    }

    private func range(_ start: SourcePosition, _ end: SourcePosition) -> SourceRange {
        SourceRange(file: source.name, start: start, end: end)
    }

    private func typed(_ text: String, _ isPlain: Bool, _ tag: String?, _ place: SourceRange) throws(SpecError)
        -> Canonical
    {
        guard let tag else {
            if !isPlain { return .text(text) }
            guard let value = CoreSchema.value(of: text) else {
                throw SpecError(
                    range: place, message: "expected an int of 64 bits, got \(text)",
                    advice: "put it in quotes if it is text")
            }
            return value
        }
        let value = CoreSchema.value(of: text)
        switch (tag, value) {
        case ("!", _), ("tag:yaml.org,2002:str", _): return .text(text)
        case ("tag:yaml.org,2002:int", .int?), ("tag:yaml.org,2002:bool", .bool?), ("tag:yaml.org,2002:null", .null?),
            ("tag:yaml.org,2002:float", .float?):
            return value ?? .null
        case ("tag:yaml.org,2002:float", .int(let int)?): return .float(Double(int))
        default: throw unknownTag(tag, place)
        }
    }

    private func checkTag(_ tag: String?, is word: String, _ place: SourceRange) throws(SpecError) {
        guard let tag, tag != "!", tag != "tag:yaml.org,2002:" + word else { return }
        throw unknownTag(tag, place)
    }

    private func unknownTag(_ tag: String, _ place: SourceRange) -> SpecError {
        let prefix = "tag:yaml.org,2002:"
        let shown = tag.hasPrefix(prefix) ? "!!" + tag.dropFirst(prefix.count) : tag
        return SpecError(range: place, message: "the tag \(shown) has no meaning here", advice: "leave it out")
    }

    private func tooDeep(_ place: SourceRange) -> SpecError {
        SpecError(range: place, message: "expected at most \(YamlLimits.depth) levels of nesting")
    }

    private func tooMany(_ place: SourceRange) -> SpecError {
        SpecError(
            range: place,
            message: "expected at most \(YamlLimits.values) values, aliases and merges counted as what they stand for")
    }
}
