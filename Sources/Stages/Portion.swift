// A number of things, or a share of them: `test_size: 20`, `test_size: 0.25`.

public import Tensors

/// How many of several things are meant.
public enum Portion: Sendable, Hashable, ParameterValue {
    case count(Int)
    case share(Double)

    public static var kind: ParameterKind { .either([.int(.atLeast(1)), .float(.inside(0, 1))]) }

    public init?(canonical: Canonical) {
        switch canonical {
        case .int(let count): self = .count(count)
        case .float(let share): self = .share(share)
        default: return nil
        }
    }

    public var canonical: Canonical {
        switch self {
        case .count(let count): .int(count)
        case .share(let share): .float(share)
        }
    }
}
