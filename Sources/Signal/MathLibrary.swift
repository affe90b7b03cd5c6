// The C library's mathematics picks its code by processor, so its version and that choice belong to a profile.

internal import Glibc

public enum MathLibrary {
    /// `glibc 2.36 fma`: the version, and whether the code for fused multiply-add is the one that runs.
    public static let version: String = {
        var buffer = [CChar](repeating: 0, count: 64)
        confstr(Int32(_CS_GNU_LIBC_VERSION), &buffer, buffer.count)
        let version = String(decoding: buffer.prefix(while: { $0 != 0 }).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return version + (hasFusedMultiplyAdd ? " fma" : "")
    }()

    private static var hasFusedMultiplyAdd: Bool {
        #if arch(x86_64)
            guard let file = fopen("/proc/cpuinfo", "r") else { return false }
            defer { fclose(file) }
            var line = [CChar](repeating: 0, count: 8192)
            while fgets(&line, Int32(line.count), file) != nil {
                let text = String(decoding: line.prefix(while: { $0 != 0 }).map { UInt8(bitPattern: $0) }, as: UTF8.self)
                if text.hasPrefix("flags") { return text.contains(" fma ") && text.contains(" avx2 ") }
            }
            return false
        #else
            return true
        #endif
    }
}
