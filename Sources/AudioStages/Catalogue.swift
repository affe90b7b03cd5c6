// The stage types of this library, by name, and the libraries whose arithmetic they use.

internal import Media
internal import Signal
public import Stages

/// `audio.*`.
public let audioStages = Catalogue(
    [
        AudioFeatures.self, AudioLoad.self, AudioMFCC.self, AudioResample.self, AudioSTFT.self,
    ],
    libraries: [
        .fftw: { RealFFT.version }, .libm: { MathLibrary.version }, .sndfile: { SoundFile.version }, .soxr: { Resampler.version },
    ])
