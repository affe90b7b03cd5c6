// Rows as the article's: 960 rows of 3228 features, eight classes.

internal import Foundation
internal import Stages
internal import Tensors

/// The rows of a file, which is made where there is none.
func articleRows(_ path: URL) throws -> [[Value]] {
    if !FileManager.default.fileExists(atPath: path.path) {
        try Data(Npy.encode(madeRows(960, 3228, classes: 8))).write(to: path)
    }
    let table = try Npy.decode(Array(Data(contentsOf: path)))
    let (elements, columns) = (table.floats() ?? [], table.shape[1])
    return (0..<table.shape[0]).map { row in
        let own = Array(elements[row * columns..<(row + 1) * columns])
        return [.tensor(Tensor(.float32(own), shape: [columns], axes: ["feature"]))]
    }
}

/// Rows of classes in turn: each feature is noise and a little of what its class has there.
private func madeRows(_ rows: Int, _ columns: Int, classes: Int) -> Tensor {
    var stream = RandomStream(named: Digest(of: .text("benchmark")))
    func normal() -> Double { stream.uniform() + stream.uniform() + stream.uniform() + stream.uniform() - 2 }
    let centres = (0..<classes * columns).map { _ in normal() }
    var elements = [Float]()
    elements.reserveCapacity(rows * columns)
    for row in 0..<rows {
        for column in 0..<columns {
            elements.append(Float(0.3 * centres[row % classes * columns + column] + normal()))
        }
    }
    return Tensor(.float32(elements), shape: [rows, columns], axes: ["row", "feature"])
}
