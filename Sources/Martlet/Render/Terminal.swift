// Where words go: results to standard output, everything else to standard error; a progress bar on a terminal, plain
// lines elsewhere.

internal import Engine
internal import Foundation
internal import Tensors

enum Terminal {
    /// A line on standard error.
    static func say(_ line: String) {
        show(line.hasSuffix("\n") ? line : line + "\n")
    }

    /// Text on standard error, as it is. Where nobody reads it any more (`2>&1 | head`), the work is worth more than the
    /// words.
    static func show(_ text: String) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
            if count > 0 { rest = rest.dropFirst(count) } else if errno != EINTR { return }
        }
    }

    static var errorIsTerminal: Bool { isatty(STDERR_FILENO) == 1 }

    static var usesColour: Bool {
        isatty(STDOUT_FILENO) == 1 && (ProcessInfo.processInfo.environment["NO_COLOR"] ?? "").isEmpty
    }

    /// Columns of the terminal behind standard error.
    static var width: Int {
        var size = winsize()
        return ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 ? Int(size.ws_col) : 80
    }
}

/// Shows where a run stands.
struct ProgressDisplay {
    private let start: Double
    private let clock: any Clock
    private let isTerminal: Bool
    private var lastLine = 0.0

    init(clock: any Clock = SystemClock(), isTerminal: Bool = Terminal.errorIsTerminal) {
        self.clock = clock
        self.isTerminal = isTerminal
        start = clock.seconds()
        lastLine = start
    }

    mutating func show(_ progress: Engine.Progress) {
        let now = clock.seconds()
        if isTerminal {
            Terminal.show("\r\u{1B}[K" + line(progress, elapsed: now - start))
        } else if now - lastLine >= 10 {
            lastLine = now
            Terminal.say(line(progress, elapsed: now - start, bar: false))
        }
    }

    func clear() {
        if isTerminal { Terminal.show("\r\u{1B}[K") }
    }

    /// `[#####     ] 240/480 · 52/s · 5 s left · mfcc`
    func line(_ progress: Engine.Progress, elapsed: Double, bar: Bool = true) -> String {
        var parts = ["\(progress.done)/\(progress.total)"]
        if progress.done > 0, elapsed > 0.5 {
            let rate = Double(progress.done) / elapsed
            parts.append(rate >= 10 ? "\(Int(rate))/s" : "\((rate * 10).rounded() / 10)/s")
            if progress.done < progress.total, let left = progress.secondsLeft {
                parts.append(Self.duration(left) + " left")
            }
        }
        if !progress.stage.isEmpty { parts.append(progress.stage) }
        let text = parts.joined(separator: " · ")
        guard bar else { return text }
        let width = 24
        let filled = progress.total > 0 ? width * progress.done / progress.total : 0
        let meter = String(repeating: "#", count: filled) + String(repeating: " ", count: width - filled)
        return String("[\(meter)] \(text)".prefix(max(20, Terminal.width - 1)))
    }

    /// `0.4 s`, `12 s`, `3 min 5 s`, `2 h 10 min`.
    static func duration(_ seconds: Double) -> String {
        if seconds < 10 { return "\((seconds * 10).rounded() / 10) s" }
        let whole = Int(seconds.rounded())
        if whole < 60 { return "\(whole) s" }
        if whole < 3600 { return "\(whole / 60) min \(whole % 60) s" }
        return "\(whole / 3600) h \(whole % 3600 / 60) min"
    }
}
