// Toy stage types: small enough to see through, with all the habits, good and bad, that the engine must deal with.

public import Stages
public import Tensors

public let toyStages = Catalogue([
    ToyNumbers.self, ToyAdd.self, ToyTwice.self, ToyNoise.self, ToyFickle.self, ToyPicky.self, ToyDiary.self,
    ToyRank.self,
    ToySpectrum.self, ToyChain.self, ToyRough.self, ToyTransientPicky.self, ToyPoison.self, ToyEcho.self,
])

/// What toy stages count and note, by a name that the spec gives, so that tests that run side by side don't meet.
public enum ToyLog {
    private static let notes = Lock<[String: [Double]]>([:])

    public static func note(_ name: String, _ value: Double) {
        if !name.isEmpty { notes.withLock { $0[name, default: []].append(value) } }
    }

    public static func notes(of name: String) -> [Double] { notes.withLock { $0[name] ?? [] } }
}

/// `count` rows; row i has the value (i, i², 1), the class `c<i mod classes>` and the group i / `size`.
public struct ToyNumbers: SourceStage {
    public struct Parameters: ParameterSet {
        public var count = 24
        public var classes = 3
        public var size = 4
        public var skip = -1
        public var rename = ""
        public init() {}
        public static let fields: [Field<Self>] = [
            Field("count", \.count, as: .int(.atLeast(0)), "rows"),
            Field("classes", \.classes, as: .int(.atLeast(1)), "classes"),
            Field("size", \.size, as: .int(.atLeast(1)), "rows a group"),
            Field("skip", \.skip, "a row to leave out"),
            Field("rename", \.rename, as: .location, "another place to look, with the same content"),
        ]
    }

    public static let declaration = Declaration(
        "toy.numbers", revision: 1, kind: .source, summary: "Numbered rows.", output: "float64 (feature)")
    public let parameters: Parameters
    public init(_ parameters: Parameters) { self.parameters = parameters }

    public func output(for inputs: [Signature]) throws(Problem) -> Signature {
        .tensor(.float64, [Axis("feature", size: 3)])
    }

    public func list() throws -> Listing {
        let items = (0..<parameters.count).filter { $0 != parameters.skip }.map { row in
            let digits = String(row)
            let id = "row_" + String(repeating: "0", count: 4 - digits.count) + digits
            return ListedItem(
                id: id,
                columns: ["label": .string("c\(row % parameters.classes)"), "group": .int(row / parameters.size)],
                origin: .value(
                    .tensor(Tensor(.float64([Double(row), Double(row * row), 1]), shape: [3], axes: ["feature"]))),
                path: id)
        }
        return Listing(items: items, signature: .tensor(.float64, [Axis("feature", size: 3)]))
    }
}

public struct ToyMapParameters: ParameterSet {
    public var value = 1.0
    public var log = ""
    public init() {}
    public static let fields: [Field<Self>] = [
        Field("value", \.value, "a number"),
        Field("log", \.log, "a name to count under"),
    ]
}

/// A map over the elements of a float64 tensor.
public protocol ToyMap: MapStage where Parameters == ToyMapParameters {
    func map(_ values: [Double], _ input: MapInput) throws -> [Double]
}

extension ToyMap {
    public func output(for inputs: [Signature]) throws(Problem) -> Signature { inputs.first ?? .unknown }

    public func apply(_ input: MapInput) throws -> Value {
        let tensor = try input.tensor()
        let values = try map(tensor.doubles() ?? [], input)
        ToyLog.note(parameters.log, tensor.doubles()?.first ?? -1)
        return .tensor(Tensor(.float64(values), shape: tensor.shape, axes: tensor.axes))
    }
}

let anyTensor = [Port(accepts: [.tensor], "a tensor")]

/// Adds `value`.
public struct ToyAdd: ToyMap {
    public static let declaration = Declaration(
        "toy.add", revision: 1, kind: .map, summary: "Adds a number.", inputs: anyTensor, output: "the same shape")
    public let parameters: ToyMapParameters
    public init(_ parameters: ToyMapParameters) { self.parameters = parameters }
    public func map(_ values: [Double], _ input: MapInput) -> [Double] { values.map { $0 + parameters.value } }
}

/// Rounds to a multiple of `value`: unlike inputs can give like outputs.
public struct ToyTwice: ToyMap {
    public static let declaration = Declaration(
        "toy.round", revision: 1, kind: .map, summary: "Rounds to a multiple.", inputs: anyTensor,
        output: "the same shape")
    public let parameters: ToyMapParameters
    public init(_ parameters: ToyMapParameters) { self.parameters = parameters }
    public func map(_ values: [Double], _ input: MapInput) -> [Double] {
        values.map { ($0 / parameters.value).rounded() * parameters.value }
    }
}

/// Adds uniform noise, drawn from the stream.
public struct ToyNoise: ToyMap {
    public static let declaration = Declaration(
        "toy.noise", revision: 1, kind: .map, summary: "Adds noise.", inputs: anyTensor, output: "the same shape",
        draws: true)
    public let parameters: ToyMapParameters
    public init(_ parameters: ToyMapParameters) { self.parameters = parameters }
    public func map(_ values: [Double], _ input: MapInput) -> [Double] {
        var stream = input.stream
        return values.map { $0 + parameters.value * stream.uniform() }
    }
}

/// Not deterministic: what it gives depends on how often it ran.
public struct ToyFickle: ToyMap {
    private static let calls = Lock(0)
    public static let declaration = Declaration(
        "toy.fickle", revision: 1, kind: .map, summary: "Breaks the contract.", inputs: anyTensor,
        output: "the same shape")
    public let parameters: ToyMapParameters
    public init(_ parameters: ToyMapParameters) { self.parameters = parameters }
    public func map(_ values: [Double], _ input: MapInput) -> [Double] {
        let call = Self.calls.withLock { calls -> Int in
            calls += 1
            return calls
        }
        return values.map { $0 + Double(call) }
    }
}

/// Fails where the first element is `value`.
public struct ToyPicky: ToyMap {
    public static let declaration = Declaration(
        "toy.picky", revision: 1, kind: .map, summary: "Fails on one value.", inputs: anyTensor,
        output: "the same shape")
    public let parameters: ToyMapParameters
    public init(_ parameters: ToyMapParameters) { self.parameters = parameters }
    public func map(_ values: [Double], _ input: MapInput) throws -> [Double] {
        if values.first == parameters.value {
            throw Failure("the value \(decimal(parameters.value)) is not to its taste")
        }
        return values
    }
}

/// A canary: its state is the list of first elements that `fit` was given; `apply` passes rows on.
public struct ToyDiary: FittedStage {
    public static let declaration = Declaration(
        "toy.diary", revision: 1, kind: .fitted, summary: "Notes what it was fitted on.", inputs: anyTensor,
        output: "the same shape", readsTarget: true)
    public let parameters: ToyMapParameters
    public init(_ parameters: ToyMapParameters) { self.parameters = parameters }
    public func output(for inputs: [Signature]) throws(Problem) -> Signature { inputs.first ?? .unknown }

    public func fit(_ input: FitInput) throws -> Fitted {
        let seen = try (0..<input.training.count).map { try input.training.tensor($0).doubles()?.first ?? -1 }
        for value in seen { ToyLog.note(parameters.log, value) }
        return Fitted(Bundle(tensors: ["seen": Tensor(.float64(seen), shape: [seen.count], axes: ["row"])]))
    }

    public func apply(_ state: Bundle, to rows: [[Value]]) throws -> [Value] { rows.map { $0[0] } }
}

/// A gather: the rank of each row's first element among all.
public struct ToyRank: GatherStage {
    public static let declaration = Declaration(
        "toy.rank", revision: 1, kind: .gather, summary: "Ranks all rows (transductive).", inputs: anyTensor,
        output: "float64 (feature 1)")
    public let parameters: NoParameters
    public init(_ parameters: NoParameters) { self.parameters = parameters }
    public func output(for inputs: [Signature]) throws(Problem) -> Signature {
        .tensor(.float64, [Axis("feature", size: 1)])
    }

    public func gather(_ rows: [[Value]], columns: [String: [Scalar]]) throws -> [Value] {
        let firsts = rows.map { row -> Double in
            guard case .tensor(let tensor)? = row.first else { return 0 }
            return tensor.doubles()?.first ?? 0
        }
        let sorted = firsts.sorted()
        return firsts.map { value in
            .tensor(Tensor(.float64([Double(sorted.firstIndex(of: value) ?? 0)]), shape: [1], axes: ["feature"]))
        }
    }
}

/// Adds `value`, with arithmetic that may differ in its last bits from one machine to another.
public struct ToyRough: ToyMap {
    public static let declaration = Declaration(
        "toy.rough", revision: 1, kind: .map, summary: "Adds a number.", inputs: anyTensor, output: "the same shape",
        arithmetic: [.fftw], tolerance: 1e-3)
    public let parameters: ToyMapParameters
    public init(_ parameters: ToyMapParameters) { self.parameters = parameters }
    public func map(_ values: [Double], _ input: MapInput) -> [Double] { values.map { $0 + parameters.value } }
}

/// A transient map: squares; its values are never stored.
public struct ToySpectrum: ToyMap {
    public static let declaration = Declaration(
        "toy.spectrum", revision: 1, kind: .map, summary: "Squares.", inputs: anyTensor, output: "the same shape",
        isTransient: true)
    public let parameters: ToyMapParameters
    public init(_ parameters: ToyMapParameters) { self.parameters = parameters }
    public func map(_ values: [Double], _ input: MapInput) -> [Double] { values.map { $0 * $0 } }
}

/// Fails where the first element is `value`, and is transient: nobody knows before the value is wanted.
public struct ToyTransientPicky: ToyMap {
    public static let declaration = Declaration(
        "toy.transient_picky", revision: 1, kind: .map, summary: "Fails on one value.", inputs: anyTensor,
        output: "the same shape", isTransient: true)
    public let parameters: ToyMapParameters
    public init(_ parameters: ToyMapParameters) { self.parameters = parameters }
    public func map(_ values: [Double], _ input: MapInput) throws -> [Double] {
        if values.first == parameters.value {
            throw Failure("the value \(decimal(parameters.value)) is not to its taste")
        }
        return values
    }
}

/// A composite: a transient square, then a sum.
public struct ToyChain: CompositeStage {
    public static let declaration = Declaration(
        "toy.chain", revision: 1, kind: .composite, summary: "Squares, then adds.", inputs: anyTensor,
        output: "the same shape")
    public let parameters: ToyMapParameters
    public init(_ parameters: ToyMapParameters) { self.parameters = parameters }

    public func expand() throws(Problem) -> Expansion {
        var square = ToyMapParameters()
        square.log = parameters.log
        return Expansion(
            parts: [
                Part(name: "square", stage: ToySpectrum(square), inputs: [.port(0)]),
                Part(name: "sum", stage: ToyAdd(parameters), inputs: [.part("square")]),
            ], output: "sum")
    }
}

/// A composite whose transient part uses a numeric library.
public struct ToyWaves: CompositeStage {
    public static let declaration = Declaration(
        "toy.waves", revision: 1, kind: .composite, summary: "Waves, then adds.", inputs: anyTensor,
        output: "the same shape", arithmetic: [.fftw])
    public let parameters: ToyMapParameters
    public init(_ parameters: ToyMapParameters) { self.parameters = parameters }

    public func expand() throws(Problem) -> Expansion {
        Expansion(
            parts: [
                Part(name: "wave", stage: ToyWave(parameters), inputs: [.port(0)]),
                Part(name: "sum", stage: ToyAdd(parameters), inputs: [.part("wave")]),
            ], output: "sum")
    }
}

/// A transient map that says to use FFTW.
public struct ToyWave: ToyMap {
    public static let declaration = Declaration(
        "toy.wave", revision: 1, kind: .map, summary: "Halves.", inputs: anyTensor, output: "the same shape",
        arithmetic: [.fftw], isTransient: true)
    public let parameters: ToyMapParameters
    public init(_ parameters: ToyMapParameters) { self.parameters = parameters }
    public func map(_ values: [Double], _ input: MapInput) -> [Double] { values.map { $0 / 2 } }
}
