// audio.spectrum.mfcc

internal import Glibc
internal import Signal
internal import Stages
internal import Tensors

struct SpectrumMfcc: SpectrumFeature {
    static let name = "mfcc"
    static let subject = "Mel-frequency cepstral coefficients"
    static let documentation = """
        Magnitudes to a power, energies in mel bands, decibels (at most `top_db` below the maximum of the whole sample, so \
        a frame's coefficients depend on the whole clip), cosine transform along the bands, optional lifter. float32.

        Fails on: fmax above half the sample rate, powers beyond float32.

        Source: librosa 0.11, `librosa.feature.mfcc`.
        """
    static let labelPhrase = "mfcc_0 …"
    static let arithmetic: Set<NumericLibrary> = [.libm]
    static let tolerance: Double? = 1e-4

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

    var labels: [String] { (0..<parameters.mfcc.count).map { "mfcc_\($0)" } }

    func apply(_ input: MapInput) throws -> Value {
        let spectrum = try input.spectrum()
        let mfcc = parameters.mfcc
        try checkMemory(frames: spectrum.frames, values: mfcc.mel.bands)
        let filters = try MelFilters.bank(mfcc.mel, sampleRate: spectrum.sampleRate, size: spectrum.size)
        let energies = filters.energies(of: try spectrum.magnitudes(power: mfcc.power))
        return try spectrum.features(coefficients(of: mfcc.decibels.apply(energies)), labels: labels)
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
