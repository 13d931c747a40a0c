import Testing

/// STYLE, "The house": which module may import which. The build does not hold it, because an undeclared import of what a
/// dependency depends on builds too.
struct ImportTests {
    /// Of our modules and the two C ones, those that each folder may import. Everything else is a library.
    static let allowed: [String: Set<String>] = [
        "Shared/CZeroMQ": [], "Shared/CPostgres": [],
        "Shared/Domain": [], "Shared/JSONRPC": [],
        "Shared/ZeroMQ": ["CZeroMQ"], "Shared/Postgres": ["CPostgres"],
        "Shared/Ledger": ["Domain", "JSONRPC", "Postgres"],
        "Shared/ServiceKit": ["Domain", "JSONRPC", "ZeroMQ", "Postgres", "Ledger"],
        "Shared/TestKit": [
            "Domain", "JSONRPC", "Postgres", "Ledger", "ServiceKit", "Intake", "Assignment", "Handling", "Supervision",
            "Archive", "Gateway",
        ],
        "Services/Gateway": ["Domain", "JSONRPC", "ServiceKit"],
        "Services/Intake": service, "Services/Assignment": service, "Services/Handling": service,
        "Services/Supervision": service, "Services/Archive": service, "Services/Operator": service,
        "Benchmarks": ["JSONRPC", "ZeroMQ", "Postgres", "ServiceKit"],
    ]
    private static let service: Set<String> = ["Domain", "JSONRPC", "Postgres", "Ledger", "ServiceKit"]

    /// Every module that is not a library of somebody else's.
    static let ours = Set(allowed.keys.compactMap { $0.split(separator: "/").last.map(String.init) })
        .subtracting(["Benchmarks"]).union(["Bench"])

    @Test func everyFolderStandsInTheTable() throws {
        let folders =
            try Repository.folders(in: "Shared").map { "Shared/\($0)" }
            + Repository.folders(in: "Services").map { "Services/\($0)" } + ["Benchmarks"]
        #expect(Set(folders) == Set(Self.allowed.keys))
    }

    @Test(arguments: allowed.keys.sorted())
    func aFolderImportsWhatItMay(folder: String) throws {
        let wrong = try Repository.files(folder).flatMap { file in
            file.imports.intersection(Self.ours).subtracting(Self.allowed[folder] ?? []).map {
                "\(file.path) imports \($0)"
            }
        }
        #expect(wrong == [])
    }

    @Test func theDomainImportsNothing() throws {
        let files = try Repository.files("Shared/Domain")
        #expect(files.filter { !$0.imports.isEmpty }.map(\.path) == [])
        #expect(!files.isEmpty)
    }

    @Test func theProtocolImportsNothingOfOurs() throws {
        #expect(
            try Repository.files("Shared/JSONRPC").filter { !$0.imports.isDisjoint(with: Self.ours) }.map(\.path) == [])
    }

    @Test func rulesImportTheDomainOnly() throws {
        let rules = try Repository.files("Services").filter { $0.name.hasPrefix("Rules") }
        #expect(rules.map(\.path).count >= 5)
        #expect(rules.filter { $0.imports != ["Domain"] }.map(\.path) == [])
    }

    @Test func rulesAndDomainKnowNoClockAndNoChance() throws {
        let pure =
            try Repository.files("Shared/Domain") + Repository.files("Services").filter { $0.name.hasPrefix("Rules") }
        let impure = [
            "ContinuousClock", "SuspendingClock", "Date()", "SystemRandomNumberGenerator", "randomElement()",
            "shuffled()",
            ".random(in:", "UUID(", " async", "await ",
        ]
        #expect(pure.filter { file in impure.contains { file.code.contains($0) } }.map(\.path) == [])
    }

    @Test func onlyTestsImportTheTestKitAndNobodyTheOperator() throws {
        let files = try Repository.files("Shared", "Services", "Benchmarks")
        #expect(
            files.filter { !$0.imports.isDisjoint(with: ["TestKit", "Operator", "Bench", "Testing"]) }.map(\.path) == []
        )
    }

    @Test func aCModuleIsImportedByItsFolderOnly() throws {
        for (module, folder) in [("CZeroMQ", "Shared/ZeroMQ/"), ("CPostgres", "Shared/Postgres/")] {
            let importers = try Repository.files("Shared", "Services", "Benchmarks").filter {
                $0.imports.contains(module)
            }
            #expect(importers.filter { !$0.path.hasPrefix(folder) }.map(\.path) == [])
            #expect(!importers.isEmpty)
        }
    }

    @Test func anImportIsFoundHoweverItIsWritten() {
        let text = """
            @testable import Intake
            public import Ledger
            import struct Domain.Day
              @preconcurrency internal import JSONRPC
            // import Postgres
            let words = "import ZeroMQ"
            """
        #expect(SourceFile(path: "a.swift", text: text).imports == ["Intake", "Ledger", "Domain", "JSONRPC"])
    }
}
