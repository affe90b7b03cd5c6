// The data and reference numbers that lie beside the package on the machines of its authors. Tests that need them are
// skipped where they are absent.

internal import Glibc

/// The directory `shared` beside the package.
public enum Shared {
    public static let path: String = {
        let parts = #filePath.split(separator: "/").dropLast(4)
        return "/" + parts.joined(separator: "/") + "/shared"
    }()

    /// The path of something in it, whether or not it is there.
    public static subscript(_ name: String) -> String { path + "/" + name }

    public static func has(_ name: String) -> Bool { access(self[name], R_OK) == 0 }
}
