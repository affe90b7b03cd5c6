// Items as stages see them: what a source lists, and what a map, rows, gather or split stage is given.

public import Tensors

/// Which side of a split a row is on.
public enum Role: String, Sendable, Hashable, CaseIterable {
    case train, validation, test
    /// Kept out of training in this fold: equal bytes lie in another group that is being tested, or the split trains on
    /// fewer rows than there are (`train_size`, `train_groups`).
    case excluded
}

/// What a source found.
public struct Listing: Sendable {
    public var items: [ListedItem]
    /// Remarks for the log: files passed over, and why.
    public var notes: [String]
    /// What is known of the items' values.
    public var signature: Signature

    public init(items: [ListedItem], signature: Signature, notes: [String] = []) {
        self.items = items
        self.signature = signature
        self.notes = notes
    }
}

/// An item of a source: media that is still to be digested, or a value.
public struct ListedItem: Sendable {
    public enum Origin: Sendable {
        case media(MediaLocation)
        case value(Value)
    }

    /// Unique, never empty.
    public let id: String
    public let columns: [String: Scalar]
    public let origin: Origin
    /// The path below the source's root, for the records.
    public let path: String

    public init(id: String, columns: [String: Scalar], origin: Origin, path: String) {
        self.id = id
        self.columns = columns
        self.origin = origin
        self.path = path
    }
}

/// What a map stage is given for one sample.
public struct MapInput: Sendable {
    /// In the order of the ports, those of a list port one after another.
    public let values: [Value]
    /// For a list port: the names of the inputs, to prefix labels with.
    public let names: [String]
    /// The declared columns.
    public let columns: [String: Scalar]
    /// The sample's own; of use only if the type declares that it draws.
    public let stream: RandomStream

    public init(values: [Value], names: [String] = [], columns: [String: Scalar] = [:], stream: RandomStream) {
        self.values = values
        self.names = names
        self.columns = columns
        self.stream = stream
    }

    /// The first input as a tensor.
    public func tensor() throws -> Tensor {
        guard case .tensor(let tensor)? = values.first else {
            throw Failure("expected a tensor, got \(values.first?.phrase ?? "nothing")")
        }
        return tensor
    }
}

extension Value {
    /// What it is, for messages.
    public var phrase: String { Signature(of: self).phrase }
}

/// A table as a rows stage sees it.
public struct RowTable: Sendable {
    /// As the spec calls it: the stage, or the branch.
    public let name: String
    public let ids: [String]
    /// The declared columns.
    public let columns: [String: [Scalar]]

    public init(name: String, ids: [String], columns: [String: [Scalar]] = [:]) {
        self.name = name
        self.ids = ids
        self.columns = columns
    }
}

/// A row of one of the tables that a rows stage was given.
public struct RowPlace: Sendable, Hashable {
    public let table: Int
    public let row: Int

    public init(table: Int, row: Int) {
        self.table = table
        self.row = row
    }
}

/// A row of the output of a rows stage. Its value and its origins are those of `place`; its columns are those of
/// `place` and of `others` together, where the first that has one gives it.
public struct RowReference: Sendable, Hashable {
    public let id: String
    public let place: RowPlace
    public let others: [RowPlace]
    /// There only where its origins are training rows, in whatever fold: a copy made to train on.
    public let isForTraining: Bool

    public init(id: String, _ place: RowPlace, others: [RowPlace] = [], isForTraining: Bool = false) {
        self.id = id
        self.place = place
        self.others = others
        self.isForTraining = isForTraining
    }
}

/// The rows that a split divides, in the order of their ids.
public struct Population: Sendable {
    public let count: Int
    /// The id of each row, for messages; empty where rows have none.
    public let ids: [String]
    /// The group of each row, where the spec names a group column.
    public let groups: [Scalar]?
    /// The value of each row in the column to stratify by.
    public let strata: [Scalar]?

    public init(count: Int, ids: [String] = [], groups: [Scalar]? = nil, strata: [Scalar]? = nil) {
        self.count = count
        self.ids = ids
        self.groups = groups
        self.strata = strata
    }
}

/// One fold: a role for each row.
public struct SplitFold: Sendable, Hashable {
    /// What is held out, where that has a name (a group); otherwise empty.
    public let label: String
    public let roles: [Role]

    public init(label: String = "", roles: [Role]) {
        self.label = label
        self.roles = roles
    }
}

/// What a split spreads evenly.
public enum Stratify: Sendable, Hashable, ParameterValue {
    case no
    case target
    case column(String)

    public static var kind: ParameterKind { .either([.bool, .column]) }

    public init?(canonical: Canonical) {
        switch canonical {
        case .bool(let isOn): self = isOn ? .target : .no
        case .text(let name): self = .column(name)
        default: return nil
        }
    }

    public var canonical: Canonical {
        switch self {
        case .no: .bool(false)
        case .target: .bool(true)
        case .column(let name): .text(name)
        }
    }
}

/// A stage as a part of a composite.
public struct Part: Sendable {
    public enum Input: Sendable, Hashable {
        /// An input of the composite, by position.
        case port(Int)
        /// The output of an earlier part.
        case part(String)
    }

    /// In addresses: `curves.features.mfcc` has a part `mfcc`.
    public let name: String
    public let stage: any StageType
    public let inputs: [Input]

    public init(name: String, stage: any StageType, inputs: [Input]) {
        self.name = name
        self.stage = stage
        self.inputs = inputs
    }
}

/// What a composite is made of; a part comes after those that it takes.
public struct Expansion: Sendable {
    public let parts: [Part]
    /// The part whose output is the composite's.
    public let output: String

    public init(parts: [Part], output: String) {
        self.parts = parts
        self.output = output
    }
}
