import Foundation
import Signal
import Tensors
import Testing

@Suite struct ShortTimeTransformTests {
    /// The definition, term by term.
    private func slow(_ signal: [Float], size: Int, hop: Int, window: [Double], before: Int) -> [Complex64] {
        let frames = 1 + (signal.count + 2 * before - size) / hop
        return (0..<frames).flatMap { frame in
            (0...size / 2).map { bin in
                var (re, im) = (0.0, 0.0)
                for index in 0..<size {
                    let position = frame * hop + index - before
                    guard signal.indices.contains(position) else { continue }
                    let angle = -2 * Double.pi * Double(bin * index % size) / Double(size)
                    re += Double(signal[position]) * window[index] * cos(angle)
                    im += Double(signal[position]) * window[index] * sin(angle)
                }
                return Complex64(Float(re), Float(im))
            }
        }
    }

    @Test(arguments: [8, 9, 30, 64])
    func agreesWithTheDefinition(size: Int) {
        let signal = (0..<100).map { Float(sin(Double($0) * 0.3) + 0.1 * cos(Double($0 * $0))) }
        let transform = ShortTimeTransform(size: size, hop: 7, window: .hann, windowLength: size, padding: .constant)
        let got = transform.spectra(of: signal)
        let want = slow(signal, size: size, hop: 7, window: Window.hann.weights(size), before: size / 2)
        #expect(got.count == want.count && got.count == transform.frames(100) * transform.bins)
        for (a, b) in zip(got, want) {
            #expect(abs(a.real - b.real) < 1e-5 && abs(a.imaginary - b.imaginary) < 1e-5)
        }
    }

    @Test func givesTheSameBitsInEveryThread() {
        let signal = (0..<5000).map { Float(sin(Double($0) * 0.01)) }
        let transform = ShortTimeTransform(size: 512, hop: 128, window: .hann, windowLength: 512, padding: .reflect)
        let want = transform.spectra(of: signal)
        let results = Lock([[Complex64]]())
        DispatchQueue.concurrentPerform(iterations: 8) { _ in
            let got = transform.spectra(of: signal)
            results.withLock { $0.append(got) }
        }
        #expect(results.withLock { $0 }.allSatisfy { $0 == want })
    }

    @Test func aWindowInStepsOfAQuarterAddsUp() {
        for window in [Window.hann, .hamming, .blackman] {
            let weights = window.weights(64)
            let sums = (0..<16).map { start in stride(from: start, to: 64, by: 16).reduce(0.0) { $0 + weights[$1] } }
            #expect(sums.allSatisfy { abs($0 - sums[0]) < 1e-12 })
        }
        #expect(Window.allCases.allSatisfy { $0.weights(1) == [1] && $0.weights(0).isEmpty })
    }
}

@Suite struct ResamplerTests {
    @Test(arguments: [8000.0, 11025, 16000, 22050, 24000, 44100, 48000, 88200, 96000], [1, 2, 3, 100, 1001, 22051])
    func keepsTheLength(rate: Double, count: Int) throws {
        let signal = (0..<count).map { Float(sin(Double($0) * 0.05)) }
        for target in [8000.0, 22050, 48000] {
            let got = try Resampler.resample(signal, from: rate, to: target)
            #expect(got.count == Int((Double(count) * (target / rate)).rounded(.up)))
            #expect(got.allSatisfy { $0.isFinite })
        }
    }

    @Test func keepsATone() throws {
        let signal = (0..<48000).map { Float(sin(2 * Double.pi * 440 * Double($0) / 48000)) }
        let got = try Resampler.resample(signal, from: 48000, to: 22050)
        for index in 500..<21500 {
            #expect(abs(Double(got[index]) - sin(2 * Double.pi * 440 * Double(index) / 22050)) < 1e-4)
        }
    }

    @Test func refusesWhatItCannot() throws {
        #expect(throws: ResamplerError.badRates(from: 0, to: 1)) { try Resampler.resample([1], from: 0, to: 1) }
        #expect(throws: ResamplerError.self) { try Resampler.resample([1], from: .nan, to: 1) }
        #expect(throws: ResamplerError.tooLong(samples: 2e9)) { try Resampler.resample([1, 1], from: 1, to: 1e9) }
        #expect(try Resampler.resample([], from: 1, to: 2).isEmpty)
        #expect(try Resampler.resample([1, 2], from: 3, to: 3) == [1, 2])
    }
}

@Suite struct CosineTransformTests {
    /// The whole orthonormal matrix times its transposed is the identity.
    @Test(arguments: CosineTransform.Kind.allCases, [2, 5, 20])
    func isOrthonormal(kind: CosineTransform.Kind, size: Int) {
        let transform = CosineTransform(kind, size: size, count: size, isOrthonormal: true)
        var unit = [Float](repeating: 0, count: size * size)
        for index in 0..<size { unit[index * size + index] = 1 }
        let rows = transform.apply(rows: unit)
        for a in 0..<size {
            for b in 0..<size {
                let product = (0..<size).reduce(Float(0)) { $0 + rows[a * size + $1] * rows[b * size + $1] }
                #expect(abs(product - (a == b ? 1 : 0)) < 1e-5)
            }
        }
    }

    @Test func firstCoefficientsAreThoseOfTheWhole() {
        let values = (0..<60).map { Float($0 % 7) }
        let whole = CosineTransform(.two, size: 30, count: 30, isOrthonormal: false).apply(rows: values)
        let some = CosineTransform(.two, size: 30, count: 11, isOrthonormal: false).apply(rows: values)
        #expect(some == Array(whole[0..<11] + whole[30..<41]))
    }
}

@Test func versionsAreKnown() {
    print(LibraryVersions.fftw, LibraryVersions.soxr, LibraryVersions.libm, separator: "; ")
    #expect(LibraryVersions.fftw.hasPrefix("fftw-3."))
    #expect(LibraryVersions.soxr.hasPrefix("libsoxr-"))
    #expect(LibraryVersions.libm.contains(" on "))
}
