// The size of a cell of video.hog3d, as a parameter: {height: 5, width: 6, time: 5}, or [5, 6, 5] in that order. Both are
// one value with one identity.

internal import Stages
internal import Tensors

/// A cell in voxels.
struct HogCell: Sendable, Hashable, ParameterValue {
    var height = 5
    var width = 6
    var time = 5
    /// What was given, where it is no cell; `check` says what is wrong with it.
    private var mistake: Canonical?

    private static let names = ["height", "width", "time"]

    static var kind: ParameterKind { .either([.map(.int(.atLeast(1))), .list(.int(.atLeast(1)))]) }

    init() {}

    init?(canonical: Canonical) {
        var sizes = canonical.mapValue?.compactMapValues(\.intValue) ?? [:]
        if let list = canonical.arrayValue, list.count == Self.names.count {
            sizes = Dictionary(uniqueKeysWithValues: zip(Self.names, list.compactMap(\.intValue)))
        }
        guard let height = sizes["height"], let width = sizes["width"], let time = sizes["time"], sizes.count == 3
        else {
            mistake = canonical
            return
        }
        (self.height, self.width, self.time) = (height, width, time)
    }

    var canonical: Canonical {
        mistake ?? .map(["height": .int(height), "width": .int(width), "time": .int(time)])
    }

    func check() throws(Problem) {
        guard let mistake else {
            // Products of sizes stay within an Int.
            let sizes = [("height", height), ("width", width), ("time", time)]
            for (name, size) in sizes where size > 1_000_000 {
                throw Problem("expected an int of at most 1000000, got the int \(size)", at: ["cell", name])
            }
            return
        }
        guard let given = mistake.mapValue else {
            throw Problem(
                "expected three sizes, [height, width, time], got \(mistake.phrase)", at: ["cell"],
                advice: "as [5, 6, 5], or {height: 5, width: 6, time: 5}")
        }
        for name in given.keys.sorted(by: precedes) where !Self.names.contains(name) {
            throw Problem(
                "\(name) is not known here; known are \(Self.names.joined(separator: ", "))", at: ["cell", name],
                advice: nearest(to: name, among: Self.names).map { "did you mean \($0)?" })
        }
        for name in Self.names where given[name] == nil {
            throw Problem("expected height, width and time, got no \(name)", at: ["cell"])
        }
    }
}

/// Which polar angles and cells are computed: what the article's text says, or what its code does.
enum HogVariant: String, Sendable, Hashable, CaseIterable, ParameterValue {
    case corrected, article
}
