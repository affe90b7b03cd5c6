// Goldens: reference numbers and how far from them is still equal. Reads `golden/<group>/index.json` beside the package,
// compares by |got − want| ≤ atol + rtol·|want|, and knows no stage. Where the folder is absent, a group is empty and the
// tests that use it are skipped. With MARTLET_PARITY set, each comparison prints a line, from which `make parity` makes
// its table.

internal import Foundation
public import Tensors

/// How far from a reference is still equal.
public struct Tolerance: Sendable {
    public var rtol = 0.0
    public var atol = 0.0
    /// This share of the elements may exceed the limit, up to `outlierAtol`.
    public var outliers = 0.0
    public var outlierAtol = 0.0
    public var blocks = [Block]()

    /// A range along an axis that has an `atol` of its own.
    public struct Block: Sendable {
        public let axis: Int
        public let range: Range<Int>
        public let atol: Double

        public init(axis: Int, range: Range<Int>, atol: Double) {
            self.axis = axis
            self.range = range
            self.atol = atol
        }
    }

    public init(
        rtol: Double = 0, atol: Double = 0, outliers: Double = 0, outlierAtol: Double = 0, blocks: [Block] = []
    ) {
        self.rtol = rtol
        self.atol = atol
        self.outliers = outliers
        self.outlierAtol = outlierAtol
        self.blocks = blocks
    }

    /// The largest |got − want|, and the share of the tolerance that is used: at most 1 where all is well. NaN equals
    /// nothing, and nothing to compare is a failure.
    public func compare(_ got: [Double], _ want: [Double], shape: [Int]) -> (error: Double, share: Double) {
        guard got.count == want.count, !want.isEmpty else { return (.infinity, .infinity) }
        var (worst, share, beyond, furthest) = (0.0, 0.0, 0, 0.0)
        for (index, (value, reference)) in zip(got, want).enumerated() where value != reference {
            let error = abs(value - reference)
            guard error < .infinity else { return (.infinity, .infinity) }
            worst = max(worst, error)
            let used = error / (atol(at: index, shape) + rtol * abs(reference))
            if used <= 1 {
                share = max(share, used)
            } else {
                beyond += 1
                furthest = max(furthest, outliers > 0 ? error / outlierAtol : used)
            }
        }
        if beyond > 0 {
            share = max(share, furthest, outliers > 0 ? Double(beyond) / (outliers * Double(got.count)) : furthest)
        }
        return (worst, share)
    }

    private func atol(at index: Int, _ shape: [Int]) -> Double {
        for block in blocks where shape.indices.contains(block.axis) {
            let step = shape[(block.axis + 1)...].reduce(1, *)
            if block.range.contains(index / step % shape[block.axis]) { return block.atol }
        }
        return atol
    }
}

/// One output of a case, compared.
public struct GoldenResult: Sendable, CustomStringConvertible {
    public let group: String
    /// The case and its output.
    public let name: String
    /// The largest |got − want|.
    public let error: Double
    /// The largest share of the tolerance that an element uses.
    public let share: Double
    public let tolerance: Tolerance
    /// Why there is nothing to compare; empty otherwise.
    public let remark: String

    public var hasPassed: Bool { share <= 1 }

    /// A row of the table of parity.
    public var description: String {
        func padded(_ text: String, _ width: Int) -> String {
            text.padding(toLength: max(width, text.count), withPad: " ", startingAt: 0)
        }
        func exponent(_ number: Double) -> String { String(format: "%8.1e", number) }
        let used = share.isFinite ? String(format: "%6.1f%%", min(100 * share, 9999)) : "     ∞ "
        let figures = [exponent(error), exponent(tolerance.atol), exponent(tolerance.rtol), used]
        let verdict = (hasPassed ? "pass" : "FAIL") + (remark.isEmpty ? "" : "  (\(remark))")
        return "parity \(padded(group, 14))\(padded(name, 58))\(figures.joined(separator: "  "))  \(verdict)"
    }

    init(_ golden: GoldenCase, _ output: String, error: Double, share: Double, remark: String = "") {
        group = golden.group
        name = output.isEmpty ? golden.name : golden.name + "." + output
        self.error = error
        self.share = share
        self.remark = remark
        tolerance = golden.tolerances[output] ?? Tolerance()
        guard ProcessInfo.processInfo.environment["MARTLET_PARITY"] != nil else { return }
        // In one piece, as tests print side by side.
        FileHandle.standardOutput.write(Data((description + "\n").utf8))
    }
}

/// A case of an index.
public struct GoldenCase: Sendable, CustomStringConvertible {
    public enum Output: Sendable {
        case file(String)
        case numbers([Double])
    }

    public let group: String
    public let name: String
    public let stage: String
    /// The reference's own parameters.
    public let with: [String: Canonical]
    /// Files.
    public let inputs: [String]
    /// What each input is to the stage; without such names in the index, its file name.
    public let roles: [String]
    public let outputs: [String: Output]
    public let tolerances: [String: Tolerance]
    public let mustFail: Bool

    public var description: String { name }

    /// The path of a file of the group.
    public func path(_ file: String) -> String { GoldenGroup.path(group) + "/" + file }

    public func has(_ role: String) -> Bool { roles.contains(role) }

    public func input(_ role: String) throws -> Tensor {
        try array(roles.firstIndex(of: role).map { inputs[$0] } ?? role)
    }

    private func array(_ file: String) throws -> Tensor { try GoldenGroup.array(at: path(file)) }

    /// An output compared with what the reference has for it, elements in the reference's order; one that is missing on
    /// either side, or of another length, has failed.
    public func compare(_ output: String, _ got: [Double]?) throws -> GoldenResult {
        let want: [Double]
        let shape: [Int]
        switch outputs[output] {
        case .file(let file):
            let array = try array(file)
            (want, shape) = (array.doubles() ?? [], array.shape)
        case .numbers(let numbers): (want, shape) = (numbers, [numbers.count])
        case nil: return failed("the reference has no such output", output)
        }
        guard let got else { return failed("nothing was computed", output) }
        guard got.count == want.count else { return failed("\(got.count) elements, expected \(want.count)", output) }
        let (error, share) = (tolerances[output] ?? Tolerance()).compare(got, want, shape: shape)
        return GoldenResult(self, output, error: error, share: share)
    }

    /// A case that could not be computed.
    public func failed(_ remark: String, _ output: String = "") -> GoldenResult {
        GoldenResult(self, output, error: .infinity, share: .infinity, remark: remark)
    }

    /// A case that has failed as it must.
    public func refused(_ remark: String) -> GoldenResult { GoldenResult(self, "", error: 0, share: 0, remark: remark) }
}

/// A group of goldens.
public struct GoldenGroup: Sendable {
    public let name: String
    /// Whether it lies beside the package.
    public let isThere: Bool
    /// None where it is not there.
    public let cases: [GoldenCase]

    public init(_ name: String) {
        self.name = name
        let index = Self.path(name) + "/index.json"
        isThere = Shared.has("golden/\(name)/index.json")
        guard isThere else {
            cases = []
            return
        }
        let json = FileManager.default.contents(atPath: index).flatMap { try? JSONSerialization.jsonObject(with: $0) }
        guard let list = json as? [[String: Any]] ?? (json as? [String: Any])?["cases"] as? [[String: Any]] else {
            preconditionFailure("\(index) is neither a list of cases nor a map with cases")
        }
        cases = list.map { entry in
            guard let golden = GoldenCase(entry, group: name) else {
                preconditionFailure("\(index): \(entry["name"] ?? "a case without a name") cannot be read")
            }
            return golden
        }
    }

    static func path(_ name: String) -> String { Shared["golden/\(name)"] }

    /// All cases of some stages, which have the reference's names.
    public func cases(_ stages: String...) -> [GoldenCase] { cases.filter { stages.contains($0.stage) } }

    /// An array of the group.
    public func array(_ file: String) throws -> Tensor { try Self.array(at: Self.path(name) + "/" + file) }

    static func array(at path: String) throws -> Tensor {
        try Npy.decode(Array(Data(contentsOf: URL(fileURLWithPath: path))))
    }
}

// How an index is written.

extension GoldenCase {
    fileprivate init?(_ entry: [String: Any], group: String) {
        guard let name = entry["name"] as? String, let stage = entry["stage"] as? String,
            let inputs = entry["in"] as? [String], let written = entry["out"] as? [String: Any],
            let tolerance = (entry["tolerance"] as? [String: Any]).flatMap(Tolerance.init)
        else { return nil }
        self.group = group
        self.name = name
        self.stage = stage
        self.inputs = inputs
        with = (entry["with"] as? [String: Any] ?? [:]).mapValues(canonical)
        roles = entry["roles"] as? [String] ?? inputs
        outputs = written.compactMapValues { value in
            (value as? String).map { .file($0) } ?? numbers(value).map { .numbers($0) }
        }
        let stated = entry["tolerances"] as? [String: [String: Any]] ?? [:]
        let own = stated.compactMapValues(Tolerance.init)
        tolerances = outputs.reduce(into: [:]) { $0[$1.key] = own[$1.key] ?? tolerance }
        mustFail = entry["error"] != nil
        guard outputs.count == written.count, own.count == stated.count, roles.count == inputs.count else { return nil }
    }
}

extension Tolerance {
    fileprivate init?(_ entry: [String: Any]) {
        func number(_ key: String) -> Double { (entry[key] as? NSNumber)?.doubleValue ?? 0 }
        self.init(
            rtol: number("rtol"), atol: number("atol"), outliers: number("outliers"),
            outlierAtol: number("outlier_atol"))
        for block in entry["blocks"] as? [[String: Any]] ?? [] {
            guard let axis = block["axis"] as? Int, let range = block["range"] as? [Int], range.count == 2,
                range[0] < range[1], let atol = (block["atol"] as? NSNumber)?.doubleValue
            else { return nil }
            blocks.append(Block(axis: axis, range: range[0]..<range[1], atol: atol))
        }
    }
}

/// A number, or all of a list, of lists too.
private func numbers(_ value: Any) -> [Double]? {
    if let number = value as? NSNumber { return [number.doubleValue] }
    guard let list = value as? [Any] else { return nil }
    let parts = list.compactMap(numbers)
    return parts.count == list.count ? parts.flatMap(\.self) : nil
}

private func canonical(_ value: Any) -> Canonical {
    switch value {
    case let text as String: .text(text)
    case let number as NSNumber:
        switch String(cString: number.objCType) {
        case "c", "B": .bool(number.boolValue)
        case "d", "f": .float(number.doubleValue)
        default: .int(number.intValue)
        }
    case let entries as [String: Any]: .map(entries.mapValues(canonical))
    case let values as [Any]: .array(values.map(canonical))
    default: .null
    }
}
