// The other side: how a program is a worker. One thread waits for requests and works on them; the first one waits for
// Martlet to be gone, and then ends the process with all that it started, even if the work hangs.

internal import CProcess
internal import Foundation
internal import Glibc
internal import Tensors

/// It was not started as a worker.
public struct NotAWorker: Error, Sendable {}

public enum Service {
    /// Works on requests until Martlet is gone. To be called on the first thread, before anything else opens a file.
    public static func serve(_ work: @escaping @Sendable (Request) -> Answer) throws(NotAWorker) -> Never {
        var kind: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        guard getsockopt(Protocol.socket, SOL_SOCKET, SO_TYPE, &kind, &length) == 0,
            lseek(Protocol.arraysToWorker, 0, SEEK_END) >= 0, lseek(Protocol.arraysFromWorker, 0, SEEK_END) >= 0
        else { throw NotAWorker() }
        for descriptor in Protocol.socket...Protocol.arraysFromWorker { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
        // A crash is told by its signal; nobody wants the file.
        var none = rlimit(rlim_cur: 0, rlim_max: 0)
        setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
        // Where the machine runs out of memory, this process goes first, and not the run.
        if let file = fopen("/proc/self/oom_score_adj", "we") {
            fputs("1000", file)
            fclose(file)
        }
        process_buffer_lines()
        // A descriptor of its own: a stage that closes the socket is told as what it is.
        let socket = fcntl(Protocol.socket, F_DUPFD_CLOEXEC, 64)
        var watched = pollfd(fd: socket < 0 ? Protocol.socket : socket, events: process_hang_up_event(), revents: 0)
        let thread = Thread { Conversation().hold(work) }
        thread.stackSize = 16 << 20
        thread.start()
        while poll(&watched, 1, -1) < 0, errno == EINTR {}
        // Not prctl(PR_SET_PDEATHSIG): that acts when the thread that started us ends, not the process.
        if getpgrp() == getpid() { kill(0, SIGKILL) }
        _exit(0)
    }
}

/// The worker's end of the connection.
private final class Conversation {
    private let arraysToWorker = SharedFile(descriptor: Protocol.arraysToWorker)
    private let arraysFromWorker = SharedFile(descriptor: Protocol.arraysFromWorker)
    private var reader = FrameReader()

    func hold(_ work: (Request) -> Answer) -> Never {
        send(Protocol.greeting)
        while true {
            let (answer, memory) = answer(to: receive(), work)
            MemoryLimit.trim(memory)
            send(answer)
        }
    }

    private func answer(to message: Canonical, _ work: (Request) -> Answer) -> (Canonical, memory: Int?) {
        guard let number = message["number"]?.intValue, let request = Request(message, arrays: arraysToWorker) else {
            stop("a request came that is none")
        }
        let answer = MemoryLimit.hold(request.memory) { work(request) }
        do throws(SharedFileError) {
            return (try answer.message(number: number, arrays: arraysFromWorker), request.memory)
        } catch {
            stop(error.description)
        }
    }

    private func send(_ message: Canonical) {
        var bytes = Frame.encode(message)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes {
                Glibc.send(Protocol.socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if count >= 0 { bytes.removeFirst(count) } else if errno != EINTR { stop("nobody listens") }
        }
    }

    private func receive() -> Canonical {
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            do throws(NotAFrame) { if let message = try reader.next() { return message } } catch {
                stop("what came is no message")
            }
            let count = recv(Protocol.socket, &buffer, buffer.count, 0)
            if count > 0 {
                reader.append(buffer.prefix(count))
            } else if count == 0 || errno != EINTR {
                // The other thread ends the process.
                while true { pause() }
            }
        }
    }

    private func stop(_ why: String) -> Never {
        FileHandle.standardError.write(Data("worker: \(why)\n".utf8))
        exit(70)
    }
}
