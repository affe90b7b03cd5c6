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
        abstract: "Look at a sound, a video or a .npy file: describe it, or draw it.",
        discussion: """
            A sound is loaded by audio.load, at its own rate; its picture is the waveform above a spectrogram. A video is \
            decoded by video.decode; its picture is the middle frame, or that of --at time=12. With --gradients it is the \
            magnitude, azimuth and polar angle of video.gradients side by side, in an .mp4 for every frame. Values on \
            their way through an experiment are shown by martlet peek, runs by martlet runs show.

            Examples: martlet show clip.wav --out clip.svg · martlet show mfcc.npy --axes time,feature --attribute \
            sample_rate=22050 --attribute hop_length=512 --out mfcc.svg · martlet show clip.mp4 --with '{scale: 1/3}' \
            --gradients --out gradients.mp4
            """)

    @Argument(help: "A sound or video file, or .npy.", completion: .file())
    var file: String

    @Option(
        name: .customLong("with"),
        help: ArgumentHelp(
            "Parameters of audio.load for a sound file, of video.decode for a video.", valueName: "{name: value, …}"))
    var parameters: String?

    @Flag(help: "The gradients of a video or of frames in a .npy file.")
    var gradients = false

    @OptionGroup var inputOptions: InputOptions
    @OptionGroup var resultOptions: ResultOptions

    func run() throws {
        try resultOptions.check(inputs: [file])
        let attributes = try inputOptions.scalars()
        var isDirectory: ObjCBool = false
        if FileManager.default.fileExists(atPath: file, isDirectory: &isDirectory), isDirectory.boolValue {
            throw UsageError(
                message:
                    "\(file) is a directory; show takes a file\n    = martlet runs show is for the records of a run")
        }
        let title = file.split(separator: "/").last.map(String.init) ?? file
        if InputOptions.isTensor(file) {
            if parameters != nil {
                throw UsageError(message: "--with is for sound and video files; \(file) is .npy")
            }
            let expected = gradients ? try ApplyCommand.stageType("video.gradients").declaration.inputs.first : nil
            let tensor = try inputOptions.tensor(
                file, expecting: expected.map { $0.axes.map { [$0] } ?? $0.usualAxes } ?? [], attributes: attributes)
            try resultOptions.give(.tensor(gradients ? try slopes(of: tensor) : tensor), of: file, titled: title)
            return
        }
        if inputOptions.axes != nil || !attributes.isEmpty {
            throw UsageError(message: "--axes and --attribute are for .npy files; \(file) is none")
        }
        if InputOptions.isVideo(file) {
            let given = try ApplyCommand.parameters(parameters ?? "{}")
            var (frames, name) = (try load("video.decode", given), title)
            if gradients {
                if given["scale"] == nil, given["size"] == nil, let width = frames.size(of: "width"),
                    width > Self.widest
                {
                    frames = try apply(
                        "video.resize", ["scale": .float(Double(Self.widest) / Double(width))], to: frames)
                    name += ", \(frames.size(of: "width") ?? 0) × \(frames.size(of: "height") ?? 0)"
                }
                frames = try slopes(of: frames)
            }
            try resultOptions.give(.tensor(frames), of: file, titled: name)
            return
        }
        if gradients { throw UsageError(message: "--gradients is for videos and frames; \(file) is neither") }
        let signal = try load()
        guard resultOptions.isChart, signal.axes == ["time"], resultOptions.choices.isEmpty else {
            try resultOptions.give(.tensor(signal), of: file, titled: title)
            return
        }
        try resultOptions.write(
            TensorPicture.picture(ofSignal: signal, spectrum: try spectrum(of: signal), title: title))
        print("\(resultOptions.out ?? ""): \(Value.tensor(signal).phrase)")
    }

    /// Gradients take many times the bytes of frames: without a size in --with they are of frames of this width at most.
    private static let widest = 480

    private func slopes(of frames: Tensor) throws -> Tensor {
        try apply("video.gradients", ["dtype": .text("float32")], to: frames)
    }

    private func apply(_ type: String, _ given: [String: Canonical], to tensor: Tensor) throws -> Tensor {
        let stage = try ApplyCommand.stage(try ApplyCommand.stageType(type), with: given)
        do throws(Problem) { _ = try stage.output(for: [Signature(of: .tensor(tensor))]) } catch {
            throw UsageError(message: "--gradients: " + error.message + (error.advice.map { "\n    = " + $0 } ?? ""))
        }
        return try Self.tensor(ApplyCommand.apply(stage, to: [.tensor(tensor)], names: [file], seed: 0))
    }

    /// The sound, at its own rate unless told otherwise.
    private func load() throws -> Tensor {
        var given = try ApplyCommand.parameters(parameters ?? "{}")
        if given["sample_rate"] == nil { given["sample_rate"] = .null }
        return try load("audio.load", given)
    }

    private func load(_ loader: String, _ given: [String: Canonical]) throws -> Tensor {
        try Self.tensor(
            ApplyCommand.apply(
                try ApplyCommand.stage(try ApplyCommand.stageType(loader), with: given),
                to: [.media(try InputOptions.reference(file))], names: [file], seed: 0))
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
