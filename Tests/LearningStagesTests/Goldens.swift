// Reference numbers of scikit-learn, which lie beside the package where they are to be had, and the comparison with them.
// With MARTLET_PARITY set, the tests print a line for each number compared.

import Foundation
import Stages
import Tensors
import Testing

@testable import LearningStages

/// A case of the reference's index.
struct GoldenCase: Sendable, CustomTestStringConvertible {
    let name: String
    let stage: String
    let parameters: [String: Canonical]
    let inputs: [String: String]
    /// File names of arrays, or numbers.
    let outputs: [String: Canonical]
    let relative: Double
    let absolute: Double

    var testDescription: String { name }

    /// An input of it.
    func input(_ role: String) throws -> Tensor { try Goldens.array(inputs[role] ?? role) }
}

/// One output of a case, compared.
struct GoldenResult: CustomStringConvertible {
    let name: String
    let output: String
    /// The largest |got − want|.
    let error: Double
    /// The largest |got − want| / (atol + rtol · |want|): at most 1 where all is well.
    let share: Double
    let tolerance: String

    var isPassed: Bool { share <= 1 }

    var description: String {
        let figures = [String(format: "%.2e", error), String(format: "%.1e of the tolerance", share), tolerance]
        return (isPassed ? "passed  " : "FAILED  ") + "\(name) \(output): " + figures.joined(separator: ", ")
    }
}

enum Goldens {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../../../shared/golden/learning").standardized

    static let isThere = FileManager.default.fileExists(atPath: folder.appendingPathComponent("index.json").path)

    static func array(_ name: String) throws -> Tensor {
        try Npy.decode([UInt8](Data(contentsOf: folder.appendingPathComponent(name))))
    }

    /// All cases of a stage; none where there are no goldens.
    static func cases(_ stage: String) -> [GoldenCase] { all.filter { $0.stage == stage } }

    private static let all: [GoldenCase] = {
        guard let data = try? Data(contentsOf: folder.appendingPathComponent("index.json")),
            let list = try? JSONSerialization.jsonObject(with: data) as? [[String: Any]]
        else { return [] }
        return list.compactMap { entry in
            guard let name = entry["name"] as? String, let stage = entry["stage"] as? String,
                let files = entry["in"] as? [String], let tolerance = entry["tolerance"] as? [String: Double],
                let outputs = entry["out"] as? [String: Any]
            else { return nil }
            let roles = entry["roles"] as? [String] ?? files
            return GoldenCase(
                name: name, stage: stage, parameters: (entry["with"] as? [String: Any] ?? [:]).mapValues(canonical),
                inputs: Dictionary(uniqueKeysWithValues: zip(roles, files)), outputs: outputs.mapValues(canonical),
                relative: tolerance["rtol"] ?? 0, absolute: tolerance["atol"] ?? 0)
        }
    }()

    private static func canonical(_ json: Any) -> Canonical {
        switch json {
        case let text as String: .text(text)
        case let list as [Any]: .array(list.map(canonical))
        case let number as NSNumber: .float(number.doubleValue)
        default: .null
        }
    }

    /// An output compared with what the reference has for it; a missing one, or one of another length, has failed.
    static func compare(_ golden: GoldenCase, _ output: String, _ got: [Double]?) throws -> GoldenResult {
        let want: [Double]
        switch golden.outputs[output] {
        case .text(let file): want = try array(file).doubles() ?? []
        case .float(let number): want = [number]
        default: want = []
        }
        var (error, share) = (0.0, 0.0)
        if let got, got.count == want.count, !want.isEmpty {
            for (a, b) in zip(got, want) {
                let distance = a == b ? 0 : abs(a - b)
                error = distance.isNaN ? .infinity : max(error, distance)
                share = max(share, distance.isNaN ? .infinity : distance / (golden.absolute + golden.relative * abs(b)))
            }
        } else {
            (error, share) = (.infinity, .infinity)
        }
        let result = GoldenResult(
            name: golden.name, output: output, error: error, share: share,
            tolerance: "rtol \(golden.relative), atol \(golden.absolute)")
        if ProcessInfo.processInfo.environment["MARTLET_PARITY"] != nil {
            print("parity learning " + result.description)
        }
        return result
    }
}
