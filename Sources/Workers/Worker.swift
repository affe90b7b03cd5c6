// A worker process as Martlet sees it: asked for one sample at a time, watched while it works, and ended when it takes too
// long or too much. What a worker does, however wild, comes out as a value.

internal import Glibc
internal import Tensors

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
            "the worker process \(command.joined(separator: " ")) did not get ready: it \(death)"
        case .noSharedMemory(let error): error.description
        }
    }
}

/// Why a worker is no more.
public struct Death: Error, Sendable, Hashable, CustomStringConvertible {
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

    /// What it did: "crashed (signal 11 SIGSEGV); it last wrote: …".
    public var description: String {
        let words =
            switch cause {
            case .ended(.exited(let code)): "ended (exit code \(code))"
            case .ended(.killed): "was killed (signal 9 SIGKILL)"
            case .ended(.signalled(let number)):
                "crashed (signal \(number)" + (Self.names[number].map { " " + $0 } ?? "") + ")"
            case .tookTooLong: "took too long"
            case .grewTooLarge: "grew too large"
            case .brokeProtocol(let what): what
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
    private var lastWords = LastWords()
    private var hasOutput = true
    private var number = 0
    /// Its own memory once it was ready.
    private var warm = 0
    private var isDead = false

    /// How long a program may take to get ready, in seconds: a busy machine can be slow, but not this slow.
    private static let patience = 60.0
    /// How often its memory is looked at, and otherwise whether it lives, in milliseconds.
    private static let (watching, resting): (Int32, Int32) = (2, 100)

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
        do throws(Death) {
            let greeting = try exchange([], deadline: now() + Self.patience, most: nil)
            guard greeting == Protocol.greeting else { throw die(.brokeProtocol("speaks another protocol")) }
        } catch {
            throw .notReady(command: command, error)
        }
        warm = process.ownMemory
    }

    /// Whether it can be given another sample: it lives, and holds little more than it did when it was ready. What grows
    /// from sample to sample is replaced before a sample pays for those before it.
    public func isSound(memory: Int?) -> Bool {
        !isDead && process.isRunning && process.ownMemory - warm <= MemoryLimit.retained(of: memory)
    }

    /// Has a sample worked on. After a `Death` the worker is of no more use.
    /// - Parameter timeout: seconds after which it is killed.
    public func perform(_ request: Request, timeout: Double? = nil) throws(WorkerError) -> Result<Answer, Death> {
        number += 1
        lastWords.forget()
        let frame: [UInt8]
        do throws(SharedFileError) {
            frame = Frame.encode(try request.message(number: number, arrays: arraysToWorker))
        } catch {
            throw .noSharedMemory(error)
        }
        do throws(Death) {
            guard reader.isEmpty else { throw die(.brokeProtocol("spoke without being asked")) }
            let message = try exchange(
                frame, deadline: timeout.map { now() + $0 }, most: request.memory.map { warm + $0 })
            guard let answer = Answer(message, number: number, arrays: arraysFromWorker) else {
                throw die(.brokeProtocol("gave an answer that is none"))
            }
            return .success(answer)
        } catch {
            return .failure(error)
        }
    }

    /// Ends the process, if it has not ended yet.
    public func end() {
        isDead = true
        process.end()
    }

    // MARK: -

    /// Sends a frame and waits for one, while it looks after the process.
    /// - Parameter most: bytes of its own that the process may have.
    private func exchange(_ frame: [UInt8], deadline: Double?, most: Int?) throws(Death) -> Canonical {
        var unsent = frame[...]
        while true {
            do throws(NotAFrame) { if let message = try reader.next() { return message } } catch {
                throw die(.brokeProtocol("wrote into its connection what is no message"))
            }
            var patience = most == nil ? Self.resting : Self.watching
            if let deadline {
                let left = (deadline - now()) * 1000
                if left <= 0 { throw die(.tookTooLong) }
                patience = Int32(min(Double(patience), left.rounded(.up)))
            }
            if !unsent.isEmpty { send(&unsent) }
            var watched = [
                pollfd(fd: process.socket, events: Int16(unsent.isEmpty ? POLLIN : POLLIN | POLLOUT), revents: 0),
                pollfd(fd: hasOutput ? process.output : -1, events: Int16(POLLIN), revents: 0),
            ]
            let ready = poll(&watched, nfds_t(watched.count), patience)
            if let most, process.ownMemory > most { throw die(.grewTooLarge) }
            if watched[1].revents != 0 { readOutput() }
            if watched[0].revents & ~Int16(POLLOUT) != 0 {
                if !receive() { throw die(nil, limited: most != nil) }
            } else if ready == 0, !process.isRunning {
                // It is gone, but something that it started still holds the socket.
                throw die(nil, limited: most != nil)
            }
        }
    }

    private func send(_ bytes: inout ArraySlice<UInt8>) {
        let count = bytes.withUnsafeBytes {
            Glibc.send(process.socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL | MSG_DONTWAIT))
        }
        if count >= 0 {
            bytes.removeFirst(count)
        } else if errno != EAGAIN && errno != EINTR {
            // Nobody will read it; what there is to know comes from the other direction.
            bytes.removeAll()
        }
    }

    /// False when the other side has hung up.
    private func receive() -> Bool {
        let (bytes, number) = read { recv(process.socket, $0.baseAddress, $0.count, Int32(MSG_DONTWAIT)) }
        if bytes.isEmpty { return number == EAGAIN || number == EINTR }
        reader.append(bytes)
        return true
    }

    private func readOutput() {
        // A process that writes without end does not keep us from looking at the clock.
        for _ in 0..<16 {
            let (bytes, number) = read { Glibc.read(process.output, $0.baseAddress, $0.count) }
            if bytes.isEmpty {
                hasOutput = number == EAGAIN || number == EINTR
                return
            }
            lastWords.append(bytes)
        }
    }

    /// What a system call reads; nothing, and the error number, when there is nothing (0 at the end).
    private func read(_ call: (UnsafeMutableRawBufferPointer) -> Int) -> (bytes: [UInt8], number: Int32) {
        var number: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: 64 << 10) { buffer, count in
            let got = call(UnsafeMutableRawBufferPointer(buffer))
            if got < 0 { number = errno }
            count = max(0, got)
        }
        return (bytes, number)
    }

    /// Ends the process. Without a cause, it is what the process itself came to.
    private func die(_ cause: Death.Cause?, limited: Bool = false) -> Death {
        isDead = true
        if cause == nil {
            // Its descriptors are closed before it can be waited for.
            for _ in 0..<5000 where process.isRunning { poll(nil, 0, 1) }
        }
        let isRunning = process.isRunning
        let status = process.end()
        readOutput()
        let words = lastWords.text
        if let cause { return Death(cause: cause, lastWords: words) }
        guard !isRunning, let status else {
            return Death(cause: .brokeProtocol("closed its connection"), lastWords: words)
        }
        if limited, case .signalled = status, MemoryLimit.isRefused(words) {
            return Death(cause: .grewTooLarge, lastWords: words)
        }
        return Death(cause: .ended(status), lastWords: words)
    }
}

private func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}
