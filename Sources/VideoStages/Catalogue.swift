// The video stage types.

internal import Media
public import Stages

public let videoStages = Catalogue(
    [
        VideoCrop.self,
        VideoDecode.self,
        VideoFlip.self,
        VideoGrayscale.self,
        VideoHog.self,
        VideoInterpolate.self,
        VideoResize.self,
    ],
    libraries: [.libav: { MediaProcess.profile }])
