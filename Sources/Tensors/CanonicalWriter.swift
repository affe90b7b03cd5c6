// Canonical bytes without a value in between, for what is written once a record: the writer of a map names its keys in
// canonical order (short ones first, then as bytes), which it must know.

/// Writes canonical bytes piece by piece.
public struct CanonicalWriter: Sendable {
    public private(set) var bytes = [UInt8]()

    public init(capacity: Int) { bytes.reserveCapacity(capacity) }

    /// Begins a map of so many entries; each is a key and a value.
    public mutating func map(_ count: Int) { Canonical.head(5, UInt64(count), &bytes) }

    public mutating func text(_ value: String) { Canonical.text(value, &bytes) }

    public mutating func int(_ value: Int) { Canonical.int(value).encode(into: &bytes) }

    public mutating func bool(_ value: Bool) { Canonical.bool(value).encode(into: &bytes) }

    public mutating func null() { Canonical.null.encode(into: &bytes) }

    public mutating func digest(_ value: Digest) {
        Canonical.head(2, 32, &bytes)
        value.append(to: &bytes)
    }

    public mutating func bytes(_ value: [UInt8]) {
        Canonical.head(2, UInt64(value.count), &bytes)
        bytes.append(contentsOf: value)
    }
}
