import Engine
import Foundation
import Media
import Stages
import Tensors
import TestSupport
import Testing

/// Reads a file's bytes; first writes to the one that `spoil` names, as another process could.
struct Spoiling: MapStage {
    struct Parameters: ParameterSet {
        var spoil = ""
        var with = "other"
        static let fields: [Field<Self>] = [
            Field("spoil", \.spoil, "the end of a path"), Field("with", \.with, "what is written there"),
        ]
    }

    static let declaration = Declaration(
        "test.spoiling", revision: 1, kind: .map, summary: "Reads bytes.", inputs: [Port(accepts: [.media], "media")],
        output: "float64 (feature)")
    let parameters: Parameters
    init(_ parameters: Parameters) { self.parameters = parameters }
    func output(for inputs: [Signature]) throws(Problem) -> Signature { .tensor(.float64, [Axis("feature")]) }

    func apply(_ input: MapInput) throws -> Value {
        guard case .media(let media)? = input.values.first else { throw Failure("no media") }
        if !parameters.spoil.isEmpty, media.location.path.hasSuffix(parameters.spoil) {
            try Data(parameters.with.utf8).write(to: URL(fileURLWithPath: media.location.path))
        }
        let bytes = try MediaReader.read(media)
        return .tensor(Tensor(.float64([Double(bytes.count)]), shape: [1], axes: ["feature"]))
    }
}

/// A file that is replaced between being listed and being read is a failed sample, never another file's result.
@Suite struct ReplacedFiles {
    let shop = Workshop(adding: Catalogue([Spoiling.self]))

    init() {
        for (take, tone) in ["low", "high", "low", "high"].enumerated() {
            shop.write(Array("\(tone) \(take)".utf8), to: "data/\(tone)_\(take).wav")
        }
    }

    /// The same number of bytes, and another.
    @Test(arguments: ["high 9", "much longer than before", ""]) func failsAloneAndIsReadAgain(with text: String) throws
    {
        let spec = """
            martlet: 1
            name: replaced
            stages:
              clips: {uses: files.media, with: {base: \(shop.directory)/data, glob: "*.wav", columns: "(?<tone>[a-z]+)_(?<take>[0-9])[.]wav"}}
              bytes: {uses: test.spoiling, in: clips, with: {spoil: high_1.wav, with: "\(text)"}}
            """
        let path = shop.directory + "/data/high_1.wav"
        let finished = try shop.run(spec, keepsGoing: true)
        #expect(finished.run.ending == .withFailures)
        let failure = try #require(finished.run.failures.first)
        #expect(failure.sample == "high_1")
        #expect(failure.stage == "bytes")
        #expect(failure.cause == "\(path) has changed since this run listed it")
        #expect(failure.advice == "run again once nothing writes to it")
        #expect(finished.computed["bytes"] == 3)
        // The next run lists the new file, and knows the others.
        let again = try shop.run(spec, set: ["bytes.spoil": "none"])
        #expect(again.run.ending == .complete)
        #expect(again.text("sources.csv").contains("high_1,high_1.wav,\(text.utf8.count),"))
    }
}
