// The stage types of this library, by name, and the libraries whose arithmetic they use.

internal import Media
internal import Signal
public import Stages

/// `audio.*`.
public let audioStages = Catalogue(
    [
        AudioAddNoise.self,
        AudioBandPass.self,
        AudioFeatures.self,
        AudioFixLength.self,
        AudioGain.self,
        AudioLoad.self,
        AudioMfcc.self,
        AudioMixNoise.self,
        AudioMono.self,
        AudioPad.self,
        AudioPreEmphasis.self,
        AudioResample.self,
        AudioSpecAugment.self,
        AudioStft.self,
        AudioTimeShift.self,
        AudioTrim.self,
        SpectrumMfcc.self,
    ],
    libraries: [
        .fftw: { LibraryVersions.fftw },
        .soxr: { LibraryVersions.soxr },
        .sndfile: { SoundFile.libraryVersion },
        .libm: { LibraryVersions.libm },
    ])
