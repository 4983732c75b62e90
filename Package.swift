// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  // Without this, an async function that no actor isolates leaves the I/O thread for the global pool.
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

// Every program carries these; what they do for a call needs no speed.
let small: [SwiftSetting] = [.unsafeFlags(["-Osize"], .when(configuration: .release))]

let package = Package(
  name: "libakool",
  products: [
    .library(name: "akool", type: .dynamic, targets: ["AkoolABI"]),
    .library(name: "AkoolCore", targets: ["AkoolCore"]),
    .library(name: "AkoolSimulator", targets: ["AkoolSimulator"]),
  ],
  targets: [
    .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
    .systemLibrary(name: "CJansson", pkgConfig: "jansson", providers: [.apt(["libjansson-dev"])]),
    .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
    .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(name: "CLinux"),
    .target(
      name: "AkoolCore", dependencies: ["CCurl", "CJansson", "CSQLite", "CCrypto", "CLinux"],
      swiftSettings: settings),
    .target(name: "AkoolSimulator", dependencies: ["AkoolCore", "CCrypto"], swiftSettings: settings + small),
    .target(
      name: "AkoolABI", dependencies: ["AkoolCore", "AkoolSimulator", "CLinux"], swiftSettings: settings + small),
    .testTarget(
      name: "AkoolCoreTests", dependencies: ["AkoolCore", "AkoolSimulator"], exclude: ["README.md"],
      swiftSettings: settings),
    .testTarget(
      name: "AkoolABITests", dependencies: ["AkoolABI", "AkoolCore"], exclude: ["README.md"], swiftSettings: settings),
    .testTarget(
      name: "AkoolSimulatorTests", dependencies: ["AkoolCore", "AkoolSimulator"], exclude: ["README.md"],
      swiftSettings: settings),
  ],
  swiftLanguageModes: [.v6]
)
