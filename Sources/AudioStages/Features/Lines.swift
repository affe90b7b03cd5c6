// Tensors as lines along one axis, for stages that work along it: `outer` blocks of `length` rows of `inner` columns.

internal import Stages
internal import Tensors

/// How a tensor lies along one of its axes.
struct Lines: Sendable {
    let position: Int
    let outer: Int
    let length: Int
    let inner: Int

    init(of tensor: Tensor, along axis: String) throws(Failure) {
        guard let position = tensor.axes.firstIndex(of: axis) else {
            throw Failure("there is no axis \(axis) in \(Value.tensor(tensor).phrase)", advice: Self.advice)
        }
        self.position = position
        outer = tensor.shape[..<position].reduce(1, *)
        length = tensor.shape[position]
        inner = tensor.shape[(position + 1)...].reduce(1, *)
    }

    static let advice = "name another axis by axis:"
}

extension Signature {
    /// The axes, where they are known; a known lack of one is a problem.
    func axes(with axis: String) throws(Problem) -> [Axis]? {
        if let axes, !axes.contains(where: { $0.name == axis }) {
            throw Problem("there is no axis \(axis) in \(phrase)", at: ["axis"], advice: Lines.advice)
        }
        return axes
    }
}

extension Tensor {
    /// Why numbers that were made from these are not finite: one of them is not, or they are too large.
    func notFinite() -> Failure {
        guard let position = (doubles() ?? []).firstIndex(where: { !$0.isFinite }) else {
            return Failure("the numbers are too large: the result is beyond the range of \(type.rawValue)")
        }
        var (rest, place) = (position, [String]())
        for (axis, size) in zip(axes, shape).reversed() {
            place.insert("\(axis) \(rest % size)", at: 0)
            rest /= size
        }
        let isNaN = (doubles() ?? [])[position].isNaN
        return Failure("the number at \(place.joined(separator: ", ")) is \(isNaN ? "not a number" : "infinite")")
    }
}
