// What cannot be made up from a declaration alone: values for required parameters, and the files that sources read. A
// type that needs no parameter and takes what its ports say is not in this table.

import Stages
import Tensors
import TestSupport

/// What the suite knows of a type beside its declaration.
struct SampleEntry {
    /// Parameters, above all the required ones.
    var given: [String: Canonical] = [:]
    /// The axes of all inputs, where the ports leave them open and features along one axis will not do.
    var axes: [String]?
    /// How far features are spread about the centre of their class; from 8 on bools are not all alike.
    var spread = 1.0
    /// Whether features are to be at least 0.
    var isNonnegative = false
    /// Parameters that keep the work of a debug build small on an input of 10⁶ elements.
    var whenLong: [String: Canonical] = [:]
    /// The map whose output on a sample of its own is the input, where a port takes what no other gives.
    var source: String?
}

extension SampleEntry {
    /// The entry of a type; nil for one that is not in the table. Files are written to `scratch`.
    init?(for name: String, in scratch: Scratch) {
        switch name {
        case "audio.add_noise", "audio.pre_emphasis", "audio.time_shift", "audio.trim": self.init(axes: ["time"])
        case "audio.band_pass": self.init(given: ["low": .int(300), "high": .int(3000)], axes: ["time"])
        case "audio.features":
            self.init(
                given: ["features": .array([.text("mfcc")])],
                whenLong: ["features": .array([.map(["mfcc": .map(["n_mels": .int(24)])])]), "hop_length": .int(16384)])
        case "audio.mfcc": self.init(whenLong: ["n_mels": .int(24), "hop_length": .int(16384)])
        case "audio.mel_spectrogram": self.init(whenLong: ["n_mels": .int(24), "hop_length": .int(16384)])
        case "audio.chroma_stft", "audio.poly_features", "audio.spectral_bandwidth",
            "audio.spectral_centroid", "audio.spectral_flatness", "audio.spectral_rolloff", "audio.spectrogram",
            "audio.phase_steps", "audio.rms", "audio.zero_crossing_rate":
            self.init(whenLong: ["hop_length": .int(16384)])
        case "audio.spectral_contrast":
            self.init(given: ["n_bands": .int(4)], whenLong: ["hop_length": .int(16384)])
        case "audio.spectrum.spectral_contrast": self.init(given: ["n_bands": .int(1), "fmin": .int(1000)])
        case "audio.spectrum.mel_spectrogram": self.init(whenLong: ["n_mels": .int(4)])
        case "audio.phase_vocoder": self.init(given: ["rate": .float(1.5)])
        case "audio.time_stretch": self.init(given: ["rate": .float(1.5)], whenLong: ["hop_length": .int(2048)])
        case "audio.pitch_shift": self.init(given: ["n_steps": .int(2)], whenLong: ["hop_length": .int(2048)])
        case "audio.phase_steps.time_stretch":
            self.init(given: ["rate": .float(1.5)], whenLong: ["hop_length": .int(2048)], source: "audio.phase_steps")
        case "audio.phase_steps.pitch_shift":
            self.init(given: ["n_steps": .int(2)], whenLong: ["hop_length": .int(2048)], source: "audio.phase_steps")
        case "audio.fix_length": self.init(given: ["size": .int(5000)], axes: ["time"])
        case "audio.gain": self.init(given: ["gain": .int(-3), "jitter": .int(6)], axes: ["channel", "time"])
        case "audio.mix_noise":
            let path = scratch.write(SampleSound.wav(row: 3), to: "noise.wav")
            self.init(given: ["noise": .text("file"), "file": .text(path), "snr": .int(10)], axes: ["time"])
        case "audio.mono": self.init(axes: ["channel", "time"])
        case "audio.pad":
            self.init(given: ["before": .float(0.01), "after": .float(0.02), "mode": .text("reflect")], axes: ["time"])
        case "audio.pitch":
            self.init(given: ["method": .text("pyin")], whenLong: ["hop_length": .int(16384)])
        case "audio.resample": self.init(given: ["sample_rate": .int(16000)], axes: ["time"])
        case "audio.spec_augment": self.init(axes: ["time", "feature"])
        case "audio.spectrum.mfcc": self.init(whenLong: ["n_mels": .int(4), "n_mfcc": .int(4)])
        case "audio.stft": self.init(whenLong: ["hop_length": .int(16384)])
        case "classify.decision_tree": self.init(whenLong: ["max_depth": .int(1), "max_features": .text("log2")])
        case "classify.extra_trees", "classify.random_forest":
            self.init(given: ["n_estimators": .int(5)], whenLong: ["n_estimators": .int(1), "max_depth": .int(1)])
        case "classify.gradient_boosting":
            self.init(
                given: ["max_iter": .int(3), "min_samples_leaf": .int(1)],
                whenLong: ["max_iter": .int(1), "max_depth": .int(1), "max_features": .float(0.001)])
        case "classify.logistic_regression": self.init(whenLong: ["max_iter": .int(1)])
        case "classify.lda", "decompose.lda": self.init(spread: 8)
        case "classify.mlp":
            self.init(
                given: [
                    "hidden_layer_sizes": .array([.int(4)]), "max_iter": .int(20), "early_stopping": .bool(true),
                ],
                whenLong: ["hidden_layer_sizes": .array([.int(1)]), "max_iter": .int(1)])
        case "classify.qda": self.init(given: ["reg_param": .float(0.1)], spread: 8)
        case "decompose.cp":
            self.init(given: ["rank": .int(2)], axes: ["height", "channel"], whenLong: ["n_iter_max": .int(1)])
        case "decompose.nmf":
            self.init(
                given: ["n_components": .int(2)], isNonnegative: true,
                whenLong: ["init": .text("random"), "max_iter": .int(1)])
        case "decompose.partial_tucker":
            self.init(
                given: ["ranks": .map(["height": .int(3), "channel": .int(1)])], axes: ["height", "feature", "channel"])
        case "decompose.random_projection": self.init(given: ["n_components": .int(3)])
        case "decompose.tucker": self.init(given: ["ranks": .int(1)], axes: ["height", "channel"])
        case "files.media":
            for row in 0..<3 { scratch.write(SampleSound.wav(row: row), to: "sounds/\(row)_ann.wav") }
            self.init(given: [
                "base": .text(scratch["sounds"]), "glob": .text("**/*.wav"),
                "columns": .text("(?<digit>\\d)_(?<speaker>[a-z]+)\\.wav"),
            ])
        case "ravdess.clips":
            for (row, clip) in ["03-01-05-01-01-01-01", "03-01-06-02-02-01-01", "03-01-01-01-01-02-02"].enumerated() {
                scratch.write(SampleSound.wav(row: row), to: "clips/Actor_0\(clip.last ?? "1")/\(clip).wav")
            }
            self.init(given: ["root": .text(scratch["clips"])])
        case "samples.join": self.init(given: ["on": .text("number")])
        case "samples.select":
            self.init(given: [
                "where": .map(["group": .array([.int(1), .int(2), .int(4)]), "label": .text("c0")]),
                "not": .map(["id": .text("row_09")]), "complete": .array([.text("number")]),
            ])
        case "samples.stack": self.init(given: ["plain": .text("second")])
        case "scale.standard as gather": self.init(given: ["by": .text("group")])
        case "split.by_column": self.init(given: ["column": .text("role")])
        case "table.csv":
            let path = scratch.write("id,x,y,label\nb,1.5,2,up\na,-0.25,1e3,down\nc,0,7,\n", to: "table.csv")
            self.init(given: ["path": .text(path), "id": .text("id")])
        case "table.npy":
            let features = Tensor(
                .float32([0.5, -1, 2, 3.25, 4, 1e-3]), shape: [3, 2], axes: ["row", "feature"])
            let labels = Tensor(.int64([2, 0, 1]), shape: [3], axes: ["row"])
            self.init(given: [
                "features": .text(scratch.write(Npy.encode(features), to: "features.npy")),
                "columns": .map(["label": .text(scratch.write(Npy.encode(labels), to: "labels.npy"))]),
            ])
        case "video.crop":
            self.init(given: ["top": .int(2), "height": .int(5), "left": .int(1)], axes: Self.frames)
        case "video.flip": self.init(axes: Self.frames)
        case "video.hog":
            self.init(
                given: [
                    "pixels_per_cell": .array([.int(4), .int(3)]), "cells_per_block": .array([.int(2), .int(2)]),
                ], axes: Self.frames)
        case "video.interpolate": self.init(given: ["n_frames": .int(7)], axes: Self.frames)
        case "video.resize": self.init(given: ["scale": .text("1/3")], axes: Self.frames)
        case "video.gaussian", "video.gradients", "video.grayscale", "video.hog3d", "video.hog3d.gray":
            self.init(axes: ["time", "height", "width"])
        case "video.hog3d.cells": self.init(given: ["variant": .text("article")], source: "video.hog3d.gray")
        default: return nil
        }
    }

    private static let frames = ["time", "height", "width", "channel"]
}
