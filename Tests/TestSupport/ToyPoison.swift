// Isolated toy stages: one that gives back what it got, and one that goes wrong in every way a process can.

internal import Glibc
public import Stages
public import Tensors

/// Gives back its first input; with columns, a bundle of what it was told beside it.
public struct ToyEcho: MapStage {
    public struct Parameters: ParameterSet {
        /// Whether to tell what else came along.
        public var tells = false
        public init() {}
        public static let fields: [Field<Self>] = [Field("tells", \.tells, "tell of names, columns and stream")]
    }

    public static let declaration = Declaration(
        "toy.echo", revision: 1, kind: .map, summary: "Gives back what it got.",
        inputs: [Port(accepts: [], "anything")],
        output: "the same", draws: true, place: .process)
    public let parameters: Parameters
    public init(_ parameters: Parameters) { self.parameters = parameters }
    public func output(for inputs: [Signature]) throws(Problem) -> Signature { inputs.first ?? .unknown }

    public func apply(_ input: MapInput) throws -> Value {
        guard parameters.tells else { return input.values.first ?? .nothing }
        var scalars = input.columns
        for (index, name) in input.names.enumerated() { scalars["name_\(index)"] = .string(name) }
        var stream = input.stream
        scalars["drawn"] = .float(stream.uniform())
        scalars["process"] = .int(Int(getpid()))
        return .bundle(Bundle(scalars: scalars))
    }
}

public enum ToyWrong: String, CaseIterable, Sendable, ParameterValue {
    case segfault, trap, abort, exit, kill, hang, stop, grow, reserve, leak, fail
    case binary, frame, garbage, silence, leave
    case binaryCrash = "binary_crash"
}

public struct ToyPoisonParameters: ParameterSet {
    public var value = 7.0
    public var how = ToyWrong.trap
    public init() {}
    public static let fields: [Field<Self>] = [
        Field("value", \.value, "the first element of the row that it goes wrong on"),
        Field("how", \.how, "what it does then"),
    ]
}

/// Passes rows on, but goes wrong where the first element is `value`.
public struct ToyPoison: MapStage {
    public static let declaration = Declaration(
        "toy.poison", revision: 1, kind: .map, summary: "Goes wrong.", inputs: [Port(accepts: [.tensor], "a tensor")],
        output: "the same", place: .process)
    public let parameters: ToyPoisonParameters
    public init(_ parameters: ToyPoisonParameters) { self.parameters = parameters }

    public func output(for inputs: [Signature]) throws(Problem) -> Signature { inputs.first ?? .unknown }

    public func apply(_ input: MapInput) throws -> Value {
        let tensor = try input.tensor()
        if tensor.doubles()?.first == parameters.value { try goWrong() }
        return .tensor(tensor)
    }

    private func goWrong() throws {
        switch parameters.how {
        case .segfault: UnsafeMutablePointer<Int>(bitPattern: 8)?.pointee = 1
        case .trap: preconditionFailure("poisoned")
        case .abort:
            print("about to abort")
            abort()
        case .exit: exit(0)
        case .hang: while true { pause() }
        case .grow:
            var rooms = [[UInt8]]()
            while rooms.count < 4000 { rooms.append([UInt8](repeating: 1, count: 1 << 20)) }
        case .reserve: _ = [UInt8](repeating: 1, count: 1 << 30)
        case .leak:
            if let room = malloc(300 << 20) { memset(room, 1, 300 << 20) }
        case .binary: write(Self.binary, to: 1)
        case .binaryCrash:
            write(Self.binary, to: 1)
            raise(SIGSEGV)
        case .frame: write(Self.frame, to: 1)
        case .garbage: write(Array("garbage".utf8), to: 3)
        case .silence: close(3)
        case .stop: raise(SIGSTOP)
        case .fail: throw Failure("not to its taste", advice: "feed it something else")
        case .kill: raise(SIGKILL)
        case .leave:
            // Something that outlives the answer, and holds all that is open.
            var id: pid_t = 0
            var arguments = [strdup("/bin/sleep"), strdup("1000"), nil]
            posix_spawn(&id, "/bin/sleep", nil, nil, &arguments, nil)
            Glibc.exit(3)
        }
    }

    private static let binary: [UInt8] = [0xFF, 0x00, 0x1B, 0x5B, 0x41, 0x0A, 0xC3, 0x28]

    /// What an answer looks like on the wire: `{"number": 1, "value": null}`.
    private static var frame: [UInt8] {
        let answer = Canonical.map(["number": .int(1), "value": .null]).encoded()
        return Array("mrtl".utf8) + [UInt8(answer.count), 0, 0, 0] + answer
    }

    private func write(_ bytes: [UInt8], to descriptor: Int32) { _ = Glibc.write(descriptor, bytes, bytes.count) }
}
