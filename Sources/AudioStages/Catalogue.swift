// The stage types of this library, by name, and the libraries whose arithmetic they use.

internal import Media
internal import Signal
public import Stages

/// `audio.*`.
public let audioStages = Catalogue(
    [
        AudioFeatures.self,
        AudioLoad.self,
        AudioMfcc.self,
        AudioMono.self,
        AudioResample.self,
        AudioStft.self,
        SpectrumMfcc.self,
    ],
    libraries: [
        .fftw: { LibraryVersions.fftw },
        .soxr: { LibraryVersions.soxr },
        .sndfile: { SoundFile.libraryVersion },
        .libm: { LibraryVersions.libm },
    ])
