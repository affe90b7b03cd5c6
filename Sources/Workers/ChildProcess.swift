// A child process: started, watched, ended and reaped. By posix_spawn, as nothing else is safe in a process of many
// threads; in a group of its own, so that it is ended together with what it started, and Ctrl-C at the terminal reaches
// it only by way of its parent.

internal import CProcess
internal import Foundation
internal import Glibc

/// How a process came to its end.
public enum Status: Sendable, Hashable {
    case exited(Int32)
    case signalled(Int32)

    /// Ended by somebody, with a signal that nobody survives.
    public static let killed = Status.signalled(SIGKILL)
}

/// Used by one thread at a time.
final class ChildProcess {
    let id: pid_t
    /// The parent's end of the socket.
    let socket: Int32
    /// What it writes to its standard output and error; reading never waits.
    let output: Int32
    private let statm: Int32
    private var isReaped = false

    /// - Parameter files: what the child finds from descriptor 4 on.
    init(command: [String], files: [Int32]) throws(WorkerError) {
        func check(_ code: Int32) throws(WorkerError) {
            if code != 0 { throw .cannotStart(command: command, why: String(cString: strerror(code))) }
        }
        var pair: [Int32] = [-1, -1]
        var pipe: [Int32] = [-1, -1]
        // The child's ends are closed here in any case; high numbers do not collide with those that they get there.
        var childEnds = [Int32]()
        defer { for descriptor in childEnds { close(descriptor) } }
        func raised(_ descriptor: Int32) throws(WorkerError) {
            let copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 64)
            try check(copy < 0 ? errno : 0)
            childEnds.append(copy)
        }
        try check(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &pair) == 0 ? 0 : errno)
        childEnds.append(pair[1])
        guard process_pipe(&pipe) == 0 else {
            let number = errno
            close(pair[0])
            throw .cannotStart(command: command, why: String(cString: strerror(number)))
        }
        childEnds.append(pipe[1])
        (socket, output) = (pair[0], pipe[0])
        var started: pid_t = 0
        do throws(WorkerError) {
            _ = fcntl(output, F_SETFL, O_NONBLOCK)
            let first = childEnds.count
            for descriptor in [pipe[1], pair[1]] + files { try raised(descriptor) }
            let ends = childEnds[first...]
            var actions = posix_spawn_file_actions_t()
            posix_spawn_file_actions_init(&actions)
            defer { posix_spawn_file_actions_destroy(&actions) }
            posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
            posix_spawn_file_actions_adddup2(&actions, ends[first], 1)
            for (number, descriptor) in ends.enumerated() {
                posix_spawn_file_actions_adddup2(&actions, descriptor, Int32(2 + number))
            }
            try check(process_add_close_from(&actions, Int32(2 + ends.count)))
            var attributes = posix_spawnattr_t()
            posix_spawnattr_init(&attributes)
            defer { posix_spawnattr_destroy(&attributes) }
            posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))
            var environment = ProcessInfo.processInfo.environment
            // Swift's own report of a crash takes a second and another process.
            environment["SWIFT_BACKTRACE"] = environment["SWIFT_BACKTRACE"] ?? "enable=no"
            var argv = command.map { strdup($0) } + [nil]
            var envp = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
            defer { for pointer in argv + envp { free(pointer) } }
            try check(posix_spawn(&started, command[0], &actions, &attributes, &argv, &envp))
        } catch {
            close(socket)
            close(output)
            throw error
        }
        id = started
        statm = open("/proc/\(id)/statm", O_RDONLY | O_CLOEXEC)
    }

    deinit {
        end()
        close(socket)
        close(output)
        if statm >= 0 { close(statm) }
    }

    /// Bytes that it has for itself: what is resident without files and shared memory. 0 once it has ended.
    var ownMemory: Int {
        var bytes = [UInt8](repeating: 0, count: 128)
        let count = pread(statm, &bytes, bytes.count, 0)
        let numbers = bytes.prefix(max(0, count)).split(separator: 0x20).prefix(3).compactMap {
            Int(String(decoding: $0, as: UTF8.self))
        }
        return numbers.count == 3 ? (numbers[1] - numbers[2]) * Int(sysconf(Int32(_SC_PAGESIZE))) : 0
    }

    var isRunning: Bool {
        var information = siginfo_t()
        if isReaped || waitid(P_PID, id_t(id), &information, WEXITED | WNOHANG | WNOWAIT) != 0 { return false }
        return information._sifields._sigchld.si_pid != id
    }

    /// The processes that one has started, and those that these have.
    private static func descendants(of id: pid_t) -> [pid_t] {
        var parents = [pid_t: [pid_t]]()
        for name in (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? [] {
            guard let other = pid_t(name), let bytes = FileManager.default.contents(atPath: "/proc/\(name)/stat") else {
                continue
            }
            // The name of a program may hold anything; the parent is the second field behind it.
            let fields = String(decoding: bytes, as: UTF8.self).split(separator: ")").last?.split(separator: " ") ?? []
            if fields.count > 1, let parent = pid_t(fields[1]) { parents[parent, default: []].append(other) }
        }
        var (found, left) = ([pid_t](), [id])
        while let next = left.popLast() {
            let children = parents[next] ?? []
            found += children
            left += children
        }
        return found
    }

    /// Ends it, with all that it started, and waits until it has; nil where it was waited for before.
    @discardableResult
    func end() -> Status? {
        if isReaped { return nil }
        isReaped = true
        // What it started may have a process group of its own; while it lives it can be found.
        let others = isRunning ? Self.descendants(of: id) : []
        kill(-id, SIGKILL)
        for other in others { kill(other, SIGKILL) }
        var status: Int32 = 0
        while waitpid(id, &status, 0) < 0 { if errno != EINTR { return nil } }
        return status & 0x7F == 0 ? .exited((status >> 8) & 0xFF) : .signalled(status & 0x7F)
    }
}
