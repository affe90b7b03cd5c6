// martlet synth: practice data.

internal import ArgumentParser
internal import DataStages
internal import Engine
internal import Foundation
internal import Media
internal import Tensors

struct SynthCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "synth",
        abstract:
            "Make practice data: emotional speech, with --video faces too, in files named as RAVDESS names its own.",
        discussion: """
            Eight emotions that differ in pitch contour, tempo, energy and spectral tilt, by any number of actors who \
            differ in pitch and timbre, in WAV files. The same seed gives the same bytes on every machine.

            --video puts an .mp4 file beside each, of a drawn face that speaks with that voice: brows, lids, nose and \
            lips move with the emotion as the Facial Action Coding System describes it, and the mouth with the \
            syllables. H.264 where this libav has an encoder for it, MPEG-4 otherwise, 25 frames a second, AAC sound; \
            the same frames everywhere, the same bytes with the same libav.

            Example: martlet synth data/practice --actors 8 --video
            """)

    @Argument(help: "The directory to write Actor_NN/… into.", completion: .directory)
    var directory: String

    @Option(help: "How many actors.")
    var actors: Int = 8

    @Option(help: "The seed.")
    var seed: Int = 0

    @Flag(help: "Make faces too.")
    var video = false

    @Option(help: "Width and height of the faces' frames, up to 1280x720; 320x180 unless given.")
    var size: String?

    func validate() throws {
        if !(1...99).contains(actors) { throw ValidationError("--actors takes a number from 1 to 99; got \(actors)") }
        guard let size else { return }
        if !video { throw ValidationError("--size is that of the faces; add --video") }
        if PracticeVideo(size: size) == nil {
            throw ValidationError(
                "--size takes an even width and height from \(PracticeVideo.widths.lowerBound)x"
                    + "\(PracticeVideo.heights.lowerBound) to \(PracticeVideo.widths.upperBound)x"
                    + "\(PracticeVideo.heights.upperBound), like 320x180; got \(size)")
        }
    }

    func run() throws {
        let faces = video ? PracticeVideo(size: size ?? "320x180") : nil
        let display = SynthDisplay(total: PracticeSpeech.count(actors: actors, repetitions: 1))
        let count: Int
        do {
            count = try PracticeSpeech.write(
                to: directory, actors: actors, seed: seed, faces: faces,
                jobs: faces == nil ? 1 : ProcessInfo.processInfo.activeProcessorCount
            ) { display.show($0) }
            display.clear()
        } catch let error as MediaError {
            display.clear()
            Terminal.say("error: \(error.cause)\n    = choose another directory, or make room there")
            throw Exit(code: 4)
        } catch let error as MediaRequestFailure {
            display.clear()
            Terminal.say("error: no video can be made: \(error)")
            throw Exit(code: 3)
        }
        print("\(directory): \(count) clips\(video ? ", voice and face," : "") by \(actors) actors")
    }
}

/// Shows on a terminal how many clips are made, where it takes longer than a moment.
private final class SynthDisplay: Sendable {
    private let total: Int
    private let shown: Lock<Double>
    private let clock = SystemClock()

    init(total: Int) {
        self.total = total
        shown = Lock(clock.seconds())
    }

    func show(_ done: Int) {
        guard Terminal.errorIsTerminal else { return }
        let now = clock.seconds()
        let isDue = shown.withLock { last in
            guard now - last > 0.2 else { return false }
            last = now
            return true
        }
        if isDue { Terminal.show("\r\u{1B}[K\(done)/\(total) clips") }
    }

    func clear() {
        if Terminal.errorIsTerminal { Terminal.show("\r\u{1B}[K") }
    }
}
