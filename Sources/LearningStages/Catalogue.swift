// The stage types of this library, by name.

internal import Linear
public import Stages

/// `tensor.*`, `scale.*`, `decompose.*`, `classify.*`, `evaluate.*`.
public let learningStages = Catalogue(
    [
        ClassifyDecisionTree.self,
        ClassifyDummy.self,
        ClassifyExtraTrees.self,
        ClassifyGradientBoosting.self,
        ClassifyKnn.self,
        ClassifyLda.self,
        ClassifyLogisticRegression.self,
        ClassifyMlp.self,
        ClassifyNaiveBayes.self,
        ClassifyQda.self,
        ClassifyRandomForest.self,
        ClassifyStack.self,
        ClassifyVote.self,
        DecomposeLda.self,
        DecomposeNmf.self,
        DecomposePca.self,
        DecomposeRandomProjection.self,
        DecomposeTruncatedSvd.self,
        EvaluateClassification.self,
        EvaluateCompare.self,
        EvaluateImportance.self,
        ScaleMinMax.self,
        ScaleStandard.self,
        TensorConcat.self,
        TensorFlatten.self,
        TensorSummary.self,
    ],
    libraries: [.openblas: { OpenBLAS.profile }])
