// Which arithmetic is at work: the versions of the libraries, and what they picked for this processor. Parts of the
// profile, so two machines with equal strings are expected to give equal bits.

internal import CFftw
internal import CSoxr
internal import Glibc

/// Versions of the libraries under `Signal`, with the kernels that they pick.
public enum LibraryVersions {
    /// Such as `fftw-3.3.10-sse2-avx on avx512f avx2 fma`: what FFTW was built with, and what the processor has of it.
    public static let fftw = String(cString: martlet_fftw_version()) + " on " + instructionSets

    /// Such as `libsoxr-0.1.3 cr32s`: the version, and the engine that it picks for the quality in use.
    public static let soxr: String = {
        var quality = soxr_quality_spec(UInt(SOXR_20_BITQ), 0)
        let engine = soxr_create(2, 1, 1, nil, nil, &quality, nil).map { resampler in
            defer { soxr_delete(resampler) }
            return String(cString: soxr_engine(resampler))
        }
        return String(cString: soxr_version()) + (engine.map { " " + $0 } ?? "")
    }()

    /// Such as `glibc 2.36 on avx512f avx2 fma`: glibc picks exp, log and the like by these.
    public static let libm: String = {
        let length = confstr(Int32(_CS_GNU_LIBC_VERSION), nil, 0)
        var name = [CChar](repeating: 0, count: max(1, length))
        confstr(Int32(_CS_GNU_LIBC_VERSION), &name, name.count)
        let version = String(decoding: name.prefix { $0 != 0 }.map(UInt8.init), as: UTF8.self)
        return (version.isEmpty ? "libm" : version) + " on " + instructionSets
    }()

    /// Those of the processor's instruction sets that numeric libraries pick code by; `baseline` where it has none or
    /// they are not known.
    static let instructionSets: String = {
        let known = ["avx512f", "avx2", "fma", "asimd", "sve"]
        let flags = Set(processorFlags().split(separator: " ").map(String.init))
        let found = known.filter(flags.contains)
        return found.isEmpty ? "baseline" : found.joined(separator: " ")
    }()

    /// The line of flags of the first processor that `/proc/cpuinfo` lists.
    private static func processorFlags() -> String {
        guard let file = fopen("/proc/cpuinfo", "r") else { return "" }
        defer { fclose(file) }
        var (line, capacity) = (UnsafeMutablePointer<CChar>?.none, 0)
        defer { free(line) }
        while getline(&line, &capacity, file) > 0 {
            guard let line else { break }
            let text = String(cString: line)
            if text.hasPrefix("flags") || text.hasPrefix("Features") {
                return text.split(separator: ":").last.map { $0.split(separator: "\n").joined() } ?? ""
            }
        }
        return ""
    }
}
