// What becomes of a result: it is described, or written as numbers or as a picture.

internal import ArgumentParser
internal import Engine
internal import Foundation
internal import Media
internal import Stages
internal import Tensors

struct ResultOptions: ParsableArguments {
    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "Write the result to this file: .npy for the numbers, .svg for a picture, .png for an image (frames, gradients), .mp4 for a video; otherwise it is described.",
            valueName: "file"))
    var out: String?

    @Option(
        name: .customLong("at"),
        help: ArgumentHelp(
            "Take one position along an axis of the result, by its number from 0 or its label.",
            valueName: "axis=position"))
    var choices: [String] = []

    /// What can be written.
    private enum Form: String, CaseIterable { case npy, svg, png, mp4 }

    private var form: Form? { out.flatMap { out in Form.allCases.first { out.hasSuffix("." + $0.rawValue) } } }

    /// Whether the result is to be a picture with scales.
    var isChart: Bool { form == .svg }

    /// Told before anything is computed.
    /// - Parameter inputs: the files that the result is made of.
    func check(inputs: [String] = []) throws {
        if let out, inputs.contains(where: { Self.isSame($0, out) }) {
            throw UsageError(message: "--out would replace the input \(out)\n    = give another name")
        }
        if let out, form == nil {
            throw UsageError(
                message: "--out takes a name in .npy, for numbers, .svg, for a picture, .png, for an image, or .mp4, "
                    + "for a video; got \(out)")
        }
        _ = try positions()
    }

    private static func isSame(_ one: String, _ other: String) -> Bool {
        func place(_ path: String) -> String { URL(fileURLWithPath: path).resolvingSymlinksInPath().path }
        return place(one) == place(other)
    }

    /// The part of a result that is asked for.
    private func chosen(of tensor: Tensor) throws -> Tensor {
        var tensor = tensor
        for (name, position) in try positions() {
            guard let axis = tensor.axes.firstIndex(of: name) else {
                throw UsageError(
                    message: "--at: there is no axis \(name) in \(Value.tensor(tensor).phrase)"
                        + (nearest(to: name, among: tensor.axes).map { "; did you mean \($0)?" } ?? ""))
            }
            let labels = tensor.labels[name] ?? []
            guard let place = labels.firstIndex(of: position) ?? Int(position),
                (0..<tensor.shape[axis]).contains(place)
            else {
                throw UsageError(
                    message: tensor.shape[axis] == 0
                        ? "--at: \(name) has no positions"
                        : "--at: expected a position along \(name) from 0 to \(tensor.shape[axis] - 1)"
                            + (labels.isEmpty ? "" : ", or a label such as \(labels[0])") + ", got \(position)")
            }
            tensor = tensor.chosen(axis: axis, position: place)
        }
        return tensor
    }

    /// Describes a result, or writes it and says so.
    /// - Parameter maker: what made it.
    func give(_ value: Value, of maker: String, titled title: String) throws {
        guard case .tensor(let whole) = value else {
            if out != nil {
                throw UsageError(
                    message: "\(maker) gives \(value.phrase), which "
                        + (form == .npy ? "no .npy file can hold" : "no picture can show"))
            }
            if !choices.isEmpty { throw UsageError(message: "--at is for tensors; \(maker) gives \(value.phrase)") }
            for line in TensorText.describe(value) { print(line) }
            return
        }
        let tensor = try chosen(of: whole)
        guard let out, let form else {
            for line in TensorText.describe(tensor) { print(line) }
            return
        }
        var facts = [Value.tensor(tensor).phrase]
        switch form {
        case .npy: try write(Npy.encode(tensor))
        case .svg: try write(TensorPicture.picture(of: tensor, title: ([title] + choices).joined(separator: ", ")))
        case .png:
            guard let video = VideoPicture(tensor) else { throw noImage(tensor, "a .png holds an image", "") }
            let (frame, fact) = video.still
            if let fact { facts.append(fact + " (--at time=… for another)") }
            let pixels = frame.pixels()
            try write(Png.encode(pixels, enlarged: frame.enlargement))
        case .mp4:
            guard let video = VideoPicture(tensor), video.frameCount != nil else {
                throw noImage(tensor, "an .mp4 holds images over time", "time, ")
            }
            let (clip, isRateKnown) = try video.clip()
            if !isRateKnown { facts.append("at 25 frames a second, as it has no attribute frame_rate") }
            let bytes: [UInt8]
            do throws(MediaRequestFailure) {
                bytes = try Mp4Encoder().encode(frames: clip.frames, rate: clip.rate)
            } catch {
                throw Failure("\(out): \(error.description)")
            }
            try write(bytes)
        }
        print("\(out): \(facts.joined(separator: " · "))")
    }

    private func noImage(_ tensor: Tensor, _ what: String, _ time: String) -> any Error {
        if tensor.count == 0 {
            return Failure("\(Value.tensor(tensor).phrase) is empty: there is nothing to draw")
        }
        return UsageError(
            message: "\(what), over (\(time)height, width) and channel or quantity; this is "
                + "\(Value.tensor(tensor).phrase)\n    = colours are bytes; --at takes a part, as --at channel=0, and an .svg draws what is no image"
        )
    }

    func write(_ picture: Picture) throws { try write(Array(picture.svg.utf8)) }

    private func write(_ bytes: [UInt8]) throws {
        guard let out else { return }
        do throws(RecordsError) { try PlainFile.write(bytes, to: out) } catch {
            throw RecordsError(path: out, cause: error.cause, advice: "choose another place with --out")
        }
    }

    private func positions() throws -> [(axis: String, position: String)] {
        try choices.map { text in
            let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2 else {
                throw UsageError(message: "--at takes axis=position, as in --at channel=0; got \(text)")
            }
            return (parts[0], parts[1])
        }
    }
}
