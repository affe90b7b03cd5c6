// audio.spectrum.poly_features

internal import Linear
internal import Stages
internal import Tensors

struct SpectrumPoly: SpectrumFeature {
    static let name = "poly_features"
    static let subject = "A polynomial in frequency, fitted to the magnitudes"
    static let documentation = """
        The coefficients of the least-squares polynomial of degree `order` in Hz, highest power first: order + 1 columns. \
        Solved in double precision by orthogonal polynomials over the bins, given in float32.

        Fails on: fewer frequencies than coefficients.

        Source: librosa 0.11, `librosa.feature.poly_features`.
        """
    static let labelPhrase = "poly_0 …"
    static let arithmetic: Set<NumericLibrary> = [.openblas]
    static let tolerance: Double? = 1e-5

    struct Parameters: ParameterSet {
        var order = 1

        static var fields: [Field<Parameters>] {
            [Field("order", \.order, as: .int(.between(0, 12)), "the degree")]
        }
    }

    let parameters: Parameters
    var labels: [String] { (0...parameters.order).map { "poly_\($0)" } }
    init(_ parameters: Parameters) { self.parameters = parameters }

    func apply(_ input: MapInput) throws -> Value {
        let spectrum = try input.spectrum()
        guard spectrum.bins > parameters.order else {
            throw Failure(
                "a polynomial of order \(parameters.order) needs more than \(parameters.order) frequencies, the "
                    + "transform has \(spectrum.bins)", advice: "lower order, or raise n_fft")
        }
        let columns = parameters.order + 1
        let key = Key(bins: spectrum.bins, step: spectrum.sampleRate / Double(spectrum.size), columns: columns)
        let fit = Self.fits.value(key) { Self.fit(over: key.bins, step: key.step, columns: columns) }
        var coefficients = [Double](repeating: 0, count: spectrum.frames * columns)
        Blas.gemm(
            try spectrum.magnitudes().map(Double.init), .plain(spectrum.frames, spectrum.bins), fit,
            .transposed(columns, spectrum.bins), into: &coefficients)
        return try spectrum.features(coefficients.map { Float($0) }, labels: labels)
    }

    private struct Key: Hashable {
        let bins: Int
        let step: Double
        let columns: Int
    }
    private static let fits = Kept<Key, [Double]>(most: 64)

    /// Row-major (coefficient, bin): what each bin adds to each coefficient, highest power first.
    private static func fit(over bins: Int, step: Double, columns: Int) -> [Double] {
        // Powers of x from 0 to 1, made orthonormal one after another, twice, as once is not enough for high powers;
        // `triangle` turns coefficients of the powers into those of the orthonormal columns.
        let points = (0..<bins).map { Double($0) / Double(max(1, bins - 1)) }
        var basis = [[Double]]()
        var triangle = [[Double]](repeating: [Double](repeating: 0, count: columns), count: columns)
        var power = [Double](repeating: 1, count: bins)
        for column in 0..<columns {
            var rest = power
            for _ in 0..<2 {
                for (index, earlier) in basis.enumerated() {
                    let share = zip(earlier, rest).reduce(0) { $0 + $1.0 * $1.1 }
                    triangle[index][column] += share
                    for bin in 0..<bins { rest[bin] -= share * earlier[bin] }
                }
            }
            let norm = rest.reduce(0) { $0 + $1 * $1 }.squareRoot()
            triangle[column][column] = norm
            basis.append(rest.map { $0 / norm })
            for bin in 0..<bins { power[bin] *= points[bin] }
        }
        // The inverse of the triangle, row by row from the last, applied to the orthonormal columns.
        var rows = [[Double]](repeating: [], count: columns)
        for column in (0..<columns).reversed() {
            var row = basis[column]
            for other in column + 1..<columns {
                for bin in 0..<bins { row[bin] -= triangle[column][other] * rows[other][bin] }
            }
            rows[column] = row.map { $0 / triangle[column][column] }
        }
        var scale = 1.0
        for column in 0..<columns {
            for bin in 0..<bins { rows[column][bin] *= scale }
            scale /= step * Double(max(1, bins - 1))
        }
        return rows.reversed().flatMap { $0 }
    }
}
