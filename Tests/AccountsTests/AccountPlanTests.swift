import Accounts
import Database
import HTTP
import Kernel
import TestSupport
import Testing

/// What a visit to a large site asks of the database reads no large table from end to end.
@Suite struct AccountPlanTests {
    private static let large = [
        "users", "sessions", "refresh_tokens", "known_addresses", "user_roles", "user_overrides", "audit_log", "outbox",
    ]

    private static let requests = [
        "/users/me", "/users/u_crowd77", "/users", "/users?sort=-username", "/users?sort=created_at", "/users?sort=-created_at",
        "/users?sort=last_seen_at", "/users?sort=-last_seen_at", "/users?banned=true&sort=last_seen_at", "/users?activity=Figma",
        "/users?role=role_staff&count=true", "/users?role=role_member&sort=-last_seen_at", "/users?permission=users.delete&count=true",
        "/users?search=crowd9@site.test&sort=created_at", "/users?search=wd1777&sort=-last_seen_at&count=true",
        "/users?search=crowd&count=true", "/auth/session", "/auth/sessions", "/users/u_crowd77/sessions",
    ]

    /// Whoever has no tag is not looked at.
    @Test(arguments: TestDatabase.all) func aTagIsLookedForAmongTheTagged(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind, seen: ExplainedDatabase.init) { site in
            let explained = try #require(site.database as? ExplainedDatabase)
            try await Crowd().fill(.users, in: site.database)
            try await site.add("ada", ["tags": ["beta"]])
            let token = try await site.token("root")
            #expect(try await site.send(.get, "/users?tag=beta&count=true", token: token).json["total"] == 1)
            #expect(try await site.send(.get, "/users/tags", token: token).items.count == 1)
            let plans = explained.plans.filter { $0.statement.contains("tags <> '[]'") }
            #expect(plans.count == 2)
            for plan in plans {
                #expect(plan.steps.contains { $0.contains("users_tagged") || $0.contains("users_search_tags") }, "\(plan)")
            }
        }
    }

    @Test(arguments: TestDatabase.all) func noLargeTableIsScanned(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind, sendsMail: true, seen: ExplainedDatabase.init) { site in
            let explained = try #require(site.database as? ExplainedDatabase)
            try await Crowd().fill(.users, .assignments, .overrides, .sessions, in: site.database)
            let before = explained.plans.count
            let session = try await site.login("root")
            let token = session.text("access_token")
            for path in Self.requests {
                let answer = try await site.send(.get, path, token: token)
                #expect(answer.status == 200, "\(path)")
                // The second page starts from a cursor.
                guard let next = answer.json["next"]?.string else { continue }
                let more = try await site.send(.get, "\(path)\(path.contains("?") ? "&" : "?")cursor=\(next)", token: token)
                #expect(more.status == 200, "\(path)")
            }
            let refreshed = try await site.send(.post, "/auth/refresh", ["refresh_token": session.json["refresh_token"] ?? .null])
            #expect(refreshed.status == 200)
            let cookie = try await site.login("root", headers: ["X-Foyer-Session": "cookie"]).cookie
            #expect(try await site.send(.get, "/auth/session", headers: ["Cookie": cookie]).status == 200)
            let newcomer: JSON = ["username": "zoe", "email": "crowd7@site.test", "password": "a fine passphrase"]
            #expect(try await site.send(.post, "/auth/register", newcomer).status == 202)
            #expect(try await site.send(.post, "/auth/password/forgot", ["email": "root@site.test"]).status == 202)
            try await site.accounts.grantWishes()
            let link = try #require(try await site.mails().last?.token)
            let reset = try await site.send(.post, "/auth/password/reset", ["token": .string(link), "password": "a new passphrase"])
            #expect(reset.status == 204)
            try await site.accounts.eraseLeft()
            try await site.accounts.sweepRegistrations()
            let plans = explained.plans.dropFirst(before)
            for plan in plans { #expect(plan.scanned(Self.large) == [], "\(plan)") }
            for table in ["sessions", "refresh_tokens", "users"] { #expect(plans.contains { $0.statement.contains(" \(table) ") }) }
        }
    }
}
