// What becomes of a result: it is described, or written as numbers or as a picture.

internal import ArgumentParser
internal import Engine
internal import Stages
internal import Tensors

struct ResultOptions: ParsableArguments {
    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "Write the result to this file: .npy for the numbers, .svg for a picture; otherwise it is described.",
            valueName: "file"))
    var out: String?

    @Option(
        name: .customLong("at"),
        help: ArgumentHelp(
            "Take one position along an axis of the result, by its number from 0 or its label.",
            valueName: "axis=position"))
    var choices: [String] = []

    /// Whether the result is to be a picture.
    var isPicture: Bool { out?.hasSuffix(".svg") ?? false }

    /// Told before anything is computed.
    func check() throws {
        if let out, !isPicture, !out.hasSuffix(".npy") {
            throw UsageError(message: "--out takes a name in .npy, for numbers, or .svg, for a picture; got \(out)")
        }
        _ = try positions()
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
                        + (isPicture ? "no picture can show" : "no .npy file can hold"))
            }
            if !choices.isEmpty { throw UsageError(message: "--at is for tensors; \(maker) gives \(value.phrase)") }
            for line in TensorText.describe(value) { print(line) }
            return
        }
        let tensor = try chosen(of: whole)
        guard let out else {
            for line in TensorText.describe(tensor) { print(line) }
            return
        }
        if isPicture {
            try write(TensorPicture.picture(of: tensor, title: ([title] + choices).joined(separator: ", ")))
        } else {
            try write(Npy.encode(tensor))
        }
        print("\(out): \(Value.tensor(tensor).phrase)")
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
