// The stage types of this library, by name, and the libraries whose arithmetic they use.

internal import Linear
internal import Media
internal import Signal
public import Stages

/// `audio.*`.
public let audioStages = Catalogue(
    [
        AudioAmplitudeToDb.self,
        AudioColumns.self,
        AudioFeatures.self,
        AudioIstft.self,
        AudioLoad.self,
        AudioMono.self,
        AudioPhaseSteps.self,
        AudioPhaseVocoder.self,
        AudioPitchShift.self,
        AudioPowerToDb.self,
        AudioResample.self,
        AudioRms.self,
        AudioSpectrogram.self,
        AudioStft.self,
        AudioTimeStretch.self,
        AudioZeroCrossingRate.self,
        OfSignal<SpectrumBandwidth>.self,
        OfSignal<SpectrumCentroid>.self,
        OfSignal<SpectrumChroma>.self,
        OfSignal<SpectrumContrast>.self,
        OfSignal<SpectrumFlatness>.self,
        OfSignal<SpectrumMelSpectrogram>.self,
        OfSignal<SpectrumMfcc>.self,
        OfSignal<SpectrumPoly>.self,
        OfSignal<SpectrumRolloff>.self,
        PhaseStepsPitchShift.self,
        PhaseStepsTimeStretch.self,
        SpectrumBandwidth.self,
        SpectrumCentroid.self,
        SpectrumChroma.self,
        SpectrumContrast.self,
        SpectrumFlatness.self,
        SpectrumMagnitude.self,
        SpectrumMelSpectrogram.self,
        SpectrumMfcc.self,
        SpectrumPoly.self,
        SpectrumRms.self,
        SpectrumRolloff.self,
    ],
    libraries: [
        .fftw: { LibraryVersions.fftw },
        .soxr: { LibraryVersions.soxr },
        .sndfile: { SoundFile.libraryVersion },
        .libm: { LibraryVersions.libm },
        .openblas: { OpenBLAS.profile },
    ])
