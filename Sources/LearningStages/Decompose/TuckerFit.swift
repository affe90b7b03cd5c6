// Factors of a partial Tucker decomposition, from the Gram matrices of the axes and as few passes over the samples as the
// algorithm allows.

internal import Linear
internal import Stages
internal import Tensors

enum TuckerAlgorithm: String, Sendable, Hashable, CaseIterable, ParameterValue {
    case hooi
    case sequential = "st_hosvd"
    case hosvd
}

/// The Gram matrix of an axis taken apart.
struct AxisSpectrum {
    let size: Int
    /// The largest first, none below 0, and 0 where there is nothing but rounding.
    let values: [Double]
    private let vectors: [Double]

    init(_ gram: [Double], size: Int) throws(Failure) {
        self.size = size
        do {
            let found = try Lapack.eigen(symmetric: gram, size: size)
            let bound = (found.values.first ?? 0) * Double(64 + 10 * size) * .ulpOfOne
            values = found.values.map { $0 > bound ? $0 : 0 }
            vectors = found.vectors
        } catch LapackError.notFinite {
            throw Self.isTooLarge
        } catch {
            throw Failure("the decomposition of the training rows did not converge")
        }
        if firstNotFinite(values) != nil { throw Self.isTooLarge }
    }

    /// Positions of an axis whose Gram matrix is made, 512 MB.
    static let most = 1 << 13

    static let isTooLarge = Failure(
        "the squares of the training rows are too large for a double",
        advice: "make them smaller first, by scale.minmax or in the stage that they come from")

    /// What the first ones explain together.
    func sum(_ count: Int) -> Double { values[..<count].reduce(0, +) }

    /// The fewest that explain at least a share of the whole.
    func rank(explaining share: Double) -> Int {
        let whole = sum(size)
        var sum = 0.0
        for (index, value) in values.enumerated() {
            sum += value
            // A sum in another order would differ in its last bits.
            if sum >= share * whole * (1 - 1e-14) { return index + 1 }
        }
        return max(1, values.count { $0 > 0 })
    }

    /// What a factor keeps of the whole.
    func share(of factor: AxisFactor) -> Double {
        var products = [Double](repeating: 0, count: size * factor.rank)
        Blas.gemm(vectors, .plain(size, size), factor.elements, .plain(size, factor.rank), into: &products)
        var kept = 0.0
        for place in products.indices { kept += values[place / factor.rank] * products[place] * products[place] }
        return min(1, kept / sum(size))
    }

    /// The first eigenvectors as columns, the entry of the largest size in each positive. Those without a value are zero:
    /// what an eigensolver gives there is not in the samples.
    func factor(_ rank: Int) -> AxisFactor {
        var elements = [Double](repeating: 0, count: size * rank)
        let directions = values[..<rank].count { $0 > 0 }
        for column in 0..<directions {
            let vector = vectors[column * size..<(column + 1) * size]
            let isNegative = isTurned(vector)
            for (row, entry) in vector.enumerated() { elements[row * rank + column] = isNegative ? -entry : entry }
        }
        return AxisFactor(size: size, rank: rank, elements: elements, directions: directions)
    }
}

/// A fit: the axes are worked on in the order of `modes`.
struct TuckerFit<Number: SampleNumber> {
    let samples: Samples<Number>
    let modes: [Int]
    let ranks: [Int]
    /// Those of the samples as they are, by mode.
    let spectra: [AxisSpectrum]
    /// The squared norm of all samples.
    let squares: Double

    private(set) var factors = [Int: AxisFactor]()
    /// √| |X|² − |core|² | / |X| after each sweep; a single one where there are no sweeps.
    private(set) var errors = [Double]()
    private(set) var hasConverged = true

    init(
        _ samples: Samples<Number>, modes: [Int], ranks: [Int], spectra: [AxisSpectrum], squares: Double
    ) {
        (self.samples, self.modes, self.ranks, self.spectra, self.squares) = (samples, modes, ranks, spectra, squares)
    }

    private func error(_ core: Double) -> Double { abs(squares - core).squareRoot() / squares.squareRoot() }

    /// The factors of some axes.
    private func factors(_ axes: some Sequence<Int>) -> [Int: AxisFactor] {
        var found = [Int: AxisFactor]()
        for axis in axes { found[axis] = factors[axis] }
        return found
    }

    /// Each axis by itself.
    mutating func project() throws {
        for (position, axis) in modes.enumerated() { factors[axis] = spectra[position].factor(ranks[position]) }
        // Along a single axis the eigenvalues tell what is kept.
        let core = try modes.count == 1 ? spectra[0].sum(ranks[0]) : samples.squares(projecting: factors)
        errors = [error(core)]
    }

    /// Each axis after the samples were projected along those before it. They are held so as soon as there is room.
    mutating func projectInTurn() throws {
        factors[modes[0]] = spectra[0].factor(ranks[0])
        var core = spectra[0].sum(ranks[0])
        var (rest, applied) = (samples, 0)
        for position in modes.indices.dropFirst() {
            let pending = factors(modes[applied..<position])
            let size = AxisProjection<Number>(rest.shape, pending).count
            var gram: [Double]
            if position + 1 < modes.count, samples.fits(size) {
                rest = try rest.projected(pending)
                applied = position
                gram = try rest.gram(modes[position], projecting: [:])
            } else {
                gram = try rest.gram(modes[position], projecting: pending)
            }
            core = try update(position, &gram)
        }
        errors = [error(core)]
    }

    /// Gives an axis a factor; tells the squared norm of the core along it.
    private mutating func update(_ position: Int, _ gram: inout [Double]) throws -> Double {
        let spectrum = try AxisSpectrum(gram, size: samples.shape[modes[position]])
        factors[modes[position]] = spectrum.factor(ranks[position])
        return spectrum.sum(ranks[position])
    }

    /// Axes that are updated in one pass, and those along which the samples are projected for it.
    private struct Group {
        let range: Range<Int>
        let others: [Int]
    }

    /// The groups of a sweep: the axes are cut in two where the least has to be held; each axis by itself where even that
    /// would be too much.
    private var groups: [Group] {
        func held(_ range: Range<Int>) -> Int {
            if range.count == 1 { return 0 }
            var shape = samples.shape
            for position in modes.indices where !range.contains(position) { shape[modes[position]] = ranks[position] }
            return shape.reduce(1, *)
        }
        var best: (cut: Int, size: Int)?
        for cut in 1..<modes.count {
            let size = max(held(0..<cut), held(cut..<modes.count))
            if size < best?.size ?? .max { best = (cut, size) }
        }
        var ranges = modes.indices.map { $0..<$0 + 1 }
        if let best, samples.fits(best.size) { ranges = [0..<best.cut, best.cut..<modes.count] }
        return ranges.map { range in
            Group(range: range, others: modes.indices.filter { !range.contains($0) }.map { modes[$0] })
        }
    }

    /// Higher-order orthogonal iteration: each axis from the samples projected along all others, again and again.
    mutating func iterate(tolerance: Double, most: Int) throws {
        for (position, axis) in modes.enumerated() { factors[axis] = spectra[position].factor(ranks[position]) }
        let groups = modes.count > 1 ? groups : []
        var core = spectra[0].sum(ranks[0])
        hasConverged = tolerance == 0
        for sweep in 1...most {
            for group in groups {
                let isSingle = group.range.count == 1
                let partial = isSingle ? samples : try samples.projected(factors(group.others))
                for position in group.range {
                    let inside = group.range.filter { $0 != position }.map { modes[$0] }
                    var gram = try partial.gram(
                        modes[position], projecting: factors(isSingle ? group.others : inside))
                    core = try update(position, &gram)
                }
            }
            errors.append(error(core))
            if sweep > 2, abs(errors[sweep - 2] - errors[sweep - 1]) < tolerance {
                hasConverged = true
                break
            }
        }
    }
}
