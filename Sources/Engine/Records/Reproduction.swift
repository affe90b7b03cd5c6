// Whether a run gave what a lock says: identical; within what the stage types allow where the numeric libraries or the
// kernels that they picked differ; or different.

public enum ReproductionVerdict: String, Sendable, Hashable {
    case identical
    case withinTolerance = "within tolerance"
    case different
}

/// A run held against a lock.
public struct Reproduction: Sendable, Hashable {
    public let verdict: ReproductionVerdict
    /// What differs, the weightiest first.
    public let findings: [String]
    public let nodes: Int
    public let metrics: Int
    /// Nodes and metrics that differ, but by no more than they may.
    public let toleratedNodes: Int
    public let toleratedMetrics: Int

    public init(locked: RunLock, found: RunLock) {
        var comparison = Comparison(locked, found)
        comparison.compareSources()
        comparison.compareNodes()
        comparison.compareMetrics()
        comparison.compareProfiles()
        nodes = found.nodes.count
        metrics = found.metrics.count
        toleratedNodes = comparison.toleratedNodes
        toleratedMetrics = comparison.toleratedMetrics
        findings = comparison.findings
        let isTolerated = toleratedNodes + toleratedMetrics > 0
        verdict = comparison.isDifferent ? .different : isTolerated ? .withinTolerance : .identical
    }
}

private struct Comparison {
    let locked: RunLock
    let found: RunLock
    var findings: [String] = []
    var isDifferent = false
    var (toleratedNodes, toleratedMetrics) = (0, 0)
    /// Whether a node's numbers, or those above it, come from other arithmetic.
    private var isElsewhere: [Bool] = []
    /// By how much it may differ: the largest of its type's own and of what it works on, as exact work declares none.
    private var tolerances: [Double?] = []
    private let hasSketches: Bool
    /// Nodes with another recipe and the same results.
    private var alike = 0
    private static let told = 5

    init(_ locked: RunLock, _ found: RunLock) {
        (self.locked, self.found) = (locked, found)
        hasSketches = locked.nodes.contains { !$0.sketch.isEmpty }
        for (index, node) in found.nodes.enumerated() {
            let own = locked.nodes.indices.contains(index) && locked.nodes[index].profile != node.profile
            tolerances.append(([node.tolerance] + node.inputs.map { tolerances[$0] }).compactMap(\.self).max())
            isElsewhere.append(own || node.inputs.contains { isElsewhere.indices.contains($0) && isElsewhere[$0] })
        }
    }

    private mutating func differ(_ line: String) {
        isDifferent = true
        findings.append(line)
    }

    /// Files that were changed, added or removed, by name.
    mutating func compareSources() {
        guard locked.sources != found.sources else { return }
        func byId(_ rows: [[String]]) -> [String: [String]] {
            Dictionary(rows.filter { $0.count == 4 }.map { ($0[0] + "\u{1F}" + $0[1], $0) }) { first, _ in first }
        }
        let (before, now) = (byId(locked.sources), byId(found.sources))
        var lines = [String]()
        for row in locked.sources where row.count == 4 {
            let name = row[1].isEmpty ? row[0] : row[1]
            guard let other = now[row[0] + "\u{1F}" + row[1]] else {
                lines.append("source: \(name) is not there any more")
                continue
            }
            if other[3] != row[3] { lines.append("source: \(name) is not the file that it was: other bytes") }
        }
        for row in found.sources where row.count == 4 && before[row[0] + "\u{1F}" + row[1]] == nil {
            lines.append("source: \(row[1].isEmpty ? row[0] : row[1]) was not there")
        }
        for line in lines.prefix(Self.told) { differ(line) }
        if lines.count > Self.told { differ("source: … and \(lines.count - Self.told) more") }
    }

    mutating func compareNodes() {
        var differing = [String]()
        for (index, pair) in zip(locked.nodes, found.nodes).enumerated() {
            let (before, now) = pair
            guard before.stage == now.stage, before.type == now.type, before.kind == now.kind, before.fold == now.fold
            else {
                differ("the plan is another: \(name(now)) stands where \(name(before)) was")
                return
            }
            if before.revision != now.revision {
                differ("\(name(now)): its type has revision \(now.revision), and had \(before.revision)")
                return
            }
            if before.output == now.output, before.recipe == now.recipe { continue }
            if now.kind == "source", before.output == now.output {
                differ("source: the ids or columns of \(now.stage) are others")
                continue
            }
            if before.output == now.output {
                alike += 1
                continue
            }
            if now.kind == "source" || now.kind == "report" { continue }
            if isTolerable(index) { toleratedNodes += 1 } else { differing.append(name(now)) }
        }
        if locked.nodes.count != found.nodes.count {
            differ("the plan is another: \(found.nodes.count) nodes, and there were \(locked.nodes.count)")
        }
        if let first = differing.first {
            differ("the first stage whose results differ is \(first)")
            if differing.count > 1 { differ("\(differing.count) of \(found.nodes.count) nodes differ") }
        }
    }

    /// Whether a node differs by no more than it may: its numbers come from other arithmetic, and are near.
    private func isTolerable(_ index: Int) -> Bool {
        let (before, now) = (locked.nodes[index], found.nodes[index])
        guard isElsewhere[index], let tolerance = tolerances[index] else { return false }
        // The records of a run have digests only; then the metrics decide.
        if !hasSketches { return !locked.metrics.isEmpty }
        guard !now.sketch.isEmpty, before.sketch.count == now.sketch.count else { return false }
        // Of each tensor the largest magnitude, and three elements.
        for start in stride(from: 0, to: now.sketch.count, by: 4) {
            let scale = max(before.sketch[start], now.sketch[start])
            for place in start..<min(start + 4, now.sketch.count)
            where abs(before.sketch[place] - now.sketch[place]) > tolerance * scale { return false }
        }
        return true
    }

    mutating func compareMetrics() {
        if locked.metrics.count != found.metrics.count {
            differ("there are \(found.metrics.count) metrics, and there were \(locked.metrics.count)")
        }
        var allowed = [String: Double]()
        for (index, node) in found.nodes.enumerated() where isElsewhere[index] {
            if node.kind == "report" || node.kind == "fit" { allowed[node.stage] = tolerances[index] }
        }
        var differing = [String]()
        for (before, now) in zip(locked.metrics, found.metrics) where before != now {
            guard before.count == 9, now.count == 9, before.dropLast() == now.dropLast() else {
                differ("there are other metrics: \(name(metric: now)) stands where \(name(metric: before)) was")
                return
            }
            // How many steps a solver takes hangs on the last bits, and is no result.
            if let tolerance = allowed[now[4]], let (a, b) = both(before[8], now[8]),
                abs(a - b) <= tolerance * max(abs(a), abs(b)) || now[5] == "n_iter"
            {
                toleratedMetrics += 1
                continue
            }
            differing.append("\(name(metric: now)) is \(now[8]), and was \(before[8])")
        }
        for line in differing.prefix(Self.told) { differ(line) }
        if differing.count > Self.told { differ("… and \(differing.count - Self.told) more metrics differ") }
    }

    private func both(_ a: String, _ b: String) -> (Double, Double)? {
        guard let a = Double(a), let b = Double(b) else { return nil }
        return (a, b)
    }

    /// What differs in the libraries and kernels; told, as it may be why.
    mutating func compareProfiles() {
        var lines = Set<String>()
        for (before, now) in zip(locked.nodes, found.nodes) where before.profile != now.profile {
            for name in Set(before.profile.keys).union(now.profile.keys) where before.profile[name] != now.profile[name]
            {
                lines.insert(
                    "profile: \(name) is \(now.profile[name] ?? "not used"), and was \(before.profile[name] ?? "not used")"
                )
            }
        }
        findings += lines.sorted()
        if alike > 0 {
            findings.append("\(alike) nodes are made otherwise (the spec, or a source) and came to the same results")
        }
        if toleratedNodes > 0, !hasSketches {
            findings.append(
                "a run keeps digests, which tell that \(toleratedNodes) nodes differ and not by how much: the metrics decide; a lock keeps numbers"
            )
        }
    }

    private func name(metric row: [String]) -> String {
        guard row.count == 9 else { return row.joined(separator: " ") }
        let place =
            (row[0].isEmpty ? "all points" : "point \(row[0])")
            + (row[1].isEmpty ? "" : ", repeat \(row[1]), fold \(row[2])")
        let metric = row[5] + (row[6].isEmpty ? "" : " of \(row[6])") + (row[7].isEmpty ? "" : " at step \(row[7])")
        return "\(row[4]): \(metric) (\(row[3]), \(place))"
    }

    private func name(_ node: RunLock.Node) -> String {
        "\(node.stage) (\(node.type)" + (node.kind == "map" ? "" : ", \(node.kind)")
            + (node.fold.isEmpty ? ")" : ", fold \(node.fold))")
    }
}
