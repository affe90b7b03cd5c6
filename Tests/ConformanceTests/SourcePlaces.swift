// Where sources look: parameters that name places, and the files of a sample.

import Glibc
import Media
import Stages
import Tensors

enum SourcePlaces {
    /// A value that names the path, for a kind that names a file or a place; nil for others.
    static func value(_ path: String, for kind: ParameterKind) -> Canonical? {
        switch kind {
        case .file, .location: .text(path)
        case .optional(let inner): value(path, for: inner)
        case .list(let inner): value(path, for: inner).map { .array([$0]) }
        case .map(let inner): value(path, for: inner).map { .map(["some_column": $0]) }
        default: nil
        }
    }

    /// All files below a directory, in order.
    static func files(below directory: String) throws -> [String] { try DirectoryListing(directory).files }

    static func remove(_ path: String) { unlink(path) }
}
