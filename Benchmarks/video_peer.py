"""NumPy's times for what VideoBenchmark times: a line for each, with its name and the median of its CPU seconds.

Usage: video_peer.py CLIP.npy [NAME]. One thread. HOG3D is the article's, without its loops over cells: bins by division,
sums by bincount.
"""
import os, statistics, sys, time

for name in ("OMP", "OPENBLAS", "MKL"):
    os.environ[name + "_NUM_THREADS"] = "1"
import numpy as np

clip = np.load(sys.argv[1])


def measure(name, call):
    if sys.argv[2:] not in ([], [name]):
        return
    call()
    seconds, start = [], time.process_time()
    while len(seconds) < 5 or (len(seconds) < 41 and time.process_time() - start < 1):
        before = time.process_time()
        call()
        seconds.append(time.process_time() - before)
    print(name, statistics.median(seconds), flush=True)


def gray():
    return 0.2989 * clip[..., 0] + 0.5870 * clip[..., 1] + 0.1140 * clip[..., 2]


def gradients(article=False, grey=None):
    gz, gx, gy = np.gradient(gray() if grey is None else grey)
    flat = gx * gx + gy * gy
    magnitude = np.sqrt(flat + gz * gz)
    return magnitude, np.arctan2(gy, gx), np.arctan2(np.abs(gx) if article else np.sqrt(flat, out=flat), gz)


def hog3d(bins=9, article=False, cell=(5, 6, 5), grey=None):
    magnitude, azimuth, polar = gradients(article, grey)
    high, wide, long = cell
    counts = [n // c - (article and n % c == 0) for n, c in zip(clip.shape, (long, high, wide))]
    times, heights, widths = counts
    inside = tuple(slice(n * c) for n, c in zip(counts, (long, high, wide)))
    t, y, x = (np.arange(n * c) // c for n, c in zip(counts, (long, high, wide)))
    cells = ((y[None, :, None] * widths + x[None, None, :]) * times + t[:, None, None]) * bins
    weights = magnitude[inside].ravel()
    found = np.zeros((clip.shape[1] // high, clip.shape[2] // wide, clip.shape[0] // long, bins, 2), np.float32)
    for place, (angle, low, range) in enumerate(((azimuth, -np.pi, 2 * np.pi), (polar, 0, np.pi))):
        index = np.minimum(((angle[inside] - low) * (bins / range)).astype(np.intp), bins - 1)
        index += cells
        sums = np.bincount(index.ravel(), weights, heights * widths * times * bins)
        sums = sums.reshape(heights, widths, times, bins)
        sums /= np.linalg.norm(sums, axis=3, keepdims=True) + 1e-6
        found[:heights, :widths, :times, :, place] = sums
    return found


measure("hog3d", hog3d)
measure("hog3d_12", lambda: hog3d(bins=12))
measure("hog3d_article", lambda: hog3d(article=True))
measure("hog3d_further", lambda: hog3d(bins=12))
one = clip[..., 0]
measure("hog3d_one_channel_12", lambda: hog3d(bins=12, grey=one.astype(np.float64)))
measure("grayscale", gray)
measure("gradients", gradients)
try:
    import cv2

    cv2.setNumThreads(1)
    kernel = np.array([1, 4, 7, 10]), np.array([4, 12, 26, 33]), np.array([7, 26, 55, 71]), np.array([10, 33, 71, 91])
    kernel = [np.concatenate([row, row[-2::-1]]) for row in kernel]
    kernel = np.array(kernel + kernel[-2::-1], np.float64) / 1115
    measure(
        "gaussian",
        lambda: [
            cv2.filter2D(frame, cv2.CV_64F, kernel, borderType=cv2.BORDER_CONSTANT) for frame in clip.astype(np.float64)
        ],
    )
    large = np.random.default_rng(0).integers(0, 256, (11, 720, 1280, 3), np.uint8)
    measure("resize_11", lambda: [cv2.resize(frame, (426, 240), interpolation=cv2.INTER_AREA) for frame in large])
except ImportError:
    pass
