// Isolated stages, and limits. A type that declares `place: .process` runs in a worker process (see `Workers`): this
// executable again, with its hidden command `worker`, so that it has the same catalogue; one that declares `.media` in
// `martlet-media`. There `timeout` and `memory` end the process and fail one sample. In a thread of our own nothing can be
// stopped: there both are looked at afterwards.

internal import Media
public import Spec
public import Stages
public import Tensors
internal import Workers

/// The one door to other processes: has one sample worked on by an isolated stage.
public protocol Runner: Sendable {
    /// - Parameter place: a process.
    /// - Throws: `Failure` where the sample fails; another error where nothing can be run at all.
    func apply(_ stage: any MapStage, to input: MapInput, in place: Place, limits: Limits) throws -> Value
    /// Nothing is asked for the time being: what it holds ready may go.
    func rest()
}

extension Runner {
    /// A map's value for one sample, in the place where its type is to run, or where it finds that this sample is.
    /// - Parameter inThread: looks at what a thread made, and at how it did so.
    func value(
        of map: any MapStage, for input: MapInput, limits: Limits,
        inThread: (() throws -> Value) throws -> Value = { try $0() }
    ) throws -> Value {
        let place = type(of: map).declaration.place
        if place != .thread { return try apply(map, to: input, in: place, limits: limits) }
        do { return try inThread { try map.apply(input) } } catch is NeedsMediaProcess {
            return try apply(map, to: input, in: .media, limits: limits)
        }
    }
}

/// Runs stages in child processes, one warm child for each thread that asks at the same time.
public final class ChildRunner: Runner {
    /// A spec that says nothing is not to wait for ever on a file that a decoder hangs on, nor to swell with it.
    private static let (mediaTimeout, mediaMemory) = (600.0, 2 << 30)

    private let command: [String]
    private let idle = Lock<[Place: [Worker]]>([:])

    /// - Parameter command: a program whose catalogue has the stage types, and its arguments; by default this one.
    public init(command: [String] = ["/proc/self/exe", "worker"]) { self.command = command }

    deinit { rest() }

    public func apply(_ stage: any MapStage, to input: MapInput, in place: Place, limits given: Limits) throws -> Value
    {
        var limits = given
        if place == .media {
            limits.timeout = given.timeout ?? Self.mediaTimeout
            limits.memory = given.memory ?? Self.mediaMemory
        }
        let worker = try soundWorker(in: place, memory: limits.memory)
        let request = Request(
            type: type(of: stage).declaration.name, parameters: stage.canonicalParameters, values: input.values,
            names: input.names, columns: input.columns, stream: input.stream.name, memory: limits.memory)
        switch try worker.perform(request, timeout: limits.timeout) {
        case .failure(let death): throw Failure(of: death, limits: limits)
        case .success(let answer):
            idle.withLock { $0[place, default: []].append(worker) }
            switch answer {
            case .value(let value): return value
            case .failure(let cause, let advice): throw Failure(cause, advice: advice)
            }
        }
    }

    public func rest() {
        let all = idle.withLock { idle in
            defer { idle = [:] }
            return idle
        }
        for worker in all.values.joined() { worker.end() }
    }

    private func soundWorker(in place: Place, memory: Int?) throws -> Worker {
        while let worker = idle.withLock({ $0[place]?.popLast() }) {
            if worker.isSound(memory: memory) { return worker }
            worker.end()
        }
        return try Worker(command: place == .media ? MediaProcess.command() : command)
    }
}

/// The worker's side: applies stages of a catalogue to samples.
public enum IsolatedStages {
    /// Ends with the process that started this one.
    /// - Throws: `Problem` when this process was not started as a worker.
    public static func serve(_ catalogue: Catalogue) throws -> Never {
        let stages = Lock<[StageName: any MapStage]>([:])
        do {
            try Service.serve { request in
                do {
                    let name = StageName(type: request.type, parameters: request.parameters)
                    let stage: any MapStage
                    if let made = stages.withLock({ $0[name] }) {
                        stage = made
                    } else {
                        stage = try name.stage(in: catalogue)
                        stages.withLock { $0[name] = stage }
                    }
                    return .value(
                        try stage.apply(
                            MapInput(
                                values: request.values, names: request.names, columns: request.columns,
                                stream: RandomStream(named: request.stream))))
                } catch {
                    let failure = Failure(of: error)
                    return .failure(cause: failure.cause, advice: failure.advice)
                }
            }
        } catch {
            throw Problem("a worker is started by martlet itself, with a connection to its parent")
        }
    }

    private struct StageName: Hashable {
        let type: String
        let parameters: [String: Canonical]

        func stage(in catalogue: Catalogue) throws -> any MapStage {
            guard let type = catalogue[type] else {
                throw Failure("the worker process has no stage type \(type)", advice: "register it in the catalogue")
            }
            guard let map = try type.init(given: parameters) as? any MapStage else {
                throw Failure("\(self.type) is no map, and only maps can be isolated")
            }
            return map
        }
    }
}

extension Run {
    /// A map's value for one sample.
    func apply(_ map: any MapStage, to input: MapInput, limits: Limits) throws -> Value {
        try runner.value(of: map, for: input, limits: limits) { make in
            let start = clock.seconds()
            let value = try make()
            try limits.check(value, seconds: clock.seconds() - start)
            return value
        }
    }
}

extension Limits {
    /// What can be said afterwards of a stage that ran in a thread: how long it took, and how large its value is.
    func check(_ value: Value, seconds: Double) throws(Failure) {
        if let timeout, seconds > timeout { throw .tookTooLong(timeout) }
        if let memory, value.byteCount > memory { throw .grewTooLarge(memory) }
    }
}

extension Failure {
    /// What an error that a stage throws says of its sample.
    init(of error: any Error) {
        switch error {
        case let failure as Failure: self = failure
        case let error as MediaError: self.init(error.cause, advice: error.advice)
        case let problem as Problem: self.init(problem.message, advice: problem.advice)
        default: self.init("\(error)")
        }
    }

    fileprivate init(of death: Death, limits: Limits) {
        switch death.cause {
        case .tookTooLong: self = .tookTooLong(limits.timeout ?? 0)
        case .grewTooLarge: self = .grewTooLarge(limits.memory ?? 0)
        case .ended(.killed):
            self.init(death.description, advice: "the system does that when memory runs out: see dmesg")
        case .ended(.signalled) where limits.memory != nil:
            self.init(
                death.description,
                advice: "a stage that is refused memory may end like this: raise memory if it needs more")
        default: self.init(death.description)
        }
    }

    static func tookTooLong(_ timeout: Double) -> Failure {
        let whole = Int(exactly: timeout).map(String.init) ?? decimal(timeout)
        return Failure("took longer than its timeout of \(whole) s", advice: "raise timeout if it needs more")
    }

    static func grewTooLarge(_ memory: Int) -> Failure {
        Failure("grew past its memory of \(ByteSize.text(memory))", advice: "raise memory if it needs more")
    }
}
