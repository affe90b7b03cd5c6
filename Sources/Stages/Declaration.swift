// What a stage type says about itself, before any instance of it exists.

public import Tensors

/// The six kinds of stage types, and composites, which are made of others. Splits are a form of `rows`.
public enum Kind: String, Sendable, Hashable {
    case source, map, rows, gather, fitted, report, composite
}

/// A library whose arithmetic reaches results: its version and the kernels that it picked are the profile.
public struct NumericLibrary: RawRepresentable, Sendable, Hashable {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    /// exp, log, sin … of the C library, which picks its code by processor.
    public static let libm = NumericLibrary(rawValue: "libm")
    public static let openblas = NumericLibrary(rawValue: "openblas")
    public static let fftw = NumericLibrary(rawValue: "fftw")
    public static let soxr = NumericLibrary(rawValue: "soxr")
    public static let sndfile = NumericLibrary(rawValue: "sndfile")
    public static let libsvm = NumericLibrary(rawValue: "libsvm")
    public static let libav = NumericLibrary(rawValue: "libav")
}

/// Where a map works on its samples. In a process of its own, a crash or a hang is one failed sample.
public enum Place: Sendable, Hashable {
    /// A thread of the run.
    case thread
    /// The program that runs the experiment, once more, which has the same catalogue.
    case process
    /// `martlet-media`, which alone is linked to libav.
    case media
}

/// Thrown by a map in a thread that finds that this sample is for `martlet-media`: it is worked on again there.
public struct NeedsMediaProcess: Error {
    public init() {}
}

/// An input of a stage type.
public struct Port: Sendable, Hashable {
    public let name: String
    /// What may arrive; empty for anything.
    public let accepts: [Content]
    /// Element types, of a tensor; empty for any.
    public let types: [ElementType]
    /// Names of axes that a tensor must have, in this order; nil for any.
    public let axes: [String]?
    /// Where `axes` leaves them open: the axes that an array whose file names none is taken to have, by their number.
    public let usualAxes: [[String]]
    /// Whether a list of inputs goes in here.
    public let isList: Bool
    /// Whether it closes the innermost branch set: it takes an input for each branch, named after it.
    public let joinsBranches: Bool
    public let help: String

    public init(
        _ name: String = "in", accepts: [Content] = [], types: [ElementType] = [], axes: [String]? = nil,
        usualAxes: [[String]] = [], isList: Bool = false, joinsBranches: Bool = false, _ help: String
    ) {
        self.name = name
        self.accepts = accepts
        self.types = types
        self.axes = axes
        self.usualAxes = usualAxes
        self.isList = isList
        self.joinsBranches = joinsBranches
        self.help = help
    }
}

/// The description of a stage type.
public struct Declaration: Sendable {
    /// Dotted, lowercase: `audio.load`.
    public let name: String
    /// Raised whenever the output may change.
    public let revision: Int
    public let kind: Kind
    /// One line.
    public let summary: String
    /// Shapes, axes, units, ranges, errors, source; paragraphs separated by empty lines.
    public let documentation: String
    public let inputs: [Port]
    /// What comes out, in words.
    public let output: String
    /// Whether `fit`, a split or a report reads the target.
    public let readsTarget: Bool
    /// Whether it draws random numbers.
    public let draws: Bool
    /// Whether `fit` takes validation rows, for stopping only.
    public let usesValidation: Bool
    /// Libraries whose arithmetic it uses; empty when the same bits come out on every processor.
    public let arithmetic: Set<NumericLibrary>
    /// Its values are never stored; what follows takes its key in place of their digest.
    public let isTransient: Bool
    /// Its values are quicker to make again than to read.
    public let isCheap: Bool
    /// Its values are small for what they cost, and kept wherever they are made.
    public let isWorthKeeping: Bool
    public let place: Place
    /// By how much, relative to the largest magnitude in a value, its numbers may differ between arithmetic profiles, from
    /// equal inputs or from inputs within their own tolerances; nil where equal inputs give equal bits.
    public let tolerance: Double?

    public init(
        _ name: String, revision: Int, kind: Kind, summary: String, documentation: String = "", inputs: [Port] = [],
        output: String, readsTarget: Bool = false, draws: Bool = false, usesValidation: Bool = false,
        arithmetic: Set<NumericLibrary> = [], isTransient: Bool = false, isCheap: Bool = false,
        isWorthKeeping: Bool = false, place: Place = .thread, tolerance: Double? = nil
    ) {
        self.name = name
        self.revision = revision
        self.kind = kind
        self.summary = summary
        self.documentation = documentation
        self.inputs = inputs
        self.output = output
        self.readsTarget = readsTarget
        self.draws = draws
        self.usesValidation = usesValidation
        self.arithmetic = arithmetic
        self.isTransient = isTransient
        self.isCheap = isCheap
        self.isWorthKeeping = isWorthKeeping
        self.place = place
        self.tolerance = tolerance
    }
}
