// decompose.partial_tucker

internal import Stages

struct DecomposePartialTucker: TuckerStage {
    struct Parameters: ParameterSet {
        var ranks: TuckerRanks?
        var modes: [TuckerMode]?
        var options = TuckerOptions()

        static var fields: [Field<Self>] {
            [
                Field(
                    "ranks", \.ranks,
                    "how many components each axis keeps: {height: 8, width: 8}, or a list in the order of modes"),
                Field(
                    "modes", \.modes,
                    "the axes that are reduced, by number (1 is the first of a sample) or name; null: all, or those of ranks"
                ),
            ] + Field.all(of: \.options)
        }
    }

    static let declaration = Declaration(
        "decompose.partial_tucker", revision: 1, kind: .fitted,
        summary: "Partial Tucker: samples projected along some of their axes on what training samples have in common.",
        documentation: """
            A sample times the transposed factor of each reduced axis: what is left of an axis are as many components as \
            its rank. Factors have columns of length 1 at right angles, found so that the training samples keep as much \
            of their squared norm as they can; nothing is centred. Other axes, and samples, stay apart. Axes keep their \
            names and order; labels of reduced axes are dropped.

            `ranks` is a map from names of axes, or a list that goes with `modes`: numbers of axes as TensorLy has them, \
            where 0 is the axis of samples and 1 the first of a sample, or their names. Without `modes` a list has one \
            rank for each axis. In place of ranks, `explained` takes of each axis the fewest eigenvectors of its Gram \
            matrix that have this share of the squared norm; all axes, or those of `modes`.

            `algorithm`: `hosvd` takes the leading eigenvectors of each axis' Gram matrix. `st_hosvd` finds each axis after \
            the samples were reduced along those before it. `hooi` starts from hosvd and finds each axis again from the \
            samples reduced along all others, in sweeps: at least three, until the error √(|X|² − |core|²) / |X| changes by \
            less than `tol`; more than `n_iter_max` are not made, which is a warning. `tol` and `n_iter_max` are of hooi \
            alone. Axes are worked on in the order of `modes`, else in that of the sample.

            The Gram matrices are the summary: they are added up sample by sample, and shared by all ranks, algorithms and \
            tolerances of the same axes. Beside that pass hosvd makes one more over the samples, st_hosvd one and hooi two \
            a sweep; along a single axis none is needed. Samples of up to 256 MB together are read once and held. Of \
            larger ones what is held are samples reduced along some axes; where even that exceeds 512 MB, hooi makes a pass \
            an axis in each sweep, and st_hosvd one for each axis but the first.

            Samples of float32 are reduced in float32; Gram matrices are in double always. The entry of the largest size in \
            each column of a factor is positive. Directions in which the training samples have nothing, up to rounding, \
            are zero, which is a warning.

            The state has a `factor_` (axis, component) and `eigenvalues_` (axis), of the Gram matrix, for each reduced \
            axis, and `reconstruction_error`. Metrics are the error, after each sweep and at last; `n_iter`; and for each \
            axis its `rank` and `explained_variance`, the share of the squared norm that its factor keeps by itself.

            A reduced axis may have 8192 positions. Fails on samples of different sizes, on samples that are 0 everywhere, and on NaN or an infinity.

            As partial_tucker of TensorLy 0.10 with init svd: De Lathauwer, De Moor, Vandewalle, SIAM J. Matrix Anal. Appl. \
            21 (2000) 1253 and 1324; st_hosvd: Vannieuwenhoven, Vandebril, Meerbergen, SIAM J. Sci. Comput. 34 (2012) A1027.
            """,
        inputs: [tuckerPort],
        output: "the axes of a sample, the reduced ones as long as their rank; float32 from float32, else float64",
        arithmetic: [.openblas], tolerance: 1e-4)

    let parameters: Parameters
    var limits = SampleLimits()
    var options: TuckerOptions { parameters.options }
    var choice: TuckerChoice {
        TuckerChoice(ranks: parameters.ranks, modes: parameters.modes, explained: parameters.options.explained)
    }

    init(_ parameters: Parameters) throws(Problem) {
        self.parameters = parameters
        try choice.check()
    }
}
