// Splits of training rows for inner folds: of whole groups where the outer split keeps them, so that no actor is on both
// sides of an inner fold either.

internal import Stages

func groupFolds(_ count: Int, _ stratify: Stratify = .no) -> SplitGroupKFold {
    var parameters = SplitGroupKFold.Parameters()
    parameters.nSplits = count
    parameters.stratify = stratify
    return SplitGroupKFold(parameters)
}

func plainFolds(_ count: Int, _ stratify: Stratify = .no) -> SplitKFold {
    var parameters = SplitKFold.Parameters()
    parameters.nSplits = count
    parameters.stratify = stratify
    return SplitKFold(parameters)
}
