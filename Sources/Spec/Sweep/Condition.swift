// `where`: a condition on the points of a sweep. Read once, with places inside its text; asked for each point.

internal import Stages
internal import Tensors

/// A condition, read.
struct Condition: Sendable {
    let root: Expression
    let text: ConditionText
    /// What it names, in order.
    let places: [Place]

    /// - Parameters:
    ///   - full: with parameters put in.
    ///   - written: as it stands in the spec.
    init(_ full: String, written: String, at range: SourceRange, in book: AddressBook) throws(SpecErrors) {
        text = ConditionText(text: full, range: range, isAsWritten: full == written)
        do throws(Mistake) {
            var parser = try ConditionParser(full)
            root = try parser.whole()
        } catch { throw SpecErrors([text.error(error)], sources: []) }
        var places = [Place]()
        var errors = ErrorList()
        for (address, span) in root.addresses where !places.contains(where: { $0.address == address }) {
            do throws(Misaddress) { places.append(try book.find(address)) } catch {
                if error.isConsequence { continue }
                let isMinus = address.contains("-") && error.advice == nil
                errors.add(
                    text.error(
                        Mistake(
                            span, error.message, advice: isMinus ? "a minus has spaces round it" : error.advice)))
            }
        }
        if !errors.isEmpty { throw SpecErrors(errors.errors, sources: []) }
        self.places = places
    }

    /// Whether it holds, given what addresses have at a point; nil is a blank.
    func holds(_ cell: (String) -> Cell?) throws(Mistake) -> Bool {
        try root.truth(cell)
    }
}

/// Something wrong inside a condition.
struct Mistake: Error {
    /// Positions of Unicode scalars.
    let span: Range<Int>
    let message: String
    let advice: String?

    init(_ span: Range<Int>, _ message: String, advice: String? = nil) {
        self.span = span
        self.message = message
        self.advice = advice
    }
}

/// The text of a condition where it stands in a spec.
struct ConditionText: Sendable {
    let text: String
    let range: SourceRange
    let isAsWritten: Bool

    /// A mistake in its place. Characters of the text are those of the line, but for text that has escapes, breaks or
    /// parameters: of that the whole is shown.
    func error(_ mistake: Mistake, at point: String = "") -> SpecError {
        var place = range
        let count = text.unicodeScalars.count
        let width = range.end.column - range.start.column
        if isAsWritten, range.start.line == range.end.line, width == count || width == count + 2 {
            let first = range.start.column + (width - count) / 2
            func position(_ offset: Int) -> SourcePosition {
                SourcePosition(line: range.start.line, column: first + offset)
            }
            place = SourceRange(
                file: range.file, start: position(mistake.span.lowerBound), end: position(mistake.span.upperBound))
        }
        return SpecError(
            range: place, address: "sweep.where", message: mistake.message + (point.isEmpty ? "" : " at " + point),
            advice: mistake.advice)
    }
}
