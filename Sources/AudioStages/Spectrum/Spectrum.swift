// The output of `audio.stft` and `audio.spectrogram` as the stages behind them take it.

internal import Glibc
internal import Kernels
internal import Stages
internal import Tensors

/// Spectra of the frames of a signal.
struct Spectrum: Sendable {
    enum Values: Sendable {
        case complex([Complex64])
        /// Magnitudes to a power.
        case magnitudes([Float], power: Double)
    }

    /// Row-major (time, frequency).
    let values: Values
    let frames: Int
    /// Samples a frame.
    let size: Int
    /// Hz.
    let sampleRate: Double
    let attributes: [String: Scalar]

    var bins: Int { size / 2 + 1 }

    /// The frequency of each bin, Hz.
    var frequencies: [Double] { (0..<bins).map { Double($0) * sampleRate / Double(size) } }

    /// |value| to a power, in float32, row-major (time, frequency).
    func magnitudes(power: Double = 1) throws(Failure) -> [Float] {
        let result: [Float]
        switch values {
        case .complex(let values): result = Spectrum.magnitudes(of: values, power: power)
        case .magnitudes(let values, let own):
            result = own == power ? values : values.map { Float(pow(Double($0), power / own)) }
        }
        // Bits are compared, as those of NaN and infinity lie above all others of values of at least 0.
        let largest = result.withUnsafeBufferPointer { values in
            values.baseAddress.map { kernel_greatest($0, values.count) } ?? 0
        }
        guard largest.isFinite else {
            throw Failure("the power of the signal is beyond the range of float32", advice: "scale the signal down")
        }
        return result
    }

    /// |value| to a power.
    static func magnitudes(of values: [Complex64], power: Double) -> [Float] {
        [Float](unsafeUninitializedCapacity: values.count) { output, initialized in
            values.withUnsafeBytes { bytes in
                guard let parts = bytes.bindMemory(to: Float.self).baseAddress, let powers = output.baseAddress else {
                    return
                }
                (power == 1 ? kernel_magnitudes : kernel_powers)(parts, values.count, powers)
            }
            initialized = values.count
            if power == 1 || power == 2 { return }
            for index in 0..<initialized { output[index] = output[index].squareRoot() }
            let exponent = Float(power)
            for index in 0..<initialized { output[index] = pow(output[index], exponent) }
        }
    }

    /// One value a frame or several, as a tensor over (time, feature).
    func features(_ values: [Float], labels: [String]) throws(Failure) -> Value {
        try featureTensor(values, labels: labels, attributes: attributes.filter { $0.key != "power" })
    }
}

extension MapInput {
    /// The first input as a spectrum; what is none is a failure.
    func spectrum() throws -> Spectrum {
        let tensor = try tensor()
        func mismatch() -> Failure {
            Failure(
                "expected the output of audio.stft, complex64 (time, frequency), or of audio.spectrogram, float32 with "
                    + "magnitudes of at least 0, got " + Signature(of: .tensor(tensor)).phrase)
        }
        guard tensor.axes == ["time", "frequency"], tensor.shape[0] > 0, tensor.shape[1] > 0 else { throw mismatch() }
        var size = 2 * (tensor.shape[1] - 1)
        if case .int(let given)? = tensor.attributes["n_fft"] {
            guard tensor.shape[1] == given / 2 + 1 else { throw mismatch() }
            size = given
        }
        guard size >= 1 else { throw mismatch() }
        let values: Spectrum.Values
        switch tensor.elements {
        case .complex64(let elements): values = .complex(elements)
        case .float32, .float64:
            let elements = tensor.floats() ?? []
            guard elements.allSatisfy({ $0 >= 0 && $0.isFinite }) else { throw mismatch() }
            var power = 1.0
            if case .float(let given)? = tensor.attributes["power"] { power = given }
            if case .int(let given)? = tensor.attributes["power"] { power = Double(given) }
            guard power > 0 else { throw mismatch() }
            values = .magnitudes(elements, power: power)
        default: throw mismatch()
        }
        return Spectrum(
            values: values, frames: tensor.shape[0], size: size, sampleRate: try tensor.sampleRate(),
            attributes: tensor.attributes)
    }
}
