// Pink noise: white noise through a filter whose power falls with 1 / f. The filter is Paul Kellet's ("refined", 1999):
// six one-pole filters in parallel, within 0.05 dB of the slope from 0.0002 of the sample rate to half of it, and level
// below. Its sums are plain, and so the same bits on every processor.

internal import Tensors

enum PinkNoise {
    /// After as many samples nothing is left of the filter's start from rest.
    private static let warmUp = 8192

    private static let poles: [(pole: Double, gain: Double)] = [
        (0.99886, 0.0555179), (0.99332, 0.0750759), (0.96900, 0.1538520), (0.86650, 0.3104856), (0.55000, 0.5329522),
        (-0.7616, -0.0168980),
    ]
    private static let now = 0.5362
    private static let before = 0.115926

    /// So many samples, in no particular scale.
    static func values(_ count: Int, from stream: inout RandomStream) -> [Double] {
        let white = NormalNoise.values(warmUp + count, from: &stream)
        var output = white.map { now * $0 }
        for index in 1..<white.count { output[index] += before * white[index - 1] }
        for (pole, gain) in poles {
            var state = 0.0
            for index in white.indices {
                state = pole * state + gain * white[index]
                output[index] += state
            }
        }
        return Array(output[warmUp...])
    }
}
