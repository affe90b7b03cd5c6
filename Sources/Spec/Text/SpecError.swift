// What is wrong with a spec: facts with places. They are collected, so that one reading tells them all, and put in the
// order in which they are written.

internal import Stages

/// Something wrong with a spec, or, as a warning, something odd.
public struct SpecError: Error, Sendable, Hashable, Codable {
    /// Nil where there is no place: a file that is not there.
    public let range: SourceRange?
    /// The address that it is about: `mfcc.n_mfcc`; empty where there is none.
    public let address: String
    /// What holds and what was expected: "expected an int of at least 1, got the int 0".
    public let message: String
    /// What to do, where that is known.
    public let advice: String?

    public init(range: SourceRange?, address: String = "", message: String, advice: String? = nil) {
        self.range = range
        self.address = address
        self.message = message
        self.advice = advice
    }
}

/// All that is wrong with a spec, in the order of the text, with the texts that it is written in.
public struct SpecErrors: Error, Sendable {
    public let errors: [SpecError]
    public let sources: [Source]

    public init(_ errors: [SpecError], sources: [Source]) {
        self.errors = errors
        self.sources = sources
    }

    /// A line of one of the texts.
    public func line(_ number: Int, of file: String) -> String? {
        for source in sources where source.name == file {
            if let line = source.line(number) { return line }
        }
        return nil
    }
}

/// Gathers errors; the same thing found twice is told once.
struct ErrorList: Sendable {
    private(set) var errors = [SpecError]()
    private var known = Set<SpecError>()
    /// Whether some were not kept.
    private var isCut = false

    var isEmpty: Bool { errors.isEmpty }
    /// Nobody reads more than this at once.
    private static let most = 100
    private static let mostKept = 1000
    /// Whether there are more than will be told: suggestions, which cost the most, are then not looked for.
    var isFull: Bool { errors.count >= Self.most }

    /// The name that was most likely meant.
    func suggestion(for word: String, among names: [String]) -> String? {
        isFull ? nil : nearest(to: word, among: names)
    }

    mutating func add(_ message: String, at range: SourceRange?, address: String = "", advice: String? = nil) {
        add(SpecError(range: range, address: address, message: message, advice: advice))
    }

    mutating func add(_ error: SpecError) {
        guard errors.count < Self.mostKept else {
            isCut = true
            return
        }
        if known.insert(error).inserted { errors.append(error) }
    }

    /// Adds others, but for those that something else explains.
    mutating func add(_ others: ErrorList, unless isExplained: (SpecError) -> Bool = { _ in false }) {
        for error in others.errors where !isExplained(error) { add(error) }
        if others.isCut { isCut = true }
    }

    /// In the order of the text: the spec first, then the command line.
    func sorted(sources: [Source]) -> SpecErrors {
        let rank = Dictionary(sources.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
        func place(_ error: SpecError) -> (Int, Int, Int) {
            guard let range = error.range else { return (-1, 0, 0) }
            return (rank[range.file] ?? Int.max, range.start.line, range.start.column)
        }
        let order = errors.enumerated().sorted { left, right in
            let (a, b) = (place(left.element), place(right.element))
            return a == b ? left.offset < right.offset : a < b
        }
        var sorted = order.prefix(Self.most).map(\.element)
        if errors.count > Self.most {
            sorted.append(
                SpecError(
                    range: nil, message: "and \(isCut ? "more than " : "")\(errors.count - Self.most) more like these"))
        }
        return SpecErrors(sorted, sources: sources)
    }
}
