// `memory`, from both sides. Martlet looks at what a worker has for itself every few milliseconds and kills it when that
// is too much; so that a fast allocation does not outrun the looking, the worker asks the system to refuse what is far
// beyond it.

internal import CProcess
internal import Glibc

enum MemoryLimit {
    /// What a worker may keep from one sample to the next, where it may take so much for one.
    static func retained(of memory: Int?) -> Int { memory.map { $0 / 4 } ?? 256 << 20 }

    /// In the worker: does something under a limit.
    static func hold<Result>(_ memory: Int?, _ body: () -> Result) -> Result {
        guard let memory, let data = dataSize() else { return body() }
        // Twice as much, as the looking should see it first: it counts what is used, this what is asked for.
        let most = data + 2 * min(memory, Int.max / 4) + 64 << 20
        set(rlim_t(most))
        defer { set(nil) }
        return body()
    }

    /// In the worker: gives back what samples left free.
    static func trim(_ memory: Int?) { process_trim_heap(memory.map { $0 / 8 } ?? 64 << 20) }

    /// Whether a process that died said, as runtimes do, that it was refused memory.
    static func isRefused(_ lastWords: String) -> Bool {
        ["failed to allocate", "bad_alloc", "MemoryError", "annot allocate memory"].contains { lastWords.contains($0) }
    }

    /// Of this process: bytes of private writable memory.
    private static func dataSize() -> Int? {
        guard let file = fopen("/proc/self/statm", "re") else { return nil }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 128)
        let numbers = bytes.prefix(fread(&bytes, 1, 128, file)).split(separator: 0x20)
        guard numbers.count > 5, let pages = Int(String(decoding: numbers[5], as: UTF8.self)) else { return nil }
        return pages * Int(sysconf(Int32(_SC_PAGESIZE)))
    }

    private static func set(_ bytes: rlim_t?) {
        let resource = __rlimit_resource_t(RLIMIT_DATA.rawValue)
        var limit = rlimit()
        guard getrlimit(resource, &limit) == 0 else { return }
        limit.rlim_cur = min(bytes ?? limit.rlim_max, limit.rlim_max)
        setrlimit(resource, &limit)
    }
}
