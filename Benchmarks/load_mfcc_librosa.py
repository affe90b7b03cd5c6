"""Times librosa.load and librosa.feature.mfcc on sound files, warm, on one thread.

Usage: python3 Benchmarks/load_mfcc_librosa.py FILE...
Martlet's side: MARTLET_SPEED_CLIPS=FILE,FILE swift test -c release -Xswiftc -enable-testing --filter SpeedTests
"""
import os

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"):
    os.environ[name] = "1"

import sys
import time

import librosa


def load_mfcc(path):
    signal, rate = librosa.load(path)
    return librosa.feature.mfcc(y=signal, sr=rate)


for path in sys.argv[1:]:
    times = []
    for repeat in range(53):
        start = time.perf_counter()
        load_mfcc(path)
        times.append(1000 * (time.perf_counter() - start))
    times = sorted(times[3:])
    print(f"{os.path.basename(path)}: min {times[0]:.2f} ms, median {times[25]:.2f} ms")
