// The stage types of this library, by name.

internal import Linear
public import Stages

/// `tensor.*`, `scale.*`, `decompose.*`, `classify.*`, `evaluate.*`.
public let learningStages = Catalogue(
    [
        ClassifyDecisionTree.self,
        ClassifyDummy.self,
        ClassifyKnn.self,
        ClassifyLda.self,
        ClassifyLogisticRegression.self,
        ClassifyStack.self,
        ClassifyVote.self,
        ClassifyNaiveBayes.self,
        ClassifyQda.self,
        DecomposeLda.self,
        DecomposeNmf.self,
        ClassifyExtraTrees.self,
        ClassifyGradientBoosting.self,
        ClassifyLogisticRegression.self,
        ClassifyRandomForest.self,
        DecomposePca.self,
        DecomposeRandomProjection.self,
        DecomposeTruncatedSvd.self,
        EvaluateClassification.self,
        EvaluateImportance.self,
        ScaleMinMax.self,
        ScaleStandard.self,
        TensorConcat.self,
        TensorFlatten.self,
        TensorSummary.self,
    ],
    libraries: [.openblas: { OpenBLAS.profile }])
