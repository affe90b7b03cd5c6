// audio.spectrum.rms

internal import Stages
internal import Tensors

struct SpectrumRms: SpectrumFeature {
    static let name = "rms"
    static let subject = "The root mean square of each frame, from the magnitudes"
    static let documentation = """
        √(2 · Σ |X(f)|² / n_fft²), the powers at 0 Hz and at half the sample rate counted half. With a rectangular window it \
        is the root mean square of the frame's samples, which `audio.rms` gives for any window.

        Source: librosa 0.11, `librosa.feature.rms` with `S`.
        """
    static let labelPhrase = "rms"

    let parameters: NoParameters
    var labels: [String] { [Self.name] }
    init(_ parameters: NoParameters) { self.parameters = parameters }

    func apply(_ input: MapInput) throws -> Value {
        let spectrum = try input.spectrum()
        let powers = try spectrum.magnitudes(power: 2)
        let bins = spectrum.bins
        let size = Double(spectrum.size)
        let values = powers.withUnsafeBufferPointer { powers in
            (0..<spectrum.frames).map { frame in
                let row = UnsafeBufferPointer(rebasing: powers[frame * bins..<(frame + 1) * bins])
                var sum = laneSum(bins) { Double(row[$0]) } - Double(row[0]) / 2
                if spectrum.size.isMultiple(of: 2) { sum -= Double(row[bins - 1]) / 2 }
                return Float((2 * sum / (size * size)).squareRoot())
            }
        }
        return try spectrum.features(values, labels: labels)
    }
}
