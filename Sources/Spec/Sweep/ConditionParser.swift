// The grammar of conditions, by recursive descent:
//
//     either     := both ("or" both)*
//     both       := negation ("and" negation)*
//     negation   := "not" negation | comparison
//     comparison := sum (("==" | "!=" | "<" | "<=" | ">" | ">=") sum | ["not"] "in" "[" sum ("," sum)* "]")?
//     sum        := product (("+" | "-") product)*
//     product    := sign (("*" | "/" | "%") sign)*
//     sign       := "-" sign | "(" either ")" | number | "text" | 'text' | true | false | null | address
//
// Names may hold a minus, so one between two names or numbers belongs to them unless it has a space beside it.

internal import Stages
internal import Tensors

/// Reads a condition.
struct ConditionParser {
    private enum Word: Equatable {
        case sign(String)
        case constant(Operand)
        /// An address, or a word of the language.
        case name(String)
        case end
    }

    private var words = [(word: Word, span: Range<Int>)]()
    private var position = 0
    private var depth = 0
    private static let longest = 2000
    private static let keywords = ["and", "or", "not", "in"]

    init(_ text: String) throws(Mistake) {
        let scalars = Array(text.unicodeScalars)
        if scalars.count > Self.longest {
            throw Mistake(0..<scalars.count, "expected at most \(Self.longest) characters, got \(scalars.count)")
        }
        try split(scalars)
    }

    mutating func whole() throws(Mistake) -> Expression {
        let result = try either()
        if word != .end { throw unexpected("and, or, or the end") }
        return result
    }

    // MARK: Words

    private mutating func split(_ text: [Unicode.Scalar]) throws(Mistake) {
        var start = 0
        func isName(_ scalar: Unicode.Scalar) -> Bool {
            scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || scalar == "_" || scalar == "."
        }
        while start < text.count {
            let scalar = text[start]
            if scalar.properties.isWhitespace {
                start += 1
                continue
            }
            var end = start + 1
            if scalar == "\"" || scalar == "'" {
                while end < text.count, text[end] != scalar { end += 1 }
                if end == text.count { throw Mistake(start..<end, "the text has no closing \(scalar)") }
                end += 1
                words.append((.constant(.text(Self.string(text[start + 1..<end - 1]))), start..<end))
            } else if isName(scalar) {
                let isNumber = ("0"..."9").contains(scalar) || scalar == "."
                while end < text.count {
                    let next = text[end]
                    let isExponent = isNumber && (text[end - 1] == "e" || text[end - 1] == "E")
                    let isInside = end + 1 < text.count && isName(text[end + 1])
                    if isName(next) || next == "-" && isInside && (!isNumber || isExponent)
                        || next == "+" && isInside && isExponent
                    {
                        end += 1
                    } else {
                        break
                    }
                }
                words.append((try Self.word(Self.string(text[start..<end]), isNumber, start..<end), start..<end))
            } else {
                let two = end < text.count ? Self.string(text[start...end]) : ""
                if ["==", "!=", "<=", ">="].contains(two) { end += 1 }
                let sign = Self.string(text[start..<end])
                guard two == sign || "+-*/%<>()[],".unicodeScalars.contains(scalar) else {
                    throw Mistake(
                        start..<end, "\(sign) has no meaning here", advice: scalar == "=" ? "write ==" : nil)
                }
                words.append((.sign(sign), start..<end))
            }
            start = end
        }
        words.append((.end, text.count..<text.count))
    }

    private static func string(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
        String(String.UnicodeScalarView(scalars))
    }

    private static func word(_ text: String, _ isNumber: Bool, _ span: Range<Int>) throws(Mistake) -> Word {
        if isNumber {
            guard let number = CoreSchema.value(of: text)?.floatValue else {
                throw Mistake(span, "expected a number, got \(text)", advice: "put text in quotes")
            }
            return .constant(.number(number))
        }
        switch text {
        case "true": return .constant(.truth(true))
        case "false": return .constant(.truth(false))
        case "null": return .constant(.null)
        default: return .name(text)
        }
    }

    private var word: Word { words[position].word }
    private var span: Range<Int> { words[position].span }

    private mutating func take(_ sign: String) -> Bool {
        guard word == .sign(sign) || word == .name(sign) && Self.keywords.contains(sign) else { return false }
        position += 1
        return true
    }

    private mutating func take(_ signs: [String]) -> String? {
        for sign in signs where take(sign) { return sign }
        return nil
    }

    private func unexpected(_ expected: String) -> Mistake {
        let got: String
        switch word {
        case .sign(let sign): got = sign
        case .name(let name): got = name
        case .constant(let operand): got = operand.phrase
        case .end: got = "the end"
        }
        return Mistake(span, "expected \(expected), got \(got)")
    }

    // MARK: Grammar

    private mutating func either() throws(Mistake) -> Expression {
        let start = span.lowerBound
        var result = try both()
        while take("or") { result = .either(result, try both(), since(start)) }
        return result
    }

    private mutating func both() throws(Mistake) -> Expression {
        let start = span.lowerBound
        var result = try negation()
        while take("and") { result = .both(result, try negation(), since(start)) }
        return result
    }

    private mutating func negation() throws(Mistake) -> Expression {
        let start = span.lowerBound
        guard take("not") else { return try comparison() }
        try deepen()
        let inner = try negation()
        depth -= 1
        return .not(inner, since(start))
    }

    private mutating func comparison() throws(Mistake) -> Expression {
        let start = span.lowerBound
        let left = try sum()
        let signs = ["==", "!=", "<=", ">=", "<", ">"]
        if let sign = take(signs) {
            let right = try sum()
            if signs.contains(where: { word == .sign($0) }) {
                throw Mistake(span, "comparisons do not chain", advice: "write a < b and b < c")
            }
            return .comparison(sign, left, right, since(start))
        }
        let isNegated = word == .name("not")
        if isNegated { position += 1 }
        guard take("in") else {
            if isNegated { throw unexpected("in") }
            return left
        }
        guard take("[") else { throw unexpected("a list, as [1, 2]") }
        var values = [try sum()]
        while take(",") { values.append(try sum()) }
        guard take("]") else { throw unexpected(", or ]") }
        return .among(left, values, isNegated: isNegated, since(start))
    }

    private mutating func sum() throws(Mistake) -> Expression {
        let start = span.lowerBound
        var result = try product()
        while let sign = take(["+", "-"]) { result = .arithmetic(sign, result, try product(), since(start)) }
        return result
    }

    private mutating func product() throws(Mistake) -> Expression {
        let start = span.lowerBound
        var result = try sign()
        while let operation = take(["*", "/", "%"]) {
            result = .arithmetic(operation, result, try sign(), since(start))
        }
        return result
    }

    private mutating func sign() throws(Mistake) -> Expression {
        let start = span.lowerBound
        if take("-") {
            try deepen()
            let inner = try sign()
            depth -= 1
            return .negative(inner, since(start))
        }
        if take("(") {
            try deepen()
            let inner = try either()
            guard take(")") else { throw unexpected(")") }
            depth -= 1
            return inner
        }
        switch word {
        case .constant(let operand):
            position += 1
            return .constant(operand, since(start))
        case .name(let name) where !Self.keywords.contains(name):
            position += 1
            return .address(name, since(start))
        default: throw unexpected("an address, a number or text in quotes")
        }
    }

    /// From there to the last word that was taken.
    private func since(_ start: Int) -> Range<Int> { start..<words[position - 1].span.upperBound }

    private mutating func deepen() throws(Mistake) {
        depth += 1
        if depth > YamlLimits.depth { throw Mistake(span, "expected at most \(YamlLimits.depth) levels of nesting") }
    }
}
