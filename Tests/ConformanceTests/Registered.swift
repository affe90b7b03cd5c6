// The stage types that the laws hold for: all that the front door registers, by name, so that each law is a reported
// case for each type. A type that parameters can make another kind is held to the laws of that kind too, under the name
// `TYPE as KIND`.

import Martlet
import Stages

/// The registered stage types.
enum Registered {
    static let names = builtInStages.types.flatMap { type in
        let name = type.declaration.name
        let others = kinds(of: type).filter { $0 != type.declaration.kind }
        return [name] + others.map { "\(name) as \($0.rawValue)" }
    }

    /// One value in, one value out.
    static let maps = names(of: .map) + names(of: .composite)
    static let gathers = names(of: .gather)
    static let fitted = names(of: .fitted)
    static let reports = names(of: .report) { $0 is any ReportStage.Type }
    static let rows = names(of: .rows) { $0 is any RowsStage.Type }
    static let splits = names(of: .rows) { $0 is any SplitStage.Type }
    static let sources = names(of: .source)

    static func type(_ name: String) throws -> any StageType.Type {
        guard let type = builtInStages[typeName(name)] else {
            throw Failure("there is no stage type \(name)")
        }
        return type
    }

    /// The name that it is registered by.
    static func typeName(_ name: String) -> String { String(name.prefix { $0 != " " }) }

    /// The kind that the laws are to hold it to.
    static func kind(_ name: String) throws -> Kind {
        try name.split(separator: " ").last.flatMap { Kind(rawValue: String($0)) } ?? type(name).declaration.kind
    }

    /// The kinds whose protocols it conforms to.
    static func kinds(of type: any StageType.Type) -> [Kind] {
        let kinds: [(Kind, Bool)] = [
            (.source, type is any SourceStage.Type), (.map, type is any MapStage.Type),
            (.rows, type is any RowsStage.Type || type is any SplitStage.Type), (.gather, type is any GatherStage.Type),
            (.fitted, type is any FittedStage.Type),
            (.report, type is any ReportStage.Type || type is any PooledReportStage.Type),
            (.composite, type is any CompositeStage.Type),
        ]
        return kinds.filter(\.1).map(\.0)
    }

    private static func names(
        of kind: Kind, where isMeant: (any StageType.Type) -> Bool = { _ in true }
    ) -> [String] {
        names.filter { name in
            guard let type = try? type(name), let own = try? self.kind(name) else { return false }
            return own == kind && isMeant(type)
        }
    }
}
