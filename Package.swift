// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "renling",
    products: ["Gateway", "Intake", "Assignment", "Handling", "Supervision", "Archive"].map {
        .executable(name: $0.lowercased(), targets: [$0])
    } + [
        .executable(name: "renling", targets: ["Operator"]),
        .executable(name: "bench", targets: ["Bench"]),
        .executable(name: "torture", targets: ["TortureMain"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
    ],
    targets: [
        // The two C libraries. Only ZeroMQ and Postgres import them.
        .systemLibrary(name: "CZeroMQ", path: "Shared/CZeroMQ", providers: [.apt(["libzmq3-dev"])]),
        .systemLibrary(
            name: "CPostgres", path: "Shared/CPostgres", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),

        // Values and rules: status table, calendar, clocks. Imports nothing; no clock, no I/O.
        .target(name: "Domain", path: "Shared/Domain"),

        // JSON-RPC 2.0 and RFC 8785: scanner, ids, errors, strict decoding. No sockets.
        .target(name: "JSONRPC", path: "Shared/JSONRPC"),

        // Sockets, all of a process on one thread of its own.
        .target(name: "ZeroMQ", dependencies: ["CZeroMQ"], path: "Shared/ZeroMQ"),

        // Connections, each on its own queue; transactions as synchronous closures; SQL by interpolation; migrations.
        .target(name: "Postgres", dependencies: ["CPostgres"], path: "Shared/Postgres"),

        // The system of record that all services share: cases, timeline, clock facts, outbox, inbox, keys, clients.
        .target(
            name: "Ledger", dependencies: ["Domain", "JSONRPC", "Postgres"], path: "Shared/Ledger",
            resources: [.copy("Migrations")]),

        // Joins the above into a running service: host, doors, method table, callers of other services, settings.
        .target(
            name: "ServiceKit",
            dependencies: [
                "Domain", "JSONRPC", "ZeroMQ", "Postgres", "Ledger",
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            path: "Shared/ServiceKit"),

        // For tests only: a database per test, services in the test's process, fixed clocks.
        .target(
            name: "TestKit",
            dependencies: [
                "ServiceKit", "Intake", "Assignment", "Handling", "Supervision", "Archive", "Gateway",
                .product(name: "Logging", package: "swift-log"),
            ],
            path: "Shared/TestKit"),

        // The services. One shape each: the card, Main, Rules, Store, Methods, Migrations.
        service("Intake", [.product(name: "Crypto", package: "swift-crypto")]),
        service("Assignment"),
        service("Handling"),
        service("Supervision"),
        service("Archive", [.product(name: "Crypto", package: "swift-crypto")]),

        // HTTP to ZeroMQ. Owns nothing in the database.
        .executableTarget(
            name: "Gateway",
            dependencies: [
                "Domain", "JSONRPC", "ServiceKit",
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "NIOCore", package: "swift-nio"),
            ],
            path: "Services/Gateway"),

        // The operator's command, `renling`.
        .executableTarget(
            name: "Operator",
            dependencies: [
                "Domain", "JSONRPC", "Postgres", "Ledger", "ServiceKit",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            path: "Services/Operator"),

        // `make bench`: load generators, and PostgreSQL's own pgbench beside them.
        .executableTarget(
            name: "Bench",
            dependencies: [
                "JSONRPC", "ZeroMQ", "Postgres", "ServiceKit",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Subprocess", package: "swift-subprocess"),
            ],
            path: "Benchmarks", exclude: ["Fill", "Python"]),

        // `make torture`: the programs under faults, and the checker of what they acknowledged; a program of its own.
        .target(
            name: "Torture",
            dependencies: [
                "Domain", "JSONRPC", "ZeroMQ", "Postgres", "Ledger", "ServiceKit",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            path: "Tests/Torture"),
        .executableTarget(name: "TortureMain", dependencies: ["Torture"], path: "Tests/TortureMain"),
        .testTarget(
            name: "TortureTests",
            dependencies: [
                "Torture",
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system"),
            ]),

        .testTarget(name: "DomainTests", dependencies: ["Domain"]),
        .testTarget(name: "JSONRPCTests", dependencies: ["JSONRPC"]),
        .testTarget(name: "ServiceKitTests", dependencies: ["ServiceKit", "JSONRPC"]),
        .testTarget(name: "ZeroMQTests", dependencies: ["ZeroMQ"]),
        .testTarget(name: "PostgresTests", dependencies: ["Postgres"]),
        .testTarget(name: "HouseTests", dependencies: ["TestKit"]),
        .testTarget(name: "IntakeTests", dependencies: ["TestKit"]),
        .testTarget(name: "AssignmentTests", dependencies: ["TestKit"]),
        .testTarget(name: "HandlingTests", dependencies: ["TestKit"]),
        .testTarget(name: "SupervisionTests", dependencies: ["TestKit"]),
        .testTarget(name: "ArchiveTests", dependencies: ["TestKit"]),
        .testTarget(name: "GatewayTests", dependencies: ["TestKit", "Gateway", "ZeroMQ", "ServiceKit", "Postgres"]),
        .testTarget(name: "LedgerTests", dependencies: ["TestKit"]),
        // The state machines of the transport in virtual time; and the model of the outbox held against the real one.
        .testTarget(name: "SimulationTests", dependencies: ["TestKit", "ServiceKit", "ZeroMQ", "Ledger", "Postgres"]),
        // Random histories of cases against a model written apart from the code, from the rules' text.
        .testTarget(name: "ModelTests", dependencies: ["TestKit"]),
        // The system on several "hosts": network namespaces. Needs root.
        .testTarget(
            name: "AcrossHostsTests",
            dependencies: [
                "TestKit", .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system"),
            ]),
        // Names the programs themselves, so that they are linked into the test bundle; TestKit only compiles against them.
        .testTarget(
            name: "FlowTests",
            dependencies: ["TestKit", "Gateway", "Intake", "Assignment", "Handling", "Supervision", "Archive"]),
    ],
    swiftLanguageModes: [.v6]
)

func service(_ name: String, _ more: [Target.Dependency] = []) -> Target {
    .executableTarget(
        name: name, dependencies: ["Domain", "JSONRPC", "Postgres", "Ledger", "ServiceKit"] + more,
        path: "Services/\(name)",
        resources: [.copy("Migrations")])
}

for target in package.targets where target.type != .system {
    target.swiftSettings = [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("MemberImportVisibility"),
    ]
}
