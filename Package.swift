// swift-tools-version: 6.2
// The architecture diagram: every target, and every arrow between two of them. `make check` builds with
// --explicit-target-dependency-import-check error, so an arrow that is not here cannot be used.
import PackageDescription

let swift: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]

/// The horizontal platform: one folder under Sources/Platform a target.
func platform(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, path: "Sources/Platform/\(name)", swiftSettings: swift)
}

/// A vertical feature: one folder under Sources/Features a target.
func feature(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(
        name: name, dependencies: ["Kernel", "Runtime", "HTTP", "Web", "Database", "Bus", "Realtime", "FeatureKit", "Jobs"] + dependencies,
        path: "Sources/Features/\(name)", swiftSettings: swift)
}

/// A C library of the distribution, imported by exactly one Swift target.
func c(_ name: String, pkgConfig: String? = nil, apt: String) -> Target {
    .systemLibrary(name: name, path: "Sources/C/\(name)", pkgConfig: pkgConfig, providers: [.apt([apt])])
}

func tests(_ name: String, exclude: [String] = [], _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(name: name, dependencies: dependencies, path: "Tests/\(name)", exclude: exclude, swiftSettings: swift)
}

let package = Package(
    name: "foyer",
    products: [.executable(name: "foyer", targets: ["foyer"])],
    targets: [
        c("CUV", pkgConfig: "libuv", apt: "libuv1-dev"),
        c("COpenSSL", pkgConfig: "openssl", apt: "libssl-dev"),
        c("CTLS", pkgConfig: "openssl", apt: "libssl-dev"),
        c("CSodium", pkgConfig: "libsodium", apt: "libsodium-dev"),
        c("CSQLite", pkgConfig: "sqlite3", apt: "libsqlite3-dev"),
        c("CPostgres", pkgConfig: "libpq", apt: "libpq-dev"),
        c("CZlib", pkgConfig: "zlib", apt: "zlib1g-dev"),
        c("CVips", apt: "libvips-dev"),
        .systemLibrary(name: "CRing", path: "Sources/C/CRing"),
        c("CCurl", pkgConfig: "libcurl", apt: "libcurl4-openssl-dev"),

        platform("Kernel"),
        platform("Crypto", ["Kernel", "Runtime", "CSodium", "COpenSSL"]),
        platform("Runtime", ["Kernel"]),
        platform("Transport", ["HTTP", "Compression", "CUV", "CTLS", "CRing"]),
        platform("HTTP", ["Kernel", "Compression"]),
        platform("Compression", ["CZlib"]),
        platform("Images", ["Runtime", "CVips"]),
        platform("Storage", ["Kernel", "Runtime", "Crypto"]),
        platform("Web", ["Kernel", "Runtime", "Compression", "Transport", "HTTP", "Database"]),
        platform("Tabular", ["Kernel"]),
        platform("Database", ["Kernel", "Runtime"]),
        platform("DatabaseSQLite", ["Kernel", "Runtime", "Database", "CSQLite"]),
        platform("DatabasePostgres", ["Kernel", "Runtime", "Database", "CPostgres"]),
        platform("Bus", ["Kernel", "Runtime", "Database"]),
        platform("Outbound", ["Kernel", "Runtime", "HTTP", "CCurl"]),
        platform("Realtime", ["Kernel", "Runtime", "Transport", "HTTP", "Web", "Database", "Bus"]),
        platform("Jobs", ["Kernel", "Runtime", "Database"]),
        platform("FeatureKit", ["Kernel", "Runtime", "Web", "Database", "Bus", "Realtime", "Jobs"]),

        .target(
            name: "Authorization", dependencies: ["Kernel"], path: "Sources/Features/Authorization", swiftSettings: swift),
        feature("Audit", ["Crypto", "Directory"]),
        feature("Directory", ["Crypto"]),
        feature("Mail", ["Crypto", "Outbound"]),
        feature("Roles", ["Authorization", "Audit", "Directory"]),
        feature("Sanctions", ["Crypto"]),
        feature("Presence", ["Authorization", "Audit", "Directory", "Roles", "Sanctions"]),
        feature("Modules", ["Authorization", "Audit", "Directory", "Roles"]),
        feature("Friends", ["Crypto", "Directory", "Presence", "Sanctions"]),
        feature("History", ["Directory", "Roles", "Friends"]),
        feature("Profiles", ["Crypto", "Directory", "Roles", "Friends"]),
        feature("Notifications", ["Crypto", "Directory", "Presence", "Friends"]),
        feature(
            "Accounts",
            ["Authorization", "Audit", "Directory", "Roles", "Presence", "Mail", "Crypto", "Images", "Sanctions", "Tabular"]),
        feature("Passkeys", ["Accounts", "Audit", "Directory", "Crypto", "Mail"]),
        feature("Files", ["Directory", "Roles", "Crypto", "Images", "Storage"]),
        feature(
            "Conversations", ["Authorization", "Audit", "Directory", "Roles", "Crypto", "Friends", "Notifications", "Sanctions", "Files"]),
        feature(
            "Moderation",
            [
                "Authorization", "Audit", "Directory", "Roles", "Crypto", "Friends", "Notifications", "Accounts", "Conversations",
                "Sanctions", "Mail",
            ]),
        feature("Voice", ["Authorization", "Directory", "Roles", "Crypto", "Friends", "Notifications", "Conversations", "Sanctions"]),
        feature("Media", ["Audit", "Directory", "Friends", "History", "Tabular", "Crypto", "Compression", "Images", "Outbound"]),

        feature(
            "Analytics", ["Authorization", "Audit", "Directory", "Roles", "Crypto", "Notifications", "Mail", "Outbound", "Compression"]),

        feature("Privacy", ["Crypto"]),
        feature("OpenID", ["Accounts", "Audit", "Crypto", "Directory", "Outbound", "Roles"]),
        feature("Webhooks", ["Authorization", "Audit", "Directory", "Roles", "Crypto", "Mail", "Notifications", "Outbound"]),

        .target(
            name: "Server",
            dependencies: [
                "Kernel", "Crypto", "Runtime", "Transport", "HTTP", "Web", "Database", "DatabaseSQLite", "DatabasePostgres",
                "Bus", "Realtime", "FeatureKit", "Jobs", "Outbound", "Authorization", "Audit", "Directory", "Roles", "Presence", "Mail",
                "Modules",
                "Accounts", "Friends", "History", "Profiles", "Notifications", "Conversations", "Sanctions", "Moderation", "Analytics",
                "Media", "Files", "Webhooks", "Voice", "Privacy", "OpenID", "Passkeys",
            ], swiftSettings: swift),
        .executableTarget(name: "foyer", dependencies: ["Kernel", "Runtime", "Server"], swiftSettings: swift),

        .target(
            name: "TestSupport", dependencies: ["Kernel", "Database", "DatabaseSQLite", "DatabasePostgres", "Web"], path: "Tests/Support",
            swiftSettings: swift),
        .executableTarget(name: "EchoServer", dependencies: ["Transport", "HTTP"], path: "Tests/Echo", swiftSettings: swift),
        .target(name: "Seeded", path: "Tests/Seeded", swiftSettings: swift),
        tests("KernelTests", ["Kernel", "Seeded"]),
        tests("TabularTests", ["Kernel", "Tabular", "Seeded"]),
        tests("RuntimeTests", ["Kernel", "Runtime"]),
        tests(
            "PresenceTests",
            [
                "Kernel", "Crypto", "Runtime", "HTTP", "Transport", "Web", "Database", "Bus", "Realtime", "FeatureKit", "Authorization",
                "Audit",
                "Directory", "Roles",
                "Presence", "Sanctions", "Seeded", "TestSupport",
            ]),
        tests("BusTests", ["Kernel", "Runtime", "Database", "Bus", "TestSupport"]),
        tests("JobsTests", ["Kernel", "Runtime", "Database", "Jobs", "TestSupport"]),
        tests("RealtimeTests", ["Kernel", "Transport", "Bus", "Realtime"]),
        tests("CryptoTests", ["Kernel", "Crypto"]),
        tests("AuthorizationTests", ["Kernel", "Authorization", "Seeded"]),
        tests(
            "RolesTests",
            [
                "Kernel", "Crypto", "Runtime", "HTTP", "Transport", "Web", "Database", "Bus", "Authorization", "Audit", "Directory",
                "Roles", "Seeded",
                "TestSupport",
            ]),
        tests(
            "AccountsTests",
            [
                "Kernel", "Runtime", "HTTP", "Transport", "Web", "Database", "Bus", "Realtime", "Crypto", "Authorization", "Audit",
                "Directory",
                "Roles", "Presence", "Mail", "Outbound", "Accounts", "Sanctions", "TestSupport", "Pictures", "Seeded",
            ]),
        tests(
            "FriendsTests",
            [
                "SiteSupport", "Kernel", "HTTP", "Web", "Database", "Bus", "Realtime", "FeatureKit", "Authorization", "Directory",
                "Friends", "Server",
                "TestSupport", "Seeded",
            ]),
        tests(
            "NotificationsTests",
            [
                "SiteSupport", "Kernel", "HTTP", "Web", "Database", "Bus", "Realtime", "FeatureKit", "Authorization", "Directory", "Roles",
                "Presence",
                "Friends", "Notifications", "Server", "TestSupport", "Seeded",
            ]),
        tests(
            "HistoryTests",
            [
                "SiteSupport", "Kernel", "HTTP", "Transport", "Web", "Database", "Bus", "FeatureKit", "Authorization", "Directory",
                "Friends", "History", "Profiles", "Server",
                "TestSupport",
            ]),
        tests(
            "DataTests",
            [
                "SiteSupport", "Kernel", "HTTP", "Web", "Database", "Bus", "Crypto", "Authorization", "Directory", "Accounts", "Audit",
                "Privacy", "FeatureKit",
                "Server", "TestSupport",
            ]),
        tests(
            "MailTests",
            ["Kernel", "Crypto", "Runtime", "Database", "Outbound", "Mail", "TestSupport"]),
        tests(
            "WebhooksTests",
            [
                "SiteSupport", "Kernel", "Crypto", "HTTP", "Web", "Database", "Bus", "FeatureKit", "Authorization", "Jobs", "Webhooks",
                "Server",
                "TestSupport",
            ]),
        tests(
            "OpenIDTests",
            [
                "SiteSupport", "Kernel", "Crypto", "HTTP", "Web", "Database", "Jobs", "Authorization", "Accounts", "OpenID", "Server",
                "TestSupport",
            ]),
        tests(
            "VoiceTests",
            [
                "SiteSupport", "Kernel", "HTTP", "Web", "Database", "Bus", "Realtime", "Runtime", "FeatureKit", "Authorization", "Jobs",
                "Voice",
                "Server", "TestSupport",
            ]),
        tests(
            "PasskeysTests",
            [
                "SiteSupport", "Kernel", "Crypto", "Runtime", "HTTP", "Web", "Database", "FeatureKit", "Authorization", "Accounts",
                "Passkeys", "Server",
                "TestSupport",
            ]),
        tests("OutboundTests", ["Kernel", "Runtime", "HTTP", "Web", "Outbound", "TestSupport"]),
        tests("CompressionTests", ["Compression"]),
        .target(name: "Pictures", path: "Tests/Pictures", exclude: ["samples"], swiftSettings: swift),
        tests("ImagesTests", ["Images", "Pictures"]),
        .target(name: "HostileInputs", dependencies: ["HTTP"], path: "Tests/HostileInputs", swiftSettings: swift),
        .systemLibrary(name: "CHTTPParser", path: "Tests/CHTTPParser", providers: [.apt(["libhttp-parser-dev"])]),
        tests("HTTPTests", ["HTTP", "Compression", "HostileInputs", "CHTTPParser", "Seeded"]),
        tests("TransportTests", ["Runtime", "Transport", "HTTP", "Web", "Compression", "HostileInputs"]),
        tests("WebTests", ["Kernel", "Runtime", "HTTP", "Transport", "Database", "Web", "TestSupport"]),
        tests(
            "AuditTests",
            [
                "Kernel", "Crypto", "Runtime", "HTTP", "Transport", "Web", "Database", "Bus", "FeatureKit", "Jobs", "Directory", "Audit",
                "TestSupport",
            ]),
        .target(
            name: "SiteSupport",
            dependencies: [
                "Kernel", "Crypto", "Runtime", "HTTP", "Transport", "Web", "Database", "Realtime", "FeatureKit", "Authorization",
                "Directory",
                "Roles", "Accounts", "Server", "TestSupport",
            ], path: "Tests/SiteSupport", swiftSettings: swift),
        tests(
            "PermissionTests",
            [
                "SiteSupport", "Kernel", "Crypto", "Runtime", "HTTP", "Transport", "Web", "Database", "Realtime", "FeatureKit",
                "Authorization",
                "Directory", "Roles",
                "Accounts", "Server", "TestSupport", "Pictures",
            ]),
        tests(
            "ConversationsTests",
            [
                "SiteSupport", "Kernel", "Crypto", "Runtime", "HTTP", "Web", "Database", "Bus", "Realtime", "FeatureKit", "Authorization",
                "Jobs",
                "Roles",
                "Conversations", "Server", "TestSupport", "Seeded",
            ]),
        tests(
            "ModerationTests",
            [
                "SiteSupport", "Kernel", "Crypto", "Runtime", "HTTP", "Web", "Database", "Bus", "Realtime", "FeatureKit", "Authorization",
                "Directory", "Roles", "Presence", "Accounts", "Friends", "Notifications", "Conversations", "Sanctions", "Moderation",
                "Server",
                "TestSupport", "Seeded",
            ]),
        tests(
            "AnalyticsTests",
            [
                "SiteSupport", "Kernel", "HTTP", "Web", "Database", "Bus", "Realtime", "FeatureKit", "Jobs", "Authorization", "Roles",
                "Directory", "Runtime", "Analytics", "Server", "TestSupport", "Seeded",
            ]),
        tests(
            "MediaTests",
            [
                "SiteSupport", "Kernel", "HTTP", "Web", "Database", "Bus", "FeatureKit", "Authorization", "Jobs", "Compression", "Media",
                "Server",
                "TestSupport", "Pictures", "Seeded",
            ]),
        tests(
            "FilesTests",
            [
                "SiteSupport", "Kernel", "Crypto", "Runtime", "HTTP", "Web", "Database", "FeatureKit", "Authorization", "Jobs", "Storage",
                "Images", "Files", "Conversations", "Server", "TestSupport", "Pictures", "Seeded",
            ]),
        tests(
            "ServerTests", exclude: ["Fixtures"], ["Kernel", "Runtime", "Database", "HTTP", "Web", "FeatureKit", "Server", "TestSupport"]),
        tests("BusConformance", ["Kernel", "Bus", "Seeded"]),
        tests("DatabaseConformance", ["Kernel", "Database", "DatabasePostgres", "TestSupport"]),

        .target(
            name: "Simulation",
            dependencies: [
                "Kernel", "Runtime", "Database", "Bus", "Realtime", "FeatureKit", "Directory", "Roles", "Presence", "Seeded",
            ], path: "Tests/Simulation", swiftSettings: swift),
        .executableTarget(name: "foyer-simulate", dependencies: ["Simulation"], path: "Tests/Simulate", swiftSettings: swift),
        tests("SimulationTests", ["Simulation", "foyer-simulate"]),

        .target(
            name: "FuzzTargets", dependencies: ["Kernel", "Compression", "HTTP", "Web", "Realtime", "Crypto", "Accounts", "Passkeys"],
            path: "Fuzz/Targets", swiftSettings: swift),
        tests("FuzzTests", ["FuzzTargets", "Seeded"]),
    ]
)

// Only `make fuzz` builds what needs libFuzzer.
if Context.environment["FOYER_FUZZ"] != nil {
    package.targets.append(
        .executableTarget(name: "foyer-fuzz", dependencies: ["FuzzTargets"], path: "Fuzz/Driver", swiftSettings: swift))
}
