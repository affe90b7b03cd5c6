// Frames whose values are those of others, at other places: copied in pieces that lie together.

internal import Stages
internal import Tensors

extension VideoFrames {
    /// The elements of `count` pieces of `length` each, one behind the other.
    func pieces(_ count: Int, of length: Int, from start: (Int) -> Int) throws(Failure) -> Elements {
        func copied<Element>(_ values: [Element]) -> [Element] {
            var output = [Element]()
            output.reserveCapacity(count * length)
            for piece in 0..<count {
                let first = start(piece)
                output.append(contentsOf: values[first..<first + length])
            }
            return output
        }
        return switch tensor.elements {
        case .uint8(let values): .uint8(copied(values))
        case .float32(let values): .float32(copied(values))
        case .float64(let values): .float64(copied(values))
        default: throw notFrames
        }
    }

    /// Why elements of another type than those of frames do not pass.
    var notFrames: Failure { Failure("expected uint8, float32 or float64 frames, got \(tensor.type.rawValue)") }
}
