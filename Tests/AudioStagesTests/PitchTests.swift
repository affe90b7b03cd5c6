import Foundation
import Stages
import Tensors
import Testing

@testable import AudioStages

@Suite struct PitchTests {
    /// A triangle wave whose period grows from 100 samples by 10 five times a half second, silent in the third of them,
    /// over a little noise; made without the C library's functions, so that it has the same bits everywhere.
    private static let voice: [Float] = {
        var state = 12345
        return (0..<11025).map { index in
            let period = 100 + index / 2205 * 10
            state = (state * 1_103_515_245 + 12345) % 2_147_483_648
            let noise = Double(state) / 2_147_483_648 - 0.5
            let phase = Double(index % period) / Double(period)
            let triangle = (phase < 0.5 ? phase : 1 - phase) * 4 - 1
            return Float((4410..<6615).contains(index) ? 0.02 * noise : 0.5 * triangle + 0.02 * noise)
        }
    }()

    private func columns(_ given: [String: Canonical], _ samples: [Float] = voice) throws -> [[Double]] {
        let tensor = try run(AudioPitch.self, given, on: signal(samples))
        let (values, count) = (tensor.doubles() ?? [], tensor.shape[1])
        return (0..<count).map { column in (0..<tensor.shape[0]).map { values[$0 * count + column] } }
    }

    private func agree(_ got: [Double], _ want: [Double], _ tolerance: Double) {
        #expect(got.count == want.count)
        for (value, reference) in zip(got, want) { #expect(abs(value - reference) <= tolerance * max(1, reference)) }
    }

    /// librosa 0.11, `yin` and `pyin` at fmin = 65, fmax = 2093.
    @Test func agreesWithLibrosa() throws {
        let yin = [
            221.653560623, 221.344907897, 220.911363990, 218.153578973, 213.423465730, 207.260724830, 201.552631515,
            200.770797680, 200.896497822, 201.155064512, 202.786446704, 65.208335489, 171.143549886, 170.594296241,
            170.438158281, 169.970240829, 169.641018363, 166.790026929, 162.901302726, 159.200875809, 157.645392362,
            157.704801850,
        ]
        agree(try columns([:])[0], yin, 1e-5)
        let pyin = try columns(["method": .text("pyin")])
        agree(
            pyin[0],
            [
                221.173461847, 221.173461847, 221.173461847, 218.633067966, 213.639481792, 207.557580453, 201.648819038,
                200.487407303, 200.487407303, 201.648819038, 202.816958763, 0, 171.536028400, 170.548053577,
                170.548053577, 169.565769070, 169.565769070, 166.652730650, 162.846377021, 159.126960630, 157.299231599,
                157.299231599,
            ], 1e-6)
        #expect(pyin[1] == (0..<22).map { $0 == 11 ? 0 : 1 })
        agree(
            pyin[2],
            [
                0.484986808, 0.686082811, 0.945930209, 0.826668559, 0.686082811, 0.686082811, 0.891144495, 0.891144495,
                0.826668559, 0.615949885, 0.127937086, 0.010000000, 0.066081513, 0.372135898, 0.548525054, 0.891144495,
                0.686082811, 0.548525054, 0.484986808, 0.615949885, 0.891144495, 0.757160133,
            ], 1e-6)
    }

    @Test func agreesWithLibrosaUnderOtherParameters() throws {
        let got = try columns([
            "method": .text("pyin"), "fmin": .int(80), "fmax": .int(600), "hop_length": .int(1024),
            "resolution": .float(0.25), "fill_na": .null, "switch_prob": .float(0.1),
        ])
        agree(
            got[0],
            [
                223.030122152, 219.832583593, 213.574376667, 201.587367983, 201.587367983, 201.587367983, 171.979734387,
                169.514095097, 169.514095097, 162.327253590, 157.706111782,
            ], 1e-6)
        #expect(got[1].allSatisfy { $0 == 1 })
    }

    /// Noise, in which the first sample of a frame and the lowest value of the difference function count.
    @Test func agreesWithLibrosaOnNoise() throws {
        var state = 777
        let noise = (0..<1024).map { _ -> Float in
            state = (state * 1_103_515_245 + 12345) % 2_147_483_648
            return Float(Double(state) / 2_147_483_648 - 0.5)
        }
        let got = try columns(
            [
                "fmin": .int(400), "fmax": .int(5000), "frame_length": .int(256), "hop_length": .int(128),
                "center": .bool(false),
            ], noise)
        agree(
            got[0],
            [
                1464.752304911, 1110.021496341, 538.417150105, 424.371110196, 614.663049286, 416.597535503,
                554.655460317,
            ], 1e-5)
    }

    @Test(arguments: [82.4, 196, 440, 1500])
    func findsATone(hertz: Double) throws {
        let tone = (0..<16000).map { Float(0.4 * sin(2 * Double.pi * hertz * Double($0) / 22050)) }
        let yin = try columns(["center": .bool(false)], tone)[0]
        let pyin = try columns(["method": .text("pyin"), "center": .bool(false)], tone)
        for pitch in yin { #expect(abs(pitch / hertz - 1) < 0.01) }
        for pitch in pyin[0] { #expect(abs(pitch / hertz - 1) < 0.01) }
        #expect(pyin[1].allSatisfy { $0 == 1 })
    }

    /// Loudness, in powers of two that leave every bit but the exponent, does nothing.
    @Test(arguments: ["yin", "pyin"]) func loudnessDoesNothing(method: String) throws {
        let given: [String: Canonical] = ["method": .text(method)]
        #expect(try columns(given) == columns(given, Self.voice.map { $0 / 256 }))
    }

    /// As librosa: YIN gives the shortest period, pYIN says that there is no voice.
    @Test func silence() throws {
        for samples in [[Float](repeating: 0, count: 5000), [0]] {
            #expect(try columns([:], samples)[0].allSatisfy { $0 == 2205 })
            let pyin = try columns(["method": .text("pyin")], samples)
            #expect(pyin.allSatisfy { $0.allSatisfy { $0 == 0 } } && pyin[0].count == 1 + samples.count / 512)
            let filled = try columns(["method": .text("pyin"), "fill_na": .float(-1)], samples)
            #expect(filled[0].allSatisfy { $0 == -1 })
            let guessed = try columns(["method": .text("pyin"), "fill_na": .null], samples)
            #expect(guessed[0].allSatisfy { $0 >= 65 && $0 <= 2093 })
        }
    }

    @Test func isLabelled() throws {
        let pyin = try run(AudioPitch.self, ["method": .text("pyin")], on: signal(Self.voice))
        #expect(pyin.labels["feature"] == ["f0", "voiced", "voiced_prob"] && pyin.axes == ["time", "feature"])
        #expect(pyin.attributes == ["sample_rate": .int(22050), "hop_length": .int(512)])
        #expect(try run(AudioPitch.self, on: signal(Self.voice)).labels["feature"] == ["f0"])
        let mfcc = try run(OfSignal<SpectrumMfcc>.self, on: signal(Self.voice))
        #expect(mfcc.shape[0] == pyin.shape[0])
    }

    @Test func failsInWords() {
        func cause(_ given: [String: Canonical], _ samples: [Float] = Self.voice) -> String? {
            do {
                _ = try run(AudioPitch.self, given, on: signal(samples))
                return nil
            } catch { return (error as? Failure)?.cause }
        }
        #expect(cause(["fmax": .int(12000)]) == "fmax is 12000 Hz, above half the sample rate (11025 Hz)")
        #expect(
            cause(["frame_length": .int(256)])
                == "a period of fmin (65 Hz) at 22050 Hz does not fit into frame_length = 256 samples")
        #expect(
            cause(["center": .bool(false)], [1])
                == "expected a signal of at least frame_length = 2048 samples with center: false, got 1")
        #expect(cause([:], [0, .nan]) == "sample 1 is not a number")
        #expect(
            cause(["method": .text("pyin"), "max_transition_rate": .int(1000)])?
                .hasPrefix("max_transition_rate lets the pitch move by 279") == true)
        #expect(cause(["max_transition_rate": .int(1000)]) == nil)
    }

    @Test func problemsHaveAPlace() {
        func path(_ given: [String: Canonical]) -> [String]? {
            do {
                _ = try AudioPitch(given: given)
                return nil
            } catch { return error.path }
        }
        #expect(path(["fmin": .int(500), "fmax": .int(500)]) == ["fmax"])
        #expect(path(["sample_rate": .int(4000)]) == ["fmax"])
        #expect(path(["sample_rate": .int(16000), "frame_length": .int(128)]) == ["frame_length"])
        #expect(path(["beta_parameters": .array([.int(1)])]) == ["beta_parameters"])
        #expect(path(["method": .text("crepe")]) == ["method"])
        #expect(path(["resolution": .int(1)]) == ["resolution"])
    }
}
