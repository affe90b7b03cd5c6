// The built program, driven as a person would: arguments in; exit code, output and messages out.

internal import Foundation

/// The `martlet` that this build made.
public enum Binary {
    public static let path: String = {
        if let named = ProcessInfo.processInfo.environment["MARTLET_BINARY"] { return named }
        return root + "/.build/debug/martlet"
    }()

    /// The same with toy stage types beside the built-in ones.
    public static let toy = root + "/.build/debug/ToyMartlet"

    /// The package's root.
    public static let root: String = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")

    public struct Result: Sendable {
        /// The exit code; 128 + n after signal n.
        public let status: Int32
        public let output: String
        public let messages: String
    }

    /// A process under way.
    public final class Running: Sendable {
        public let id: Int32
        private let outputPath: String
        private let messagesPath: String

        init(id: Int32, output: String, messages: String) {
            self.id = id
            outputPath = output
            messagesPath = messages
        }

        public func signal(_ number: Int32) { kill(id, number) }

        /// What it has said so far.
        public var messages: String { Self.text(messagesPath) }

        public func wait() -> Result {
            var status: Int32 = 0
            while waitpid(id, &status, 0) < 0, errno == EINTR {}
            let code = status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F)
            defer {
                unlink(outputPath)
                unlink(messagesPath)
            }
            return Result(status: code, output: Self.text(outputPath), messages: Self.text(messagesPath))
        }

        private static func text(_ path: String) -> String {
            FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) } ?? ""
        }
    }

    /// Starts the program in a directory.
    public static func start(
        _ arguments: [String], in directory: String, environment: [String: String] = [:], program: String = path
    ) -> Running {
        start([program] + arguments, in: directory, environment)
    }

    /// Runs a line of shell in a directory, to its end, with the program as `$MARTLET`.
    public static func shell(_ line: String, in directory: String) -> Result {
        start(["/bin/sh", "-c", line], in: directory, ["MARTLET": path]).wait()
    }

    private static func start(_ command: [String], in directory: String, _ environment: [String: String]) -> Running {
        let base = NSTemporaryDirectory() + "martlet-process-" + UUID().uuidString
        let (output, messages) = (base + ".out", base + ".err")
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        posix_spawn_file_actions_addopen(&actions, 2, messages, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        var variables = ProcessInfo.processInfo.environment
        variables.removeValue(forKey: "MARTLET_CACHE")
        variables.merge(environment) { _, new in new }
        var argv = (["/usr/bin/env", "-C", directory] + command).map { strdup($0) } + [nil]
        var envp = variables.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer {
            for pointer in argv + envp { free(pointer) }
        }
        var id: pid_t = 0
        let code = posix_spawn(&id, "/usr/bin/env", &actions, nil, &argv, &envp)
        precondition(code == 0, "\(path) cannot be started: \(String(cString: strerror(code)))")
        return Running(id: id, output: output, messages: messages)
    }

    /// Runs the program in a directory, to its end.
    public static func run(
        _ arguments: [String], in directory: String, environment: [String: String] = [:], program: String = path
    ) -> Result {
        start(arguments, in: directory, environment: environment, program: program).wait()
    }
}
