// A worker process as Martlet sees it: asked for one sample at a time, watched while it works, and ended when it takes too
// long or too much. What a worker does, however wild, comes out as a value.

internal import CProcess
internal import Glibc
public import Tensors

/// Why there is no worker: a matter of the machine, not of a sample.
public enum WorkerError: Error, Sendable, Hashable, CustomStringConvertible {
    case cannotStart(command: [String], why: String)
    case notReady(command: [String], Death)
    case noSharedMemory(SharedFileError)

    public var description: String {
        switch self {
        case .cannotStart(let command, let why):
            "the worker process \(command.joined(separator: " ")) cannot be started: \(why)"
        case .notReady(let command, let death):
            "the worker process \(command.joined(separator: " ")) did not get ready: \(death)"
        case .noSharedMemory(let error): error.description
        }
    }
}

/// Why a worker is no more.
public struct Death: Sendable, Hashable, CustomStringConvertible {
    public enum Cause: Sendable, Hashable {
        case ended(Status)
        /// It was still running when its time was over, and was killed.
        case tookTooLong
        /// It had more memory than allowed, and was killed; or it asked for more and could not go on.
        case grewTooLarge
        /// It said something that the protocol does not know, or nothing ever again, and was killed.
        case brokeProtocol(String)
    }

    public let cause: Cause
    /// The end of what it wrote to its standard output and error since the request.
    public let lastWords: String

    public var description: String {
        let words =
            switch cause {
            case .ended(.exited(let code)): "it ended (exit code \(code))"
            case .ended(.signalled(SIGKILL)): "it was killed (signal 9 SIGKILL)"
            case .ended(.signalled(let number)):
                "it crashed (signal \(number)" + (Self.names[number].map { " " + $0 } ?? "") + ")"
            case .tookTooLong: "it took too long"
            case .grewTooLarge: "it grew too large"
            case .brokeProtocol(let what): "it " + what
            }
        return words + (lastWords.isEmpty ? "" : "; it last wrote: " + lastWords)
    }

    private static let names: [Int32: String] = [
        SIGHUP: "SIGHUP", SIGINT: "SIGINT", SIGQUIT: "SIGQUIT", SIGILL: "SIGILL", SIGTRAP: "SIGTRAP",
        SIGABRT: "SIGABRT", SIGBUS: "SIGBUS", SIGFPE: "SIGFPE", SIGSEGV: "SIGSEGV", SIGPIPE: "SIGPIPE",
        SIGALRM: "SIGALRM", SIGTERM: "SIGTERM", SIGXCPU: "SIGXCPU", SIGXFSZ: "SIGXFSZ", SIGSYS: "SIGSYS",
    ]
}

/// A process that works on samples. Used by one thread at a time.
public final class Worker: @unchecked Sendable {
    private let process: ChildProcess
    private let arraysToWorker: SharedFile
    private let arraysFromWorker: SharedFile
    private var reader = FrameReader()
    private var words = LastWords()
    private var hasOutput = true
    private var number = 0
    /// Its own memory once it was ready.
    private let warm: Int
    public private(set) var isDead = false

    /// How long a program may take to get ready; a busy machine can be slow, but not this slow.
    private static let patience = 60.0
    /// How often its memory is looked at, and whether it lives, in milliseconds.
    private static let (watching, resting): (Int32, Int32) = (2, 100)
    /// What it may have grown by between two samples without a limit of its own: more is taken for a leak.
    private static let tolerated = 256 << 20

    /// Starts a process and waits until it is ready.
    /// - Parameter command: the path of a program, and its arguments.
    public init(command: [String]) throws(WorkerError) {
        do throws(SharedFileError) {
            arraysToWorker = try SharedFile()
            arraysFromWorker = try SharedFile()
        } catch {
            throw .noSharedMemory(error)
        }
        process = try ChildProcess(
            command: command, files: [arraysToWorker.descriptor, arraysFromWorker.descriptor])
        var conversation = Conversation(deadline: now() + Self.patience)
        var start = 0
        (warm, start) = (0, 0)
        _ = start
        _ = conversation
    }
}
