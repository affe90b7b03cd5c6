// What libav says of a file while it reads it: the last of its errors, which know more than its return codes do. One
// request is under way at a time, so what was said since it began is about its file.

internal import CLibAV
internal import Glibc
internal import Tensors

enum LibAVLog {
    private static let errors = Lock<[String]>([])
    private static let kept = 8

    static func start() {
        av_log_set_callback { _, level, format, arguments in
            guard level <= AV_LOG_ERROR, let format, let arguments else { return }
            var line = [CChar](repeating: 0, count: 512)
            let count = Int(vsnprintf(&line, line.count, format, arguments))
            let bytes = line.prefix(max(0, min(count, line.count - 1))).map { UInt8(bitPattern: $0) }
            LibAVLog.take(String(decoding: bytes, as: UTF8.self))
        }
    }

    static func forget() { errors.withLock { $0 = [] } }

    /// The last thing that was said; what a code stands for where nothing was.
    static func last(or code: Int32) -> String { errors.withLock { $0.last } ?? text(code) }

    static func contains(_ words: String) -> Bool { errors.withLock { $0.contains { $0.contains(words) } } }

    /// What a return code stands for.
    static func text(_ code: Int32) -> String {
        var buffer = [CChar](repeating: 0, count: 128)
        av_strerror(code, &buffer, buffer.count)
        let bytes = buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func take(_ line: String) {
        let words = line.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        guard !words.isEmpty else { return }
        errors.withLock { lines in
            lines.append(words)
            if lines.count > kept { lines.removeFirst() }
        }
    }
}
