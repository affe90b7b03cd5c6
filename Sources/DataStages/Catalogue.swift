// The stage types of this library, by name.

public import Stages

/// Where samples come from, and how they are split.
public let dataStages = Catalogue([
    SplitGroupHoldout.self,
    SplitGroupKFold.self,
    SplitHoldout.self,
    SplitKFold.self,
    SplitLeaveOneGroupOut.self,
])
