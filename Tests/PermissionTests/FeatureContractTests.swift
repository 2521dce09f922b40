import Authorization
import Database
import FeatureKit
import HTTP
import Kernel
import Realtime
import SiteSupport
import TestSupport
import Testing
import Web

@testable import Accounts
@testable import Roles
@testable import Server

/// What the site makes of a feature that it did not know.
@Suite struct FeatureContractTests {
    private func with(_ kind: TestDatabase, _ body: (TestSite, (Column) async throws -> HTTPHeaders) async throws -> Void)
        async throws
    {
        try await TestSite.with(kind, others: [SampleFeature()]) { site in
            try await body(site) { column in
                Credential.bearer.headers(of: try await Actor.make(column, on: site))
            }
        }
    }

    private func switchSample(_ isOn: Bool, _ site: TestSite, _ headers: HTTPHeaders) async throws -> TestSite.Answer {
        try await site.send("PATCH", "/modules/sample", headers, body: (["enabled": .bool(isOn)] as JSON).bytes)
    }

    @Test(arguments: TestDatabase.all) func itsRoutesTopicsCommandsAndSnapshotAreThere(_ kind: TestDatabase) async throws {
        try await with(kind) { site, headers in
            let (owner, member) = (try await headers(.owner), try await headers(.member))
            #expect(try await site.send("GET", "/sample", owner).status == 200)
            // `member` was given the key with the first start.
            #expect(try await site.send("GET", "/sample", member).status == 200)
            #expect(try await site.send("GET", "/sample").status == 401)
            #expect(site.composition.features.commands.contains { $0.name == "sample.ping" })
            #expect(try await site.composition.features.snapshot(for: Scope())["sample"] == ["is_there": true])
        }
    }

    @Test(arguments: TestDatabase.all) func aModuleIsSwitchedOffAndOnAtOnce(_ kind: TestDatabase) async throws {
        try await with(kind) { site, headers in
            let (owner, member) = (try await headers(.owner), try await headers(.member))
            let features = site.composition.features
            let rule = try #require(features.topics.first { $0.name == "sample" })
            var scope = Scope()
            scope.permissions = .all
            #expect(try await switchSample(false, site, member).status == 403)
            let off = try await switchSample(false, site, owner)
            #expect(off.status == 200 && off.json["enabled"] == false)
            #expect(try await site.send("GET", "/sample", owner).status == 404)
            #expect(try await site.send("PUT", "/sample", owner).status == 404)
            #expect(throws: Problem.self) { try rule.check(scope, "", TopicFilter.none) }
            #expect(try await features.snapshot(for: scope)["sample"] == nil)
            #expect(try await features.snapshot(for: scope)["modules"]?["sample"] == false)
            // What is stored is what the next start reads.
            #expect(try await site.database.read { try $0.row("SELECT value FROM site WHERE name = 'module.sample'")?.text(0) } == "off")
            #expect(try await switchSample(true, site, owner).status == 200)
            #expect(try await site.send("GET", "/sample", owner).status == 200)
            try rule.check(scope, "", TopicFilter.none)
            let entries = try await site.database.read {
                try $0.rows(
                    "SELECT payload FROM audit_log WHERE action = 'module.update' AND target_id = 'sample' AND result = 'success' ORDER BY seq"
                )
            }
            #expect(entries.count == 2)
        }
    }

    @Test(arguments: TestDatabase.all) func aModuleStaysOffOverARestart(_ kind: TestDatabase) async throws {
        try await with(kind) { site, headers in
            #expect(try await switchSample(false, site, try await headers(.owner)).status == 200)
            let again = try await Composition(site.composition.infrastructure, others: [SampleFeature()])
            #expect(!again.features.modules.isOn("sample"))
        }
    }

    @Test(arguments: TestDatabase.all) func coreModulesAndUnknownOnesAreNotSwitched(_ kind: TestDatabase) async throws {
        try await with(kind) { site, headers in
            let owner = try await headers(.owner)
            let body = (["enabled": false] as JSON).bytes
            for name in ["accounts", "roles", "audit", "presence", "mail", "modules"] {
                let answer = try await site.send("PATCH", "/modules/\(name)", owner, body: body)
                #expect(answer.status == 409 && answer.code == "core_module")
            }
            #expect(try await site.send("PATCH", "/modules/nothing", owner, body: body).status == 404)
            #expect(try await site.send("PATCH", "/modules/sample", owner, body: ([:] as JSON).bytes).status == 422)
            let list = try await site.send("GET", "/modules", owner).json["items"]?.array ?? []
            #expect(Set(list.compactMap { $0["name"]?.string }) == Set(Composition.declarations.map(\.name) + ["sample"]))
        }
    }

    /// What the owner takes back stays taken, whatever is declared at the next start.
    @Test(arguments: TestDatabase.all) func aDeclaredPermissionIsGivenOnce(_ kind: TestDatabase) async throws {
        try await with(kind) { site, headers in
            let (owner, member) = (try await headers(.owner), try await headers(.member))
            let role = try await site.send("GET", "/roles/role_member", owner)
            let kept = (role.json["permissions"]?.array ?? []).filter { $0 != "sample.use" }
            #expect(kept.count + 1 == role.json["permissions"]?.array?.count)
            let body: JSON = ["permissions": .array(kept)]
            #expect(try await site.send("PATCH", "/roles/role_member", owner, body: body.bytes).status == 200)
            #expect(try await site.send("GET", "/sample", member).status == 403)
            try await site.composition.roles.giveDeclared([.sampleUse])
            #expect(try await site.send("GET", "/sample", member).status == 403)
            let unknown = Permission.Definition("sample.never", en: "", fr: "", heldBy: ["nobody"])
            await #expect(throws: (any Error).self) { try await site.composition.roles.giveDeclared(definitions: [unknown]) }
        }
    }

    @Test(arguments: TestDatabase.all) func aDeletedPersonIsForgotten(_ kind: TestDatabase) async throws {
        try await with(kind) { site, headers in
            let owner = try await headers(.owner)
            let person = try await site.add(.member)
            _ = try await site.database.write { try $0.execute("INSERT INTO sample (user_id, note) VALUES (\(person.id), 'hers')") }
            let parts = try await site.database.read { [features = site.composition.features] in try features.export(person.id, in: $0) }
            #expect(parts["sample"] == ["note": "hers"])
            #expect(try await site.send("DELETE", "/users/\(person.id)?hard=true", owner).status == 204)
            #expect(try await site.database.read { try $0.row("SELECT COUNT(*) FROM sample")?.int(0) } == 0)
        }
    }

    /// A refusal is written down with the target that the feature declared.
    @Test(arguments: TestDatabase.all) func aRefusalNamesTheDeclaredTarget(_ kind: TestDatabase) async throws {
        try await with(kind) { site, headers in
            #expect(try await site.send("POST", "/sample/x1", try await headers(.member)).status == 403)
            let row = try await site.database.read {
                try $0.row("SELECT target_type, target_id FROM audit_log WHERE action = 'sample.add' AND result = 'fail'")
            }
            #expect(row?.text(0) == "sample" && row?.text(1) == "x1")
        }
    }

    @Test func whatDoesNotFitTogetherIsRefusedAtTheStart() async throws {
        let declarations = [SampleFeature.declaration]
        try FeatureSet([SampleFeature()]).check(declarations)
        #expect(throws: CompositionFault.self) { try FeatureSet([]).check(declarations) }
        #expect(throws: CompositionFault.self) { try FeatureSet([SampleFeature(), SampleFeature()]).check(declarations + declarations) }
        #expect(throws: CompositionFault.self) { try FeatureSet([Unsaid()]).check([Unsaid.declaration]) }
    }

    /// A route whose audit action no feature declares.
    private struct Unsaid: Feature {
        static let declaration = FeatureDeclaration("unsaid", title: LocalizedText(en: "", fr: ""))
        var routes: [Route] {
            [Route(.post, "/unsaid", .signedIn, RouteShape("Do it.", answers: [.noContent]), action: "unsaid.do") { _ in .noContent }]
        }
    }
}
