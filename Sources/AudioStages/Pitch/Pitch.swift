// audio.pitch

internal import Glibc
internal import Signal
internal import Stages
internal import Tensors

struct AudioPitch: MapStage {
    static let declaration = Declaration(
        "audio.pitch", revision: 1, kind: .map,
        summary: "The fundamental frequency of a voice or an instrument, frame by frame.",
        documentation: """
            `method: yin` takes, in each frame, the first period whose normalised difference function has a trough below \
            `trough_threshold`, else the period of its lowest value, refined by a parabola. It gives a pitch for every \
            frame, voiced or not: for silence the highest one, sample_rate / ⌊sample_rate / fmax⌋.

            `method: pyin` weighs the troughs over many thresholds and finds the most likely course of pitch and voicing \
            over the whole signal; pitches are those of a grid, `resolution` semitones apart. It gives three columns: f0 \
            in Hz, voiced (0 or 1), and voiced_prob. Where a frame is unvoiced f0 is `fill_na`; with null it is the best \
            guess, which may be another than librosa's, as many are equally likely there. (librosa has NaN by default, \
            which no stage could go on with.)

            Frames are those of `audio.stft` with n_fft = frame_length, so the output has as many as features of the \
            same hop_length and center. Periods are looked for from ⌊sample_rate / fmax⌋ to ⌈sample_rate / fmin⌉ samples. \
            Computed in double precision, given as float32.

            Fails on: fmax above half the sample rate, a frame that holds less than one period of fmin, a signal shorter \
            than a frame with center: false, pitch that moves further in a frame (max_transition_rate) than from fmin to \
            fmax, NaN and infinite samples.

            Source: librosa 0.11, `librosa.yin` and `librosa.pyin`; de Cheveigné and Kawahara, 2002; Mauch and Dixon, \
            2014.
            """,
        inputs: [Port(accepts: [.tensor], types: [.float32, .float64], axes: ["time"], "a signal")],
        output:
            "float32, axes (time, feature), labels f0, or f0, voiced, voiced_prob; attributes sample_rate, hop_length",
        arithmetic: [.fftw, .libm], isWorthKeeping: true, tolerance: 1e-4)

    enum Method: String, CaseIterable, ParameterValue { case yin, pyin }

    struct Parameters: ParameterSet {
        var method = Method.yin
        var lowest = 65.0
        var highest = 2093.0
        var size = 2048
        /// Nil: a quarter of the frame.
        var hop: Int?
        var isCentred = true
        var padding = Padding.constant
        var trough = 0.1
        var thresholds = 100
        var beta = [2.0, 18.0]
        var boltzmann = 2.0
        var resolution = 0.1
        var transitionRate = 35.92
        var switching = 0.01
        var noTrough = 0.01
        var unvoiced: Double? = 0
        /// Hz; nil: the signal's own.
        var sampleRate: Double?

        static var fields: [Field<Parameters>] {
            let probability = ParameterKind.float(.between(0, 1))
            return [
                Field("method", \.method, "yin, or pyin for pitch and voicing by the most likely course"),
                Field("fmin", \.lowest, as: .float(.above(0)), unit: "Hz", "the lowest pitch looked for"),
                Field("fmax", \.highest, as: .float(.above(0)), unit: "Hz", "the highest pitch looked for"),
                Field(
                    "frame_length", \.size, as: .int(.between(4, Double(StftParameters.largestSize))), unit: "samples",
                    "length of a frame; two periods of fmin should fit in"),
                Field(
                    "hop_length", \.hop, as: .optional(.int(.between(1, 0x1p31))), unit: "samples",
                    "from one frame to the next; null is a quarter of the frame"),
                Field(
                    "center", \.isCentred,
                    "whether frame t is centred on sample t · hop_length, else begins there"),
                Field("pad_mode", \.padding, "what lies beyond the ends of the signal, where frames are centred"),
                Field(
                    "trough_threshold", \.trough, as: .float(.above(0)), "yin: how low a trough has to be, 0 to 1"),
                Field("n_thresholds", \.thresholds, as: .int(.between(1, 10_000)), "pyin: how many thresholds"),
                Field(
                    "beta_parameters", \.beta,
                    as: .list(.float(Bounds(lower: 0, upper: 1e4, isLowerOpen: true))),
                    "pyin: the two shapes of the beta distribution of the thresholds"),
                Field(
                    "boltzmann_parameter", \.boltzmann, as: .float(.above(0)),
                    "pyin: the larger, the more likely are the shorter periods"),
                Field(
                    "resolution", \.resolution,
                    as: .float(Bounds(lower: 0.001, upper: 1, isUpperOpen: true)), unit: "semitones",
                    "pyin: from one pitch of the grid to the next"),
                Field(
                    "max_transition_rate", \.transitionRate, as: .float(.above(0)), unit: "octaves a second",
                    "pyin: how quickly the pitch may move"),
                Field("switch_prob", \.switching, as: probability, "pyin: chance of voicing to begin or to end"),
                Field(
                    "no_trough_prob", \.noTrough, as: probability,
                    "pyin: weight of the lowest trough where none is below a threshold"),
                Field(
                    "fill_na", \.unvoiced, as: .optional(.float(.between(-1e6, 1e6))),
                    "pyin: f0 of frames without voice; null for the best guess"),
                Field(
                    "sample_rate", \.sampleRate,
                    as: .optional(.float(Bounds(lower: 0, upper: 1e6, isLowerOpen: true))), unit: "Hz",
                    "rate of the signal; null takes its attribute sample_rate"),
            ]
        }

        var hopLength: Int { hop ?? max(1, size / 4) }
    }

    let parameters: Parameters

    init(_ parameters: Parameters) throws(Problem) {
        self.parameters = parameters
        guard parameters.highest > parameters.lowest else {
            throw Problem(
                "expected a number above fmin (\(hertz(parameters.lowest))), got \(hertz(parameters.highest))",
                at: ["fmax"])
        }
        guard parameters.beta.count == 2 else {
            throw Problem("expected two numbers, got \(parameters.beta.count)", at: ["beta_parameters"])
        }
        if let rate = parameters.sampleRate {
            if let wrong = Self.wrong(parameters, at: rate) {
                throw Problem(wrong.failure.cause, at: [wrong.parameter], advice: wrong.failure.advice)
            }
        }
    }

    private var labels: [String] { parameters.method == .yin ? ["f0"] : ["f0", "voiced", "voiced_prob"] }

    func output(for inputs: [Signature]) throws(Problem) -> Signature {
        .tensor(.float32, [Axis("time"), Axis("feature", labels: labels)])
    }

    func apply(_ input: MapInput) throws -> Value {
        let tensor = try input.tensor()
        let signal = try tensor.signal(over: ["time"])
        let rate = try tensor.sampleRate(given: parameters.sampleRate)
        if let wrong = Self.wrong(parameters, at: rate) { throw wrong.failure }
        // Of a frame, what is compared with what, and for pyin the states of its course: pitches with and without voice.
        let semitones = (1 / parameters.resolution).rounded(.up) * 12
        let pitches = Int((semitones * log2(parameters.highest / parameters.lowest)).rounded(.down)) + 1
        try checkMemory(
            frames: signal.count / parameters.hopLength + 1,
            values: max(parameters.size, parameters.method == .pyin ? 2 * pitches : 0))
        let yin = Yin(
            sampleRate: rate, lowest: parameters.lowest, highest: parameters.highest, size: parameters.size,
            hop: parameters.hopLength, padding: parameters.isCentred ? parameters.padding : nil)
        guard let differences = yin.differences(of: signal) else {
            throw Failure(
                "expected a signal of at least frame_length = \(parameters.size) samples with center: false, got "
                    + "\(signal.count)",
                advice: "center: true pads the signal; or lower frame_length")
        }
        let columns: [[Float]]
        switch parameters.method {
        case .yin: columns = [yin.pitches(differences, below: parameters.trough)]
        case .pyin: columns = try ProbabilisticYin(parameters, yin: yin).columns(differences)
        }
        var attributes = tensor.attributes
        attributes["sample_rate"] = rateAttribute(rate)
        attributes["hop_length"] = .int(parameters.hopLength)
        if !parameters.isCentred { attributes["center"] = .bool(false) }
        return try featureTensor(
            (0..<differences.frames).flatMap { frame in columns.map { $0[frame] } }, labels: labels,
            attributes: attributes)
    }

    /// What does not go with a sample rate, and the parameter that says it.
    private static func wrong(_ parameters: Parameters, at rate: Double) -> (parameter: String, failure: Failure)? {
        let nyquist = rate / 2
        if parameters.highest > nyquist {
            return (
                "fmax",
                Failure(
                    "fmax is \(hertz(parameters.highest)), above half the sample rate (\(hertz(nyquist)))",
                    advice: "lower fmax to \(hertz(nyquist)) or less")
            )
        }
        guard rate / parameters.lowest < Double(parameters.size - 1) else {
            let period = (rate / parameters.lowest).rounded(.up)
            return (
                "frame_length",
                Failure(
                    "a period of fmin (\(hertz(parameters.lowest))) at \(hertz(rate)) does not fit into "
                        + "frame_length = \(parameters.size) samples",
                    advice: period < Double(StftParameters.largestSize) / 2
                        ? "raise frame_length to \(Int(2 * period) + 1), which holds two, or raise fmin" : "raise fmin")
            )
        }
        return nil
    }
}
