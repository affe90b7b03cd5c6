// `martlet-media`, the process that decodes and encodes with libav, as its clients find it.

internal import Glibc
public import Tensors
internal import Workers

/// The program, and what it is asked outside of experiments.
public enum MediaProcess {
    private static let name = "martlet-media"

    /// How it is started.
    /// - Throws: `MediaProcessMissing`.
    public static func command() throws(MediaProcessMissing) -> [String] {
        guard let program else { throw MediaProcessMissing() }
        return [program]
    }

    /// Beside this program, as it is built and installed; or where programs are looked for.
    private static let program: String? = {
        var places = [String]()
        if let own = realpath("/proc/self/exe", nil) {
            defer { free(own) }
            places.append(
                String(String(cString: own).split(separator: "/").dropLast().reduce(into: "") { $0 += "/" + $1 }))
        }
        if let path = getenv("PATH") { places += String(cString: path).split(separator: ":").map(String.init) }
        return places.map { $0 + "/" + name }.first { access($0, X_OK) == 0 }
    }()

    /// The versions of libav and the instructions that it uses: what results depend on.
    public static let profile: String = {
        guard case .bundle(let bundle)? = try? ask("media.version"), case .string(let text)? = bundle.scalars["libav"]
        else { return "not found" }
        return text
    }()

    /// One answer of a process that is started for it.
    static func ask(
        _ type: String, parameters: [String: Canonical] = [:], values: [Value] = []
    ) throws(MediaRequestFailure) -> Value {
        let worker = try start()
        defer { worker.end() }
        return try ask(worker, type, parameters: parameters, values: values)
    }

    fileprivate static func start() throws(MediaRequestFailure) -> Worker {
        do { return try Worker(command: command()) } catch { throw MediaRequestFailure(description: "\(error)") }
    }

    fileprivate static func ask(
        _ worker: Worker, _ type: String, parameters: [String: Canonical], values: [Value]
    ) throws(MediaRequestFailure) -> Value {
        let answer: Result<Answer, Death>
        do {
            answer = try worker.perform(Request(type: type, parameters: parameters, values: values))
        } catch { throw MediaRequestFailure(description: "\(error)") }
        switch answer {
        case .failure(let death): throw MediaRequestFailure(description: "\(name) \(death)")
        case .success(.failure(let cause, _)): throw MediaRequestFailure(description: cause)
        case .success(.value(let value)): return value
        }
    }
}

/// The program is not there.
public struct MediaProcessMissing: Error, Sendable, Hashable, CustomStringConvertible {
    public var description: String {
        "the program martlet-media, which decodes video, is neither beside martlet nor on PATH; build or install it with "
            + "make build, make install"
    }
}

/// Why a request came to nothing.
public struct MediaRequestFailure: Error, Sendable, Hashable, CustomStringConvertible {
    public let description: String
}

/// Video files for people, one after another by one process. Used by one thread.
public final class Mp4Encoder {
    private let worker: Worker

    public init() throws(MediaRequestFailure) { worker = try MediaProcess.start() }

    deinit { worker.end() }

    /// An .mp4 file of H.264, or of MPEG-4 part 2 where libav has no encoder for that, with sound as AAC. The same input gives
    /// the same bytes with the same libav.
    /// - Parameters:
    ///   - frames: uint8, axes (time, height, width, channel), three channels, height and width even.
    ///   - rate: frames a second, above 0.
    ///   - sound: float32, axes (time), with the attribute `sample_rate`, in Hz.
    public func encode(frames: Tensor, rate: Double, sound: Tensor? = nil) throws(MediaRequestFailure) -> [UInt8] {
        var values = [Value.tensor(frames)]
        if let sound { values.append(.tensor(sound)) }
        let answer = try MediaProcess.ask(worker, "media.mp4", parameters: ["rate": .float(rate)], values: values)
        guard case .tensor(let file) = answer, case .uint8(let bytes) = file.elements else {
            throw MediaRequestFailure(description: "martlet-media gave no file")
        }
        return bytes
    }
}
