// The video stage types.

public import Stages

public let videoStages = Catalogue([
    VideoGrayscale.self,
    VideoInterpolate.self,
    VideoResize.self,
])
