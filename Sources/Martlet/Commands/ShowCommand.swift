// martlet show: what is in a file.

internal import ArgumentParser
internal import Engine
internal import Foundation
internal import Media
internal import Stages
internal import Tensors

struct ShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Look at a sound or at a .npy file: describe it, or draw it.",
        discussion: """
            A sound is loaded by audio.load, at its own rate; its picture is the waveform above a spectrogram. Values on \
            their way through an experiment are shown by martlet peek, runs by martlet runs show.

            Examples: martlet show clip.wav --out clip.svg · martlet show mfcc.npy --axes time,feature --attribute \
            sample_rate=22050 --attribute hop_length=512 --out mfcc.svg
            """)

    @Argument(help: "A sound file, or .npy.", completion: .file())
    var file: String

    @Option(
        name: .customLong("with"),
        help: ArgumentHelp("Parameters of audio.load for a sound file.", valueName: "{name: value, …}"))
    var parameters: String?

    @OptionGroup var inputOptions: InputOptions
    @OptionGroup var resultOptions: ResultOptions

    func run() throws {
        try resultOptions.check()
        let attributes = try inputOptions.scalars()
        var isDirectory: ObjCBool = false
        if FileManager.default.fileExists(atPath: file, isDirectory: &isDirectory), isDirectory.boolValue {
            throw UsageError(
                message:
                    "\(file) is a directory; show takes a file\n    = martlet runs show is for the records of a run")
        }
        let title = file.split(separator: "/").last.map(String.init) ?? file
        if InputOptions.isTensor(file) {
            if parameters != nil { throw UsageError(message: "--with is for sound files; \(file) is .npy") }
            let tensor = try inputOptions.tensor(file, expecting: [], attributes: attributes)
            try resultOptions.give(.tensor(tensor), of: file, titled: title)
            return
        }
        if inputOptions.axes != nil || !attributes.isEmpty {
            throw UsageError(message: "--axes and --attribute are for .npy files; \(file) is none")
        }
        let signal = try load()
        guard resultOptions.isPicture, signal.axes == ["time"], resultOptions.choices.isEmpty else {
            try resultOptions.give(.tensor(signal), of: file, titled: title)
            return
        }
        try resultOptions.write(
            TensorPicture.picture(ofSignal: signal, spectrum: try spectrum(of: signal), title: title))
        print("\(resultOptions.out ?? ""): \(Value.tensor(signal).phrase)")
    }

    /// The sound, at its own rate unless told otherwise.
    private func load() throws -> Tensor {
        let loader = try ApplyCommand.stageType("audio.load")
        var given = try ApplyCommand.parameters(parameters ?? "{}")
        if given["sample_rate"] == nil { given["sample_rate"] = .null }
        return try Self.tensor(
            ApplyCommand.apply(
                try ApplyCommand.stage(loader, with: given), to: [.media(try InputOptions.reference(file))],
                names: [file], seed: 0))
    }

    /// Frames that are short beside a short sound, about as many of them as can be seen, and of a long sound not many more.
    private func spectrum(of signal: Tensor) throws -> Tensor {
        var size = 2048
        while size > 64, size * 8 > signal.count { size /= 2 }
        let hop = max(size / 32, min(signal.count / 800, size / 4), signal.count / 2000)
        let stage = try ApplyCommand.stage(
            try ApplyCommand.stageType("audio.stft"), with: ["n_fft": .int(size), "hop_length": .int(hop)])
        return try Self.tensor(ApplyCommand.apply(stage, to: [.tensor(signal)], names: [file], seed: 0))
    }

    private static func tensor(_ value: Value) throws -> Tensor {
        guard case .tensor(let tensor) = value else { throw Failure("expected a tensor, got \(value.phrase)") }
        return tensor
    }
}
