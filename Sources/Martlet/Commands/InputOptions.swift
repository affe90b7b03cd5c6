// Files that commands take as inputs: what a .npy file does not say of itself, and what becomes of it.

internal import ArgumentParser
internal import Media
internal import Stages
internal import Tensors

struct InputOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Names of the axes of .npy inputs, separated by commas; the default is what the stage expects.",
            valueName: "names"))
    var axes: String?

    @Option(
        name: .customLong("attribute"),
        help: ArgumentHelp("An attribute of .npy inputs, as sample_rate=22050.", valueName: "name=value"))
    var attributes: [String] = []

    static func isTensor(_ path: String) -> Bool { path.hasSuffix(".npy") }

    /// Whether a file is taken for a video, by its name.
    static func isVideo(_ path: String) -> Bool {
        let ending = path.split(separator: ".").last.map { $0.lowercased() } ?? ""
        return [
            "mp4", "m4v", "mov", "avi", "mkv", "webm", "mpg", "mpeg", "ogv", "wmv", "flv", "ts", "mts", "m2ts", "3gp",
            "gif", "y4m",
        ]
        .contains(ending)
    }

    static func reference(_ path: String) throws -> MediaReference {
        try MediaReader.digest(MediaLocation(path: absolutePath(path)))
    }

    /// The attributes that were given.
    func scalars() throws -> [String: Scalar] {
        var result = [String: Scalar]()
        for text in attributes {
            let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2 else { throw UsageError(message: "--attribute takes name=value; got \(text)") }
            result[parts[0]] =
                Int(parts[1]).map { .int($0) } ?? Double(parts[1]).map { .float($0) } ?? .string(parts[1])
        }
        return result
    }

    /// A .npy file.
    /// - Parameter expected: names of the axes where none were given.
    func tensor(_ path: String, expecting expected: [[String]], attributes: [String: Scalar]) throws -> Tensor {
        let reference = try Self.reference(path)
        let names = axes?.split(separator: ",").map(String.init)
        let tensor: Tensor
        do throws(NpyError) {
            tensor = try Npy.decode(try Self.bytes(reference)) { count in
                if let names, names.count == count, Set(names).count == count { return names }
                return expected.first { $0.count == count } ?? Npy.defaultAxes(count)
            }
        } catch {
            throw Failure("\(path): \(error)")
        }
        if let names, names.count != tensor.shape.count || Set(names).count != names.count {
            throw UsageError(
                message:
                    "--axes takes a name for each axis; \(path) has \(tensor.shape.count), got \(names.joined(separator: ","))"
            )
        }
        return Tensor(tensor.elements, shape: tensor.shape, axes: tensor.axes, attributes: attributes)
    }

    private static func bytes(_ reference: MediaReference) throws(NpyError) -> [UInt8] {
        guard let bytes = try? MediaReader.read(reference) else { throw .notNpy }
        return bytes
    }
}
