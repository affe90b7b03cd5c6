// The stage types of this library, by name.

internal import Linear
public import Stages

/// `tensor.*`, `scale.*`, `decompose.*`, `classify.*`, `regress.*`, `evaluate.*`.
public let learningStages = Catalogue(
    [
        ClassifyDummy.self,
        ClassifyLinearSvm.self,
        ClassifyLogisticRegression.self,
        ClassifySvm.self,
        DecomposePca.self,
        EvaluateClassification.self,
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
