// The video stage types.

public import Stages

public let videoStages = Catalogue([
    VideoGaussian.self, VideoGradients.self, VideoGrayscale.self, VideoHog3d.self, VideoHog3dCells.self,
    VideoHog3dGray.self,
])
