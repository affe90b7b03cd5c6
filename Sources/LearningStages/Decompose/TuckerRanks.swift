// What decompose.partial_tucker and decompose.tucker are told to reduce: ranks by the names of axes, or in a list, and
// what comes of it for samples with certain axes.

internal import Stages
internal import Tensors

/// How many components each reduced axis keeps.
enum TuckerRanks: Sendable, Hashable, ParameterValue {
    case byAxis([String: Int])
    case list([Int])
    case each(Int)

    static var kind: ParameterKind { .either([.map(.int(.atLeast(1))), .list(.int(.atLeast(1)))]) }
    /// Where a single number stands for all axes.
    static let orNumber = ParameterKind.optional(
        .either([.map(.int(.atLeast(1))), .list(.int(.atLeast(1))), .int(.atLeast(1))]))

    init?(canonical: Canonical) {
        if let rank = canonical.intValue {
            self = .each(rank)
        } else if let ranks = [Int](canonical: canonical) {
            self = .list(ranks)
        } else if let ranks = [String: Int](canonical: canonical) {
            self = .byAxis(ranks)
        } else {
            return nil
        }
    }

    var canonical: Canonical {
        switch self {
        case .byAxis(let ranks): ranks.canonical
        case .list(let ranks): ranks.canonical
        case .each(let rank): .int(rank)
        }
    }
}

/// An axis of a sample: by its name, or by its number, where 0 is the axis of the samples themselves.
enum TuckerMode: Sendable, Hashable, ParameterValue {
    case number(Int)
    case axis(String)

    static var kind: ParameterKind { .either([.int(.any), .axis]) }

    init?(canonical: Canonical) {
        if let number = canonical.intValue {
            self = .number(number)
        } else if let name = canonical.textValue {
            self = .axis(name)
        } else {
            return nil
        }
    }

    var canonical: Canonical {
        switch self {
        case .number(let number): .int(number)
        case .axis(let name): .text(name)
        }
    }
}

/// Which axes are reduced, and to what.
struct TuckerChoice: Sendable {
    var ranks: TuckerRanks?
    var modes: [TuckerMode]?
    var explained: Double?
    /// Whether each axis of a sample is reduced, so that a map has to name all.
    var takesAll = false

    /// An axis that is reduced.
    struct Reduced: Sendable, Hashable {
        /// Its place in a sample.
        let axis: Int
        /// Nil where the data tell it.
        let rank: Int?
        /// Where its rank stands among the parameters.
        let path: [String]
    }

    /// What can be wrong without knowing any sample.
    func check() throws(Problem) {
        switch (ranks, explained) {
        case (nil, nil):
            throw Problem(
                "expected ranks or explained: how far each axis is reduced",
                advice: "as ranks: {height: 8, width: 8}, or explained: 0.99")
        case (.some, .some):
            throw Problem(
                "expected either ranks or explained, got both", at: ["explained"],
                advice: "explained finds the ranks itself; with modes it may be told which axes")
        default: break
        }
        if case .byAxis(let map)? = ranks {
            if map.isEmpty { throw Problem("expected at least one axis with its rank, got none", at: ["ranks"]) }
            if modes != nil {
                throw Problem(
                    "modes goes with a list of ranks, and ranks is a map that names its axes itself", at: ["modes"],
                    advice: "leave modes out")
            }
        }
        if case .list(let list)? = ranks {
            if list.isEmpty { throw Problem("expected at least one rank, got none", at: ["ranks"]) }
            if let modes, modes.count != list.count {
                throw Problem(
                    "expected \(modes.count) ranks, one for each of modes, got \(list.count)", at: ["ranks"])
            }
        }
        guard let modes else { return }
        if modes.isEmpty { throw Problem("expected at least one mode, got none", at: ["modes"]) }
        for (index, mode) in modes.enumerated() {
            if case .number(let number) = mode, number < 1 {
                throw Problem(
                    number == 0
                        ? "mode 0 is the axis of the samples, which is not reduced: 1 is the first axis of a sample"
                        : "expected the number of an axis of a sample, of at least 1, got \(number)",
                    at: ["modes", String(index)])
            }
            if modes[..<index].contains(mode) {
                let name = if case .axis(let name) = mode { name } else { "mode \(mode.canonical.intValue ?? 0)" }
                throw Problem("\(name) is listed twice", at: ["modes", String(index)], advice: "keep one of them")
            }
        }
    }

    /// The reduced axes in the order in which they are worked on: that of `modes`, else that of the sample.
    /// - Parameter sizes: as far as they are known.
    func reduced(_ axes: [String], sizes: [Int?]) throws(Problem) -> [Reduced] {
        let listed = axes.joined(separator: ", ")
        var found = [Reduced]()
        if case .byAxis(let map)? = ranks {
            for name in map.keys.sorted(by: precedes) where !axes.contains(name) {
                throw Problem(
                    "samples have no axis \(name); there are \(listed)", at: ["ranks", name],
                    advice: nearest(to: name, among: axes).map { "did you mean \($0)?" })
            }
            for name in axes where takesAll && map[name] == nil {
                throw Problem(
                    "expected a rank for each axis of a sample (\(listed)), got none of \(name)", at: ["ranks"],
                    advice: "decompose.partial_tucker leaves axes as they are")
            }
            for (axis, name) in axes.enumerated() {
                if let rank = map[name] { found.append(Reduced(axis: axis, rank: rank, path: ["ranks", name])) }
            }
        } else {
            let places = try places(axes, listed)
            if case .list(let list)? = ranks, list.count != places.count {
                throw Problem(
                    "expected \(places.count) ranks, one for each axis of a sample (\(listed)), got \(list.count)",
                    at: ["ranks"])
            }
            for (index, axis) in places.enumerated() {
                switch ranks {
                case .list(let list)?:
                    found.append(Reduced(axis: axis, rank: list[index], path: ["ranks", String(index)]))
                case .each(let rank)?: found.append(Reduced(axis: axis, rank: rank, path: ["ranks"]))
                default: found.append(Reduced(axis: axis, rank: nil, path: []))
                }
            }
        }
        for reduced in found {
            if let size = sizes[reduced.axis], size > AxisSpectrum.most {
                throw Problem(
                    "\(axes[reduced.axis]) has \(size) positions, of which an axis that is reduced may have "
                        + "\(AxisSpectrum.most)", at: reduced.path,
                    advice: "leave it as it is, or make it shorter before; decompose.pca takes long rows")
            }
            if let rank = reduced.rank, let size = sizes[reduced.axis], rank > size {
                throw Problem(
                    "expected at most \(size), the size of \(axes[reduced.axis]), got \(rank)", at: reduced.path)
            }
        }
        return found
    }

    private func places(_ axes: [String], _ listed: String) throws(Problem) -> [Int] {
        guard let modes else { return Array(axes.indices) }
        var places = [Int]()
        for (index, mode) in modes.enumerated() {
            let place: Int
            switch mode {
            case .number(let number):
                guard number <= axes.count else {
                    throw Problem(
                        "there is no mode \(number): the axes of a sample are 1 to \(axes.count) (\(listed))",
                        at: ["modes", String(index)])
                }
                place = number - 1
            case .axis(let name):
                guard let position = axes.firstIndex(of: name) else {
                    throw Problem(
                        "samples have no axis \(name); there are \(listed)", at: ["modes", String(index)],
                        advice: nearest(to: name, among: axes).map { "did you mean \($0)?" })
                }
                place = position
            }
            if places.contains(place) {
                throw Problem(
                    "\(axes[place]) is listed twice", at: ["modes", String(index)], advice: "keep one of them")
            }
            places.append(place)
        }
        return places
    }

    /// What tells which axes are reduced, and not how far.
    var identity: Canonical {
        if case .byAxis(let map)? = ranks, !takesAll { return map.keys.sorted(by: precedes).canonical }
        // The order of modes is that of the work, not of what is added up.
        guard let modes else { return .null }
        let numbers = modes.compactMap { if case .number(let number) = $0 { number } else { nil } }.sorted()
        let names = modes.compactMap { if case .axis(let name) = $0 { name } else { nil } }.sorted(by: precedes)
        return .array(numbers.map { .int($0) } + names.map { .text($0) })
    }
}
