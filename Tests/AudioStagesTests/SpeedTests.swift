import Foundation
import Media
import Stages
import Tensors
import Testing

@testable import AudioStages

/// Times load and MFCC of the files in MARTLET_SPEED_CLIPS (separated by commas), on one thread; see
/// Benchmarks/load_mfcc_librosa.py for the other side. To be run in a release build.
@Suite(
    .enabled(if: ProcessInfo.processInfo.environment["MARTLET_SPEED_CLIPS"] != nil, "MARTLET_SPEED_CLIPS is not set"))
struct SpeedTests {
    @Test func loadAndMfcc() throws {
        let clips = ProcessInfo.processInfo.environment["MARTLET_SPEED_CLIPS"] ?? ""
        for path in clips.split(separator: ",").map(String.init) {
            let media = try #require(mediaReference(path))
            let load = try AudioLoad(given: [:])
            let stft = try AudioStft(given: ["hop_length": .int(512)])
            let mfcc = try SpectrumMfcc(given: [:])
            func input(_ value: Value) -> MapInput {
                MapInput(values: [value], stream: RandomStream(named: Digest(of: .null)))
            }
            var times = [Double]()
            for _ in 0..<53 {
                let start = ContinuousClock.now
                _ = try mfcc.apply(input(stft.apply(input(load.apply(input(.media(media)))))))
                let taken = (ContinuousClock.now - start).components
                times.append(1e3 * Double(taken.seconds) + 1e-15 * Double(taken.attoseconds))
            }
            times = times.dropFirst(3).sorted()
            let name = path.split(separator: "/").last ?? ""
            print("\(name): min \(String(format: "%.2f", times[0])) ms, median \(String(format: "%.2f", times[25])) ms")
        }
    }
}

/// A file as digested media, with a fingerprint as it has now.
func mediaReference(_ path: String) -> MediaReference? {
    guard let data = FileManager.default.contents(atPath: path) else { return nil }
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    let bytes = Array(data)
    return MediaReference(
        location: MediaLocation(path: path), digest: Digest(of: bytes), size: bytes.count,
        fingerprint: Fingerprint(
            device: UInt64(status.st_dev), inode: UInt64(status.st_ino), size: Int64(status.st_size),
            modified: Int64(status.st_mtim.tv_sec) * 1_000_000_000 + Int64(status.st_mtim.tv_nsec),
            changed: Int64(status.st_ctim.tv_sec) * 1_000_000_000 + Int64(status.st_ctim.tv_nsec)))
}
