// audio.tonnetz

internal import Glibc
internal import Stages
internal import Tensors

struct AudioTonnetz: MapStage {
    static let declaration = Declaration(
        "audio.tonnetz", revision: 1, kind: .map,
        summary: "Tonal centroids: where a chroma lies on the circles of fifths, minor thirds and major thirds.",
        documentation: """
            Each frame of a chroma (any number of columns, the first of them C, over one octave) is divided by the sum \
            of its magnitudes and projected on six axes: x and y on each of the three circles. A frame of zeros gives \
            zeros.

            Fails on: anything but numbers over (time, feature), NaN and infinite numbers.

            Source: librosa 0.11, `librosa.feature.tonnetz` with `chroma` given; Harte, Sandler and Gasser, Detecting \
            Harmonic Change in Musical Audio, 2006.
            """,
        inputs: [
            Port(accepts: [.tensor], types: [.float32, .float64], axes: ["time", "feature"], "a chroma")
        ],
        output: "type of the input, axes (time, feature), labels tonnetz_fifth_x …; attributes of the input",
        arithmetic: [.libm], tolerance: 1e-6)

    let parameters: NoParameters
    init(_ parameters: NoParameters) { self.parameters = parameters }

    private static let labels = ["fifth", "minor", "major"].flatMap { ["tonnetz_\($0)_x", "tonnetz_\($0)_y"] }
    private static let advice = "put audio.features with chroma_stft before"

    func output(for inputs: [Signature]) throws(Problem) -> Signature {
        .tensor(
            inputs.first?.type,
            [Axis("time", size: inputs.first?.axes?.first?.size), Axis("feature", labels: Self.labels)])
    }

    func apply(_ input: MapInput) throws -> Value {
        let tensor = try input.tensor()
        guard tensor.axes == ["time", "feature"], tensor.shape[1] > 0 else {
            throw Failure("expected a chroma over (time, feature), got \(Value.tensor(tensor).phrase)")
        }
        let elements: Elements
        switch tensor.elements {
        case .float32(let values):
            let centroids = Self.centroids(of: values, columns: tensor.shape[1])
            guard centroids.allSatisfy(\.isFinite) else { throw tensor.notFinite() }
            elements = .float32(centroids)
        case .float64(let values):
            let centroids = Self.centroids(of: values, columns: tensor.shape[1])
            guard centroids.allSatisfy(\.isFinite) else { throw tensor.notFinite() }
            elements = .float64(centroids)
        default: throw Failure("expected float32 or float64, got \(Value.tensor(tensor).phrase)")
        }
        return .tensor(
            Tensor(
                elements, shape: [tensor.shape[0], 6], axes: tensor.axes, labels: ["feature": Self.labels],
                attributes: tensor.attributes))
    }

    /// The six axes, row-major (axis, column): steps of a fifth, a minor and a major third around their circles; the
    /// third circle has half the radius.
    private static func projection(columns: Int) -> [Double] {
        let circles: [(step: Double, radius: Double)] = [(7.0 / 6, 1), (3.0 / 2, 1), (2.0 / 3, 0.5)]
        var projection = [Double]()
        for circle in circles {
            for quarter in [0.5, 0] {
                for column in 0..<columns {
                    let place = Double(column) * (12 / Double(columns))
                    projection.append(circle.radius * cos(Double.pi * (circle.step * place - quarter)))
                }
            }
        }
        return projection
    }

    private static func centroids<Number: BinaryFloatingPoint>(of values: [Number], columns: Int) -> [Number] {
        let projection = projection(columns: columns)
        var centroids = [Number]()
        centroids.reserveCapacity(values.count / columns * 6)
        var shares = [Double](repeating: 0, count: columns)
        for start in stride(from: 0, to: values.count, by: columns) {
            var length = 0.0
            for column in 0..<columns { length += Double(abs(values[start + column])) }
            if length < Double(Number.leastNormalMagnitude) { length = 1 }
            // Rounded to the type of the input, as in librosa.
            for column in 0..<columns { shares[column] = Double(Number(Double(values[start + column]) / length)) }
            for axis in 0..<6 {
                var sum = 0.0
                for column in 0..<columns { sum += projection[axis * columns + column] * shares[column] }
                centroids.append(Number(sum))
            }
        }
        return centroids
    }
}
