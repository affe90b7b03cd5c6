// Pictures of tensors: what is drawn for which axes, and the commands that draw.

import Foundation
import Tensors
import TestSupport
import Testing

@Suite struct PictureTests {
    let tones = Tones()
    private var folder: Scratch { tones.folder }

    private func write(_ name: String, _ elements: Elements, _ shape: Int...) {
        // The file holds no axes; the names serve to make the tensor.
        folder.write(Npy.encode(Tensor(elements, shape: shape, axes: Npy.defaultAxes(shape.count))), to: name)
    }

    /// Runs a line of words that draws into `x.svg`, and once more elsewhere in the world, and reads the picture.
    private func draw(
        _ line: String, isRepeated: Bool = true, sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> Svg {
        let words = line.split(separator: " ").map(String.init) + ["--out"]
        let result = Binary.run(words + ["x.svg"], in: tones.path)
        try #require(result.status == 0 && result.messages.isEmpty, "\(result)", sourceLocation: sourceLocation)
        #expect(result.output.hasPrefix("x.svg: "), sourceLocation: sourceLocation)
        let picture = try Svg(tones.path + "/x.svg")
        if isRepeated {
            let elsewhere = Binary.run(
                words + ["y.svg"], in: tones.path, environment: ["LC_ALL": "de_DE.UTF-8", "TZ": "Asia/Tokyo"])
            #expect(elsewhere.status == 0, sourceLocation: sourceLocation)
            #expect(try Svg(tones.path + "/y.svg").text == picture.text, sourceLocation: sourceLocation)
        }
        #expect(picture.isWellFormed, sourceLocation: sourceLocation)
        return picture
    }

    private func expect(
        _ line: String, _ message: String, code: Int32 = 2, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let result = Binary.run(line.split(separator: " ").map(String.init), in: tones.path)
        #expect(result.status == code && result.output.isEmpty, "\(result)", sourceLocation: sourceLocation)
        #expect(result.messages == message + "\n", sourceLocation: sourceLocation)
    }

    // MARK: What is drawn

    @Test func soundIsAWaveformAboveASpectrogram() throws {
        let picture = try draw("show clips/low_0.wav")
        #expect(
            picture.words == [
                "low_0.wav", "float32 (time 1600) · sample_rate 8000 · n_fft 128 · hop_length 4", "−0.4", "−0.2", "0.0",
                "0.2", "0.4", "amplitude", "0.00", "0.05", "0.10", "0.15", "0.20", "−80", "−60", "−40", "−20", "0",
                "dB below the largest magnitude", "0", "1000", "2000", "3000", "4000", "frequency (Hz)", "0.00", "0.05",
                "0.10", "0.15", "0.20", "time (s)",
            ])
        // Most of a tone of 150 Hz is in the lowest of the rows, which is the last line of the image.
        let image = try #require(try picture.images().first)
        let cells = image.cells(rows: 65, columns: 10)
        #expect(cells[62...].joined().max() == 254 && (cells[..<40].joined().max() ?? 255) < 150)
    }

    @Test func spectrumHasSecondsHertzAndDecibels() throws {
        let picture = try draw("apply audio.stft --in clips/low_0.wav")
        #expect(picture.words.contains("audio.stft of low_0.wav") && picture.words.contains("time (s)"))
        #expect(picture.words.contains("frequency (Hz)") && picture.words.contains("10000"))
        #expect(picture.words.contains("dB below the largest magnitude"))
        let spectrum = try draw("apply audio.stft --in clips/low_0.wav --at time=2")
        #expect(spectrum.words.contains("audio.stft of low_0.wav, time=2") && !spectrum.words.contains("time (s)"))
        #expect(spectrum.words.contains("frequency (Hz)"))
        #expect(try spectrum.images().isEmpty)
    }

    @Test func powersAndDecibelsLookAsMagnitudesDo() throws {
        let magnitudes = try #require(try draw("apply audio.stft --in clips/low_0.wav").images().first)
        let square = "apply audio.spectrogram --in clips/low_0.wav --with"
        let power = try draw(square + " {\"power\":2}", isRepeated: false)
        #expect(power.words.contains("dB below the largest magnitude"))
        let powers = try #require(try power.images().first)
        #expect(zip(powers.pixels, magnitudes.pixels).allSatisfy { abs(Int($0) - Int($1)) <= 1 })
        #expect(
            tones.shell("$MARTLET " + square + " '{power: 2}' --out p.npy").output.hasPrefix("p.npy: float32"))
        let attributes = "--attribute sample_rate=22050 --attribute n_fft=2048 --attribute hop_length=512"
        let levels = try draw(
            "apply audio.power_to_db --in p.npy --axes time,frequency \(attributes)", isRepeated: false)
        #expect(levels.words.contains("value (dB)") && levels.words.contains("frequency (Hz)"))
    }

    @Test func framesThatAreNotCentredAreDrawnWhereTheyLie() throws {
        write("s.npy", .float32([Float](repeating: 1, count: 5 * 3)), 5, 3)
        let line =
            "show s.npy --axes time,frequency --attribute sample_rate=8 --attribute hop_length=8 --attribute n_fft=4"
        let picture = try draw(line)
        #expect(picture.words.suffix(7) == ["frequency (Hz)", "0", "1", "2", "3", "4", "time (s)"])
        // Without hop_length there are no seconds, and without n_fft no hertz.
        let apart = try draw(line + " --attribute center=false")
        #expect(apart.words == picture.words && apart.text != picture.text)
        let bare = try draw("show s.npy --axes time,frequency --attribute sample_rate=8")
        #expect(bare.words.contains("time") && bare.words.contains("frequency"))
    }

    @Test func aSpectrumOfAFamiliarSizeIsSmall() throws {
        var state: UInt32 = 1
        let noise = (0..<302 * 1025).map { _ in
            state = state &* 1_664_525 &+ 1_013_904_223
            return Complex64(Float(state >> 8), 0)
        }
        write("s.npy", .complex64(noise), 302, 1025)
        #expect(try draw("show s.npy --axes time,frequency").text.utf8.count < 500_000)
    }

    @Test func featuresAreRowsWithTheirNames() throws {
        let picture = try draw("apply audio.mfcc --in clips/low_0.wav")
        #expect(picture.words.filter { $0.hasPrefix("mfcc_") } == (0..<20).map { "mfcc_\($0)" })
        #expect(picture.words.contains("feature") && picture.words.contains("time (s)"))
        #expect(picture.words.contains("value"))
        // Where there are more than fit, one in two, five or ten is named.
        let many = try draw(
            "apply audio.features --in clips/low_0.wav --with {\"features\":[{\"mfcc\":{\"n_mfcc\":128}}]}")
        #expect(many.words.filter { $0.hasPrefix("mfcc_") } == stride(from: 0, to: 128, by: 5).map { "mfcc_\($0)" })
    }

    @Test func fewFeaturesAreCurvesWithALegend() throws {
        write("f.npy", .float64((0..<200).map { Double($0 % 7) }), 100, 2)
        let line = "show f.npy --axes time,feature --attribute sample_rate=100 --attribute hop_length=10"
        #expect(
            try draw(line + " --attribute unit=Hz").words == [
                "f.npy", "float64 (time 100, feature 2)", "feature 0", "feature 1", "0", "1", "2", "3", "4", "5", "6",
                "value (Hz)", "0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "time (s)",
            ])
    }

    @Test func oneVectorIsBarsOrACurve() throws {
        let bars = try draw("apply audio.mfcc --in clips/low_0.wav --at time=1")
        #expect(bars.words.filter { $0.hasPrefix("mfcc_") }.count == 20)
        #expect(bars.text.matches(of: /<rect [^>]*fill="#0072b2"/).count == 20)
        write("v.npy", .float64((0..<500).map { Double($0) }), 500)
        let curve = try draw("show v.npy")
        #expect(curve.text.contains("<path ") && !curve.text.contains("<rect x=\"0\" fill=\"#0072b2\""))
    }

    @Test func cellsAreWhereTheMatrixHasThem() throws {
        write("m.npy", .float64([0, 1, 2, .nan, 3, -.infinity]), 2, 3)
        let matrix = try draw("show m.npy")
        #expect(matrix.words[1] == "float64 (axis_0 2, axis_1 3) · 2 not finite (grey)")
        let image = try #require(try matrix.images().first)
        #expect(image.cells(rows: 2, columns: 3) == [[0, 85, 169], [255, 254, 255]])
        #expect(Array(image.palette.prefix(3)) == [0x44, 0x01, 0x54])
        #expect(Array(image.palette.suffix(6)) == [0xFD, 0xE7, 0x25, 0xB8, 0xB8, 0xB8])
        // Time runs to the right, and what is over it upward.
        write("t.npy", .float64([0, 1, 2, 3, 4, 5, 6, 7]), 2, 4)
        let times = try #require(try draw("show t.npy --axes time,band").images().first)
        #expect(
            times.cells(rows: 4, columns: 2) == [[109, 254], [73, 218], [36, 181], [0, 145]])
        let turned = try #require(try draw("show t.npy --axes band,time").words.first)
        #expect(turned == "t.npy")
        // The pixels of an image are square.
        let square = try draw("show t.npy --axes height,width")
        #expect(square.text.contains("width=\"720\" height=\"360\" preserve"))
    }

    @Test func numbersOfEverySizeAreDrawn() throws {
        let cases: [(Elements, words: [String])] = [
            (.float64([3.25, 3.25, 3.25, 3.25]), ["3.0", "3.5"]), (.float64([0, 0, 0, 0]), ["−1.0", "1.0"]),
            (.float64([.nan, .nan, .nan, .nan]), ["0.0", "1.0"]),
            (.float64([-1.7e308, 1.7e308, 0, 1]), ["−1.5e308", "0", "1.5e308"]),
            (.float64([.leastNonzeroMagnitude, 0, 0, 0]), []), (.float64([1e-7, 2e-7, 3e-7, 4e-7]), ["1e−7", "4e−7"]),
            (.float32([1e6, 2e6, 3e6, 4e6]), ["1e6", "3.5e6"]), (.int64([.min, .max, 0, 0]), []),
            (.uint8([0, 255, 0, 0]), ["0", "250"]), (.bool([true, false, true, true]), ["0.0", "1.0"]),
        ]
        for (elements, words) in cases {
            write("m.npy", elements, 2, 2)
            let found = Set(try draw("show m.npy", isRepeated: false).words)
            #expect(found.isSuperset(of: words), "\(elements): \(found)")
            write("v.npy", elements, 4)
            _ = try draw("show v.npy", isRepeated: false)
        }
    }

    @Test func scalesThatNothingFitsOnAreLeftOut() throws {
        write("v.npy", .float64([1, 2, 3]), 3)
        for rate in ["1e-320", "1e308", "0", "-8000", "nan", "inf", "high"] {
            let picture = try draw("show v.npy --axes time --attribute sample_rate=\(rate)", isRepeated: false)
            #expect(picture.words.suffix(2) == ["2", "time"], "\(rate)")
        }
    }

    @Test func oneFeatureIsNamedByItsScale() throws {
        let words = try draw("apply audio.rms --in clips/low_0.wav").words
        #expect(words.count { $0 == "rms" } == 1 && words.contains("time (s)"))
    }

    @Test func namesAreEscapedAndCut() throws {
        write("a<b>&\"'.npy", .float64([1, 2]), 2)
        #expect(try draw("show a<b>&\"'.npy").words[0] == "a&lt;b&gt;&amp;&quot;'.npy")
        let long = String(repeating: "ü", count: 100) + ".npy"
        write(long, .float64([1, 2]), 2)
        #expect(try draw("show " + long).words[0] == String(repeating: "ü", count: 89) + "…")
    }

    @Test func longSignalsKeepTheirPeaks() throws {
        var signal = [Float](repeating: 0, count: 200_000)
        signal[123_456] = 1
        signal[150_000] = .nan
        write("s.npy", .float32(signal), signal.count)
        let picture = try draw("show s.npy --axes time --attribute sample_rate=1000")
        #expect(picture.words.contains("float32 (time 200000) · 1 not finite"))
        #expect(picture.words.contains("1.0") && picture.words.contains("180"))
        #expect(picture.text.utf8.count < 60_000)
    }

    // MARK: Commands

    @Test func showDescribesWhatItDoesNotDraw() {
        write("m.npy", .float64([1, 2, 3, 6]), 2, 2)
        let result = tones.martlet("show", "m.npy", "--axes", "time,feature", "--attribute", "sample_rate=8000")
        #expect(result.status == 0 && result.messages.isEmpty)
        #expect(
            result.output
                == "float64 (time 2, feature 2)\nmin 1.0, mean 3.0, max 6.0\nfirst 1.0 2.0 3.0 6.0\nsample_rate 8000\n")
        let sound = tones.martlet("show", "clips/low_0.wav").output.split(separator: "\n")
        #expect(sound.first == "float32 (time 1600)" && sound.last == "sample_rate 8000")
        let resampled = tones.martlet("show", "clips/low_0.wav", "--with", "{sample_rate: 16000}")
        #expect(resampled.output.hasPrefix("float32 (time 3200)\n"))
    }

    @Test func onePositionIsChosen() throws {
        write("c.npy", .int16((0..<24).map { Int16($0) }), 2, 3, 4)
        let chosen = tones.martlet("show", "c.npy", "--at", "axis_1=2", "--at", "axis_0=1", "--out", "row.npy")
        #expect(chosen.output == "row.npy: int16 (axis_2 4)\n", "\(chosen)")
        let bytes = try #require(FileManager.default.contents(atPath: tones.path + "/row.npy"))
        #expect(try Npy.decode(Array(bytes)).elements == .int16([20, 21, 22, 23]))
        let labelled = tones.martlet("apply", "audio.mfcc", "--in", "clips/low_0.wav", "--at", "feature=mfcc_3")
        #expect(labelled.output.hasPrefix("float32 (time 9)\n"), "\(labelled)")
        #expect(try draw("show c.npy --at axis_0=1").words[0] == "c.npy, axis_0=1")
    }

    @Test func valuesOfAnExperimentAreDrawn() throws {
        let id = "low_0"
        #expect(tones.martlet("run", "spec.yaml", "--only", "mfcc").status == 0)
        let picture = try draw("peek spec.yaml mfcc \(id)")
        #expect(picture.words[0] == "mfcc of \(id)" && picture.words.contains("mfcc_4"))
        #expect(
            tones.martlet("peek", "spec.yaml", "mfcc", id, "--out", "m.npy").output.hasPrefix("m.npy: float32 (time"))
        expect("peek spec.yaml clips \(id) --out x.svg", "error: clips gives media, which no picture can show")
        expect("peek spec.yaml clips \(id) --out x.npy", "error: clips gives media, which no .npy file can hold")
        expect("peek spec.yaml clips \(id) --at time=0", "error: --at is for tensors; clips gives media")
    }

    @Test func mistakes() {
        write("m.npy", .float64([1, 2, 3, 6]), 2, 2)
        write("c.npy", .int16((0..<24).map { Int16($0) }), 2, 3, 4)
        write("e.npy", .float64([]), 0, 4)
        write("one.npy", .float64([1]))
        let ending =
            "error: --out takes a name in .npy, for numbers, .svg, for a picture, .png, for an image, or .mp4, for a "
            + "video; got x.jpg"
        expect("show m.npy --out x.jpg", ending)
        expect("apply audio.mfcc --in clips/low_0.wav --out x.jpg", ending)
        expect("peek spec.yaml mfcc low_0 --out x.jpg", ending)
        expect(
            "show c.npy --out x.svg",
            """
            error: a picture has two axes, and this is int16 (axis_0 2, axis_1 3, axis_2 4)
                = choose a position along one, as in --at axis_0=0
            """)
        expect(
            "show e.npy --out x.svg", "error: float64 (axis_0 0, axis_1 4) is empty: there is nothing to draw", code: 3)
        expect(
            "show one.npy --out x.svg",
            "error: float64 () is a single number, and no picture\n    = leave --out away to see it", code: 3)
        expect("show m.npy --at 3", "error: --at takes axis=position, as in --at channel=0; got 3")
        expect(
            "show m.npy --at axis_3=0",
            "error: --at: there is no axis axis_3 in float64 (axis_0 2, axis_1 2); did you mean axis_0?")
        expect(
            "show m.npy --at axis_0=2", "error: --at: expected a position along axis_0 from 0 to 1, got 2")
        expect(
            "apply audio.mfcc --in clips/low_0.wav --at feature=mfcc",
            "error: --at: expected a position along feature from 0 to 19, or a label such as mfcc_0, got mfcc")
        expect("show e.npy --at axis_0=0", "error: --at: axis_0 has no positions")
        expect("show m.npy --with {}", "error: --with is for sound and video files; m.npy is .npy")
        expect(
            "show clips/low_0.wav --axes time",
            "error: --axes and --attribute are for .npy files; clips/low_0.wav is none")
        expect(
            "show clips/low_0.wav --with 3",
            "error: --with: expected a map of parameters, got the int 3\n    = write {name: value, …}")
        expect(
            "show m.npy --axes time", "error: --axes takes a name for each axis; m.npy has 2, got time")
        expect("show m.npy --axes time,time", "error: --axes takes a name for each axis; m.npy has 2, got time,time")
        expect(
            "show clips",
            "error: clips is a directory; show takes a file\n    = martlet runs show is for the records of a run")
        expect(
            "show spec.yaml", "error: spec.yaml: audio.load: libsndfile cannot read it: Format not recognised", code: 3)
        expect(
            "show none.npy",
            "error: there is no \(tones.path)/none.npy\n    = check the path; a relative one starts at the current directory",
            code: 3)
        expect(
            "show m.npy --out nowhere/x.svg",
            "error: cannot write nowhere/x.svg: No such file or directory\n    = choose another place with --out",
            code: 4)
    }
}
