// Goldens: reference results and how far from them is still equal. Reads an `index.json` of `golden/<group>` beside the
// package, compares by its rule |got − want| ≤ atol + rtol·|want|, and gives rows that a table can be printed from.
// Knows no stage; where the folder is absent, tests that use it are skipped.

import Foundation
import Tensors

/// How far from a reference is still equal.
struct Tolerance: Sendable {
    var rtol = 0.0
    var atol = 0.0
    /// This share of the elements may exceed `atol`, up to `outlierAtol`.
    var outliers = 0.0
    var outlierAtol = 0.0
}

/// One comparison: a row of the table of parity.
struct GoldenResult: Sendable {
    let name: String
    /// The largest |got − want|.
    let error: Double
    /// The absolute part of the tolerance.
    let tolerance: Tolerance
    let hasPassed: Bool
    /// Why there is nothing to compare; empty otherwise.
    var remark = ""

    var line: String {
        let figures = String(format: "%10.3g %10.3g", error, tolerance.atol)
        return (hasPassed ? "pass " : "FAIL ") + figures + "  " + name + (remark.isEmpty ? "" : "  (" + remark + ")")
    }
}

/// A case of an index.
struct GoldenCase: Sendable, CustomStringConvertible {
    let name: String
    let stage: String
    let with: [String: Canonical]
    let inputs: [String]
    let outputs: [String: String]
    let tolerances: [String: Tolerance]
    let mustFail: Bool

    var description: String { name }
}

/// A group of goldens.
struct GoldenGroup: Sendable {
    let folder: String
    let cases: [GoldenCase]

    /// Nil where the goldens are not beside the package.
    init?(_ group: String, file: String = #filePath) {
        let root = file.components(separatedBy: "/Tests/")[0]
        folder = root + "/../shared/golden/" + group
        guard let data = FileManager.default.contents(atPath: folder + "/index.json"),
            let index = try? JSONSerialization.jsonObject(with: data) as? [String: Any],
            let cases = index["cases"] as? [[String: Any]]
        else { return nil }
        self.cases = cases.compactMap(Self.goldenCase)
    }

    func array(_ name: String) throws -> Tensor {
        try Npy.decode(Array(FileManager.default.contents(atPath: folder + "/" + name) ?? Data()))
    }

    private static func goldenCase(_ entry: [String: Any]) -> GoldenCase? {
        guard let name = entry["name"] as? String, let stage = entry["stage"] as? String else { return nil }
        let all = entry["tolerances"] as? [String: [String: Any]] ?? [:]
        let one = tolerance(entry["tolerance"] as? [String: Any] ?? [:])
        let outputs = entry["out"] as? [String: String] ?? [:]
        return GoldenCase(
            name: name, stage: stage, with: (entry["with"] as? [String: Any] ?? [:]).mapValues(canonical),
            inputs: entry["in"] as? [String] ?? [], outputs: outputs,
            tolerances: Dictionary(uniqueKeysWithValues: outputs.keys.map { ($0, all[$0].map(tolerance) ?? one) }),
            mustFail: entry["error"] != nil)
    }

    private static func tolerance(_ entry: [String: Any]) -> Tolerance {
        func number(_ key: String) -> Double { (entry[key] as? NSNumber)?.doubleValue ?? 0 }
        return Tolerance(
            rtol: number("rtol"), atol: number("atol"), outliers: number("outliers"),
            outlierAtol: number("outlier_atol"))
    }

    private static func canonical(_ value: Any) -> Canonical {
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
}

/// Compares by the rule of the goldens; both in the same order of elements.
func compare(_ name: String, got: [Double], want: [Double], _ tolerance: Tolerance) -> GoldenResult {
    guard got.count == want.count else {
        return GoldenResult(
            name: name, error: .infinity, tolerance: tolerance, hasPassed: false,
            remark: "\(got.count) elements, expected \(want.count)")
    }
    var (worst, beyond, isWithin) = (0.0, 0, true)
    for (value, reference) in zip(got, want) {
        if value.isNaN && reference.isNaN || value == reference { continue }
        let error = abs(value - reference)
        worst = error.isNaN ? .infinity : max(worst, error)
        if !(error <= tolerance.atol + tolerance.rtol * abs(reference)) {
            beyond += 1
            if !(error <= tolerance.outlierAtol) { isWithin = false }
        }
    }
    let isRare = Double(beyond) <= tolerance.outliers * Double(got.count)
    return GoldenResult(name: name, error: worst, tolerance: tolerance, hasPassed: beyond == 0 || (isWithin && isRare))
}

/// A matrix in row-major order, turned.
func turned(_ values: [Double], rows: Int) -> [Double] {
    let columns = rows == 0 ? 0 : values.count / rows
    return (0..<columns).flatMap { column in (0..<rows).map { values[$0 * columns + column] } }
}
