// audio.spectrum.mfcc

internal import Glibc
internal import Signal
internal import Stages
internal import Tensors

struct SpectrumMfcc: MapStage {
    static let declaration = Declaration(
        "audio.spectrum.mfcc", revision: 1, kind: .map,
        summary: "Mel-frequency cepstral coefficients of a spectrum.",
        documentation: """
            The part of `audio.mfcc` and `audio.features` behind `audio.stft`: magnitudes to a power, energies in mel \
            bands, decibels (at most `top_db` below the maximum of the whole sample, so a frame's coefficients depend \
            on the whole clip), cosine transform along the bands, optional lifter. float32.

            Fails on: fmax above half the sample rate, powers beyond float32.

            Source: librosa 0.11, `librosa.feature.mfcc`.
            """,
        inputs: [
            Port(accepts: [.tensor], types: [.complex64], axes: ["time", "frequency"], "the output of audio.stft")
        ],
        output: "float32, axes (time, feature), labels mfcc_0 …; attributes of the input",
        arithmetic: [.libm], tolerance: 1e-4)

    struct Parameters: HasMfcc {
        var mfcc = MfccParameters()
        static var fields: [Field<Parameters>] { mfccFields }
    }

    let parameters: Parameters
    private let transform: CosineTransform

    init(_ parameters: Parameters) throws(Problem) {
        self.parameters = parameters
        transform = try parameters.mfcc.transform()
    }

    private var labels: [String] { (0..<parameters.mfcc.count).map { "mfcc_\($0)" } }

    func output(for inputs: [Signature]) throws(Problem) -> Signature {
        .tensor(.float32, [Axis("time", size: inputs.first?.axes?.first?.size), Axis("feature", labels: labels)])
    }

    func apply(_ input: MapInput) throws -> Value {
        let spectrum = try input.spectrum()
        let mfcc = parameters.mfcc
        let filters = try MelFilters.bank(mfcc.mel, sampleRate: spectrum.sampleRate, size: spectrum.size)
        let energies = filters.energies(of: spectrum.values, frames: spectrum.frames, power: mfcc.power)
        guard energies.allSatisfy(\.isFinite) else {
            throw Failure("the power of the signal is beyond the range of float32", advice: "scale the signal down")
        }
        return .tensor(
            Tensor(
                .float32(coefficients(of: mfcc.decibels.apply(energies))), shape: [spectrum.frames, mfcc.count],
                axes: ["time", "feature"], labels: ["feature": labels], attributes: spectrum.attributes))
    }

    /// The coefficients, row-major (time, coefficient), of decibels (time, band).
    func coefficients(of decibels: [Float]) -> [Float] {
        var output = transform.apply(rows: decibels)
        let (count, lifter) = (transform.count, parameters.mfcc.lifter)
        if lifter > 0 {
            let factors = (1...count).map { Float(1 + lifter / 2 * sin(Double.pi * Double($0) / lifter)) }
            for index in output.indices { output[index] *= factors[index % count] }
        }
        return output
    }
}
