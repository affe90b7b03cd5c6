// The stage types of this library, by name, and the libraries whose arithmetic they use.

internal import Media
internal import Signal
public import Stages

/// `audio.*` and `features.bspline`.
public let audioStages = Catalogue(
    [
        AudioDelta.self,
        AudioFeatures.self,
        AudioLoad.self,
        AudioMfcc.self,
        AudioMono.self,
        AudioPitch.self,
        AudioResample.self,
        AudioStft.self,
        AudioTonnetz.self,
        FeaturesBspline.self,
        SpectrumMfcc.self,
    ],
    libraries: [
        .fftw: { LibraryVersions.fftw },
        .soxr: { LibraryVersions.soxr },
        .sndfile: { SoundFile.libraryVersion },
        .libm: { LibraryVersions.libm },
    ])
