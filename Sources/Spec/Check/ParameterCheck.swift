// The parameters of one use of a stage type: each compared with its declaration, all problems told, each at the value (or
// at the key, where that is what is wrong).

internal import Stages
internal import Tensors

/// Compares what a spec gives with what a stage type takes.
struct ParameterCheck {
    private(set) var errors = ErrorList()

    /// The stage, or nil after an error.
    mutating func stage(of type: any StageType.Type, _ use: UseForm, address: String) -> (any StageType)? {
        let entries = use.with?.entries ?? []
        let before = errors.errors.count
        compare(entries, type.parameterDescriptions, whole: use.type.range, address: address)
        for description in type.parameterDescriptions {
            if case .parts = description.kind, let list = use.with?[description.name] {
                refuseTwins(list, address: address)
            }
        }
        guard errors.errors.count == before else { return nil }
        do throws(Problem) {
            return try type.init(
                given: Dictionary(entries.map { ($0.key, $0.value.canonical) }, uniquingKeysWith: { $1 }))
        } catch {
            add(error, inside: use.with, else: use.type.range, address: address)
            return nil
        }
    }

    /// A problem at the deepest value on its path that is written.
    mutating func add(_ problem: Problem, inside value: Located?, else range: SourceRange, address: String) {
        var place = range
        var current = value
        var full = address
        for word in problem.path {
            let isPosition = current?.elements != nil
            if !isPosition { full += "." + word }
            guard let here = current else { continue }
            if let elements = here.elements {
                let index = Int(word) ?? -1
                current = elements.indices.contains(index) ? elements[index] : nil
            } else {
                current = here[word]
            }
            if let current { place = current.range }
        }
        errors.add(problem.message, at: place, address: full, advice: problem.advice)
    }

    private mutating func compare(
        _ entries: [Located.Entry], _ descriptions: [ParameterDescription], whole: SourceRange, address: String
    ) {
        for entry in entries {
            if let description = descriptions.first(where: { $0.name == entry.key }) {
                compare(entry.value, description.kind, address: address + "." + entry.key)
            } else {
                tell(at: entry.keyRange, address) { () throws(Problem) in
                    _ = try complete([entry.key: entry.value.canonical], by: descriptions)
                }
            }
        }
        for description in descriptions where !entries.contains(where: { $0.key == description.name }) {
            tell(at: whole, address) { () throws(Problem) in _ = try complete([:], by: [description]) }
        }
    }

    private mutating func compare(_ value: Located, _ kind: ParameterKind, address: String) {
        switch kind {
        case .list(let inner):
            guard let elements = value.elements else { break }
            for element in elements { compare(element, inner, address: address) }
            return
        case .map(let inner):
            guard let entries = value.entries else { break }
            for entry in entries { compare(entry.value, inner, address: address + "." + entry.key) }
            return
        case .optional(let inner):
            if value.isNull { return }
            if value.isScalar { break }
            return compare(value, inner, address: address)
        case .parts(let parts):
            guard let elements = value.elements else { break }
            let owner = address.split(separator: ".").dropLast().joined(separator: ".")
            for element in elements {
                if element.entries?.count == 1, let entry = element.entries?.first, let inner = entry.value.entries,
                    let part = parts.first(where: { $0.name == entry.key })
                {
                    compare(inner, part.parameters, whole: entry.keyRange, address: owner + "." + entry.key)
                } else {
                    tell(at: element.entries?.first?.keyRange ?? element.range, address) { () throws(Problem) in
                        _ = try kind.convert(.array([element.canonical]))
                    }
                }
            }
            return
        default: break
        }
        do throws(Problem) { _ = try kind.convert(value.canonical) } catch {
            add(error, inside: value, else: value.range, address: address)
        }
    }

    private mutating func tell(at range: SourceRange, _ address: String, _ body: () throws(Problem) -> Void) {
        do throws(Problem) { try body() } catch {
            errors.add(error.message, at: range, address: address, advice: error.advice)
        }
    }

    /// A part that is listed twice would have one address for two things.
    private mutating func refuseTwins(_ list: Located, address: String) {
        var names = Set<String>()
        for element in list.elements ?? [] {
            guard let name = element.text ?? element.entries?.first?.key, !names.insert(name).inserted else { continue }
            errors.add("\(name) is listed twice", at: element.range, address: address, advice: "keep one of them")
        }
    }
}
