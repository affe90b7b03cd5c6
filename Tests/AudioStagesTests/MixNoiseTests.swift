import Foundation
import Media
import Stages
import Tensors
import TestSupport
import Testing

@testable import AudioStages

@Suite struct MixNoiseTests {
    private let scratch = Scratch()

    private func file(_ samples: [Float], channels: Int = 1, rate: Int = 22050) throws -> Canonical {
        .text(
            scratch.write(
                try SoundFile.wave(Sound(samples: samples, channels: channels, sampleRate: rate)),
                to: "noise_\(samples.count)_\(rate).wav"))
    }

    private func noise(_ mixed: Tensor, in samples: [Double]) -> [Double] {
        zip(mixed.doubles() ?? [], samples + samples).map { $0 - $1 }
    }

    @Test(arguments: ["white", "pink", "file"], [-10.0, 0, 20])
    func theRatioIsExact(kind: String, ratio: Double) throws {
        let samples = sawtooth(3000)
        var given: [String: Canonical] = ["noise": .text(kind), "snr": .float(ratio)]
        if kind == "file" { given["file"] = try file(sawtooth(500).map(Float.init), rate: 8000) }
        let mixed = try augmented(AudioMixNoise.self, given, on: signal64(samples))
        #expect(abs(10 * log10(meanPower(samples) / meanPower(noise(mixed, in: samples))) - ratio) < 1e-9)
    }

    @Test func channelsShareTheRatio() throws {
        let (left, right) = (sawtooth(500).map(Float.init), [Float](repeating: 0, count: 500))
        let mixed = try augmented(AudioMixNoise.self, ["snr": .int(0)], on: stereo(left, right))
        let noise = zip(mixed.doubles() ?? [], left + right).map { $0 - Double($1) }
        #expect(abs(meanPower(noise) / meanPower((left + right).map(Double.init)) - 1) < 1e-5)
        #expect(meanPower(Array(noise[500...])) > 0, "a silent channel gets noise too")
        #expect(mixed.attributes["take"] == .string("b"))
    }

    @Test func pinkFallsByThreeDecibelsAnOctave() throws {
        var stream = RandomStream(named: Digest(of: .text("pink")))
        let noise = PinkNoise.values(1 << 15, from: &stream)
        // Power in an octave around a frequency: the same in all octaves, as it falls with 1 / f.
        func power(_ low: Double) -> Double {
            let count = 60
            return (0..<count).reduce(0.0) { sum, step in
                let turn = 2 * Double.pi * low * (1 + Double(step) / Double(count))
                var (re, im) = (0.0, 0.0)
                for (index, sample) in noise.enumerated() {
                    re += sample * cos(turn * Double(index))
                    im += sample * sin(turn * Double(index))
                }
                return sum + (re * re + im * im) * low
            }
        }
        let powers = [0.004, 0.03, 0.2].map(power)
        for other in powers { #expect(abs(10 * log10(other / powers[0])) < 2.5) }
    }

    @Test func aLongFileIsCutAndAShortOneRepeated() throws {
        let long = try file((0..<100).map { Float($0 + 1) / 128 })
        let given: [String: Canonical] = ["noise": .text("file"), "file": long]
        var starts = Set<Int>()
        for seed in 0..<200 {
            let mixed = try augmented(AudioMixNoise.self, given, on: signal64([1, -1, 1, -1]), seed: seed)
            let noise = noise(mixed, in: [1, -1, 1, -1])
            // Four in a row, up to the scale.
            let step = noise[1] - noise[0]
            #expect(abs(noise[3] - noise[0] - 3 * step) < 1e-9)
            starts.insert(Int((noise[0] / step).rounded()))
        }
        #expect(starts.min() ?? 0 >= 1 && starts.max() ?? 0 <= 97 && starts.count > 70)
        let short = try file([0.5, -0.25])
        let mixed = try augmented(
            AudioMixNoise.self, ["noise": .text("file"), "file": short], on: signal64([1, -1, 1, -1, 1]))
        let noise = noise(mixed, in: [1, -1, 1, -1, 1])
        #expect(abs(noise[0] - noise[2]) < 1e-12 && abs(noise[1] - noise[3]) < 1e-12 && noise[0] * noise[1] < 0)
    }

    @Test func filesAreMixedAndResampled() throws {
        let tone: [Float] = (0..<8000).map { $0 % 2 == 0 ? Float(sin(Double($0 / 2) * 0.1)) : 0 }
        let given: [String: Canonical] = [
            "noise": .text("file"), "file": try file(tone, channels: 2, rate: 16000), "snr": .int(0),
        ]
        let samples = sawtooth(1000)
        let noise = noise(try augmented(AudioMixNoise.self, given, on: signal64(samples, rate: 8000)), in: samples)
        // At half the rate the tone turns twice as far from sample to sample.
        for index in 100..<900 {
            #expect(abs(noise[index + 1] + noise[index - 1] - 2 * cos(0.2) * noise[index]) < 1e-4)
        }
    }

    @Test func failsInWords() throws {
        func cause(_ given: [String: Canonical], on input: Value = signal([0.5, -0.5])) throws -> String? {
            try failure(AudioMixNoise.self, given, on: input)
        }
        #expect(try cause([:], on: signal([0, 0])) == "the signal is silent: no noise is at a ratio to a power of 0")
        let silence = try file([0, 0, 0])
        #expect(
            try cause(["noise": .text("file"), "file": silence])
                == "the noise is silent over the 2 samples that were cut from it")
        #expect(
            try cause(["noise": .text("file"), "file": .text(scratch["nothing.wav"])])
                == "the noise file cannot be read: there is no " + scratch["nothing.wav"])
        let text = scratch.write("hello", to: "text.wav")
        #expect(
            try cause(["noise": .text("file"), "file": .text(text)])?
                .hasPrefix("the noise file cannot be decoded: libsndfile cannot read it") == true)
        #expect(
            problem(AudioMixNoise.self, ["noise": .text("file")]) == "file: noise: file needs a sound file, got null")
        #expect(
            problem(AudioMixNoise.self, ["file": .text("a.wav")]) == "file: expected no file with noise: white, got one"
        )
    }
}
