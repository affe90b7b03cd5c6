// The points of a sweep, made as they are asked for. Parameters of cases that are not picked are blank; of points that
// are equal then, the one with the first value of each blank address stands for all, so that merging needs no memory.

internal import Tensors

/// A point of a sweep.
public struct Point: Sendable {
    /// From 0, without gaps.
    public let index: Int
    /// The swept addresses in order, each with its value as results show it; nil where it does not apply.
    public let values: [(address: String, text: String?)]
    /// The position of each address's value.
    let positions: [Int]
}

/// The points of an experiment, in order: the first address slowest.
public struct Points: Sequence, Sendable {
    let sweep: Sweep

    public struct Iterator: IteratorProtocol {
        private let sweep: Sweep
        private var positions: [Int]?
        private var index = 0

        init(_ sweep: Sweep) {
            self.sweep = sweep
            positions = sweep.axes.map { _ in 0 }
        }

        public mutating func next() -> Point? {
            while let current = positions {
                positions = sweep.following(current)
                let isActive = sweep.activity(at: current)
                guard zip(current, isActive).allSatisfy({ $0 == 0 || $1 }) else { continue }
                defer { index += 1 }
                return Point(
                    index: index,
                    values: sweep.axes.indices.map { axis in
                        (sweep.axes[axis].address, isActive[axis] ? sweep.axes[axis].values[current[axis]].text : nil)
                    }, positions: current)
            }
            return nil
        }
    }

    public func makeIterator() -> Iterator { Iterator(sweep) }
}

/// A spec's tree and what is swept in it.
struct Sweep: Sendable {
    /// How the case of a stage is picked.
    private enum Pick {
        case axis(Int)
        case fixed(String)
        /// By a parameter of the spec that is swept.
        case spliced([TreeStep])
    }

    /// The spec without `sweep`, before parameters are put in.
    let root: Located
    let axes: [GridAxis]
    private let picks: [String: Pick]

    init(root: Located, axes: [GridAxis]) {
        self.root = root
        self.axes = axes
        let (outline, _) = Check.outline(of: root)
        let swept = Set(axes.filter { $0.place.kind == .shared }.map(\.address))
        var picks = [String: Pick]()
        for stage in axes.flatMap(\.place.cases).map(\.stage) where picks[stage.address] == nil {
            let path = stage.path + [.key("default")]
            if let axis = axes.firstIndex(where: { $0.place.kind == .pick && $0.address == stage.address }) {
                picks[stage.address] = .axis(axis)
            } else if let value = root.value(at: path[...]), !swept.isEmpty, !Substitution.names(in: value).isEmpty {
                picks[stage.address] = .spliced(path)
            } else if case .cases(_, let pick?)? = outline.form(at: stage.address)?.body {
                picks[stage.address] = .fixed(pick.text)
            }
        }
        self.picks = picks
    }

    /// The number of combinations: an upper bound on the number of points.
    var count: Int {
        var product = 1
        for axis in axes {
            let (next, overflow) = product.multipliedReportingOverflow(by: axis.values.count)
            if overflow { return Int.max }
            product = next
        }
        return product
    }

    /// The next combination, the last address fastest.
    func following(_ positions: [Int]) -> [Int]? {
        var next = positions
        for axis in axes.indices.reversed() {
            next[axis] += 1
            if next[axis] < axes[axis].values.count { return next }
            next[axis] = 0
        }
        return nil
    }

    /// Whether each address applies in a combination.
    func activity(at positions: [Int]) -> [Bool] {
        axes.map { axis in axis.place.cases.allSatisfy { picked($0.stage, at: positions) == $0.word } }
    }

    private func picked(_ stage: StageForm, at positions: [Int]) -> String? {
        switch picks[stage.address] {
        case .axis(let axis): return axes[axis].values[positions[axis]].text
        case .fixed(let word): return word
        case .spliced(let path):
            var tree = root
            for (axis, position) in zip(axes, positions) where axis.place.kind == .shared {
                tree = put(axis.values[position].value, at: axis.place.path, into: tree)
            }
            var substitution = Substitution(tree["params"]?.entries ?? [])
            guard let value = root.value(at: path[...]),
                case .scalar(_, let written) = substitution.apply(to: value).node
            else { return nil }
            return written
        case nil: return nil
        }
    }

    /// The spec at a combination, parameters of the spec first.
    func tree(at positions: [Int]) -> Located {
        var tree = root
        for isShared in [true, false] {
            for (axis, position) in zip(axes, positions) where (axis.place.kind == .shared) == isShared {
                tree = put(axis.values[position].value, at: axis.place.path, into: tree)
            }
        }
        return tree
    }

    /// A tree with a value put in, through `${…}` where that stands on the way.
    func put(_ value: Located, at path: [TreeStep], into tree: Located) -> Located {
        let substitution = Substitution(tree["params"]?.entries ?? [])
        return tree.replacing(path[...], with: value, open: substitution.open)
    }
}
