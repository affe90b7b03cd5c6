// The stage types of this library, by name.

internal import Linear
public import Stages

/// `tensor.*`, `scale.*`, `decompose.*`, `classify.*`, `evaluate.*`.
public let learningStages = Catalogue(
    [
        ClassifyDummy.self,
        ClassifyLogisticRegression.self,
        DecomposeCp.self,
        DecomposePartialTucker.self,
        DecomposePca.self,
        DecomposeTucker.self,
        EvaluateClassification.self,
        ScaleMinMax.self,
        ScaleStandard.self,
        TensorConcat.self,
        TensorFlatten.self,
        TensorSummary.self,
    ],
    libraries: [.openblas: { OpenBLAS.profile }])
