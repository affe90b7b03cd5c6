// martlet synth: practice data.

internal import ArgumentParser
internal import DataStages
internal import Foundation
internal import Media

struct SynthCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "synth",
        abstract: "Make practice data: emotional speech in WAV files named as RAVDESS names its own.",
        discussion: """
            Eight emotions that differ in pitch contour, tempo, energy and spectral tilt, by any number of actors who \
            differ in pitch and timbre. The same seed gives the same bytes on every machine.

            Example: martlet synth data/practice --actors 8
            """)

    @Argument(help: "The directory to write Actor_NN/… into.", completion: .directory)
    var directory: String

    @Option(help: "How many actors.")
    var actors: Int = 8

    @Option(help: "The seed.")
    var seed: Int = 0

    func validate() throws {
        if !(1...99).contains(actors) { throw ValidationError("--actors takes a number from 1 to 99; got \(actors)") }
    }

    func run() throws {
        let count: Int
        do throws(MediaError) {
            count = try PracticeSpeech.write(to: directory, actors: actors, seed: seed)
        } catch {
            Terminal.say("error: \(error.cause)\n    = choose another directory, or make room there")
            throw Exit(code: 4)
        }
        print("\(directory): \(count) clips by \(actors) actors")
    }
}
