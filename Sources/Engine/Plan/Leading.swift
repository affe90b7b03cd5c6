// What lies between two nodes: the nodes through which values of the one reach the other. What a fit learned is not on
// the way, as it is there before any row is applied.

internal import Stages

extension Plan {
    /// The nodes whose values are computed from those of `start`, up to `end`; empty where it does not lead there.
    func path(from start: Int, to end: Int) -> Set<Int> {
        var above: Set<Int> = [end]
        for index in (0...end).reversed() where above.contains(index) { above.formUnion(valueInputs(of: index)) }
        var path = Set<Int>()
        for index in start..<end + 1 where above.contains(index) {
            if valueInputs(of: index).contains(where: { $0 == start || path.contains($0) }) { path.insert(index) }
        }
        return path
    }

    func leads(from start: Int, to end: Int) -> Bool { start < end && path(from: start, to: end).contains(end) }

    /// The inputs of a node that have a value a row.
    func valueInputs(of index: Int) -> [Int] {
        nodes[index].inputs.filter { nodes[index].takesRows(from: nodes[$0]) }
    }
}
