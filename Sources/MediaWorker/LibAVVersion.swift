// media.version: asked by martlet for the arithmetic profile of what libav decodes.

internal import CLibAV
internal import Stages
internal import Tensors

struct LibAVVersion: MapStage {
    static let declaration = Declaration(
        "media.version", revision: 1, kind: .map, summary: "The versions of libav.", output: "a bundle of texts")

    let parameters: NoParameters
    init(_ parameters: NoParameters) { self.parameters = parameters }

    func output(for inputs: [Signature]) throws(Problem) -> Signature { Signature(.bundle) }

    func apply(_ input: MapInput) throws -> Value {
        func number(_ version: UInt32) -> String { "\(version >> 16).\(version >> 8 & 255).\(version & 255)" }
        let parts = [
            ("avcodec", avcodec_version()), ("avformat", avformat_version()), ("swscale", swscale_version()),
        ]
        // Conversions of colours differ in their last bit between instruction sets.
        let flags = av_get_cpu_flags()
        let instructions = flags & AV_CPU_FLAG_AVX2 != 0 ? "avx2" : flags & AV_CPU_FLAG_SSSE3 != 0 ? "ssse3" : "plain"
        let text = parts.map { $0.0 + " " + number($0.1) }.joined(separator: " ") + " " + instructions
        return .bundle(Bundle(scalars: ["libav": .string(text)]))
    }
}
