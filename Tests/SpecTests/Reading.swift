// Shorthands of these tests: a right spec to change one thing in, and what reading gives.

import Stages
import Testing

@testable import Spec

/// A spec in which everything is right.
let plain = """
    martlet: 1
    name: plain
    stages:
      clips: {uses: ravdess.clips, with: {root: data}}
      voice: {uses: audio.load, in: clips}
      mfcc: {uses: audio.mfcc, in: voice, with: {n_mfcc: 13}}
      flat: {uses: tensor.flatten, in: mfcc}
      classifier:
        in: flat
        cases:
          svm: {uses: classify.svm, with: {C: 10}}
          mlp: {uses: classify.mlp, with: {hidden_layer_sizes: [50]}}
        default: svm
      scores: {uses: evaluate.classification, in: classifier}
    target: emotion
    group: actor
    split: {uses: split.group_k_fold, with: {n_splits: 3}}

    """

func read(
    _ text: String, set: [String] = [], sweep: [String] = [], catalogue: Catalogue = testCatalogue
) throws(SpecErrors) -> Experiment {
    func settings(_ texts: [String]) -> [Setting] {
        texts.map { text in
            let sides = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            return Setting(address: sides[0], text: sides.count > 1 ? sides[1] : "")
        }
    }
    let experiment = try SpecReader.read(
        text: text, name: "spec.yaml", settings: settings(set), sweeps: settings(sweep), catalogue: catalogue)
    if set.isEmpty, sweep.isEmpty { expectSchemaTakes(text, of: catalogue) }
    return experiment
}

/// The rendered errors; "" when there are none.
func errors(
    in text: String, set: [String] = [], sweep: [String] = [], catalogue: Catalogue = testCatalogue
) -> String {
    do throws(SpecErrors) {
        _ = try read(text, set: set, sweep: sweep, catalogue: catalogue)
        return ""
    } catch {
        return SpecErrorText.render(error)
    }
}

/// The plain spec with one text replaced; the text must be there once.
func changed(_ old: String, _ new: String, in text: String = plain) -> String {
    let parts = text.split(separator: old, omittingEmptySubsequences: false)
    #expect(parts.count == 2, "\(old) must be in the text once")
    return parts.joined(separator: new)
}

/// The only point, resolved.
func resolved(_ text: String, set: [String] = [], catalogue: Catalogue = testCatalogue) throws -> Resolved {
    let experiment = try read(text, set: set, catalogue: catalogue)
    let point = try #require(Array(experiment.points).first)
    return try experiment.resolve(point)
}

extension Resolved {
    /// Name, address, type and inputs of each stage, and its parameters.
    var summary: [String] {
        stages.map { use in
            let inputs = use.inputs.map { "\($0.port)=\($0.stage)" }.joined(separator: ",")
            let parameters = use.stage.canonicalParameters.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
            return "\(use.name) \(use.address) \(type(of: use.stage).declaration.name) [\(inputs)] \(parameters)"
        }
    }
}

/// A change to the plain spec and all that is said of it.
struct Mistake: Sendable, CustomTestStringConvertible {
    let title: String
    let old: String
    let new: String
    let message: String

    init(_ title: String, _ old: String, _ new: String, _ message: String) {
        self.title = title
        self.old = old
        self.new = new
        self.message = message
    }

    var testDescription: String { title }
}
