// What the tests of the cache store, and where.

import Cache
import Glibc
import Tensors

/// The digest of a number, as a key, a profile or a stage.
func digest(_ number: Int) -> Digest { Digest(of: .int(number)) }

let profile = digest(-1)
let stage = digest(-2)

/// A tensor of floats, different for each seed.
func tensor(_ count: Int, seed: Int = 0) -> Tensor {
    Tensor(
        .float32((0..<count).map { Float($0 &* 7 &+ seed) }), shape: [count], axes: ["time"],
        attributes: ["sample_rate": .int(22050), "seed": .int(seed)])
}

func note(_ number: Int) -> Canonical { .map(["run": .text("r\(number)"), "stage": .text("audio.stft")]) }

extension Store {
    /// Stores a small tensor under a number.
    @discardableResult
    func put(_ number: Int, _ value: Value? = nil, keepsValue: Bool = true) throws(CacheError) -> Record {
        try store(
            key: digest(number), profile: profile, stage: stage, value: value ?? .tensor(tensor(5, seed: number)),
            digest: nil, keepsValue: keepsValue, note: note(number))
    }

    /// Whether a number's small tensor is there, whole.
    func has(_ number: Int) throws -> Bool {
        guard let record = try lookup(digest(number), profile: profile) else { return false }
        return try value(of: record) == .tensor(tensor(5, seed: number)) && record.note == note(number)
    }
}

/// A directory that is removed when the test is done with it.
final class TemporaryDirectory: Sendable {
    let path: String

    init() {
        let root = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        path = "\(root)/martlet-cache-\(getpid())-\(UInt64.random(in: 0 ... .max))"
        mkdir(path, 0o700)
    }

    deinit { Self.remove(path) }

    private static func remove(_ path: String) {
        for entry in ((try? Disk().list(path)) ?? nil) ?? [] { remove("\(path)/\(entry.name)") }
        _ = Glibc.remove(path)
    }

    /// The bytes of a file.
    func read(_ name: String) -> [UInt8]? {
        let disk = Disk()
        guard let size = try? disk.size(of: "\(path)/\(name)") else { return nil }
        return try? disk.read("\(path)/\(name)", from: 0, count: size)
    }

    func write(_ bytes: [UInt8], to name: String) throws {
        try bytes.withUnsafeBytes { try Disk().write([$0], to: "\(path)/\(name)") }
    }

    func list(_ name: String) -> [String] { ((try? Disk().list("\(path)/\(name)")) ?? nil)?.map(\.name) ?? [] }
}
