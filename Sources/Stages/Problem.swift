// What can be wrong, told by those who know: a problem is found while a spec is checked and has a place in it, a failure
// is found while a stage runs and has a sample. Both are facts in words; where they are and what to do with them is
// added by the rooms above.

/// Something wrong with a parameter, or with what a stage is connected to.
public struct Problem: Error, Sendable, Hashable {
    /// The way to the value inside the stage's parameters: names, and positions as text. Empty for the stage itself.
    public var path: [String]
    /// What holds and what was expected: "expected an int of at least 1, got 0".
    public let message: String
    /// What to do, where that is known.
    public let advice: String?

    public init(_ message: String, at path: [String] = [], advice: String? = nil) {
        self.path = path
        self.message = message
        self.advice = advice
    }

    /// The same problem, seen from one level further out.
    public func under(_ name: String) -> Problem {
        var copy = self
        copy.path.insert(name, at: 0)
        return copy
    }
}

/// Why a stage could not do its work on a sample, a fold or a source.
public struct Failure: Error, Sendable, Hashable {
    /// What holds and what was expected, without the sample's name: "the file holds no samples".
    public let cause: String
    /// What to do, where that is known.
    public let advice: String?

    public init(_ cause: String, advice: String? = nil) {
        self.cause = cause
        self.advice = advice
    }
}
