// The stage types that the laws hold for: all that the front door registers, by name, so that each law is a reported
// case for each type.

import Martlet
import Stages

/// The registered stage types.
enum Registered {
    static let names = builtInStages.names

    /// One value in, one value out.
    static let maps = names { $0 is any MapStage.Type || $0 is any CompositeStage.Type }
    static let gathers = names { $0 is any GatherStage.Type }
    static let fitted = names { $0 is any FittedStage.Type }
    static let reports = names { $0 is any ReportStage.Type }
    static let splits = names { $0 is any SplitStage.Type }
    static let sources = names { $0 is any SourceStage.Type }

    static func type(_ name: String) throws -> any StageType.Type {
        guard let type = builtInStages[name] else { throw Failure("there is no stage type \(name)") }
        return type
    }

    private static func names(where isMeant: (any StageType.Type) -> Bool) -> [String] {
        builtInStages.types.filter(isMeant).map { $0.declaration.name }
    }
}
