// What the samples at hand already have: values that are held while a worker takes them through a chain.

internal import Tensors

/// Values by node and row, and how many bytes they are.
struct Memo {
    private var values: [Int: [Int: Value]] = [:]
    private(set) var bytes = 0
    /// The most that was held at once.
    private(set) var peak = 0

    subscript(node: Int, row: Int) -> Value? { values[node]?[row] }

    mutating func keep(_ value: Value, _ node: Int, _ row: Int) {
        bytes += value.byteCount
        peak = max(peak, bytes)
        if let old = values[node, default: [:]].updateValue(value, forKey: row) { bytes -= old.byteCount }
    }

    /// Lets go of what nobody takes any more.
    mutating func forget(_ node: Int) {
        guard let gone = values.removeValue(forKey: node) else { return }
        for value in gone.values { bytes -= value.byteCount }
    }
}
