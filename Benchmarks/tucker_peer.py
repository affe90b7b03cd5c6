"""TensorLy's times for what `LearningBenchmark tucker` times: a line for each, with its name, the CPU seconds and the peak
of memory beyond the data in MB.

Usage: tucker_peer.py DIR [NAME]. One thread. Makes the data, DIR/video.npy and DIR/audio.npy, where they are not there;
with the name `make` it does no more.
"""
import os, resource, sys, time

for name in ("OMP", "OPENBLAS", "MKL"):
    os.environ[name + "_NUM_THREADS"] = "1"
import numpy as np

directory, only = sys.argv[1], sys.argv[2:]


def made(shape, ranks, seed, kind):
    """Sums of few directions an axis under noise, of no sign that would make one direction all there is."""
    draws = np.random.default_rng(seed)
    core = draws.standard_normal((shape[0], *ranks)).astype(np.float32)
    for axis, (size, rank) in enumerate(zip(shape[1:], ranks), 1):
        factor = draws.standard_normal((size, rank)).astype(np.float32)
        core = np.moveaxis(np.tensordot(core, factor, (axis, 1)), -1, axis)
    core /= core.std()
    core += draws.standard_normal(shape, dtype=np.float32)
    return np.ascontiguousarray(np.abs(core) if kind == "video" else core, np.float32)


SETS = {
    "video": ((240, 48, 71, 10, 9, 2), (12, 12, 4, 9, 2), [8, 8, 3, 1], [1, 2, 3, 5]),
    "audio": ((960, 14, 272), (12, 180), [10, 150], [1, 2]),
}
for name, (shape, inner, _, _) in SETS.items():
    path = f"{directory}/{name}.npy"
    if not os.path.exists(path):
        np.save(path, made(shape, inner, 7, name))
if only == ["make"]:
    sys.exit()

try:
    from tensorly.decomposition import partial_tucker
except ImportError:
    sys.exit(1)

for name, (_, _, ranks, modes) in SETS.items():
    if only not in ([], [name]):
        continue
    data = np.load(f"{directory}/{name}.npy")
    with open("/proc/self/clear_refs", "w") as file:
        file.write("5")

    def status(key):
        with open("/proc/self/status") as file:
            return int(next(line for line in file if line.startswith(key)).split()[1]) / 1024

    before, resident = time.process_time(), status("VmRSS")
    (core, factors), errors = partial_tucker(data, rank=ranks, modes=modes, tol=1e-4)
    print(name, time.process_time() - before, status("VmHWM") - resident, len(errors), float(errors[-1]), flush=True)
