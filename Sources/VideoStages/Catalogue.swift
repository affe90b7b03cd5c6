// The video stage types.

internal import Media
public import Stages

public let videoStages = Catalogue(
    [
        VideoDecode.self,
        VideoGrayscale.self,
        VideoInterpolate.self,
        VideoResize.self,
    ],
    libraries: [.libav: { MediaProcess.profile }])
