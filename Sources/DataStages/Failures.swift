// What Media reports, as a source's failure.

internal import Media
internal import Stages
internal import Tensors

extension Failure {
    init(_ error: MediaError) { self.init(error.cause, advice: error.advice) }

    /// A cause with what to do.
    static func because(_ cause: String, _ advice: String) -> Failure { Failure(cause, advice: advice) }
}

/// The bytes of a table or an array that a parameter names.
func contents(of path: String) throws(Failure) -> [UInt8] {
    do throws(MediaError) { return try MediaReader.read(absolutePath(path)) } catch { throw Failure(error) }
}

/// The first few of a list, for messages: `a, b, c and 12 more`.
func firstFew(_ names: [String], most: Int = 3) -> String {
    let shown = names.prefix(most).joined(separator: ", ")
    return names.count > most ? shown + " and \(names.count - most) more" : shown
}

/// `1 file`, `2 files`.
func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }

/// Ids for rows that have none: `row_007`, counted from 0 as numpy and pandas count, as wide as the last.
func rowIds(_ count: Int) -> [String] {
    let width = String(max(0, count - 1)).count
    return (0..<count).map { row in
        let digits = String(row)
        return "row_" + String(repeating: "0", count: width - digits.count) + digits
    }
}
