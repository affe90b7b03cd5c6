// swift-tools-version: 6.2
import PackageDescription

// Targets are listed floor by floor, from the street to the ground; a target depends only on lower floors and
// `make lint` holds each `import` to the lists below (SwiftPM itself lets an undeclared one pass).

let own: [SwiftSetting] = [
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

let package = Package(
    name: "martlet",
    products: [
        .executable(name: "martlet", targets: ["martlet"]),
        // The process that decodes foreign media for it; to be installed beside it.
        .executable(name: "martlet-media", targets: ["martlet-media"]),
        // What a package with stage types of its own is written with.
        .library(name: "Martlet", targets: ["Martlet", "Stages", "Media", "Tensors"]),
    ],
    dependencies: [
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
    ],
    targets: [
        // Floor 7: the two programs: words for people, and the only thing that is linked to libav.
        .executableTarget(name: "martlet", dependencies: ["Martlet"], path: "Sources/CommandLine", swiftSettings: own),
        .executableTarget(
            name: "martlet-media",
            dependencies: ["Engine", "AudioStages", "VideoStages", "Stages", "Media", "Tensors", "CLibAV"],
            path: "Sources/MediaWorker", swiftSettings: own),
        // Floor 6: the front door.
        .target(
            name: "Martlet",
            dependencies: [
                "Engine", "DataStages", "AudioStages", "VideoStages", "LearningStages", "Cache", "Spec", "Stages",
                "Media", "Workers", "Tensors", .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: own),
        // Floor 5: from a checked spec to results, and the stage libraries.
        .target(
            name: "Engine", dependencies: ["Cache", "Spec", "Stages", "Media", "Workers", "Tensors"], swiftSettings: own
        ),
        .target(name: "DataStages", dependencies: ["Stages", "Media", "Tensors"], swiftSettings: own),
        .target(
            name: "AudioStages", dependencies: ["Stages", "Signal", "Linear", "Media", "Tensors", "Kernels"],
            swiftSettings: own),
        .target(name: "VideoStages", dependencies: ["Stages", "Media", "Tensors", "Kernels"], swiftSettings: own),
        .target(name: "LearningStages", dependencies: ["Stages", "Linear", "Tensors", "Kernels"], swiftSettings: own),
        // Floor 4: what is kept, and what is written.
        .target(
            name: "Cache",
            dependencies: [
                "Tensors", .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
            ], swiftSettings: own),
        .target(name: "Spec", dependencies: ["Stages", "Tensors", "CYaml"], swiftSettings: own),
        // Floor 3: the contract, and C libraries made safe.
        .target(name: "Stages", dependencies: ["Tensors"], swiftSettings: own),
        .target(name: "Signal", dependencies: ["Tensors", "Kernels", "CFftw", "CSoxr"], swiftSettings: own),
        .target(name: "Linear", dependencies: ["Tensors", "CBlas", "CLapacke", "CSvm"], swiftSettings: own),
        .target(name: "Media", dependencies: ["Workers", "Tensors", "CSndfile", "CZip"], swiftSettings: own),
        // Floor 2: processes beside this one.
        .target(name: "Workers", dependencies: ["Tensors", "CProcess"], swiftSettings: own),
        // Floor 1: arrays, canonical bytes, digests, random numbers.
        .target(name: "Tensors", dependencies: ["CCrypto"], swiftSettings: own),
        // Floor 0: C.
        .target(name: "Kernels"),
        .target(name: "CProcess"),
        .systemLibrary(name: "CYaml", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
        .systemLibrary(name: "CBlas", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
        .systemLibrary(name: "CLapacke", pkgConfig: "lapacke", providers: [.apt(["liblapacke-dev"])]),
        .systemLibrary(name: "CFftw", pkgConfig: "fftw3 fftw3f", providers: [.apt(["libfftw3-dev"])]),
        .systemLibrary(name: "CSndfile", pkgConfig: "sndfile", providers: [.apt(["libsndfile1-dev"])]),
        .systemLibrary(name: "CSoxr", pkgConfig: "soxr", providers: [.apt(["libsoxr-dev"])]),
        // libsvm comes without a pkg-config file.
        .systemLibrary(name: "CSvm", providers: [.apt(["libsvm-dev"])]),
        .systemLibrary(name: "CZip", pkgConfig: "libzip", providers: [.apt(["libzip-dev"])]),
        .systemLibrary(
            name: "CLibAV", pkgConfig: "libavformat libavcodec libswscale libavutil",
            providers: [.apt(["libavformat-dev", "libavcodec-dev", "libswscale-dev", "libavutil-dev"])]),
        .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        // Measured, not tested.
        .executableTarget(
            name: "WorkerBenchmark", dependencies: ["Workers", "Tensors"], path: "Benchmarks/Workers",
            swiftSettings: own),
        .executableTarget(
            name: "SweepBenchmark", dependencies: ["Martlet", "Stages", "Tensors"], path: "Benchmarks/Sweep",
            swiftSettings: own),
        .target(
            name: "StageTiming", dependencies: ["Stages", "Tensors"], path: "Benchmarks/Timing", swiftSettings: own),
        .executableTarget(
            name: "AudioBenchmark",
            dependencies: ["StageTiming", "AudioStages", "Stages", "Media", "Workers", "Tensors"],
            path: "Benchmarks/Audio", swiftSettings: own),
        .executableTarget(
            name: "VideoBenchmark", dependencies: ["StageTiming", "VideoStages", "Stages", "Workers", "Tensors"],
            path: "Benchmarks/Video", swiftSettings: own),
        .executableTarget(
            name: "LearningBenchmark",
            dependencies: ["StageTiming", "LearningStages", "Linear", "Stages", "Workers", "Tensors"],
            path: "Benchmarks/Learning", swiftSettings: own),
        // Tests.
        .target(
            name: "TestSupport",
            dependencies: ["Engine", "DataStages", "LearningStages", "Cache", "Spec", "Stages", "Media", "Tensors"],
            path: "Tests/TestSupport", swiftSettings: own),
        .executableTarget(
            name: "ToyMartlet", dependencies: ["TestSupport", "Martlet", "Stages"], path: "Tests/ToyMartlet",
            swiftSettings: own),
        .testTarget(name: "TensorsTests", dependencies: ["TestSupport", "Tensors"], swiftSettings: own),
        .testTarget(name: "KernelsTests", dependencies: ["Kernels", "Tensors"], swiftSettings: own),
        .testTarget(name: "SignalTests", dependencies: ["Signal", "Tensors"], swiftSettings: own),
        .testTarget(name: "LinearTests", dependencies: ["Linear", "Tensors"], swiftSettings: own),
        .testTarget(name: "MediaTests", dependencies: ["TestSupport", "Media", "Tensors"], swiftSettings: own),
        .testTarget(
            name: "WorkersTests", dependencies: ["TestSupport", "ToyMartlet", "Workers", "Tensors"], swiftSettings: own),
        .testTarget(name: "CacheTests", dependencies: ["TestSupport", "Cache", "Tensors"], swiftSettings: own),
        .testTarget(name: "SpecTests", dependencies: ["TestSupport", "Spec", "Stages", "Tensors"], swiftSettings: own),
        .testTarget(
            name: "DataStagesTests", dependencies: ["TestSupport", "DataStages", "Stages", "Media", "Tensors"],
            swiftSettings: own),
        .testTarget(
            name: "AudioStagesTests",
            dependencies: ["TestSupport", "AudioStages", "Signal", "Stages", "Media", "Engine", "Spec", "Tensors"],
            swiftSettings: own),
        .testTarget(
            name: "VideoStagesTests",
            dependencies: [
                "TestSupport", "VideoStages", "martlet-media", "Engine", "Spec", "Stages", "Media", "Tensors",
            ],
            swiftSettings: own),
        .testTarget(
            name: "LearningStagesTests",
            dependencies: ["TestSupport", "LearningStages", "Linear", "Stages", "Tensors", "Kernels"],
            swiftSettings: own),
        .testTarget(
            name: "EngineTests",
            dependencies: [
                "TestSupport", "ToyMartlet", "Engine", "Cache", "Spec", "Stages", "Media", "Workers", "Tensors",
            ],
            swiftSettings: own),
        .testTarget(
            name: "ConformanceTests",
            dependencies: ["TestSupport", "Martlet", "Engine", "Spec", "Stages", "Media", "Tensors"],
            swiftSettings: own),
        .testTarget(
            name: "CommandLineTests", dependencies: ["TestSupport", "martlet", "ToyMartlet", "Media", "Tensors"],
            swiftSettings: own),
    ],
    swiftLanguageModes: [.v6]
)
