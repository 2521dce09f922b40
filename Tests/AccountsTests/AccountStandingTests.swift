import Accounts
import HTTP
import Kernel
import TestSupport
import Testing

/// Every state of an account by every act upon it or by it: no combination is left to chance.
@Suite struct AccountStandingTests {
    enum State: String, CaseIterable, Sendable {
        case active, disabled, banned, bannedAndDisabled, banEnded, left, leftAndBanned, leftAndDisabled, leftLongAgo, deleted
        case deletedAndBanned, unverified, pending, refused
    }

    enum Act: String, CaseIterable, Sendable {
        case signIn, refresh, key, resetPassword, ban, unban, disable, enable, delete, erase, restore
        case giveRole, takeRole, takeRoles, override, status
    }

    /// The status of the answer to each act, in the order of `Act`.
    private static func expected(_ state: State) -> [Int] {
        switch state {
        //                            in   refr key  rset ban  unb  dis  en   del  era  rest give take list over stat
        case .active: return [200, 200, 200, 204, 200, 200, 200, 200, 204, 204, 200, 200, 200, 200, 200, 200]
        // A ban ends keys for good.
        case .banEnded: return [200, 200, 401, 204, 200, 200, 200, 200, 204, 204, 200, 200, 200, 200, 200, 200]
        case .disabled: return [423, 401, 423, 204, 200, 200, 200, 200, 204, 204, 200, 200, 200, 200, 200, 200]
        case .banned, .bannedAndDisabled: return [423, 401, 401, 204, 200, 200, 200, 200, 204, 204, 200, 200, 200, 200, 200, 200]
        case .left: return [200, 401, 401, 204, 200, 200, 200, 200, 204, 204, 200, 404, 200, 200, 200, 404]
        case .leftAndBanned, .leftAndDisabled: return [423, 401, 401, 204, 200, 200, 200, 200, 204, 204, 200, 404, 200, 200, 200, 404]
        case .leftLongAgo: return [401, 401, 401, 403, 200, 200, 200, 200, 204, 204, 200, 404, 200, 200, 200, 404]
        case .deleted, .deletedAndBanned: return [401, 401, 401, 403, 404, 404, 404, 404, 404, 204, 200, 404, 200, 200, 404, 404]
        case .unverified, .pending, .refused: return [423, 401, 401, 403, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404]
        }
    }

    @Test(arguments: TestDatabase.all) func everyCellIsDecided(_ kind: TestDatabase) async throws {
        var policy = AccountsSite.openPolicy
        policy.leaveGrace = 60
        try await AccountsSite.with(kind, policy: policy, sendsMail: true) { site in
            for state in State.allCases {
                let row = Self.expected(state)
                try #require(row.count == Act.allCases.count)
                for (act, wanted) in zip(Act.allCases, row) {
                    let place = "10.\(State.allCases.firstIndex(of: state) ?? 0).\(Act.allCases.firstIndex(of: act) ?? 0).1"
                    let person = try await Person.make("\(state)_\(act)".lowercased(), state, at: place, on: site)
                    let got = try await person.answer(to: act)
                    #expect(got == wanted, "\(state) × \(act)")
                }
            }
        }
    }

    /// Who left and was banned meanwhile does not come back by signing in, and is free again once the ban is lifted.
    @Test(arguments: TestDatabase.all) func whoeverLeftCanBeBarred(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind) { site in
            try await site.add("mia")
            let (mia, root) = (try await site.token("mia"), try await site.token("root"))
            let left = try await site.send(.post, "/auth/leave", token: mia, ["password": .string(AccountsSite.password(of: "mia"))])
            #expect(left.status == 200)
            #expect(try await site.send(.post, "/users/u_mia/ban", token: root, ["reason": "Fraud"]).status == 200)
            #expect(try await site.login("mia").code == "banned")
            #expect(try await site.send(.delete, "/users/u_mia/ban", token: root).status == 200)
            #expect(try await site.login("mia").status == 200)
            #expect(try await site.send(.get, "/users/u_mia", token: root).json["deleted_at"] == .null)
        }
    }
}

/// Somebody in one state, with all that they had before they came to it.
private struct Person {
    let name: String
    /// Each at an address of their own, whose limits no other meets.
    let address: String
    let site: AccountsSite
    var refresh = "none"
    var key = "fk_none"
    var reset = "none"

    private var password: JSON { .string(AccountsSite.password(of: name)) }

    static func make(_ given: String, _ state: AccountStandingTests.State, at address: String, on site: AccountsSite) async throws -> Person
    {
        var person = Person(name: String(given.prefix(32)), address: address, site: site)
        switch state {
        case .unverified, .pending, .refused: try await person.ask(until: state)
        default: try await person.live(until: state)
        }
        return person
    }

    private func act(_ method: HTTPMethod, _ path: String, _ body: JSON? = nil) async throws -> Int {
        try await site.send(method, "/users/u_\(name)\(path)", token: try await site.token("root"), body).status
    }

    private mutating func live(until state: AccountStandingTests.State) async throws {
        try await site.add(name, roles: ["role_staff"])
        let login = try await site.login(name)
        refresh = login.text("refresh_token")
        let token = login.text("access_token")
        key = try await site.send(.post, "/api-keys", token: token, ["name": "k", "scopes": ["self.read"]]).text("key")
        switch state {
        case .disabled: #expect(try await act(.post, "/disable") == 200)
        case .banned, .deletedAndBanned: #expect(try await act(.post, "/ban", ["reason": "x"]) == 200)
        case .bannedAndDisabled:
            #expect(try await act(.post, "/disable") == 200)
            #expect(try await act(.post, "/ban", ["reason": "x"]) == 200)
        case .banEnded:
            #expect(try await act(.post, "/ban", ["reason": "x", "duration_s": 5]) == 200)
            site.clock.advance(seconds: 5)
            refresh = try await site.login(name).text("refresh_token")
        case .left, .leftAndBanned, .leftAndDisabled, .leftLongAgo:
            #expect(try await site.send(.post, "/auth/leave", token: token, ["password": password]).status == 200)
        default: break
        }
        switch state {
        case .leftAndBanned: #expect(try await act(.post, "/ban", ["reason": "x"]) == 200)
        case .leftAndDisabled: #expect(try await act(.post, "/disable") == 200)
        case .deleted, .deletedAndBanned: #expect(try await act(.delete, "") == 204)
        default: break
        }
        _ = try await site.send(.post, "/auth/password/forgot", ["email": .string("\(name)@site.test")], from: address)
        try await site.accounts.grantWishes()
        let mail = try await site.mails().last { $0.to == "\(name)@site.test" && $0.kind == "reset_password" }
        reset = mail?.token ?? "none"
        if state == .leftLongAgo { site.clock.advance(seconds: 61) }
    }

    private func ask(until state: AccountStandingTests.State) async throws {
        let root = try await site.token("root")
        let mode: JSON = state == .unverified ? "open" : "approval"
        #expect(try await site.send(.patch, "/settings", token: root, ["registration_mode": mode]).status == 200)
        #expect(try await site.send(.post, "/auth/register", AccountsSite.newcomer(name), from: address).status == 202)
        guard state != .unverified else { return }
        let link = try await site.mails().last { $0.to == "\(name)@site.test" }?.token
        #expect(try await site.verify(JSON(link), name, from: address).json == ["state": "pending_approval"])
        guard state == .refused else { return }
        let waiting = try await site.send(.get, "/registrations?limit=200", token: root).items.first { $0["username"]?.string == name }
        let id = waiting?["id"]?.string ?? ""
        #expect(try await site.send(.post, "/registrations/\(id)/refuse", token: root, ["reason": "x"]).status == 200)
    }

    func answer(to act: AccountStandingTests.Act) async throws -> Int {
        switch act {
        case .signIn: try await site.login(name).status
        case .refresh: try await site.send(.post, "/auth/refresh", ["refresh_token": .string(refresh)]).status
        case .key: try await site.send(.get, "/auth/session", token: key).status
        case .resetPassword:
            try await site.send(.post, "/auth/password/reset", ["token": .string(reset), "password": "a new passphrase"], from: address)
                .status
        case .ban: try await self.act(.post, "/ban", ["reason": "y"])
        case .unban: try await self.act(.delete, "/ban")
        case .disable: try await self.act(.post, "/disable")
        case .enable: try await self.act(.post, "/enable")
        case .delete: try await self.act(.delete, "")
        case .erase: try await self.act(.delete, "?hard=true")
        case .restore: try await self.act(.post, "/restore")
        case .giveRole: try await self.act(.post, "/roles", ["role_id": "role_staff"])
        case .takeRole: try await self.act(.delete, "/roles/role_staff")
        case .takeRoles: try await self.act(.post, "/roles", ["remove": ["role_staff"]])
        case .override: try await self.act(.put, "/overrides/media.read", ["effect": "deny", "reason": "x"])
        case .status: try await self.act(.patch, "", ["status_message": "x"])
        }
    }
}
