// features.bspline

internal import Stages
internal import Tensors

struct FeaturesBspline: MapStage {
    static let declaration = Declaration(
        "features.bspline", revision: 1, kind: .map,
        summary: "Fit a spline of fixed size to each feature's course over time.",
        documentation: """
            The values along `axis` are taken as points at equal distances over [0, 1], the first at 0 and the last at \
            1. Each column is fitted, by least squares, with n_knots + order - 2 B-splines on n_knots equally spaced \
            knots over [0, 1] with the ends clamped; the coefficients are the output. So clips of any length get equally \
            many numbers, and can be joined and compared. `order` is the degree plus one: 4 is cubic.

            The functions are continuous from the right at the inner knots; the last one is 1 at 1.

            With `ridge`, |y - Xc|² + ridge · |c|² is minimised, which has a solution for any number of frames. float64, \
            whatever the input is.

            Fails on: fewer frames than functions without `ridge`, functions that are nearly dependent on so few frames, \
            NaN and infinite numbers.

            Source: scikit-fda 0.10, `BSplineBasis`; de Boor, A Practical Guide to Splines, 1978. Banded Cholesky \
            factor of X'X, and a step of refinement where that is not well conditioned.
            """,
        inputs: [
            Port(
                accepts: [.tensor], types: [.float32, .float64], usualAxes: [["time"], ["time", "feature"]],
                "numbers over (time, feature) or the like")
        ],
        output: "float64, the axes of the input with basis in place of time; labels of the input; no hop_length, n_fft")

    struct Parameters: ParameterSet {
        var knots = 12
        var order = 4
        var ridge: Double?
        var axis = "time"

        static var fields: [Field<Parameters>] {
            [
                Field("n_knots", \.knots, as: .int(.between(2, 10_000)), "how many knots, the ends among them"),
                Field("order", \.order, as: .int(.between(1, 16)), "degree plus one: 4 is cubic"),
                Field(
                    "ridge", \.ridge, as: .optional(.float(.above(0))),
                    "weight of the squared coefficients in what is minimised; null for least squares alone"),
                Field("axis", \.axis, as: .axis, "the axis to fit along"),
            ]
        }
    }

    let parameters: Parameters
    init(_ parameters: Parameters) { self.parameters = parameters }

    private var functions: Int { parameters.knots + parameters.order - 2 }

    func output(for inputs: [Signature]) throws(Problem) -> Signature {
        guard let axes = try inputs.first?.axes(with: parameters.axis) else { return .tensor(.float64) }
        if let frames = axes.first(where: { $0.name == parameters.axis })?.size, isTooShort(frames) {
            let failure = tooShort(frames)
            throw Problem(failure.cause, at: ["n_knots"], advice: failure.advice)
        }
        if parameters.axis != "basis", axes.contains(where: { $0.name == "basis" }) { throw Problem(Self.hasBasis) }
        return .tensor(.float64, axes.map { $0.name == parameters.axis ? Axis("basis", size: functions) : $0 })
    }

    func apply(_ input: MapInput) throws -> Value {
        let tensor = try input.tensor()
        let lines = try Lines(of: tensor, along: parameters.axis)
        if lines.length == 0 { throw Failure("there is nothing along the axis \(parameters.axis)") }
        if isTooShort(lines.length) { throw tooShort(lines.length) }
        if parameters.axis != "basis", tensor.axes.contains("basis") { throw Failure(Self.hasBasis) }
        let key = SplineFit.Key(
            knots: parameters.knots, order: parameters.order, frames: lines.length, ridge: parameters.ridge ?? 0)
        guard let fit = SplineFit.fit(key) else {
            throw Failure(
                "\(functions) functions of order \(parameters.order) are nearly dependent on \(lines.length) frames",
                advice: parameters.ridge == nil
                    ? "lower n_knots or order, or give ridge: a small number above 0" : "raise ridge")
        }
        let coefficients: [Double]
        switch tensor.elements {
        case .float32(let values): coefficients = fit.coefficients(of: values, lines)
        case .float64(let values): coefficients = fit.coefficients(of: values, lines)
        default: throw Failure("expected float32 or float64, got \(Value.tensor(tensor).phrase)")
        }
        guard coefficients.allSatisfy(\.isFinite) else { throw tensor.notFinite() }
        var (shape, axes) = (tensor.shape, tensor.axes)
        shape[lines.position] = functions
        axes[lines.position] = "basis"
        return .tensor(
            Tensor(
                .float64(coefficients), shape: shape, axes: axes,
                labels: tensor.labels.filter { $0.key != parameters.axis },
                attributes: tensor.attributes.filter { !["hop_length", "n_fft"].contains($0.key) }))
    }

    private static let hasBasis = "there is an axis basis already"

    private func isTooShort(_ frames: Int) -> Bool { parameters.ridge == nil && frames < functions }

    private func tooShort(_ frames: Int) -> Failure {
        let knots = frames - parameters.order + 2
        return Failure(
            "\(frames) frames are fewer than the \(functions) functions that n_knots = \(parameters.knots) and order = "
                + "\(parameters.order) make, so the fit is not determined",
            advice: (knots >= 2 ? "lower n_knots to \(knots) or less" : "lower order and n_knots")
                + ", or give ridge: a small number above 0, such as 1e-3")
    }
}
