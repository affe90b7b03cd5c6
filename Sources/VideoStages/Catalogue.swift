// The video stage types.

internal import Media
public import Stages

public let videoStages = Catalogue(
    [
        VideoCrop.self,
        VideoDecode.self,
        VideoFlip.self,
        VideoGaussian.self,
        VideoGradients.self,
        VideoGrayscale.self,
        VideoHog.self,
        VideoHog3d.self,
        VideoHog3dCells.self,
        VideoHog3dGray.self,
        VideoInterpolate.self,
        VideoResize.self,
    ],
    libraries: [.libav: { MediaProcess.profile }])
