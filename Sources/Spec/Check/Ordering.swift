// An order in which each name comes after those that it waits for. It depends on the names alone, not on how a text lists
// them.

internal import Tensors

/// Names in order, and those that wait for each other.
struct Ordering {
    private(set) var order = [String]()
    /// Each from its first name on, every one waiting for the next, and the last for the first.
    private(set) var rings = [[String]]()

    /// Kahn's algorithm, the first name first. What hangs on a ring goes on as if the ring were broken up.
    init(_ waits: [String: Set<String>]) {
        var waiting = waits.mapValues { $0.filter { waits[$0] != nil } }
        var followers = [String: [String]]()
        for (name, inputs) in waiting { for input in inputs { followers[input, default: []].append(name) } }
        var ready = waiting.filter(\.value.isEmpty).keys.sorted { precedes($1, $0) }
        while !waiting.isEmpty {
            guard let name = ready.popLast() else {
                let ring = Self.ring(in: waiting)
                rings.append(ring)
                for name in ring { waiting[name] = [] }
                ready = ring.sorted { precedes($1, $0) }
                continue
            }
            waiting[name] = nil
            order.append(name)
            for follower in followers[name] ?? [] {
                guard waiting[follower]?.remove(name) != nil, waiting[follower]?.isEmpty == true else { continue }
                ready.insert(follower, at: Self.position(of: follower, in: ready))
            }
        }
    }

    /// Where a name belongs among names of which the last is the first.
    private static func position(of name: String, in names: [String]) -> Int {
        var (low, high) = (0, names.count)
        while low < high {
            let middle = (low + high) / 2
            if precedes(name, names[middle]) { low = middle + 1 } else { high = middle }
        }
        return low
    }

    private static func ring(in waiting: [String: Set<String>]) -> [String] {
        var path = [String]()
        var current = waiting.keys.min(by: precedes)
        while let name = current {
            if let start = path.firstIndex(of: name) {
                let ring = path[start...]
                let first = ring.indices.min { precedes(ring[$0], ring[$1]) } ?? start
                return Array(ring[first...] + ring[..<first])
            }
            path.append(name)
            current = waiting[name]?.filter { waiting[$0] != nil }.min(by: precedes)
        }
        return path
    }
}
