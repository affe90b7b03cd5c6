// The video stage types.

public import Stages

public let videoStages = Catalogue([
    VideoCrop.self,
    VideoFlip.self,
    VideoGrayscale.self,
    VideoHog.self,
    VideoInterpolate.self,
    VideoResize.self,
])
