// The round trip to a worker process: an array there, through `tensor.flatten`, which changes nothing, and back as a value.
// Beside it, in the same rounds, a copy of the same bytes there and back within this process. Prints medians in
// microseconds, one figure a line, for Benchmarks/run. Usage: WorkerBenchmark MARTLET

internal import Foundation
internal import Tensors
internal import Workers

@main
enum Main {
    static func main() throws {
        let worker = try Worker(command: [CommandLine.arguments[1], "worker"])
        try report("small", worker, count: 100, rounds: 5000)
        try report("large", worker, count: 15_000_000 / 4, rounds: 101)
        worker.end()
    }

    private static func report(_ name: String, _ worker: Worker, count: Int, rounds: Int) throws {
        let tensor = Tensor(.float32((0..<count).map { Float($0) }), shape: [count], axes: ["feature"])
        let request = Request(type: "tensor.flatten", values: [.tensor(tensor)])
        let (there, back) = (Room(4 * count), Room(4 * count))
        var trips = [Double]()
        var copies = [Double]()
        for round in 0..<rounds + rounds / 10 {
            let start = now()
            let answer = try worker.perform(request).get()
            let middle = now()
            tensor.elements.withBytes { there.take($0) }
            back.take(UnsafeRawBufferPointer(there.bytes))
            let end = now()
            guard case .value(.tensor(let arrived)) = answer, arrived.count == count else { fatalError("\(answer)") }
            // The first tenth warms up.
            if round < rounds / 10 { continue }
            trips.append(middle - start)
            copies.append(end - middle)
        }
        print(name, median(trips), median(copies))
    }

    private struct Room {
        let bytes: UnsafeMutableRawBufferPointer
        init(_ count: Int) { bytes = .allocate(byteCount: count, alignment: 64) }
        func take(_ source: UnsafeRawBufferPointer) { bytes.copyMemory(from: source) }
    }

    private static func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }

    private static func now() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) * 1e6 + Double(time.tv_nsec) / 1e3
    }
}
