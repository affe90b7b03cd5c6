// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "letters",
    dependencies: [
        // In a repository of your own: .package(url: "https://…/martlet", from: "0.1.0")
        .package(name: "martlet", path: "../..")
    ],
    targets: [
        .executableTarget(name: "letters", dependencies: [.product(name: "Martlet", package: "martlet")]),
        .testTarget(
            name: "LettersTests", dependencies: ["letters", .product(name: "Martlet", package: "martlet")]),
    ],
    swiftLanguageModes: [.v6]
)
