"""librosa's times for what AudioBenchmark times: a line for each, with its name and the median of its CPU seconds.

Usage: audio_peer.py CLIP [NAME]. One thread; transforms are shared where the article's own code does not share them.
"""
import os, statistics, sys, time, warnings

for name in ("OMP", "OPENBLAS", "MKL", "NUMBA"):
    os.environ[name + "_NUM_THREADS"] = "1"
warnings.filterwarnings("ignore")
import librosa
import numpy as np
from scipy import signal
from scipy.interpolate import BSpline

path = sys.argv[1]
y, sr = librosa.load(path)
random = np.random.default_rng(0)


def measure(name, call):
    if sys.argv[2:] not in ([], [name]):
        return
    call()
    seconds, start = [], time.process_time()
    while len(seconds) < 5 or (len(seconds) < 41 and time.process_time() - start < 0.6):
        before = time.process_time()
        call()
        seconds.append(time.process_time() - before)
    print(name, statistics.median(seconds), flush=True)


def noisy():
    return y + np.float32(0.005) * random.standard_normal(len(y)).astype(np.float32)


def columns(clip):
    magnitudes = np.abs(librosa.stft(clip))
    powers = magnitudes**2
    mel = librosa.feature.melspectrogram(S=powers, sr=sr)
    return np.vstack([
        librosa.feature.mfcc(S=librosa.power_to_db(mel), n_mfcc=13),
        librosa.feature.zero_crossing_rate(clip),
        librosa.feature.rms(y=clip),
        librosa.feature.chroma_stft(S=powers, sr=sr),
        librosa.feature.spectral_contrast(S=magnitudes, sr=sr),
    ]).T


def splines(matrix):
    knots = np.concatenate([[0] * 3, np.linspace(0, 1, 12), [1] * 3])
    basis = BSpline.design_matrix(np.linspace(0, 1, len(matrix)), knots, 3).toarray()
    return np.linalg.solve(basis.T @ basis, basis.T @ matrix)


def article():
    clip, _ = librosa.load(path)
    spectrum = librosa.stft(clip)

    def stretched(rate):
        frames = librosa.phase_vocoder(spectrum, rate=rate, hop_length=512, n_fft=2048)
        return librosa.istft(frames, dtype=clip.dtype, length=int(round(len(clip) / rate)))

    variants = [clip + np.float32(0.005) * random.standard_normal(len(clip)).astype(np.float32)]
    for steps in (4, -6, 3):
        rate = 2.0 ** (-steps / 12)
        shifted = librosa.resample(stretched(rate), orig_sr=sr / rate, target_sr=sr)
        variants.append(librosa.util.fix_length(shifted, size=len(clip)))
    variants += [stretched(rate) for rate in (1.5, 2.0, 0.8, 0.5)]
    return np.hstack([splines(columns(variant)) for variant in variants])


feature = librosa.feature
measure("load", lambda: librosa.load(path))
measure("mfcc", lambda: feature.mfcc(y=y, sr=sr))
measure("mel_spectrogram", lambda: feature.melspectrogram(y=y, sr=sr))
measure("zero_crossing_rate", lambda: feature.zero_crossing_rate(y))
measure("rms", lambda: feature.rms(y=y))
measure("chroma_stft", lambda: feature.chroma_stft(y=y, sr=sr))
measure("spectral_contrast", lambda: feature.spectral_contrast(y=y, sr=sr))
measure("spectral_centroid", lambda: feature.spectral_centroid(y=y, sr=sr))
measure("spectral_bandwidth", lambda: feature.spectral_bandwidth(y=y, sr=sr))
measure("spectral_rolloff", lambda: feature.spectral_rolloff(y=y, sr=sr))
measure("spectral_flatness", lambda: feature.spectral_flatness(y=y))
measure("poly_features", lambda: feature.poly_features(y=y, sr=sr))
measure("pyin", lambda: librosa.pyin(y, fmin=65, fmax=2093, sr=sr))
measure("yin", lambda: librosa.yin(y, fmin=65, fmax=2093, sr=sr))
measure("stft", lambda: librosa.stft(y))
measure("add_noise", noisy)
measure("pitch_shift", lambda: librosa.effects.pitch_shift(y, sr=sr, n_steps=4))
measure("time_stretch", lambda: librosa.effects.time_stretch(y, rate=0.8))
measure("trim", lambda: librosa.effects.trim(y))
measure("pre_emphasis", lambda: librosa.effects.preemphasis(y))
measure("resample", lambda: librosa.resample(y, orig_sr=sr, target_sr=16000))
sections = signal.butter(4, [100, 3000], "band", fs=sr, output="sos")
measure("band_pass", lambda: signal.sosfiltfilt(sections, y))
measure("fix_length", lambda: librosa.util.fix_length(y, size=60000))
chroma, powers = feature.chroma_stft(y=y, sr=sr), np.abs(librosa.stft(y)) ** 2
measure("delta", lambda: feature.delta(chroma))
measure("tonnetz", lambda: feature.tonnetz(chroma=chroma))
measure("bspline", lambda: splines(chroma.T))
measure("power_to_db", lambda: librosa.power_to_db(powers))
measure("article", article)
