// A filter parameter: one of a few words, or `any`.

internal import Stages
internal import Tensors

/// One of the cases, or all of them.
enum Choice<Option>: Sendable, Hashable, ParameterValue
where Option: RawRepresentable & CaseIterable & Sendable & Hashable, Option.RawValue == String {
    case any
    case one(Option)

    static var kind: ParameterKind { .choice(Option.allCases.map(\.rawValue) + ["any"]) }

    init?(canonical: Canonical) {
        guard let word = canonical.textValue else { return nil }
        if word == "any" {
            self = .any
        } else {
            guard let option = Option(rawValue: word) else { return nil }
            self = .one(option)
        }
    }

    var canonical: Canonical { .text(word) }

    var word: String {
        switch self {
        case .any: "any"
        case .one(let option): option.rawValue
        }
    }

    func includes(_ option: Option) -> Bool { self == .any || self == .one(option) }
}
