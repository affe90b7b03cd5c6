import Foundation
import Spec
import Stages
import Tensors
import TestSupport
import Testing
import Workers

@testable import Engine

/// A stage in a process of its own: whatever it does, one sample fails and the next gets a new process.
@Suite struct IsolatedStage {
    private let runner = ChildRunner(command: [Binary.toy, "worker"])

    private func row(_ first: Double) -> MapInput {
        MapInput(
            values: [.tensor(Tensor(.float64([first]), shape: [1], axes: ["feature"]))],
            stream: RandomStream(named: Digest(of: .null)))
    }

    /// Why a poisoned sample fails; nil where it does not. Those before and after it are sound.
    private func cause(_ how: ToyWrong, timeout: Double? = nil, memory: Int? = nil) throws -> String? {
        var parameters = ToyPoisonParameters()
        parameters.how = how
        let stage = ToyPoison(parameters)
        var limits = Limits()
        limits.memory = memory
        #expect(try runner.apply(stage, to: row(6), in: .process, limits: limits) == row(6).values[0])
        limits.timeout = timeout
        var cause: String?
        do {
            #expect(try runner.apply(stage, to: row(7), in: .process, limits: limits) == row(7).values[0])
        } catch let failure as Failure {
            cause = failure.cause
        }
        limits.timeout = nil
        #expect(try runner.apply(stage, to: row(8), in: .process, limits: limits) == row(8).values[0])
        return cause
    }

    @Test(arguments: [
        (ToyWrong.segfault, "crashed (signal 11 SIGSEGV)"),
        (.abort, "crashed (signal 6 SIGABRT); it last wrote: about to abort"),
        (.kill, "was killed (signal 9 SIGKILL)"),
        (.exit, "ended (exit code 0)"),
        (.leave, "ended (exit code 3)"),
        (.garbage, "wrote into its connection what is no message"),
        (.silence, "ended (exit code 70); it last wrote: worker: nobody listens"),
        (.binaryCrash, "crashed (signal 11 SIGSEGV); it last wrote: \\xff\\x00\\x1b[A | \\xc3("),
        (.fail, "not to its taste"),
    ]) func failsOneSample(how: ToyWrong, words: String) throws {
        let cause = try cause(how)
        #expect(cause == words)
    }

    @Test func aTrapIsToldInItsOwnWords() throws {
        let cause = try #require(try cause(.trap))
        #expect(cause.hasPrefix("crashed (signal 4 SIGILL); it last wrote: "))
        #expect(cause.hasSuffix("Fatal error: poisoned"))
    }

    /// It may write what it likes where others write: nobody mistakes it for an answer.
    @Test(arguments: [ToyWrong.binary, .frame, .leak]) func doesNotFail(how: ToyWrong) throws {
        #expect(try cause(how) == nil)
    }

    @Test(arguments: [ToyWrong.hang, .stop]) func timeoutEndsIt(how: ToyWrong) throws {
        #expect(try cause(how, timeout: 0.05) == "took longer than its timeout of 0.05 s")
    }

    @Test(arguments: [ToyWrong.grow, .reserve, .leak]) func memoryEndsIt(how: ToyWrong) throws {
        #expect(try cause(how, memory: 150_000_000) == "grew past its memory of 150 MB")
    }

    @Test(arguments: 0..<30) func valuesArriveAsTheyAre(seed: Int) throws {
        let value = AnyValue.make(seed)
        let input = MapInput(values: [value], stream: RandomStream(named: Digest(of: .null)))
        let arrived = try runner.apply(ToyEcho(ToyEcho.Parameters()), to: input, in: .process, limits: Limits())
        #expect(arrived == value)
        #expect(arrived.digest == value.digest)
    }

    @Test func fifteenMegabytesThereAndBackTwice() throws {
        for seed in 0..<2 {
            let tensor = Tensor(
                .float32((0..<3_750_000).map { Float($0 + seed) }), shape: [3_750_000], axes: ["time"])
            let input = MapInput(values: [.tensor(tensor)], stream: RandomStream(named: Digest(of: .null)))
            #expect(
                try runner.apply(ToyEcho(ToyEcho.Parameters()), to: input, in: .process, limits: Limits())
                    == .tensor(tensor))
        }
    }

    /// What a stage is told of itself by its process, beside what came along.
    private func told(_ input: MapInput) throws -> [String: Scalar] {
        var parameters = ToyEcho.Parameters()
        parameters.tells = true
        let value = try runner.apply(ToyEcho(parameters), to: input, in: .process, limits: Limits())
        guard case .bundle(let bundle) = value else {
            return [:]
        }
        return bundle.scalars
    }

    @Test func namesColumnsAndStreamComeAlong() throws {
        var stream = RandomStream(named: Digest(of: .text("some stream")))
        let columns: [String: Scalar] = [
            "speaker": .string("ö"), "age": .int(-3), "level": .float(0.1), "no": .missing,
        ]
        let input = MapInput(values: [], names: ["left", "right"], columns: columns, stream: stream)
        var expected = columns
        expected["name_0"] = .string("left")
        expected["name_1"] = .string("right")
        expected["drawn"] = .float(stream.uniform())
        var told = try told(input)
        told["process"] = nil
        #expect(told == expected)
    }

    @Test func oneWarmProcessServesManySamplesAndIsGoneAtTheEnd() throws {
        let first = try #require(try told(row(1))["process"])
        #expect(try told(row(2))["process"] == first)
        runner.rest()
        guard case .int(let id) = first else { return }
        #expect(kill(pid_t(id), 0) == -1, "neither alive nor waiting to be reaped")
        #expect(try told(row(3))["process"] != first)
    }

    @Test func killedWhileItRestsItIsReplaced() throws {
        guard case .int(let id)? = try told(row(1))["process"] else { return }
        kill(pid_t(id), SIGKILL)
        var information = siginfo_t()
        waitid(P_PID, id_t(id), &information, WEXITED | WNOWAIT)
        #expect(try told(row(2))["process"] != .int(id))
    }

    @Test(arguments: [
        (
            ["/nonexistent/martlet"],
            "the worker process /nonexistent/martlet cannot be started: No such file or directory"
        ),
        (["/bin/false"], "the worker process /bin/false did not get ready: it ended (exit code 1)"),
        (
            ["/bin/echo", "hello"],
            "the worker process /bin/echo hello did not get ready: it ended (exit code 0); it last wrote: hello"
        ),
        (
            ["/bin/sh", "-c", "echo hello >&3; exec sleep 1000"],
            "the worker process /bin/sh -c echo hello >&3; exec sleep 1000 did not get ready: "
                + "it wrote into its connection what is no message"
        ),
    ]) func aProgramThatIsNoWorkerIsAMatterOfTheMachine(command: [String], words: String) {
        let runner = ChildRunner(command: command)
        let error = #expect(throws: WorkerError.self) {
            try runner.apply(ToyEcho(ToyEcho.Parameters()), to: row(1), in: .process, limits: Limits())
        }
        #expect(error?.description == words)
    }

    // MARK: In a run

    private static let spec = """
        martlet: 1
        name: toy
        stages:
          numbers: {uses: toy.numbers}
          noisy: {uses: toy.noise, in: numbers}
          told: {uses: toy.echo, in: noisy}
          poisoned: {uses: toy.poison, in: numbers, with: {how: exit}}
          joined: {uses: toy.add, in: poisoned}

        """

    @Test func inARunTheOthersAreDone() throws {
        let runs = try [1, 4].map {
            try Workshop().run(Self.spec, jobs: $0, keepsGoing: true, runner: runner)
        }
        for finished in runs {
            #expect(finished.run.ending == .withFailures)
            #expect(finished.text("failures.csv") == "sample,stage,cause\nrow_0007,poisoned,ended (exit code 0)\n")
            #expect(finished.computed["joined"] == 23)
        }
        #expect(runs[0].lasting == runs[1].lasting)
    }

    @Test func resultsAreThoseOfAThread() throws {
        let settings = ["poisoned.value": "-1"]
        let apart = try Workshop().run(Self.spec, set: settings, runner: runner)
        let together = try Workshop().run(Self.spec, set: settings)
        #expect(apart.run.ending == .complete)
        #expect(apart.lasting == together.lasting)
    }
}

/// In a thread nothing can be ended: limits are looked at afterwards, and told in the same words.
@Suite struct LimitsInAThread {
    @Test(
        arguments: [
            (nil, nil, nil), (3.5, 16, nil), (3, nil, "took longer than its timeout of 3 s"),
            (0.25, nil, "took longer than its timeout of 0.25 s"), (nil, 15, "grew past its memory of 15 bytes"),
        ] as [(Double?, Int?, String?)]) func areChecked(timeout: Double?, memory: Int?, words: String?)
    {
        var limits = Limits()
        limits.timeout = timeout
        limits.memory = memory
        let value = Value.tensor(Tensor(.float64([1, 2]), shape: [2], axes: ["feature"]))
        var failure: Failure?
        do throws(Failure) { try limits.check(value, seconds: 3.5) } catch { failure = error }
        #expect(failure?.cause == words)
    }
}
