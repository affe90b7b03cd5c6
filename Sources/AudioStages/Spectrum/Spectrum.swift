// The output of `audio.stft` as the stages behind it take it.

internal import Stages
internal import Tensors

/// Spectra of the frames of a signal.
struct Spectrum: Sendable {
    /// Row-major (time, frequency).
    let values: [Complex64]
    let frames: Int
    /// Samples a frame.
    let size: Int
    /// Hz.
    let sampleRate: Double
    let attributes: [String: Scalar]
}

extension MapInput {
    /// The first input as a spectrum; what is none is a failure.
    func spectrum() throws -> Spectrum {
        let tensor = try tensor()
        guard case .complex64(let values) = tensor.elements, tensor.axes == ["time", "frequency"],
            case .int(let size)? = tensor.attributes["n_fft"], tensor.shape[1] == size / 2 + 1
        else {
            throw Failure(
                "expected the output of audio.stft, complex64 (time, frequency) with the attribute n_fft, got "
                    + Signature(of: .tensor(tensor)).phrase)
        }
        return Spectrum(
            values: values, frames: tensor.shape[0], size: size, sampleRate: try tensor.sampleRate(),
            attributes: tensor.attributes)
    }
}
