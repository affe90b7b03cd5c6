// Columns from paths: a regular expression with named groups, matched against the whole path below the base.

internal import Stages
internal import Tensors

/// A regular expression whose named groups are columns.
struct PathPattern {
    private let regex: Regex<AnyRegexOutput>
    /// In the order of the expression.
    let names: [String]

    init(_ pattern: String, at parameter: String) throws(Problem) {
        do { regex = try Regex(pattern) } catch {
            throw Problem("expected a regular expression, got \"\(pattern)\": \(error)", at: [parameter])
        }
        names = Self.groupNames(pattern)
        if names.isEmpty {
            throw Problem(
                "the expression has no named group, so it gives no column", at: [parameter],
                advice: "name what to keep: (?<digit>\\d)_(?<speaker>[a-z]+)_.*")
        }
    }

    /// What the groups hold, by name (nil where a group takes no part); nil where the path does not match.
    func match(_ path: String) -> [String: String?]? {
        guard let match = try? regex.wholeMatch(in: path) else { return nil }
        var groups = [String: String?]()
        for name in names { groups[name] = .some(match[name]?.substring.map(String.init)) }
        return groups
    }

    /// The names in `(?<name>` and `(?P<name>`, but not the look-behinds `(?<=` and `(?<!`.
    private static func groupNames(_ pattern: String) -> [String] {
        var names = [String]()
        for part in pattern.split(separator: "(?", omittingEmptySubsequences: false).dropFirst() {
            let opened = part.hasPrefix("P<") ? part.dropFirst() : part
            guard opened.hasPrefix("<"), !opened.hasPrefix("<="), !opened.hasPrefix("<!"),
                let end = opened.firstIndex(of: ">")
            else { continue }
            let name = String(opened[opened.index(after: opened.startIndex)..<end])
            if !names.contains(name) { names.append(name) }
        }
        return names
    }
}

/// A template for ids: text with `{group}` where a group's text goes, and `{name}` for the file's name.
struct IdTemplate {
    private enum Piece {
        case text(String)
        case group(String)
    }

    private let pieces: [Piece]

    init(_ template: String, groups: [String]) throws(Problem) {
        var pieces = [Piece]()
        for (index, part) in template.split(separator: "{", omittingEmptySubsequences: false).enumerated() {
            if index == 0 {
                pieces.append(.text(String(part)))
                continue
            }
            guard let end = part.firstIndex(of: "}") else { throw Problem("a { is not closed", at: ["id"]) }
            let group = String(part[..<end])
            guard group == "name" || groups.contains(group) else {
                throw Problem(
                    "there is no group \(group) in columns; there are \((groups + ["name"]).joined(separator: ", "))",
                    at: ["id"])
            }
            pieces.append(.group(group))
            pieces.append(.text(String(part[part.index(after: end)...])))
        }
        self.pieces = pieces
    }

    func id(name: String, groups: [String: String?]) -> String {
        pieces.map { piece in
            switch piece {
            case .text(let text): text
            case .group(let group): (groups[group] ?? nil) ?? (group == "name" ? name : "")
            }
        }.joined()
    }
}
