// Small stage types that are declared as the real ones are, and do nothing.

import Stages
import Tensors

@testable import Spec

let testCatalogue = Catalogue([
    Clips.self, Load.self, Mfcc.self, Features.self, Hog.self, Concat.self, Flatten.self, Summary.self, Join.self,
    Select.self, Standard.self, Svm.self, Mlp.self, Forest.self, Evaluation.self, KFold.self, GroupKFold.self,
])

/// A source of media.
struct Clips: SourceStage {
    struct Parameters: ParameterSet {
        var root = ""
        var modality = "audio"
        static var fields: [Field<Parameters>] {
            [
                Field("root", \.root, as: .location, isRequired: true, "where the clips lie"),
                Field("modality", \.modality, as: .choice(["audio", "video", "audio_video"]), "which of them"),
            ]
        }
    }
    static let declaration = Declaration(
        "ravdess.clips", revision: 1, kind: .source, summary: "Clips.", output: "media")
    let parameters: Parameters
    init(_ parameters: Parameters) { self.parameters = parameters }
    func output(for inputs: [Signature]) throws(Problem) -> Signature { .media }
    func list() throws -> Listing { Listing(items: [], signature: .media) }
}

protocol StillMap: MapStage {}
extension StillMap {
    func apply(_ input: MapInput) throws -> Value { .nothing }
}

struct Load: StillMap {
    struct Parameters: ParameterSet {
        var sampleRate = 22050
        static var fields: [Field<Parameters>] {
            [Field("sample_rate", \.sampleRate, as: .int(.atLeast(1)), unit: "Hz", "the rate")]
        }
    }
    static let declaration = Declaration(
        "audio.load", revision: 1, kind: .map, summary: "Load.", inputs: [Port(accepts: [.media], "a file")],
        output: "signal")
    let parameters: Parameters
    init(_ parameters: Parameters) { self.parameters = parameters }
    func output(for inputs: [Signature]) throws(Problem) -> Signature { .tensor(.float32, [Axis("time")]) }
}

struct Mfcc: StillMap {
    struct Parameters: ParameterSet {
        var count = 20
        var hop = 512
        var lowest = 0.0
        static var fields: [Field<Parameters>] {
            [
                Field("n_mfcc", \.count, as: .int(.atLeast(1)), "how many"),
                Field("hop", \.hop, as: .int(.atLeast(1)), unit: "samples", "the step"),
                Field("lowest", \.lowest, as: .float(.atLeast(0)), unit: "Hz", "the lowest frequency"),
            ]
        }
    }
    static let declaration = Declaration(
        "audio.mfcc", revision: 1, kind: .map, summary: "MFCC.",
        inputs: [Port(accepts: [.tensor], axes: ["time"], "a signal")], output: "(time, feature)")
    let parameters: Parameters
    init(_ parameters: Parameters) throws(Problem) {
        if parameters.hop > 4096 {
            throw Problem("a hop above 4096 skips sound", at: ["hop"], advice: "take 4096 or less")
        }
        self.parameters = parameters
    }
    func output(for inputs: [Signature]) throws(Problem) -> Signature {
        .tensor(.float32, [Axis("time"), Axis("feature", size: parameters.count)])
    }
}

/// A composite with parts.
struct Features: CompositeStage {
    static let parts = [
        PartDescription(name: "mfcc", summary: "MFCC.", parameters: Mfcc.parameterDescriptions),
        PartDescription(name: "rms", summary: "RMS.", parameters: []),
    ]
    struct Parameters: ParameterSet {
        var features = Canonical.array([])
        static var fields: [Field<Parameters>] {
            [Field("features", \.features, as: .parts(Features.parts), isRequired: true, "which features")]
        }
    }
    static let declaration = Declaration(
        "audio.features", revision: 1, kind: .composite, summary: "Features.",
        inputs: [Port(accepts: [.tensor], axes: ["time"], "a signal")], output: "(time, feature)")
    let parameters: Parameters
    init(_ parameters: Parameters) { self.parameters = parameters }
    func expand() throws(Problem) -> Expansion {
        Expansion(parts: [Part(name: "mfcc", stage: try Mfcc(given: [:]), inputs: [.port(0)])], output: "mfcc")
    }
}

struct Hog: StillMap {
    struct Parameters: ParameterSet {
        var cell = ["height": 8, "width": 8]
        var bins = 9
        static var fields: [Field<Parameters>] {
            [
                Field("cell", \.cell, as: .map(.int(.atLeast(1))), unit: "pixels", "the cell"),
                Field("n_bins", \.bins, as: .int(.atLeast(1)), "bins"),
            ]
        }
    }
    static let declaration = Declaration(
        "video.hog3d", revision: 1, kind: .map, summary: "HOG.", inputs: [Port(accepts: [.media], "a file")],
        output: "tensor")
    let parameters: Parameters
    init(_ parameters: Parameters) { self.parameters = parameters }
    func output(for inputs: [Signature]) throws(Problem) -> Signature {
        .tensor(.float32, [Axis("time"), Axis("angle")])
    }
}

struct Concat: StillMap {
    struct Parameters: ParameterSet {
        var axis = "feature"
        static var fields: [Field<Parameters>] { [Field("axis", \.axis, as: .axis, "along which")] }
    }
    static let declaration = Declaration(
        "tensor.concat", revision: 1, kind: .map, summary: "Concat.",
        inputs: [Port(accepts: [.tensor], isList: true, "tensors")], output: "tensor")
    let parameters: Parameters
    init(_ parameters: Parameters) { self.parameters = parameters }
    func output(for inputs: [Signature]) throws(Problem) -> Signature {
        for axes in inputs.compactMap(\.axes) where !axes.contains(where: { $0.name == parameters.axis }) {
            throw Problem("an input has no axis \(parameters.axis)", at: ["axis"])
        }
        return .tensor(nil, nil)
    }
}

struct Flatten: StillMap {
    static let declaration = Declaration(
        "tensor.flatten", revision: 1, kind: .map, summary: "Flatten.",
        inputs: [Port(accepts: [.tensor], "a tensor")], output: "(feature)")
    let parameters: NoParameters
    init(_ parameters: NoParameters) { self.parameters = parameters }
    func output(for inputs: [Signature]) throws(Problem) -> Signature { .tensor(.float32, [Axis("feature")]) }
}

struct Summary: StillMap {
    struct Parameters: ParameterSet {
        var by: String?
        static var fields: [Field<Parameters>] { [Field("by", \.by, as: .optional(.column), "a column")] }
    }
    static let declaration = Declaration(
        "tensor.summary", revision: 1, kind: .map, summary: "Summary.",
        inputs: [Port(accepts: [.tensor], axes: ["time", "feature"], "curves")], output: "(feature)")
    let parameters: Parameters
    init(_ parameters: Parameters) { self.parameters = parameters }
    func output(for inputs: [Signature]) throws(Problem) -> Signature { .tensor(.float32, [Axis("feature")]) }
}

/// Two ports.
struct Join: StillMap {
    static let declaration = Declaration(
        "tensor.join", revision: 1, kind: .map, summary: "Join.",
        inputs: [Port("left", accepts: [.tensor], "the one"), Port("right", accepts: [.tensor], "the other")],
        output: "tensor")
    let parameters: NoParameters
    init(_ parameters: NoParameters) { self.parameters = parameters }
    func output(for inputs: [Signature]) throws(Problem) -> Signature { .tensor(.float32, [Axis("feature")]) }
}

struct Select: RowsStage {
    struct Parameters: ParameterSet {
        var column = ""
        static var fields: [Field<Parameters>] {
            [Field("column", \.column, as: .column, isRequired: true, "which column")]
        }
    }
    static let declaration = Declaration(
        "samples.select", revision: 1, kind: .rows, summary: "Select.", inputs: [Port(accepts: [], "any rows")],
        output: "rows")
    let parameters: Parameters
    init(_ parameters: Parameters) { self.parameters = parameters }
    func output(for inputs: [Signature]) throws(Problem) -> Signature { inputs.first ?? .unknown }
    func rows(of tables: [RowTable]) throws -> [RowReference] { [] }
}

protocol StillFitted: FittedStage {}
extension StillFitted {
    func fit(_ input: FitInput) throws -> Fitted { Fitted(Bundle()) }
    func apply(_ state: Bundle, to rows: [[Value]]) throws -> [Value] { [] }
}

struct Standard: StillFitted {
    struct Parameters: ParameterSet {
        var by: String?
        static var fields: [Field<Parameters>] { [Field("by", \.by, as: .optional(.column), "a column of groups")] }
    }
    static let declaration = Declaration(
        "scale.standard", revision: 1, kind: .fitted, summary: "Scale.",
        inputs: [Port(accepts: [.tensor], axes: ["feature"], "features")], output: "(feature)")
    let parameters: Parameters
    init(_ parameters: Parameters) { self.parameters = parameters }
    func output(for inputs: [Signature]) throws(Problem) -> Signature { inputs.first ?? .unknown }
}

struct Svm: StillFitted {
    struct Parameters: ParameterSet {
        var penalty = 1.0
        static var fields: [Field<Parameters>] { [Field("C", \.penalty, as: .float(.above(0)), "the penalty")] }
    }
    static let declaration = Declaration(
        "classify.svm", revision: 1, kind: .fitted, summary: "SVM.",
        inputs: [Port(accepts: [.tensor], axes: ["feature"], "features")], output: "predictions", readsTarget: true)
    let parameters: Parameters
    init(_ parameters: Parameters) { self.parameters = parameters }
    func output(for inputs: [Signature]) throws(Problem) -> Signature { .prediction }
}

struct Mlp: StillFitted {
    struct Parameters: ParameterSet {
        var layers = [100]
        var alpha = 0.0001
        static var fields: [Field<Parameters>] {
            [
                Field("hidden_layer_sizes", \.layers, as: .list(.int(.atLeast(1))), "layers"),
                Field("alpha", \.alpha, as: .float(.atLeast(0)), "decay"),
            ]
        }
    }
    static let declaration = Declaration(
        "classify.mlp", revision: 1, kind: .fitted, summary: "MLP.",
        inputs: [Port(accepts: [.tensor], axes: ["feature"], "features")], output: "predictions", readsTarget: true)
    let parameters: Parameters
    init(_ parameters: Parameters) { self.parameters = parameters }
    func output(for inputs: [Signature]) throws(Problem) -> Signature { .prediction }
}

struct Forest: StillFitted {
    struct Parameters: ParameterSet {
        var trees = 100
        static var fields: [Field<Parameters>] { [Field("n_estimators", \.trees, as: .int(.atLeast(1)), "trees")] }
    }
    static let declaration = Declaration(
        "classify.random_forest", revision: 1, kind: .fitted, summary: "Forest.",
        inputs: [Port(accepts: [.tensor], axes: ["feature"], "features")], output: "predictions", readsTarget: true)
    let parameters: Parameters
    init(_ parameters: Parameters) { self.parameters = parameters }
    func output(for inputs: [Signature]) throws(Problem) -> Signature { .prediction }
}

struct Evaluation: ReportStage {
    static let declaration = Declaration(
        "evaluate.classification", revision: 1, kind: .report, summary: "Scores.",
        inputs: [Port(accepts: [.prediction], "predictions")], output: "metrics", readsTarget: true)
    let parameters: NoParameters
    init(_ parameters: NoParameters) { self.parameters = parameters }
    var roles: [Role] { [.test] }
    func output(for inputs: [Signature]) throws(Problem) -> Signature { Signature(.bundle) }
    func report(_ rows: ReportRows) throws -> Report { Report(metrics: [], headline: []) }
}

struct SplitParameters: ParameterSet {
    var folds = 5
    var stratify = Stratify.no
    static var fields: [Field<SplitParameters>] {
        [
            Field("n_splits", \.folds, as: .int(.atLeast(2)), "folds"),
            Field("stratify", \.stratify, "what is spread evenly"),
        ]
    }
}

protocol StillSplit: SplitStage where Parameters == SplitParameters {}
extension StillSplit {
    var stratify: Stratify { parameters.stratify }
    var isRandom: Bool { true }
    func output(for inputs: [Signature]) throws(Problem) -> Signature { .unknown }
    func folds(of population: Population, stream: RandomStream) throws(Problem) -> [SplitFold] { [] }
}

struct KFold: StillSplit {
    static let declaration = Declaration("split.k_fold", revision: 1, kind: .rows, summary: "Folds.", output: "roles")
    let parameters: SplitParameters
    init(_ parameters: SplitParameters) { self.parameters = parameters }
    var keepsGroups: Bool { false }
}

struct GroupKFold: StillSplit {
    static let declaration = Declaration(
        "split.group_k_fold", revision: 1, kind: .rows, summary: "Folds.", output: "roles")
    let parameters: SplitParameters
    init(_ parameters: SplitParameters) { self.parameters = parameters }
    var keepsGroups: Bool { true }
}
