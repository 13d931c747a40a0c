import Domain
import ServiceKit
import Testing

@testable import Archive
@testable import Assignment
@testable import Handling
@testable import Intake
@testable import Supervision

/// "One file, one line, one test": every method type is listed by its service, tested, and known to callers.
struct MethodTests {
    /// What a service's table is made from.
    struct Listed: Sendable {
        var service: String
        var name: String
        var roles: Set<Role>
        var isEvent: Bool
    }

    static let listed: [Listed] =
        Intake.methods.map { Listed(service: "Intake", name: $0.name, roles: $0.roles, isEvent: $0.kind == .event) }
        + Assignment.methods.map {
            Listed(service: "Assignment", name: $0.name, roles: $0.roles, isEvent: $0.kind == .event)
        }
        + Handling.methods.map {
            Listed(service: "Handling", name: $0.name, roles: $0.roles, isEvent: $0.kind == .event)
        }
        + Supervision.methods.map {
            Listed(service: "Supervision", name: $0.name, roles: $0.roles, isEvent: $0.kind == .event)
        }
        + Archive.methods.map { Listed(service: "Archive", name: $0.name, roles: $0.roles, isEvent: $0.kind == .event) }

    static let services = ["Archive", "Assignment", "Handling", "Intake", "Supervision"]

    /// The files that hold methods, each with the name it declares.
    static func files() throws -> [(service: String, file: SourceFile, name: String?)] {
        try services.flatMap { service in
            try Repository.files("Services/\(service)/Methods").map { file in
                (service, file, file.text.firstMatch(of: /static let name = "([^"]+)"/).map { String($0.1) })
            }
        }
    }

    /// What the instances answer by themselves.
    static func systemMethods() throws -> Set<String> {
        Set(
            try Repository.files("Shared/ServiceKit").flatMap { file in
                file.text.matches(of: /"((?:system|rpc)\.[a-z][A-Za-z]+)"/).map { String($0.1) }
            })
    }

    @Test(arguments: services)
    func everyMethodTypeIsListedInItsService(service: String) throws {
        let declared = try Self.files().filter { $0.service == service }
        #expect(declared.filter { $0.name == nil }.map(\.file.path) == [], "a file in Methods declares one method")
        #expect(Set(declared.compactMap(\.name)) == Set(Self.listed.filter { $0.service == service }.map(\.name)))
        #expect(declared.compactMap(\.name).allSatisfy { $0.hasPrefix(service.lowercased() + ".") })
    }

    @Test func aFileDeclaresOneMethod() throws {
        let several = try Self.files().filter { $0.file.text.matches(of: /static let name = "/).count != 1 }
        #expect(several.map(\.file.path) == [])
        let elsewhere = try Repository.files("Services").filter { file in
            !file.path.contains("/Methods/") && file.text.contains(/: (Event)?Method \{/)
        }
        #expect(elsewhere.map(\.path) == [])
    }

    @Test func everyMethodHasATestFileOfItsOwn() throws {
        let tests = Set(try Repository.files("Tests").map(\.path))
        let missing = try Self.files().map { "Tests/\($0.service)Tests/\($0.file.name)Tests.swift" }.filter {
            !tests.contains($0)
        }
        #expect(missing == [], "\(missing.count) methods have no test file of their own")
    }

    @Test func theContractMentionsEveryMethodAndNoOther() throws {
        let contract = try Repository.text("docs/contract.md")
        let served = Set(Self.listed.map(\.name)).union(try Self.systemMethods())
        let mentioned = Set(
            contract.matches(of: /\b(?:intake|assignment|handling|supervision|archive|system|rpc)\.[a-z][A-Za-z]+\b/)
                .map { String($0.0) })
        #expect(served.subtracting(mentioned).sorted() == [], "served, and not in docs/contract.md")
        #expect(mentioned.subtracting(served).sorted() == [], "in docs/contract.md, and not served")
    }

    @Test func theServedActionsAreThoseWhoseMethodsAreServed() {
        let names = Set(Self.listed.map(\.name))
        let served = CaseAction.allCases.filter { $0.method.map(names.contains) ?? false }
        #expect(CaseAction.served == Set(served))
    }

    @Test func anActionsMethodIsForTheRolesOfTheStatusTable() {
        for action in CaseAction.served {
            let method = Self.listed.first { $0.name == action.method }
            #expect(method?.roles == StatusTable.roles(of: action), "\(action)")
        }
    }

    @Test func eventsAreForOurOwnProgramsAndAreThoseThatCasesSend() {
        let events = Self.listed.filter(\.isEvent)
        #expect(events.allSatisfy { $0.roles == [.service] })
        #expect(
            Set(events.map(\.name))
                == Set(CaseEvent.allCases.flatMap { event in event.consumers.map { "\($0).\(event.rawValue)" } }))
        #expect(Self.listed.filter { $0.roles.contains(.system) }.isEmpty, "no token has the clock's role")
    }
}
