import Authorization
import Crypto
import Database
import FeatureKit
import HTTP
import Kernel
import SiteSupport
import TestSupport
import Testing

@testable import Accounts
@testable import Audit
@testable import Privacy
@testable import Server

/// What somebody may ask of the site about themselves, and whether everything about people is declared.
@Suite struct PrivacyTests {
    @Test(arguments: TestDatabase.all) func aCopyOfOnesData(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let (alice, bob) = (try await TestUser(site), try await TestUser(site))
            #expect(try await alice.send("PATCH", "/users/me", ["bio": "<script>alert(1)</script> & more"]).status == 200)
            #expect(try await alice.send("GET", "/privacy/export").json["state"] == "none")
            let asked = try await alice.send("POST", "/privacy/export")
            #expect(asked.status == 202 && asked.json["state"] == "waiting")
            let id = try asked.text("id")
            #expect(try await alice.send("POST", "/privacy/export").json["id"]?.string == id)
            #expect(try await alice.send("GET", "/privacy/export/\(id)/json").status == 404)
            // A job that was given up is started again by the next request.
            try await site.database.write { transaction in
                _ = try transaction.execute("DELETE FROM jobs WHERE job_key = \(id)")
            }
            #expect(try await alice.send("POST", "/privacy/export").json["id"]?.string == id)
            #expect(try await site.database.read { try $0.row("SELECT 1 FROM jobs WHERE job_key = \(id)") } != nil)
            try await site.composition.privacy.make(try #require(RowID(uuid: id)))
            let ready = try await alice.send("GET", "/privacy/export").json
            #expect(ready["state"] == "ready")
            #expect(ready["json_url"]?.string == "/api/v1/privacy/export/\(id)/json")
            let copy = try await alice.send("GET", "/privacy/export/\(id)/json").json
            #expect(copy["accounts"]?["email"]?.string == "\(alice.person.name)@site.test")
            #expect(copy["accounts"]?["sessions"]?.array?.isEmpty == false)
            #expect(copy["roles"]?["roles"]?[0]?["role"] == "member")
            #expect(!copy.text.contains("argon2"))
            let page = try await alice.send("GET", "/privacy/export/\(id)/html")
            let html = String(own: page.body)
            #expect(page.headers["Content-Type"] == "text/html; charset=utf-8")
            #expect(html.contains("&lt;script&gt;alert(1)&lt;/script&gt; &amp; more") && !html.contains("<script"))
            // Nobody else’s, and not twice an hour.
            #expect(try await bob.send("GET", "/privacy/export/\(id)/json").status == 404)
            #expect(try await alice.send("POST", "/privacy/export").status == 429)
            // At rest it is sealed.
            let parts = try await site.database.read { try $0.rows("SELECT content FROM privacy_export_parts").map { $0.blob(0) } }
            #expect(!parts.isEmpty && parts.allSatisfy { !String(own: $0).contains(alice.person.name) })
            try await site.database.write { transaction in
                _ = try transaction.execute("UPDATE privacy_exports SET expires_at = 1 WHERE ready_at IS NOT NULL")
            }
            #expect(try await alice.send("GET", "/privacy/export/\(id)/json").status == 404)
            try await site.composition.privacy.sweep()
            #expect(try await site.database.read { try $0.row("SELECT 1 FROM privacy_export_parts") } == nil)
        }
    }

    @Test(arguments: TestDatabase.all) func whoErasesThemselvesIsGoneAndTheLogStillHolds(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let alice = try await TestUser(site)
            #expect(try await alice.send("POST", "/privacy/erase", ["password": "not this one"]).status == 422)
            let gone = try await alice.send("POST", "/privacy/erase", ["password": .string(TestSite.password)])
            #expect(gone.status == 200 && gone.json["until"]?.string != nil)
            #expect(try await alice.send("GET", "/users/me").status == 401)
            // Within the grace everything is there again.
            let back = try await alice.signedInAgain()
            #expect(try await back.send("GET", "/users/me").status == 200)
            #expect(try await back.send("POST", "/privacy/erase", ["password": .string(TestSite.password)]).status == 200)
            try await site.database.write { transaction in
                _ = try transaction.execute("UPDATE users SET left_at = 1 WHERE id = \(alice.id)")
            }
            try await site.accounts.eraseLeft()
            #expect(try await site.database.read { try $0.row("SELECT 1 FROM users WHERE id = \(alice.id)") } == nil)
            let keyring = site.composition.infrastructure.keyring
            let report = try await AuditVerifier(database: site.database, keyring: keyring, headsPath: nil).verify()
            #expect(report.isSound, "\(report.lines)")
        }
    }

    /// Columns that name a person, or hold what belongs to one. People of films are not meant.
    private static func isPersonal(_ column: String, in table: String) -> Bool {
        let names: Set<String> = [
            "user_id", "author_id", "owner_id", "actor_user_id", "actor_id", "from_id", "to_id", "low", "high", "blocker_id", "blocked_id",
            "reporter_id", "subject_id", "assignee_id", "principal", "created_by", "issued_by", "ended_by", "decided_by", "assigned_by",
            "revoked_by", "set_by", "deleted_by", "email_cipher", "email_blind", "ip", "address", "user_agent", "editor_id", "updated_by",
            "member_id", "silenced_by",
        ]
        return names.contains(column)
    }

    @Test(arguments: TestDatabase.all) func everyTableWithSomethingOfAPersonIsDeclared(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let query: SQL =
                kind == .sqlite
                ? """
                SELECT m.name, c.name FROM sqlite_master AS m JOIN pragma_table_info(m.name) AS c WHERE m.type = 'table'
                """
                : "SELECT table_name::text, column_name::text FROM information_schema.columns WHERE table_schema = current_schema()"
            let columns = try await site.database.read { try $0.rows(query).map { (table: $0.text(0), column: $0.text(1)) } }
            let declared = Dictionary(grouping: site.composition.privacy.register.map(\.data), by: \.table)
            var missing: [String] = []
            for (table, column) in columns where Self.isPersonal(column, in: table) {
                let named = declared[table]?.flatMap(\.columns) ?? []
                if !named.contains(column) { missing.append("\(table).\(column)") }
            }
            #expect(missing.isEmpty, "declare in PersonalData.swift of the feature: \(missing.sorted().joined(separator: ", "))")
            let twice = declared.filter { $0.value.count > 1 }.keys.sorted()
            #expect(twice.isEmpty, "\(twice)")
            let known = Set(columns.map(\.table))
            #expect(declared.keys.filter { !known.contains($0) && $0 != "access_log" }.isEmpty)
        }
    }

    @Test func theRegisterSaysWhatIsHeld() async throws {
        try await TestSite.with(.sqlite) { site in
            let items = try await TestUser(site).items("/privacy/register")
            #expect(items.count > 60)
            #expect(items.first { $0["table"] == "audit_log" }?["erasure"] == "kept")
        }
    }
}
