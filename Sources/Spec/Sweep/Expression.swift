// The values of conditions. A blank, which is a parameter of a case that is not picked, goes through arithmetic and makes
// a comparison true: a condition on it says nothing about the point.

internal import Stages
internal import Tensors

/// A part of a condition.
indirect enum Expression: Sendable {
    case constant(Operand, Range<Int>)
    case address(String, Range<Int>)
    case negative(Expression, Range<Int>)
    case arithmetic(String, Expression, Expression, Range<Int>)
    case comparison(String, Expression, Expression, Range<Int>)
    case among(Expression, [Expression], isNegated: Bool, Range<Int>)
    case not(Expression, Range<Int>)
    case both(Expression, Expression, Range<Int>)
    case either(Expression, Expression, Range<Int>)

    /// What is named, with places.
    var addresses: [(String, Range<Int>)] {
        switch self {
        case .constant: []
        case .address(let address, let span): [(address, span)]
        case .negative(let inner, _), .not(let inner, _): inner.addresses
        case .arithmetic(_, let left, let right, _), .comparison(_, let left, let right, _),
            .both(let left, let right, _),
            .either(let left, let right, _):
            left.addresses + right.addresses
        case .among(let value, let values, _, _): value.addresses + values.flatMap(\.addresses)
        }
    }
}

/// What a part of a condition gives.
enum Operand: Sendable, Equatable {
    case number(Double)
    case text(String)
    case truth(Bool)
    case null
    case blank

    init(_ cell: Cell?) {
        guard let cell else {
            self = .blank
            return
        }
        switch cell.normal {
        case .null: self = .null
        case .bool(let value): self = .truth(value)
        case .int(let value): self = .number(Double(value))
        case .float(let value): self = .number(value)
        case .text(let value): self = .text(value)
        // A structure is known by its label.
        case .array, .map, .bytes: self = .text(cell.text ?? "")
        }
    }

    var phrase: String {
        switch self {
        case .number: "the number " + shown
        case .text(let value): Canonical.text(value).phrase
        case .truth(let value): value ? "true" : "false"
        case .null: "null"
        case .blank: "a blank"
        }
    }

    fileprivate var shown: String {
        if case .number(let value) = self { return Int(exactly: value).map(String.init) ?? decimal(value) }
        return phrase
    }

    fileprivate var noun: String {
        switch self {
        case .number: "a number"
        case .text: "text"
        case .truth: "true or false"
        case .null: "null"
        case .blank: "a blank"
        }
    }
}

// MARK: - Evaluation

extension Expression {
    func truth(_ cell: (String) -> Cell?) throws(Mistake) -> Bool {
        switch try value(cell) {
        case .truth(let value): return value
        case .blank: return true
        case let other: throw Mistake(span, "expected a comparison, which is true or false, got \(other.phrase)")
        }
    }

    private func value(_ cell: (String) -> Cell?) throws(Mistake) -> Operand {
        switch self {
        case .constant(let operand, _): return operand
        case .address(let address, _): return Operand(cell(address))
        case .negative(let inner, _): return try inner.number(cell).map { .number(-$0) } ?? .blank
        case .arithmetic(let sign, let left, let right, let span):
            guard let a = try left.number(cell), let b = try right.number(cell) else { return .blank }
            return .number(try Self.calculated(sign, a, b, span))
        case .comparison(let sign, let left, let right, let span):
            return .truth(try Self.compared(sign, try left.value(cell), try right.value(cell), span))
        case .among(let inner, let others, let isNegated, let span):
            let value = try inner.value(cell)
            if value == .blank { return .truth(true) }
            var isFound = false
            for other in others where try Self.compared("==", value, try other.value(cell), span) { isFound = true }
            return .truth(isFound != isNegated)
        case .not(let inner, _): return .truth(!(try inner.truth(cell)))
        case .both(let left, let right, _):
            if try left.truth(cell) { return .truth(try right.truth(cell)) }
            return .truth(false)
        case .either(let left, let right, _):
            if try left.truth(cell) { return .truth(true) }
            return .truth(try right.truth(cell))
        }
    }

    /// Nil for a blank.
    private func number(_ cell: (String) -> Cell?) throws(Mistake) -> Double? {
        switch try value(cell) {
        case .number(let value): return value
        case .blank: return nil
        case let other: throw Mistake(span, "expected a number to calculate with, got \(other.phrase)")
        }
    }

    private static func calculated(_ sign: String, _ a: Double, _ b: Double, _ span: Range<Int>) throws(Mistake)
        -> Double
    {
        switch sign {
        case "+": return a + b
        case "-": return a - b
        case "*": return a * b
        default:
            if b == 0 {
                throw Mistake(span, "divides by zero", advice: "put a condition before it: b != 0 and a / b < 1")
            }
            if sign == "/" { return a / b }
            // As in Python: the remainder has the sign of the divisor.
            let rest = a.truncatingRemainder(dividingBy: b)
            return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest
        }
    }

    private static func compared(_ sign: String, _ a: Operand, _ b: Operand, _ span: Range<Int>) throws(Mistake) -> Bool
    {
        if a == .blank || b == .blank { return true }
        if case .number(let x) = a, case .number(let y) = b {
            switch sign {
            case "==": return x == y
            case "!=": return x != y
            case "<": return x < y
            case "<=": return x <= y
            case ">": return x > y
            default: return x >= y
            }
        }
        guard a.noun == b.noun || a == .null || b == .null else {
            throw Mistake(span, "compares \(a.noun) with \(b.noun): \(a.shown) \(sign) \(b.shown)")
        }
        switch sign {
        case "==": return a == b
        case "!=": return a != b
        default: throw Mistake(span, "\(sign) compares numbers, got \(a.shown) \(sign) \(b.shown)")
        }
    }

    private var span: Range<Int> {
        switch self {
        case .constant(_, let span), .address(_, let span), .negative(_, let span), .arithmetic(_, _, _, let span),
            .comparison(_, _, _, let span), .among(_, _, _, let span), .not(_, let span), .both(_, _, let span),
            .either(_, _, let span):
            span
        }
    }
}
