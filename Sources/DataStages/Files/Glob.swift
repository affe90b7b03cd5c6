// Patterns for paths: `*` and `?` within a name, `**` across directories, `[a-z]`, `[!a-z]` and `{wav,flac}`.

/// A pattern that paths below a directory match or don't.
struct Glob: Sendable {
    /// One list of components for each choice among braces.
    private let alternatives: [[Component]]

    private enum Component: Sendable, Hashable {
        /// Any number of directories, also none.
        case anyDepth
        case name([Token])
    }

    private enum Token: Sendable, Hashable {
        case character(Character)
        case anyCharacter
        case anyRun
        case set([ClosedRange<Character>], isNegated: Bool)
    }

    /// Why text is no pattern.
    struct Issue: Error, Sendable, Hashable {
        let message: String
    }

    init(_ pattern: String) throws(Issue) {
        if pattern.hasPrefix("/") || pattern.split(separator: "/").contains("..") {
            throw Issue(message: "a pattern is matched below the base: it cannot begin with / or climb out with ..")
        }
        var alternatives = [[Component]]()
        for choice in try Self.choices(Array(pattern)) {
            var components = [Component]()
            for part in choice.split(separator: "/", omittingEmptySubsequences: true) where part != ["."] {
                components.append(part == ["*", "*"] ? .anyDepth : .name(try Self.tokens(Array(part))))
            }
            alternatives.append(components)
        }
        self.alternatives = alternatives
    }

    func matches(_ path: String) -> Bool {
        let parts = path.split(separator: "/").map { Array($0) }
        return alternatives.contains { Self.match($0[...], parts[...]) }
    }

    /// The pattern with each way to choose among its outermost braces, and so on inwards.
    private static func choices(_ pattern: [Character]) throws(Issue) -> [[Character]] {
        guard let open = pattern.firstIndex(of: "{") else {
            if pattern.contains("}") { throw Issue(message: "a } closes no {") }
            return [pattern]
        }
        var depth = 0
        var options = [[Character]]()
        var option = [Character]()
        for index in open..<pattern.count {
            let character = pattern[index]
            if character == "{" { depth += 1 }
            if character == "}" { depth -= 1 }
            if depth == 0 {
                options.append(option)
                let rest = try choices(Array(pattern[(index + 1)...]))
                var result = [[Character]]()
                for option in options {
                    for inner in try choices(option) {
                        for tail in rest { result.append(pattern[..<open] + inner + tail) }
                    }
                }
                return result
            }
            if depth == 1, character == "," {
                options.append(option)
                option = []
            } else if !(depth == 1 && character == "{") {
                option.append(character)
            }
        }
        throw Issue(message: "a { is not closed")
    }

    private static func tokens(_ part: [Character]) throws(Issue) -> [Token] {
        var tokens = [Token]()
        var index = 0
        while index < part.count {
            switch part[index] {
            case "*": if tokens.last != .anyRun { tokens.append(.anyRun) }
            case "?": tokens.append(.anyCharacter)
            case "[":
                // A ] right after the opening stands for itself.
                var end = index + 1
                let isNegated = end < part.count && (part[end] == "!" || part[end] == "^")
                if isNegated { end += 1 }
                let start = end
                while end < part.count, part[end] != "]" || end == start { end += 1 }
                guard end < part.count else { throw Issue(message: "a [ is not closed") }
                tokens.append(.set(ranges(Array(part[start..<end])), isNegated: isNegated))
                index = end
            default: tokens.append(.character(part[index]))
            }
            index += 1
        }
        return tokens
    }

    private static func ranges(_ characters: [Character]) -> [ClosedRange<Character>] {
        var ranges = [ClosedRange<Character>]()
        var index = 0
        while index < characters.count {
            if index + 2 < characters.count, characters[index + 1] == "-", characters[index] <= characters[index + 2] {
                ranges.append(characters[index]...characters[index + 2])
                index += 3
            } else {
                ranges.append(characters[index]...characters[index])
                index += 1
            }
        }
        return ranges
    }

    private static func match(_ components: ArraySlice<Component>, _ parts: ArraySlice<[Character]>) -> Bool {
        switch components.first {
        case nil: return parts.isEmpty
        case .anyDepth:
            // As the last component it stands for files at any depth.
            if components.count == 1 { return !parts.isEmpty }
            return (parts.startIndex...parts.endIndex).contains { match(components.dropFirst(), parts[$0...]) }
        case .name(let tokens):
            guard let part = parts.first else { return false }
            return match(tokens[...], part[...]) && match(components.dropFirst(), parts.dropFirst())
        }
    }

    private static func match(_ tokens: ArraySlice<Token>, _ text: ArraySlice<Character>) -> Bool {
        guard let token = tokens.first else { return text.isEmpty }
        if token == .anyRun {
            return (text.startIndex...text.endIndex).contains { match(tokens.dropFirst(), text[$0...]) }
        }
        guard let character = text.first else { return false }
        let fits =
            switch token {
            case .character(let expected): character == expected
            case .set(let ranges, let isNegated): ranges.contains { $0.contains(character) } != isNegated
            case .anyCharacter, .anyRun: true
            }
        return fits && match(tokens.dropFirst(), text.dropFirst())
    }
}
