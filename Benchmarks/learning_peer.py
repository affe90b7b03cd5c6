"""scikit-learn's times for what LearningBenchmark times: a line for each, with its name and the median of its CPU seconds.

Usage: learning_peer.py FAMILY DATA.npy [NAME]. One thread.
"""
import os, statistics, sys, time

for name in ("OMP", "OPENBLAS", "MKL"):
    os.environ[name + "_NUM_THREADS"] = "1"
import numpy as np

family, path, only = sys.argv[1], sys.argv[2], sys.argv[3:]


def measure(name, call, turns=3):
    if only not in ([], [name]):
        return
    seconds = []
    for _ in range(turns):
        before = time.process_time()
        call()
        seconds.append(time.process_time() - before)
    print(name, statistics.median(seconds), flush=True)


def trees():
    from sklearn.ensemble import ExtraTreesClassifier, HistGradientBoostingClassifier, RandomForestClassifier
    from sklearn.tree import DecisionTreeClassifier

    x = np.load(path)
    y = np.arange(len(x)) % 8
    measure("decision_tree", lambda: DecisionTreeClassifier(random_state=0).fit(x, y))
    measure("random_forest_500", lambda: RandomForestClassifier(500, random_state=0).fit(x, y))
    entropy = RandomForestClassifier(500, criterion="entropy", random_state=0)
    measure("random_forest_500_entropy", lambda: entropy.fit(x, y), 1)
    measure("extra_trees_500", lambda: ExtraTreesClassifier(500, random_state=0).fit(x, y))
    measure("gradient_boosting_10", lambda: HistGradientBoostingClassifier(max_iter=10).fit(x, y), 1)
    if only in ([], ["random_forest_500_predict"]):
        forest = RandomForestClassifier(500, random_state=0).fit(x, y)
        measure("random_forest_500_predict", lambda: forest.predict_proba(x))


def svm():
    from sklearn.linear_model import Ridge
    from sklearn.svm import SVC, SVR, LinearSVC

    x = np.load(path)
    y = np.arange(len(x)) % 8
    measure("svm_rbf", lambda: SVC().fit(x, y))
    if only in ([], ["svm_rbf_predict"]):
        machine = SVC().fit(x, y)
        measure("svm_rbf_predict", lambda: machine.decision_function(x))
    measure("svm_rbf_probability", lambda: SVC(probability=True, random_state=0).fit(x, y), 1)
    measure("linear_svm", lambda: LinearSVC(random_state=0).fit(x, y))
    measure("linear_svm_hinge", lambda: LinearSVC(loss="hinge", random_state=0).fit(x, y))
    measure("ridge", lambda: Ridge().fit(x, y))
    measure("svr_rbf", lambda: SVR().fit(x, y))


def mlp():
    import warnings
    from sklearn.neural_network import MLPClassifier

    warnings.filterwarnings("ignore")
    x = np.load(path).astype(np.float32)
    y = np.arange(len(x)) % 8
    sizes = [x.shape[1], 250, 500, 100, 8]

    def seconds(epochs):
        model = MLPClassifier(tuple(sizes[1:4]), alpha=0.07, max_iter=epochs, n_iter_no_change=1000, random_state=0)
        before = time.process_time()
        model.fit(x, y)
        return time.process_time() - before

    def products():
        spent = 0
        for start in range(0, len(x), 200):
            rows = min(200, len(x) - start)
            values, deltas = ([np.ones((rows, size), np.float32) for size in sizes] for _ in range(2))
            weights = [np.ones(shape, np.float32) for shape in zip(sizes, sizes[1:])]
            before = time.process_time()
            for layer in range(4):
                np.dot(values[layer], weights[layer], out=values[layer + 1])
            for layer in (3, 2, 1, 0):
                np.dot(values[layer].T, deltas[layer + 1], out=weights[layer])
                if layer:
                    np.dot(deltas[layer + 1], weights[layer].T, out=deltas[layer])
            spent += time.process_time() - before
        return spent

    found = {"mlp_epoch": [], "mlp_products": []}
    for _ in range(5):
        found["mlp_epoch"].append((seconds(13) - seconds(3)) / 10)
        found["mlp_products"].append(products())
    for name, times in found.items():
        if only in ([], [name]):
            print(name, statistics.median(times), flush=True)


{"mlp": mlp, "svm": svm, "trees": trees}[family]()
