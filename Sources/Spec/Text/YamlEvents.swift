// libyaml's event interface in Swift: one event after another, with places counted from 1, and libyaml's complaints as
// located errors. The only file that sees libyaml.

internal import CYaml

/// A step of a YAML text.
struct YamlEvent {
    enum Kind {
        case streamStart, streamEnd, documentStart, documentEnd, sequenceStart, sequenceEnd, mappingStart, mappingEnd
        case alias(String)
        case scalar(String, isPlain: Bool, tag: String?)
    }

    let kind: Kind
    let anchor: String?
    let tag: String?
    let start: SourcePosition
    let end: SourcePosition
}

/// The events of a text. A class, as libyaml's parser must stay where it is.
final class YamlEvents {
    private var parser = yaml_parser_t()
    private let source: Source
    private let skipped: Int
    /// Columns of the first line that come before the text.
    private let origin: Int

    /// - Parameter text: must outlive the events.
    init(_ text: UnsafeBufferPointer<UInt8>, of source: Source, from skipped: Int, origin: Int) {
        self.source = source
        self.skipped = skipped
        self.origin = origin
        yaml_parser_initialize(&parser)
        yaml_parser_set_input_string(&parser, text.baseAddress, text.count)
        yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING)
    }

    deinit { yaml_parser_delete(&parser) }

    /// The next event.
    func next() throws(SpecError) -> YamlEvent {
        var event = yaml_event_t()
        guard yaml_parser_parse(&parser, &event) == 1 else { throw complaint() }
        defer { yaml_event_delete(&event) }
        var anchor: String?
        var tag: String?
        let kind: YamlEvent.Kind
        switch event.type {
        case YAML_STREAM_START_EVENT: kind = .streamStart
        case YAML_DOCUMENT_START_EVENT: kind = .documentStart
        case YAML_DOCUMENT_END_EVENT: kind = .documentEnd
        case YAML_SEQUENCE_START_EVENT:
            kind = .sequenceStart
            anchor = string(event.data.sequence_start.anchor)
            tag = string(event.data.sequence_start.tag)
        case YAML_SEQUENCE_END_EVENT: kind = .sequenceEnd
        case YAML_MAPPING_START_EVENT:
            kind = .mappingStart
            anchor = string(event.data.mapping_start.anchor)
            tag = string(event.data.mapping_start.tag)
        case YAML_MAPPING_END_EVENT: kind = .mappingEnd
        case YAML_ALIAS_EVENT: kind = .alias(string(event.data.alias.anchor) ?? "")
        case YAML_SCALAR_EVENT:
            let scalar = event.data.scalar
            anchor = string(scalar.anchor)
            let value = UnsafeBufferPointer(start: scalar.value, count: scalar.length)
            kind = .scalar(
                String(decoding: value, as: UTF8.self), isPlain: scalar.style == YAML_PLAIN_SCALAR_STYLE,
                tag: string(scalar.tag))
        default: kind = .streamEnd
        }
        return YamlEvent(
            kind: kind, anchor: anchor, tag: tag, start: position(event.start_mark), end: position(event.end_mark))
    }

    private func position(_ mark: yaml_mark_t) -> SourcePosition {
        SourcePosition(
            line: Int(mark.line) + source.firstLine, column: Int(mark.column) + 1 + (mark.line == 0 ? origin : 0))
    }

    private func string(_ pointer: UnsafeMutablePointer<yaml_char_t>?) -> String? {
        pointer.map { String(cString: $0) }
    }

    /// What libyaml finds wrong, located.
    private func complaint() -> SpecError {
        let problem = parser.problem.map { String(cString: $0) } ?? "unreadable"
        var place: SourcePosition
        if parser.error == YAML_READER_ERROR {
            place = source.position(ofByte: skipped + Int(parser.problem_offset))
        } else {
            // What is missing at the end of the text is missed behind its last character.
            place = min(position(parser.problem_mark), source.end)
        }
        let isTab =
            problem.contains("tab") || source.line(place.line)?.unicodeScalars.dropFirst(place.column - 1).first == "\t"
        var message = "not YAML: " + (isTab ? "expected spaces as indentation, got a tab" : problem)
        if let context = parser.context, parser.context_mark.line != parser.problem_mark.line {
            let start = position(parser.context_mark)
            message += ", \(String(cString: context)) that began at \(start.line):\(start.column)"
        }
        return SpecError(
            range: SourceRange(file: source.name, start: place, end: place), message: message,
            advice: isTab ? "a tab has no width in YAML" : nil)
    }
}
