import Database
import HTTP
import Kernel
import Seeded
import TestSupport
import Testing

/// After anything that happened, what a client had, moved by the events, is what it would read anew: for every durable event.
@Suite struct EventModelTests {
    /// What clients keep of the site. A new type of event needs its line in `apply`, or the test fails.
    private struct Known: Equatable {
        var people: [String: Person] = [:]
        var roles: [String: Role] = [:]
        var held: [String: Set<String>] = [:]
        var overrides: [String: [String: String]] = [:]
        var pending: Set<String> = []
        var audit: [String] = []

        struct Person: Equatable {
            var username = ""
            var displayName = ""
            var avatar: String?
            var isBanned = false
            var isDisabled = false
            var status = "online"
            var message: String?
            var version: Int64 = 0

            init() {}

            /// - Parameter json: of an event or of a list: both name them alike.
            mutating func take(_ json: JSON) {
                (username, displayName) = (json["username"]?.string ?? "", json["display_name"]?.string ?? "")
                (avatar, version) = (json["avatar_url"]?.string, json["version"]?.integer ?? 0)
                (isBanned, isDisabled) = (json["is_banned"] == true, json["is_disabled"] == true)
            }
        }

        struct Role: Equatable {
            var name = ""
            var color: String?
            var priority: Int64 = 0
            var permissions: [String] = []
            var version: Int64 = 0

            mutating func take(_ json: JSON) {
                (name, color) = (json["name"]?.string ?? "", json["color"]?.string)
                (priority, version) = (json["priority"]?.integer ?? 0, json["version"]?.integer ?? 0)
            }
        }

        /// - Returns: false for a type that no client knows.
        mutating func apply(_ type: String, _ event: JSON) -> Bool {
            let user = event["user_id"]?.string ?? ""
            let role = event["role_id"]?.string ?? ""
            switch type {
            case "user.created", "user.updated", "user.restored", "user.disabled", "user.enabled", "user.banned", "user.unbanned":
                people[user, default: Person()].take(event)
            case "user.deleted": people[user] = nil
            case "status.changed":
                // The person's own devices are told what; the others, that it is other than they know.
                guard let status = event["status"]?.string else { return true }
                people[user]?.status = status
                people[user]?.message = event["status_message"]?.string
            case "user.permissions_changed": overrides[user, default: [:]][event["permission"]?.string ?? ""] = event["effect"]?.string
            case "role.created", "role.updated":
                roles[role, default: Role()].take(event)
                // Of a list, what was added and removed; of a new role, all.
                let change = event["diff"]?["permissions"]
                func texts(_ name: String) -> [String] { change?[name]?.array?.compactMap(\.string) ?? [] }
                var permissions = Set(roles[role]?.permissions ?? []).union(texts("added") + texts("to"))
                permissions.subtract(texts("removed"))
                roles[role]?.permissions = permissions.sorted()
            case "role.deleted": roles[role] = nil
            case "role.assigned": held[user, default: []].insert(role)
            case "role.revoked": held[user]?.remove(role)
            case "registration.updated":
                let id = event["registration_id"]?.string ?? ""
                if event["state"] == "pending" { pending.insert(id) } else { pending.remove(id) }
            // For other features, not for clients.
            case "auth.login": break
            case "audit.entry": audit.append(event["id"]?.string ?? "")
            default: return false
            }
            return true
        }

        /// What one has and the other has not.
        func differences(from fresh: Known) -> String {
            var texts = [
                pending == fresh.pending ? "" : "pending", audit == fresh.audit ? "" : "audit \(audit.count) of \(fresh.audit.count)",
            ]
            for id in Set(people.keys).union(fresh.people.keys) where people[id] != fresh.people[id] {
                texts.append("\(String(describing: people[id])) is \(String(describing: fresh.people[id]))")
            }
            for id in Set(roles.keys).union(fresh.roles.keys) where roles[id] != fresh.roles[id] {
                texts.append("\(String(describing: roles[id])) is \(String(describing: fresh.roles[id]))")
            }
            if held != fresh.held { texts.append("\(held) is held as \(fresh.held)") }
            if overrides != fresh.overrides { texts.append("\(overrides) is \(fresh.overrides)") }
            return texts.filter { !$0.isEmpty }.joined(separator: "; ")
        }

        /// As it is shown: of those who are there, what is.
        var shown: Known {
            var shown = self
            shown.held = held.filter { people[$0.key] != nil }.mapValues { $0.filter { roles[$0] != nil } }.filter { !$0.value.isEmpty }
            shown.overrides = overrides.filter { people[$0.key] != nil && !$0.value.isEmpty }
            return shown
        }
    }

    /// A client with every right, without anything kept.
    private func read(_ site: AccountsSite, _ root: String) async throws -> Known {
        var known = Known()
        for item in try await site.send(.get, "/users?limit=200", token: root).items {
            let id = item["id"]?.string ?? ""
            var person = Known.Person()
            person.take(item)
            (person.status, person.message) = (item["chosen_status"]?.string ?? "", item["status_message"]?.string)
            known.people[id] = person
            known.held[id] = Set(item["roles"]?.array?.compactMap(\.string) ?? [])
            for override in try await site.send(.get, "/users/\(id)/overrides", token: root).items {
                known.overrides[id, default: [:]][override["permission"]?.string ?? ""] = override["effect"]?.string
            }
        }
        for item in try await site.send(.get, "/roles?limit=200", token: root).items {
            var role = Known.Role()
            role.take(item)
            role.permissions = item["permissions"]?.array?.compactMap(\.string).sorted() ?? []
            known.roles[item["id"]?.string ?? ""] = role
        }
        let waiting = try await site.send(.get, "/registrations?state=pending&limit=200", token: root).items
        known.pending = Set(waiting.compactMap { $0["id"]?.string })
        known.audit = try await site.database.read { transaction in
            try transaction.rows("SELECT id FROM audit_log ORDER BY seq").map { $0.id(0, AuditEntry.self).uuid }
        }
        return known
    }

    private func events(_ site: AccountsSite, after offset: Int64) async throws -> [(offset: Int64, type: String, members: JSON)] {
        try await site.database.read { transaction in
            try transaction.rows("SELECT event_offset, type, members FROM outbox WHERE event_offset > \(offset) ORDER BY event_offset").map
            {
                ($0.int64(0), $0.text(1), try JSONParser.parse(Array($0.text(2).utf8)))
            }
        }
    }

    private enum Act: CaseIterable {
        case create, rename, avatar, disable, enable, ban, unban, delete, restore, status, permit, forbid, makeRole, editRole, dropRole,
            give, take
        case register, approve, refuse
    }

    /// Does one thing, to somebody whom chance picks; what is refused is no event.
    private func perform(_ act: Act, _ number: Int, _ site: AccountsSite, _ root: String, _ random: inout SeededRandom) async throws {
        let person = "u_p\(Int.random(in: 0..<6, using: &random))"
        let role = "role_r\(Int.random(in: 0..<4, using: &random))"
        func send(_ method: HTTPMethod, _ path: String, _ body: JSON? = nil) async throws {
            let answer = try await site.send(method, path, token: root, body)
            #expect(answer.status < 500, "\(method) \(path): \(answer.json.text)")
        }
        switch act {
        case .create: try await send(.post, "/users", AccountsSite.newcomer(String(person.dropFirst(2))))
        case .rename: try await send(.patch, "/users/\(person)", ["display_name": .string("Name \(number)")])
        case .avatar: try await send(.patch, "/users/\(person)", ["avatar_url": .string("https://site.test/\(number).png")])
        case .disable: try await send(.post, "/users/\(person)/disable", ["reason": "test"])
        case .enable: try await send(.post, "/users/\(person)/enable")
        case .ban: try await send(.post, "/users/\(person)/ban", ["reason": "test"])
        case .unban: try await send(.delete, "/users/\(person)/ban")
        case .delete: try await send(.delete, "/users/\(person)")
        case .restore:
            let gone = try await site.database.read { try $0.row("SELECT id FROM users WHERE deleted_at IS NOT NULL")?.id(0, User.self) }
            if let gone { try await send(.post, "/users/\(gone)/restore") }
        case .status:
            let status = ["online", "idle", "dnd"].randomElement(using: &random) ?? "dnd"
            try await send(.patch, "/users/me", ["status": .string(status), "status_message": .string("message \(number)")])
        case .permit: try await send(.put, "/users/\(person)/overrides/users.read", ["effect": "allow", "reason": "test"])
        case .forbid: try await send(.delete, "/users/\(person)/overrides/users.read")
        case .makeRole:
            try await send(
                .post, "/roles",
                [
                    "name": .string(String(role.dropFirst(5))), "priority": JSON(10 + Int.random(in: 0..<20, using: &random)),
                    "permissions": ["users.read"],
                ])
        case .editRole:
            let permissions: JSON = number.isMultiple(of: 2) ? ["users.read", "roles.read"] : ["presence.read"]
            try await send(.patch, "/roles/\(role)", ["permissions": permissions, "color": .string("#\(String(100_000 + number))")])
        case .dropRole: try await send(.delete, "/roles/\(role)")
        case .give: try await send(.post, "/users/\(person)/roles", ["role_id": .string(role)])
        case .take: try await send(.delete, "/users/\(person)/roles/\(role)")
        case .register: _ = try await site.send(.post, "/auth/register", AccountsSite.newcomer("n\(number)"))
        case .approve, .refuse:
            let waiting = try await site.send(.get, "/registrations?state=pending", token: root).items.first?["id"]?.string
            guard let waiting else { return }
            try await send(.post, "/registrations/\(waiting)/\(act == .approve ? "approve" : "refuse")", ["reason": "test"])
        }
    }

    @Test(arguments: TestDatabase.all) func whatEventsTellIsWhatIs(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind) { site in
            let root = try await site.token("root")
            #expect(try await site.send(.patch, "/settings", token: root, ["registration_mode": "approval"]).status == 200)
            var random = SeededRandom(20_261_128)
            var seen: Set<String> = []
            var known = try await read(site, root)
            var offset = try await events(site, after: 0).last?.offset ?? 0
            // Everything once in an order that lets it happen, then anything.
            for person in 0..<6 { _ = try await site.send(.post, "/users", token: root, AccountsSite.newcomer("p\(person)")) }
            for role in 0..<4 {
                let body: JSON = ["name": .string("r\(role)"), "priority": 5, "permissions": ["users.read"]]
                _ = try await site.send(.post, "/roles", token: root, body)
            }
            let pairs: [(HTTPMethod, String, JSON?)] = [
                (.post, "disable", ["reason": "test"]), (.post, "enable", nil), (.post, "ban", ["reason": "test"]), (.delete, "ban", nil),
                (.post, "roles", ["role_id": "role_r0"]), (.delete, "roles/role_r0", nil),
            ]
            for (method, path, body) in pairs {
                let answer = try await site.send(method, "/users/u_p0/\(path)", token: root, body)
                #expect((200..<300).contains(answer.status), "\(path): \(answer.json.text)")
            }
            var acts = Act.allCases + [.register, .refuse]
            for _ in 0..<60 { acts.append(Act.allCases.randomElement(using: &random) ?? .rename) }
            for (number, act) in acts.enumerated() {
                try await perform(act, number, site, root, &random)
                guard number.isMultiple(of: 8) || number == acts.count - 1 else { continue }
                for event in try await events(site, after: offset) {
                    let isKnown = known.apply(event.type, event.members)
                    #expect(isKnown, "no client knows \(event.type)")
                    seen.insert(event.type)
                    offset = event.offset
                }
                let fresh = try await read(site, root)
                try #require(known.shown == fresh.shown, "after \(act), number \(number): \(known.shown.differences(from: fresh.shown))")
            }
            let all: Set<String> = [
                "user.created", "user.updated", "user.restored", "user.disabled", "user.enabled", "user.banned", "user.unbanned",
                "user.deleted", "user.permissions_changed", "status.changed", "role.created", "role.updated", "role.deleted",
                "role.assigned",
                "role.revoked", "registration.updated", "audit.entry",
            ]
            #expect(seen == all, "not seen: \(all.subtracting(seen).sorted())")
        }
    }
}
