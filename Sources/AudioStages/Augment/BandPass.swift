// audio.band_pass

internal import Signal
internal import Stages
internal import Tensors

struct AudioBandPass: MapStage {
    static let declaration = Declaration(
        "audio.band_pass", revision: 1, kind: .map,
        summary: "Keep the frequencies of a signal between two limits (Butterworth).",
        documentation: """
            A Butterworth filter of `order` as second-order sections, by the bilinear transform with its edges where \
            they were asked for: the gain at `low` and `high` is −3 dB. Without `low` it is a low-pass, without `high` \
            a high-pass. A band has 2 · order poles.

            With `zero_phase` the filter runs forward and backward: nothing is delayed, and the gain is squared (−6 dB \
            at the edges). The signal is continued by 3 · (2 · sections + 1) samples beyond its ends, turned about the \
            end samples (3 less where a section is of first order), and must be longer than that. Without it the \
            filter runs once, from rest.

            In double precision, rounded to the type of the input; each channel on its own. Type, axes and attributes \
            stay, so that `only: train` can be said of it.

            Fails on: a limit at or above half the sample rate, an unknown sample rate, a signal that is too short, \
            empty, or holds NaN or infinite samples.

            Source: scipy 1.17, `scipy.signal.butter`, `sosfilt`, `sosfiltfilt`.
            """,
        inputs: [Waveform.port], output: "type, axes and attributes of the input", arithmetic: [.libm],
        tolerance: 1e-6)

    struct Parameters: ParameterSet {
        var low: Double?
        var high: Double?
        var order = 4
        var isZeroPhase = true

        static var fields: [Field<Parameters>] {
            let limits = ParameterKind.optional(.float(Bounds(lower: 0, upper: 1e6, isLowerOpen: true)))
            return [
                Field("low", \.low, as: limits, unit: "Hz", "where the band begins; null for a low-pass"),
                Field("high", \.high, as: limits, unit: "Hz", "where the band ends; null for a high-pass"),
                Field("order", \.order, as: .int(.between(1, 24)), "order of the filter, 6 dB an octave each"),
                Field("zero_phase", \.isZeroPhase, "whether it runs forward and backward, so that nothing is delayed"),
            ]
        }
    }

    let parameters: Parameters

    init(_ parameters: Parameters) throws(Problem) {
        self.parameters = parameters
        if parameters.low == nil && parameters.high == nil {
            throw Problem(
                "expected a lower or an upper limit, got neither", at: ["low"], advice: "give low, high or both")
        }
        if let low = parameters.low, let high = parameters.high, low >= high {
            throw Problem("expected a number above low (\(hertz(low))), got \(hertz(high))", at: ["high"])
        }
    }

    func output(for inputs: [Signature]) throws(Problem) -> Signature { Waveform.signature(of: inputs) }

    func apply(_ input: MapInput) throws -> Value {
        let signal = try Waveform(input)
        let rate = try signal.tensor.sampleRate()
        for (name, limit) in [("low", parameters.low), ("high", parameters.high)] {
            guard let limit, limit >= rate / 2 else { continue }
            throw Failure(
                "\(name) is \(hertz(limit)), expected below half the sample rate (\(hertz(rate / 2)))",
                advice: "lower \(name), or give null in its place")
        }
        let filter = Butterworth(
            order: parameters.order, low: parameters.low.map { $0 / rate }, high: parameters.high.map { $0 / rate })
        if parameters.isZeroPhase && signal.frames <= filter.padding {
            throw Failure(
                "expected a signal of more than \(filter.padding) samples for a filter of order \(parameters.order) "
                    + "without delay, got \(signal.frames)",
                advice: "zero_phase: false takes signals of any length")
        }
        var output = [Double]()
        output.reserveCapacity(signal.samples.count)
        for channel in 0..<signal.channels {
            let samples = Array(signal.channel(channel))
            output += parameters.isZeroPhase ? filter.filteredBothWays(samples) : filter.filtered(samples)
        }
        return try signal.replaced(by: output)
    }
}
