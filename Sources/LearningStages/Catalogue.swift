// The stage types of this library, by name.

internal import Linear
public import Stages

/// `tensor.*`, `scale.*`, `decompose.*`, `classify.*`, `regress.*`, `evaluate.*`.
public let learningStages = Catalogue(
    [
        ClassifyDecisionTree.self,
        ClassifyDummy.self,
        ClassifyExtraTrees.self,
        ClassifyGradientBoosting.self,
        ClassifyKnn.self,
        ClassifyLda.self,
        ClassifyLinearSvm.self,
        ClassifyLogisticRegression.self,
        ClassifyMlp.self,
        ClassifyNaiveBayes.self,
        ClassifyQda.self,
        ClassifyRandomForest.self,
        ClassifyStack.self,
        ClassifySvm.self,
        ClassifyVote.self,
        DecomposeCp.self,
        DecomposeLda.self,
        DecomposeNmf.self,
        DecomposePartialTucker.self,
        DecomposePca.self,
        DecomposeRandomProjection.self,
        DecomposeTruncatedSvd.self,
        DecomposeTucker.self,
        EvaluateClassification.self,
        EvaluateCompare.self,
        EvaluateImportance.self,
        EvaluateRegression.self,
        RegressDummy.self,
        RegressRidge.self,
        RegressSvr.self,
        ScaleMinMax.self,
        ScaleStandard.self,
        TensorConcat.self,
        TensorFlatten.self,
        TensorSummary.self,
    ],
    libraries: [.openblas: { OpenBLAS.profile }, .libsvm: { Libsvm.profile }])
