import Audit
import Authorization
import Database
import Directory
import HTTP
import Kernel
import Roles
import Synchronization
import TestSupport
import Testing

@Suite struct AuthorizerTests {
    @Test(arguments: TestDatabase.all) func changesConcernThoseTheyTouch(_ kind: TestDatabase) async throws {
        try await RolesSite.with(kind) { site in
            try await site.roles.authorizer.poll()
            let heard = Heard()
            site.roles.authorizer.onChange { heard.append($0) }
            try await site.makeRole("guide", 40)
            try await site.give("guide", to: "mia")
            let mia = try await site.id("mia")
            #expect(heard.all.map(\.concerned) == [.users([]), .users([mia])])
            #expect(heard.all[1].version == heard.all[0].version + 1)
            #expect(heard.all[1].concerns(mia) && !heard.all[1].concerns(nil) && !heard.all[0].concerns(mia))
            try await site.send(.patch, "/roles/role_guide", ["permissions": ["audit.read"]]).expect(200)
            try await site.send(.patch, "/roles/role_guest", ["permissions": ["media.read", "chat.read"]]).expect(200)
            #expect(heard.all.dropFirst(2).map(\.concerned) == [.users([mia]), .everybody])
            #expect(heard.all[3].concerns(nil))
            #expect(try await site.roles.authorizer.rights(of: mia).can(.auditRead))
        }
    }

    /// Another node is another authorizer on the same database.
    @Test(arguments: TestDatabase.all) func thePollFindsWhatOtherNodesChanged(_ kind: TestDatabase) async throws {
        try await RolesSite.with(kind) { site in
            let mia = try await site.id("mia")
            let other = Authorizer(database: site.database, clock: site.clock.wall)
            #expect(try await !other.rights(of: mia).can(.rolesRead))
            let heard = Heard()
            other.onChange { heard.append($0) }
            try await site.makeRole("reader", 40, ["roles.read"])
            try await site.give("reader", to: "mia")
            #expect(try await !other.rights(of: mia).can(.rolesRead), "it remembers until it polls")
            try await other.poll()
            #expect(try await other.rights(of: mia).can(.rolesRead))
            #expect(heard.all.map(\.concerned) == [.everybody])
            try await other.poll()
            #expect(heard.all.count == 1)
        }
    }

    /// A local change after a remote one that was not seen yet must not hide it.
    /// Of which nobody told it: on PostgreSQL by asking, on SQLite after the commit.
    @Test(arguments: TestDatabase.all) func itFollowsWhatIsCommitted(_ kind: TestDatabase) async throws {
        try await RolesSite.with(kind) { site in
            let mia = try await site.id("mia")
            let other = Authorizer(database: site.database, clock: site.clock.wall)
            #expect(try await !other.rights(of: mia).can(.rolesRead))
            let service = Task { try await other.run() }
            try await site.makeRole("reader", 40, ["roles.read"])
            try await site.give("reader", to: "mia")
            while try await !other.rights(of: mia).can(.rolesRead) { try await Task.sleep(for: .milliseconds(10)) }
            service.cancel()
            if case .failure(let error) = await service.result { #expect(error is CancellationError) }
        }
    }

    @Test(arguments: TestDatabase.all) func aGapInTheVersionsDropsEverything(_ kind: TestDatabase) async throws {
        try await RolesSite.with(kind) { site in
            let (mia, mo) = (try await site.id("mia"), try await site.id("mo"))
            let other = Authorizer(database: site.database, clock: site.clock.wall)
            #expect(try await !other.rights(of: mia).can(.rolesManage))
            let version = try await site.database.read { try $0.row("SELECT version FROM authz_state")?.int64(0) ?? 0 }
            try await site.send(.put, "/users/u_mia/overrides/roles.manage", ["effect": "allow", "reason": "calm"]).expect(200)
            other.committed(AuthorizationChange(version: version + 2, concerned: .users([mo])))
            #expect(try await other.rights(of: mia).can(.rolesManage))
        }
    }

    @Test(arguments: TestDatabase.all) func guestsHaveTheGuestRole(_ kind: TestDatabase) async throws {
        try await RolesSite.with(kind) { site in
            #expect(try await site.roles.authorizer.rights(of: nil).permissions.keys == ["media.read"])
            try await site.send(.patch, "/roles/role_guest", ["permissions": ["media.read", "roles.read"]]).expect(200)
            #expect(try await site.send(.get, "/roles", as: nil).status == 200)
            #expect(try await site.send(.get, "/roles", as: "mia").status == 200, "member inherits guest")
        }
    }

    @Test(arguments: TestDatabase.all) func managingNeedsAStrictlyHigherRank(_ kind: TestDatabase) async throws {
        try await RolesSite.with(kind) { site in
            func may(_ actor: String, _ target: String) async throws -> Bool {
                let (scope, target) = (Scope(userID: try await site.id(actor)), try await site.id(target))
                let authorizer = site.roles.authorizer
                do {
                    try await site.database.write { try authorizer.requireMayManage(scope, target: target, in: $0) }
                    return true
                } catch let problem as Problem where problem.code == "rank_too_low" { return false }
            }
            try await site.add("mona", .mod)
            #expect(try await may("root", "ada"))
            #expect(try await may("mo", "mia"))
            #expect(try await !may("mo", "mona"))
            #expect(try await !may("mo", "ada"))
            #expect(try await !may("root", "root"))
        }
    }

    @Test(arguments: TestDatabase.all) func aDeadDatabaseIsAnUnavailableAnswer(_ kind: TestDatabase) async throws {
        try await kind.with { database in
            let authorizer = Authorizer(database: database)
            await database.close()
            await #expect { try await authorizer.rights(of: nil) } throws: { ($0 as? Problem)?.status == 503 }
        }
    }

    /// The services stop when their task is cancelled.
    @Test(arguments: TestDatabase.all) func theServicesRunUntilCancelled(_ kind: TestDatabase) async throws {
        try await RolesSite.with(kind) { site in
            try await site.makeRole("reader", 40, ["roles.read"])
            try await site.send(.post, "/users/u_mia/roles", ["role_id": "role_reader", "expires_at": "2027-01-15T08:00:01Z"]).expect(200)
            let roles = site.roles
            let service = Task { try await roles.run() }
            site.clock.advance(milliseconds: 1000)
            while try await site.events("reason").last != "role.revoked expired" { try await Task.sleep(for: .milliseconds(20)) }
            service.cancel()
            // It ends either way: between two turns by returning, within one by the error.
            if case .failure(let error) = await service.result { #expect(error is CancellationError) }
        }
    }
}

private final class Heard: Sendable {
    private let changes = Mutex<[AuthorizationChange]>([])
    func append(_ change: AuthorizationChange) { changes.withLock { $0.append(change) } }
    var all: [AuthorizationChange] { changes.withLock { $0 } }
}
