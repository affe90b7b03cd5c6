// Sizes in bytes, as a spec would have them.

internal import Tensors

enum ByteSize {
    /// 500 MB, 1.5 GB.
    static func text(_ bytes: Int) -> String {
        for (unit, name) in [(1_000_000_000, "GB"), (1_000_000, "MB"), (1_000, "kB")] where bytes >= unit {
            let value = Double(bytes) / Double(unit)
            return (Int(exactly: value).map(String.init) ?? decimal((value * 100).rounded() / 100)) + " " + name
        }
        return "\(bytes) bytes"
    }
}
