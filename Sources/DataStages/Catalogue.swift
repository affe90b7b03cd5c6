// The stage types of this library, by name.

public import Stages

/// Where samples come from, which rows go on, and how they are split.
public let dataStages = Catalogue([
    FilesMedia.self,
    RavdessClips.self,
    SamplesConcat.self,
    SamplesJoin.self,
    SamplesSelect.self,
    SamplesStack.self,
    SplitByColumn.self,
    SplitGroupHoldout.self,
    SplitGroupKFold.self,
    SplitHoldout.self,
    SplitKFold.self,
    SplitLeaveOneGroupOut.self,
    TableCsv.self,
    TableNpy.self,
])
