// The catalogue: which stage types there are, and the versions of the numeric libraries that they use.

internal import Tensors

/// A set of stage types.
public struct Catalogue: Sendable {
    /// In the order of their names.
    public let types: [any StageType.Type]
    /// How to learn a library's version and the kernels that it picked on this machine.
    private let libraries: [NumericLibrary: @Sendable () -> String]
    private let byName: [String: any StageType.Type]

    /// - Precondition: no two types have one name.
    public init(_ types: [any StageType.Type], libraries: [NumericLibrary: @Sendable () -> String] = [:]) {
        self.types = types.sorted { precedes($0.declaration.name, $1.declaration.name) }
        self.libraries = libraries
        byName = Dictionary(uniqueKeysWithValues: types.map { ($0.declaration.name, $0) })
    }

    public static func + (left: Catalogue, right: Catalogue) -> Catalogue {
        Catalogue(left.types + right.types, libraries: left.libraries.merging(right.libraries) { _, new in new })
    }

    public subscript(name: String) -> (any StageType.Type)? { byName[name] }

    public var names: [String] { types.map { $0.declaration.name } }

    /// The arithmetic profile of a stage type on this machine: empty for portable types.
    public func profile(of arithmetic: Set<NumericLibrary>) -> [String: String] {
        var profile = [String: String]()
        for library in arithmetic { profile[library.rawValue] = libraries[library]?() ?? "not known" }
        return profile
    }

    /// Every library with its version, for `doctor` and the records.
    public var libraryVersions: [String: String] {
        Dictionary(uniqueKeysWithValues: libraries.map { ($0.key.rawValue, $0.value()) })
    }
}
