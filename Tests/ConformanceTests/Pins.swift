// The pinned digests: what each revision of each type gives for its sample. `MARTLET_PINS=1 swift test --filter PinLaw`
// prints the lines of this table as they are now; a line is added for a new revision or profile, never changed.

/// A digest that a revision of a type is held to.
struct Pin {
    let type: String
    let revision: Int
    /// The versions and kernels of the numeric libraries; empty for types that are portable.
    let profile: String
    let digest: String

    init(_ type: String, _ revision: Int, _ profile: String, _ digest: String) {
        (self.type, self.revision, self.profile, self.digest) = (type, revision, profile, digest)
    }

    static let all: [Pin] = [
    ]
}
