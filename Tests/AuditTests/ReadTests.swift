import Database
import Glibc
import HTTP
import Kernel
import Synchronization
import TestSupport
import Testing

@testable import Audit

@Suite struct ReadTests {
    @Test(arguments: TestDatabase.all) func showsEveryField(_ kind: TestDatabase) async throws {
        try await AuditSite.with(kind) { site in
            let ada = try await site.add("ada")
            let id = try await site.record(1, actor: ada)[0]
            let answer = try await site.get("/audit/\(id.uuid)")
            #expect(answer.status == 200)
            let entry = answer.json
            #expect(entry["id"]?.string == id.uuid && entry["timestamp"]?.string == id.timestamp.rfc3339)
            #expect(entry["actor_user_id"]?.string == ada.uuid && entry["actor"]?["display_name"]?.string == "ADA")
            #expect(
                entry["action"]?.string == "role.update" && entry["target_type"]?.string == "role" && entry["target_id"]?.string == "r0")
            #expect(entry["payload"]?["before"]?["n"]?.integer == 0 && entry["payload"]?["after"]?["n"]?.integer == 1)
            #expect(entry["result"]?.string == "success" && entry["reason"] == .null)
            #expect(
                entry["ip"]?.string == "192.0.2.7" && entry["user_agent"]?.string == "test" && entry["request_id"]?.string == "request-0")
            #expect(entry["hash"]?.string?.count == 64 && entry["previous_hash"]?.string?.count == 64)
            #expect(entry["signature"]?.string?.count == 128 && entry["seq"]?.integer == 1)
            let absent = try await site.get("/audit/\(ada.uuid)")
            #expect(absent.status == 404)
        }
    }

    @Test(arguments: TestDatabase.all) func needsThePermission(_ kind: TestDatabase) async throws {
        try await AuditSite.with(kind) { site in
            _ = try await site.add("ada")
            for path in ["/audit", "/audit/access", "/audit/00000000-0000-8000-8000-000000000000"] {
                let (guest, member) = (try await site.get(path, as: nil), try await site.get(path, as: "ada users.read"))
                #expect(guest.status == 401 && member.status == 403, "\(path)")
            }
        }
    }

    @Test(arguments: TestDatabase.all) func filtersCombine(_ kind: TestDatabase) async throws {
        try await AuditSite.with(kind) { site in
            let (ada, bob) = (try await site.add("ada"), try await site.add("bob"))
            try await site.record(2, action: "role.update", actor: ada)
            try await site.record(2, action: "role.create", actor: bob)
            try await site.record(1, action: "rolex", actor: nil)
            _ = try await site.database.write { transaction in
                try site.audit.record(
                    "user.update", target: (type: "user", id: bob.uuid), payload: ["after": ["bio": "100 % Sûr_"]],
                    result: .fail("rank_too_low"),
                    scope: Scope(userID: ada, address: "198.51.100.1"), in: transaction)
            }
            func actions(_ query: String) async throws -> [String] { try await site.get("/audit?\(query)").each("action") }
            let table: [(String, [String])] = [
                ("", ["user.update", "rolex", "role.create", "role.create", "role.update", "role.update"]),
                ("actor=u_ada", ["user.update", "role.update", "role.update"]),
                ("actor=\(bob.uuid)", ["role.create", "role.create"]),
                ("actor=me&result=success", ["role.update", "role.update"]),
                ("actor=system", ["rolex"]),
                ("exclude=role.update,rolex", ["user.update", "role.create", "role.create"]),
                ("person=u_ada", ["user.update", "role.update", "role.update"]),
                ("person=\(bob.uuid)", ["user.update", "role.create", "role.create"]),
                ("person=u_bob&exclude=user.update", ["role.create", "role.create"]),
                ("person=u_nobody", []),
                ("actor=u_nobody", []),
                ("action=role.create", ["role.create", "role.create"]),
                ("action=role.*", ["role.create", "role.create", "role.update", "role.update"]),
                ("action=rolex,role.create", ["rolex", "role.create", "role.create"]),
                ("action=user.*,role.update&target=u_bob", ["user.update"]),
                (
                    "action=,",
                    [
                        "user.update", "rolex", "role.create", "role.create", "role.update", "role.update",
                    ]
                ),
                ("target=u_bob", ["user.update"]),
                ("target_type=user", ["user.update"]),
                ("target=r1&actor=u_ada", ["role.update"]),
                ("result=fail", ["user.update"]),
                ("ip=198.51.100.1", ["user.update"]),
                ("text=rank_too", ["user.update"]),
                ("text=100%20%25", ["user.update"]),
                ("text=r_le", []),
                ("text=ROLEX", ["rolex"]), ("text=r%C3%B4lex", ["rolex"]),
                ("from=2200-01-01", []), ("to=2020-01-01", []), ("from=2020-01-01&to=9999-12-31&action=rolex", ["rolex"]),
            ]
            for (query, expected) in table {
                let found = try await actions(query)
                #expect(found == expected, "\(query)")
            }
            let wrong = try await site.get("/audit?result=maybe&colour=red")
            #expect(wrong.status == 422)
        }
    }

    @Test(arguments: TestDatabase.all) func pagesHoldEveryEntryOnce(_ kind: TestDatabase) async throws {
        try await AuditSite.with(kind) { site in
            _ = try await site.add("ada")
            let ids = try await site.record(23)
            for filter in ["", "&text=role", "&action=role.*"] {
                var seen: [String] = []
                var cursor: String? = ""
                while let from = cursor {
                    let page = try await site.get("/audit?limit=5&count=true\(filter)" + (from.isEmpty ? "" : "&cursor=\(from)"))
                    #expect(page.json["total"]?.integer == 23)
                    seen += page.each("id")
                    cursor = page.json["next"]?.string
                }
                #expect(seen == ids.reversed().map(\.uuid))
            }
        }
    }

    @Test(arguments: TestDatabase.all) func aRefusalIsRecordedOnceAMinute(_ kind: TestDatabase) async throws {
        try await AuditSite.with(kind) { site in
            let (ada, bob) = (try await site.add("ada"), try await site.add("bob"))
            for target in ["u_bob", bob.uuid, "u_bob", "me"] {
                let refused = try await site.send(.post, "/users/\(target)/roles", as: "ada users.read")
                #expect(refused.status == 403)
            }
            #expect(try await site.send(.delete, "/roles/role_mod", as: "bob").status == 403)
            #expect(try await site.get("/audit?target=role_mod").each("target_id") == [RoleID(rawValue: 7).uuid])
            let guest = try await site.send(.post, "/users/u_bob/roles", as: nil)
            #expect(guest.status == 401)
            let answer = try await site.get("/audit?action=role.assign")
            // The minute may turn once between two of them.
            #expect((2...4).contains(answer.items.count), "\(answer.json.text)")
            #expect(Set(answer.each("target_id")) == [ada.uuid, bob.uuid] && Set(answer.each("target_type")) == ["user"])
            #expect(Set(answer.each("action")) == ["role.assign"] && Set(answer.each("result")) == ["fail"])
            #expect(Set(answer.each("reason")) == ["permission_denied"] && Set(answer.each("actor_user_id")) == [ada.uuid])
            let report = try await site.verify()
            #expect(report.isSound)
        }
    }

    @Test(arguments: ["/audit", "/audit/access"]) func aStrangeCursorIsRefused(_ path: String) async throws {
        try await AuditSite.with(.sqlite) { site in
            _ = try await site.add("ada")
            #expect(try await site.get("\(path)?cursor=5b2278225d").status == 422)
        }
    }

    @Test(arguments: TestDatabase.all) func refusalsAtVeryManyTargetsFillNoDisk(_ kind: TestDatabase) async throws {
        try await AuditSite.with(kind) { site in
            _ = try await site.add("ada")
            let begun = WallClock.system.now().milliseconds / 60_000
            for number in 0..<200 {
                #expect(try await site.send(.post, "/users/u_nobody\(number)/roles", as: "ada").status == 403)
            }
            let answer = try await site.get("/audit?action=role.assign&limit=200")
            // Thirty in each minute that the test saw, and one that stands for the rest.
            let minutes = Int(WallClock.system.now().milliseconds / 60_000 - begun) + 1
            #expect((31...31 * minutes).contains(answer.items.count), "\(answer.items.count) in \(minutes)")
            #expect(answer.items.contains { $0["target_id"]?.isNull ?? false })
        }
    }

    @Test(arguments: TestDatabase.all) func theAccessLogHasEveryRequestOfThoseSignedIn(_ kind: TestDatabase) async throws {
        try await AuditSite.with(kind) { site in
            let ada = try await site.add("ada")
            let services = Task { try await site.feature.run() }
            for path in ["/audit", "/audit?limit=3", "/audit/x", "/nothing/here"] { _ = try await site.get(path) }
            _ = try await site.get("/audit", as: "ada users.read")
            _ = try await site.get("/audit", as: nil)
            // Written behind the requests: asked for, by another person, until they are there.
            _ = try await site.add("bob")
            var items: [JSON] = []
            while items.count < 5 {
                try await Task.sleep(for: .milliseconds(50))
                items = try await site.get("/audit/access?user=u_ada", as: "bob audit.read").items
            }
            services.cancel()
            try await services.value
            let seen = items.reversed()
            #expect(seen.map { $0["route"]?.string ?? "" } == ["/audit", "/audit", "/audit/{id}", "-", "/audit"])
            #expect(seen.map { $0["status"]?.integer ?? 0 } == [200, 200, 404, 404, 403])
            #expect(seen.map { $0["decision"]?.string ?? "" } == ["allowed", "allowed", "allowed", "allowed", "denied"])
            #expect(
                seen.allSatisfy {
                    $0["user_id"]?.string == ada.uuid && $0["ip"]?.string == "127.0.0.1" && $0["user_agent"]?.string == "tests"
                })
            let none = try await site.get("/audit/access?user=u_nobody")
            #expect(none.items.isEmpty)
        }
    }

    /// On SQLite the access log has a writer of its own: it is written while the site's writer is held by another transaction.
    @Test(arguments: TestDatabase.all) func theAccessLogWaitsForNoOtherWriter(_ kind: TestDatabase) async throws {
        try await AuditSite.with(kind) { site in
            _ = try await site.add("ada")
            _ = try await site.get("/audit")
            let (isHeld, mayGoOn) = (Flag(), Flag())
            async let held: Void = site.database.write { _ in
                isHeld.raise()
                while !mayGoOn.isRaised { usleep(1000) }
            }
            while !isHeld.isRaised { await Task.yield() }
            try await site.feature.access.flush()
            let written = try await site.access.read { try $0.row("SELECT COUNT(*) FROM access_log")?.int(0) }
            mayGoOn.raise()
            try await held
            #expect(written == 1)
        }
    }

    /// An older version wrote to the main database; a crash in the middle of the move leaves lines in both.
    @Test func olderLinesOfTheAccessLogMove() async throws {
        try await AuditSite.with(.sqlite) { site in
            let ada = try await site.add("ada")
            let ids = (0..<1203).map { _ in site.ids.next(AnyEntity.self) }
            let insert: @Sendable (ID<AnyEntity>, Transaction) throws -> Void = { id, transaction in
                try transaction.execute(
                    """
                    INSERT INTO access_log (id, user_id, method, route, path, status, ip, user_agent, request_id)
                    VALUES (\(id), \(ada), 'GET', '/users', '/api/v1/users', 200, '192.0.2.9', 'old', 'r')
                    """)
            }
            try await site.database.write { transaction in for id in ids { try insert(id, transaction) } }
            try await site.access.write { transaction in for id in ids.prefix(7) { try insert(id, transaction) } }
            try await site.feature.tidy()
            let left = try await site.database.read { try $0.row("SELECT COUNT(*) FROM access_log")?.int(0) }
            let page = try await site.get("/audit/access?user=u_ada&count=true&limit=1")
            #expect(left == 0)
            #expect(page.json["total"]?.integer == 1203)
            #expect(page.items.first?["id"]?.string == ids.last?.uuid)
        }
    }

    @Test(arguments: TestDatabase.all) func onePersonsLinesAreErased(_ kind: TestDatabase) async throws {
        try await AuditSite.with(kind) { site in
            let (ada, _) = (try await site.add("ada"), try await site.add("bob"))
            _ = try await site.get("/audit")
            try await site.feature.access.flush()
            _ = try await site.get("/audit")
            _ = try await site.get("/audit", as: "bob audit.read")
            try await site.feature.eraseAccess(of: ada)
            try await site.feature.access.flush()
            let people = try await site.get("/audit/access", as: "bob audit.read").each("user_id")
            #expect(people.count == 1 && !people.contains(ada.uuid))
        }
    }

    /// What the services leave behind when they are told to stop.
    @Test(arguments: TestDatabase.all) func theServicesKeepTheHeads(_ kind: TestDatabase) async throws {
        try await AuditSite.with(kind) { site in
            try await site.record(4)
            let services = Task { try await site.feature.run() }
            services.cancel()
            try await services.value
            let report = try await site.verify()
            #expect(report.isSound && report.heads == 1)
        }
    }
}

/// Raised once, seen by any thread.
private final class Flag: Sendable {
    private let value = Atomic(false)
    var isRaised: Bool { value.load(ordering: .acquiring) }
    func raise() { value.store(true, ordering: .releasing) }
}
