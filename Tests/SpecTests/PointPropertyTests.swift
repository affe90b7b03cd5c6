// What holds for any sweep: merging is set union, and no order but that of the sweep itself matters.

import Stages
import Tensors
import Testing

@testable import Spec

/// A seeded source of sweeps over a few addresses with few values, so that points often meet.
private struct Sweeps {
    private var stream: RandomStream

    init(_ seed: Int) { stream = RandomStream(named: Digest(of: .text("sweeps \(seed)"))) }

    private static let values = [
        ("classifier", ["svm", "mlp"]), ("classifier.svm.C", ["10", "1", "2/2"]),
        ("classifier.mlp.alpha", ["0.0001", "1"]), ("mfcc.hop", ["512", "7", "512.0"]), ("seed", ["0", "1"]),
        ("mfcc.n_mfcc", ["13", "2"]),
    ]

    mutating func pick<Value>(_ values: [Value]) -> Value { values[stream.index(below: values.count)] }

    mutating func shuffled<Value>(_ values: [Value]) -> [Value] {
        var values = values
        stream.shuffle(&values)
        return values
    }

    mutating func block() -> String {
        var addresses = shuffled(Self.values)
        var forms = [String]()
        for form in shuffled(["grid", "zip", "points", "random"]).prefix(1 + stream.index(below: 3)) {
            let some = (0..<min(addresses.count, 1 + stream.index(below: 2))).map { _ in addresses.removeLast() }
            let rows = 1 + stream.index(below: 3)
            func list(_ values: [String]) -> String {
                "[" + (0..<rows).map { _ in pick(values) }.joined(separator: ", ") + "]"
            }
            switch form {
            case "points":
                let maps = (0..<rows).map { _ in
                    "{"
                        + some.filter { _ in pick([true, true, false]) }.map { "\($0.0): \(pick($0.1))" }
                        .joined(separator: ", ") + "}"
                }
                forms.append("points: [\(maps.joined(separator: ", "))]")
            case "random":
                // There `seed` is that of the draws.
                let some = some.filter { $0.0 != "seed" }
                let draws = some.map { ", \($0.0): {choice: \(list($0.1))}" }.joined()
                if !some.isEmpty { forms.append("random: {n: \(rows), seed: \(pick([1, 2]))\(draws)}") }
            default:
                forms.append("\(form): {" + some.map { "\($0.0): \(list($0.1))" }.joined(separator: ", ") + "}")
            }
        }
        return "{" + forms.joined(separator: ", ") + "}"
    }
}

/// What a point is, whatever it is called: its values in their types.
private func look(_ point: Point, _ experiment: Experiment) throws -> String {
    let resolved = try experiment.resolve(point)
    return "\(resolved.seed) \(resolved.summary)"
}

@Suite struct PointPropertyTests {
    @Test(arguments: 0..<60) func mergingIsSetUnion(seed: Int) throws {
        var sweeps = Sweeps(seed)
        let blocks = (0...seed % 4).map { _ in sweeps.block() }
        let experiment = try read(swept("[\(blocks.joined(separator: ", "))]"))
        let points = Array(experiment.points)
        #expect(points.map(\.index) == Array(points.indices))

        // Every combination of every block, without any merging: the points, in order, each at its first place.
        var expected = [String]()
        var seen = Set<String>()
        var next = experiment.sweep.first
        while let combination = next {
            let point = Point(index: 0, values: [], combination: combination)
            let look = try look(point, experiment)
            if seen.insert(look).inserted { expected.append(look) }
            next = experiment.sweep.following(combination)
        }
        #expect(try points.map { try look($0, experiment) } == expected, "\(blocks)")
    }

    @Test(arguments: 0..<20) func onlyTheOrderOfTheSweepMatters(seed: Int) throws {
        var sweeps = Sweeps(1000 + seed)
        let sweep = "[\(sweeps.block()), \(sweeps.block())]"
        let lines = swept(sweep).split(separator: "\n").map(String.init)
        let start = try #require(lines.firstIndex(of: "stages:"))
        let end = try #require(lines.firstIndex(of: "target: emotion"))
        // The classifier is the only stage of several lines.
        let stages = lines[start + 1..<end].split { !$0.hasPrefix("  ") }.joined()
        var forms = [[String]]()
        for line in stages {
            if line.hasPrefix("   ") { forms[forms.count - 1].append(line) } else { forms.append([line]) }
        }
        let others = lines[..<start] + lines[end...]
        let text = sweeps.shuffled(
            others.map { $0 + "\n" } + ["stages:\n" + sweeps.shuffled(forms).joined().map { $0 + "\n" }.joined()]
        )
        .joined()
        let (one, two) = (try read(swept(sweep)), try read(text))
        let (left, right) = (Array(one.points), Array(two.points))
        #expect(left.map(\.line) == right.map(\.line))
        for (a, b) in zip(left, right) { #expect(try Set(one.resolve(a).summary) == Set(two.resolve(b).summary)) }
    }
}
