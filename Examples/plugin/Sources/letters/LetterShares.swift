// words.letters: a map.

import Stages
import Tensors

struct LetterShares: MapStage {
    enum Measure: String, CaseIterable, ParameterValue {
        case count, share
    }

    struct Parameters: ParameterSet {
        var alphabet = "abcdefghijklmnopqrstuvwxyz"
        var measure = Measure.share

        static var fields: [Field<Self>] {
            [
                Field("alphabet", \.alphabet, "the letters that are counted, in this order"),
                Field("measure", \.measure, "how often a letter occurs, or which share of all letters it is"),
            ]
        }
    }

    static let declaration = Declaration(
        "words.letters", revision: 1, kind: .map, summary: "How often each letter occurs in a word.",
        documentation: """
            A feature a letter of the alphabet, labelled with the letter; other letters are not counted. Fails for a \
            word without any letter of the alphabet where shares are asked for.
            """,
        inputs: [Port(accepts: [.tensor], types: [.uint8], axes: ["letter"], "words")], output: "float64 (feature)")

    let parameters: Parameters
    private let letters: [UInt8]

    init(_ parameters: Parameters) throws(Problem) {
        letters = Array(parameters.alphabet.utf8)
        if letters.isEmpty || Set(letters).count < letters.count {
            throw Problem("expected letters that are there once, got \"\(parameters.alphabet)\"", at: ["alphabet"])
        }
        self.parameters = parameters
    }

    func output(for inputs: [Signature]) throws(Problem) -> Signature {
        .tensor(.float64, [Axis("feature", labels: labels)])
    }

    func apply(_ input: MapInput) throws -> Value {
        guard case .uint8(let word) = try input.tensor().elements else { throw Failure("expected a word") }
        var counts = letters.map { letter in Double(word.count { $0 == letter }) }
        if parameters.measure == .share {
            let total = counts.reduce(0, +)
            if total == 0 { throw Failure("no letter of the alphabet is in it") }
            counts = counts.map { $0 / total }
        }
        return .tensor(
            Tensor(.float64(counts), shape: [counts.count], axes: ["feature"], labels: ["feature": labels]))
    }

    private var labels: [String] { letters.map { String(decoding: [$0], as: UTF8.self) } }
}
