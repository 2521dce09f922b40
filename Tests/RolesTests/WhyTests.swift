import Database
import Directory
import HTTP
import Kernel
import Roles
import Seeded
import TestSupport
import Testing

/// What would be, what was, and who can: each against the engine's own answer.
@Suite struct WhyTests {
    @Test(arguments: TestDatabase.all) func whatIfAgreesWithDoingIt(_ kind: TestDatabase) async throws {
        try await RolesSite.with(kind) { site in
            try await site.makeRole("reader", 40, ["audit.read", "chat.read"], denied: ["voice.join"])
            try await site.makeRole("top", 950)
            let path = "/users/u_mia/roles"
            let before = try await site.send(.get, path).strings("permissions")
            let events = try await site.events("name").count
            let thought = try await site.send(.post, "\(path)/preview", as: "ada", ["role_id": "role_reader"])
            #expect(thought.status == 200 && thought.json["refusal"]?.isNull == true)
            #expect(thought.strings("gains") == ["audit.read"] && thought.strings("loses") == ["voice.join"])
            #expect(try await site.send(.get, path).strings("permissions") == before)
            #expect(try await site.events("name").count == events)
            let done = try await site.send(.post, path, as: "ada", ["role_id": "role_reader"])
            #expect(done.strings("permissions") == thought.strings("permissions"))
            let back = try await site.send(.post, "\(path)/preview", ["add": ["role_staff"], "remove": ["role_reader", "role_member"]])
            let undone = try await site.send(.post, path, ["add": ["role_staff"], "remove": ["role_reader", "role_member"]])
            #expect(back.strings("permissions") == undone.strings("permissions"))
            #expect(
                try await site.send(.post, "\(path)/preview", as: "ada", ["role_id": "role_top"]).json["refusal"]?["code"] == "rank_too_low"
            )
            #expect(try await site.send(.post, "\(path)/preview", ["role_id": "role_x"]).faults == ["/role_id unknown_role"])
            #expect(try await site.send(.post, "\(path)/preview", ["role_id": "role_top", "dry": true]).faults == ["/dry unknown"])
            #expect(try await site.send(.post, "\(path)/preview?x=1", ["role_id": "role_top"]).status == 422)
            // Who may give roles but not see them learns nothing about others, not even whether they exist.
            try await site.send(.patch, "/roles/role_mod", ["permissions": ["roles.assign"]]).expect(200)
            for person in ["mia", "nobody"] {
                let answer = try await site.send(.post, "/users/u_\(person)/roles/preview", as: "mo", ["role_id": "role_reader"])
                #expect(answer.status == 403 && answer.json["permission"] == "roles.read")
            }
        }
    }

    @Test(arguments: TestDatabase.all) func aPreviewNamesPeopleOnlyToThoseWhoMaySeeThem(_ kind: TestDatabase) async throws {
        try await RolesSite.with(kind) { site in
            try await site.makeRole("reader", 40, ["audit.read"])
            try await site.give("reader", to: "mia")
            try await site.makeRole("manager", 300, ["roles.manage", "audit.read"])
            try await site.add("max")
            try await site.give("manager", to: "max")
            let body: JSON = ["role_id": "role_reader", "permissions": []]
            let blind = try await site.send(.post, "/roles/preview", as: "max", body)
            #expect(blind.status == 200 && blind.json["affected_count"] == 1 && blind.json["users"] == [])
            let person = try await site.send(
                .post, "/roles/preview", as: "max", ["role_id": "role_reader", "permissions": [], "user_id": "u_mia"])
            #expect(person.status == 403 && person.json["permission"] == "roles.read")
            let own = try await site.send(
                .post, "/roles/preview", as: "max", ["role_id": "role_reader", "permissions": [], "user_id": "me"])
            #expect(own.status == 200 && own.json["affected_count"] == 0 && own.strings("permissions").contains("roles.manage"))
            let seen = try await site.send(.post, "/roles/preview", body)
            #expect(seen.json["users"]?.array?.map { $0["username"] } == ["mia"])
            let result = try await site.send(
                .post, "/roles/preview", ["role_id": "role_reader", "permissions": [], "denied": ["chat.write"], "user_id": "u_mia"])
            #expect(result.strings("loses") == ["chat.write", "audit.read"])
            try await site.send(.patch, "/roles/role_reader", ["permissions": [], "denied": ["chat.write"]]).expect(200)
            #expect(try await site.send(.get, "/users/u_mia/roles").strings("permissions") == result.strings("permissions"))
        }
    }

    /// Far more holders than are named; some have the rest from elsewhere, one by an override.
    @Test(arguments: TestDatabase.all) func aPreviewOfManyHoldersCountsAllOfThem(_ kind: TestDatabase) async throws {
        try await RolesSite.with(kind) { site in
            try await Crowd(6000).fill(.users, .assignments, in: site.database)
            try await site.send(.put, "/users/u_crowd7/overrides/users.read", ["effect": "allow", "reason": "calm"]).expect(200)
            try await site.send(.put, "/users/u_crowd8/overrides/users.read", ["effect": "deny", "reason": "calm"]).expect(200)
            let body: JSON = ["role_id": "role_member", "permissions": ["users.read", "chat.read"]]
            let preview = try await site.send(.post, "/roles/preview", body)
            // The crowd and the four of the site hold it, by themselves or through staff; staff, mod, admin and owner see members already.
            #expect(preview.json["member_count"] == 6004, "\(preview.json["member_count"]?.text ?? "")")
            let losing = try await site.send(.post, "/roles/preview", ["role_id": "role_staff", "permissions": []])
            #expect(losing.json["member_count"] == 120 && losing.json["affected_count"] == 120)
            #expect(losing.json["users"]?.array?.count == 120)
            let gaining = try await site.send(
                .post, "/roles/preview",
                [
                    "role_id": "role_member",
                    "permissions": ["chat.read", "chat.write", "voice.join", "media.read", "media.write", "friends.write", "users.read"],
                ])
            // All but the staff, crowd7 who has it already, crowd8 who is denied it, and root, ada and mo.
            #expect(gaining.strings("gains") == ["users.read"] && gaining.strings("loses") == [])
            #expect(gaining.json["affected_count"] == JSON(6000 - 120 - 2 + 1), "\(gaining.json["affected_count"]?.text ?? "")")
            let named = gaining.json["users"]?.array?.compactMap { $0["username"]?.string } ?? []
            #expect(
                named.count == 200 && named.prefix(8) == ["crowd1", "crowd2", "crowd3", "crowd4", "crowd5", "crowd6", "crowd9", "crowd10"])
        }
    }

    /// Random roles and people; each preview is compared with what the save then does to everybody.
    @Test(arguments: TestDatabase.all) func aPreviewForetellsTheSave(_ kind: TestDatabase) async throws {
        let seed = UInt64.random(in: 0 ... .max)
        print("seed \(seed)")
        try await RolesSite.with(kind) { site in
            var history = RandomHistory(seed: seed)
            try await history.begin(site)
            for round in 0..<12 {
                for _ in 0..<3 { try await history.step(site) }
                // What is over is not always revoked yet.
                site.clock.advance(milliseconds: 1500)
                if round % 3 == 0 { try await site.roles.revokeExpired() }
                let (role, patch) = history.patch()
                var body = patch.object ?? [:]
                body.append("role_id", .string("role_\(role)"))
                let preview = try await site.send(.post, "/roles/preview", .object(body))
                guard preview.status == 200, preview.json["refusal"]?.isNull == true else { continue }
                let before = try await history.permissions(site)
                try await site.send(.patch, "/roles/role_\(role)", patch).expect(200)
                let after = try await history.permissions(site)
                let affected = before.keys.filter { before[$0] != after[$0] }.sorted()
                #expect(preview.json["affected_count"] == JSON(affected.count), "seed \(seed) round \(round) \(patch.text)")
                let named = (preview.json["users"]?.array ?? []).compactMap { $0["username"]?.string }
                #expect(named.sorted() == affected, "seed \(seed) round \(round)")
                for person in preview.json["users"]?.array ?? [] {
                    let name = person["username"]?.string ?? ""
                    let (old, new) = (before[name] ?? [], after[name] ?? [])
                    #expect(person["gains"]?.array?.compactMap(\.string) == new.filter { !old.contains($0) }, "seed \(seed) round \(round)")
                    #expect(person["loses"]?.array?.compactMap(\.string) == old.filter { !new.contains($0) }, "seed \(seed) round \(round)")
                }
            }
        }
    }

    /// For every permission, page by page: those of whom the engine says so, no others, with the same reasons; and as many as are counted.
    @Test(arguments: TestDatabase.all) func whoCanAgreesWithTheEngine(_ kind: TestDatabase) async throws {
        let seed = UInt64.random(in: 0 ... .max)
        print("seed \(seed)")
        try await RolesSite.with(kind) { site in
            var history = RandomHistory(seed: seed)
            try await history.begin(site)
            for step in 0..<30 {
                try await history.step(site)
                if step % 10 == 0 { site.clock.advance(milliseconds: 1500) }
            }
            // These ended, and nobody has revoked them yet.
            let end = site.clock.wall.now().adding(milliseconds: 10).rfc3339
            for person in ["p1", "p2"] {
                try await site.send(.post, "/users/u_\(person)/roles", ["role_id": "role_admin", "expires_at": .string(end)]).expect(200)
            }
            site.clock.advance(milliseconds: 10)
            try await site.send(.put, "/users/u_p1/overrides/chat.read", ["effect": "deny", "reason": "calm"]).expect(200)
            try await site.add("gone")
            let gone = try await site.id("gone")
            try await site.add("away")
            try await site.send(.put, "/users/u_away/overrides/audit.read", ["effect": "allow", "reason": "calm"]).expect(200)
            try await site.database.write { _ = try $0.execute("UPDATE users SET deleted_at = 1 WHERE id = \(gone) OR username = 'away'") }
            let people = ["root", "ada", "mo", "mia"] + history.people
            for key in ["chat.read", "audit.read", "users.read", "voice.join", "webhooks.manage"] {
                var expected: [String: JSON] = [:]
                for person in people {
                    let item = try await site.send(.get, "/users/u_\(person)/permissions?permission=\(key)").items[0]
                    if item["granted"] == true { expected[person] = item["because"] }
                }
                var found: [String: JSON] = [:]
                var order: [String] = []
                var path = "/permissions/\(key)/holders?limit=3&count=true"
                while true {
                    let page = try await site.send(.get, path)
                    try #require(page.status == 200, "\(page.json.text)")
                    #expect(page.json["total"] == JSON(expected.count), "seed \(seed) \(key)")
                    for item in page.items {
                        found[item["username"]?.string ?? ""] = item["because"]
                        order.append(item["user_id"]?.string ?? "")
                    }
                    guard let next = page.json["next"]?.string else { break }
                    path = "/permissions/\(key)/holders?limit=3&count=true&cursor=\(next)"
                }
                #expect(found == expected, "seed \(seed) \(key)")
                #expect(order == order.sorted() && order.count == expected.count, "seed \(seed) \(key)")
            }
            #expect(try await site.send(.get, "/permissions/users.fly/holders").status == 404)
            #expect(try await site.send(.get, "/permissions/users.read/holders?cursor=00").status == 422)
            #expect(try await site.send(.get, "/permissions/users.read/holders?who=me").status == 422)
            // Both the roles and the people must be seen.
            try await site.send(.patch, "/roles/role_mod", ["permissions": ["roles.read"]]).expect(200)
            #expect(try await site.send(.get, "/permissions/chat.read/holders", as: "mo").json["permission"] == "users.read")
        }
    }

    /// Random histories; what was effective at each moment is asked for again at the end.
    @Test(arguments: TestDatabase.all) func thePastIsToldAsItWas(_ kind: TestDatabase) async throws {
        let seed = UInt64.random(in: 0 ... .max)
        print("seed \(seed)")
        try await RolesSite.with(kind) { site in
            var history = RandomHistory(seed: seed)
            try await history.begin(site)
            var moments: [(time: String, person: String, items: [JSON])] = []
            for step in 0..<60 {
                let acted = try await history.step(site)
                if Bool.random(using: &history.random) { try await site.roles.revokeExpired() }
                // Of acts within one millisecond only the last outcome is that moment's.
                if acted.movesOn || step == 59, let person = history.people.randomElement(using: &history.random) {
                    let items = try await site.send(.get, "/users/u_\(person)/permissions").items
                    moments.append((site.clock.wall.now().rfc3339, person, items))
                    site.clock.advance(milliseconds: Int64.random(in: 1...4000, using: &history.random))
                }
            }
            #expect(moments.count > 10, "seed \(seed)")
            for (time, person, items) in moments {
                let past = try await site.send(.get, "/users/u_\(person)/permissions?at=\(time)")
                #expect(past.items == items, "seed \(seed) \(person) \(time)")
            }
            let before = try await site.send(.get, "/users/u_p1/permissions?at=2020-01-01T00:00:00Z&permission=chat.read")
            #expect(before.items.map { $0["granted"] } == [false])
            #expect(try await site.send(.get, "/users/u_p1/permissions?at=yesterday").faults == ["?at time"])
        }
    }
}

/// Acts on roles, assignments and overrides, as an owner might do them in any order; refused ones are part of it.
struct RandomHistory {
    let people = ["p1", "p2", "p3", "p4"]
    var random: SeededRandom
    private let roles = ["red", "green", "blue", "grey"]
    private let keys = ["chat.read", "audit.read", "users.read", "voice.join"]

    struct Act {
        let movesOn: Bool
    }

    init(seed: UInt64) { random = SeededRandom(seed) }

    func begin(_ site: RolesSite) async throws {
        for person in people { try await site.add(person) }
        for (index, role) in roles.enumerated() { try await site.makeRole(role, 20 + 10 * index, ["chat.read"]) }
    }

    @discardableResult
    mutating func step(_ site: RolesSite) async throws -> Act {
        let (person, role) = (people.randomElement(using: &random) ?? "", roles.randomElement(using: &random) ?? "")
        let key = keys.randomElement(using: &random) ?? ""
        let end = site.clock.wall.now().adding(milliseconds: Int64.random(in: 1...9000, using: &random))
        let body: JSON = ["role_id": .string("role_\(role)"), "expires_at": .string(end.rfc3339)]
        switch Int.random(in: 0..<12, using: &random) {
        case 0, 1: _ = try await site.send(.post, "/users/u_\(person)/roles", ["role_id": .string("role_\(role)"), "expires_at": nil])
        case 2, 3: _ = try await site.send(.post, "/users/u_\(person)/roles", body)
        case 4: _ = try await site.send(.delete, "/users/u_\(person)/roles/role_\(role)")
        case 5, 6:
            let effect = Bool.random(using: &random) ? "allow" : "deny"
            _ = try await site.send(
                .put, "/users/u_\(person)/overrides/\(key)", ["effect": .string(effect), "reason": .string("because \(effect)")])
        case 7: _ = try await site.send(.delete, "/users/u_\(person)/overrides/\(key)")
        case 8: _ = try await site.send(.delete, "/roles/role_\(role)")
        case 9: _ = try await site.send(.post, "/roles/role_\(role)/restore")
        case 10:
            let order = roles.shuffled(using: &random).map { ["role_id": .string("role_\($0)")] as JSON }
            _ = try await site.send(.post, "/roles/order", ["order": .array(order)])
        default:
            let (name, patch) = self.patch()
            _ = try await site.send(.patch, "/roles/role_\(name)", patch)
        }
        return Act(movesOn: Int.random(in: 0..<3, using: &random) > 0)
    }

    /// A role, and what one might save of it.
    mutating func patch() -> (role: String, patch: JSON) {
        let role = roles.randomElement(using: &random) ?? ""
        var patch: JSONObject = [:]
        func some(_ random: inout SeededRandom) -> JSON {
            .array(keys.filter { _ in Int.random(in: 0..<3, using: &random) == 0 }.map(JSON.string))
        }
        if Bool.random(using: &random) { patch.append("permissions", some(&random)) }
        if Bool.random(using: &random) { patch.append("denied", some(&random)) }
        if Int.random(in: 0..<3, using: &random) == 0 {
            patch.append("inherits", .array(roles.filter { $0 != role && Bool.random(using: &random) }.map { .string("role_\($0)") }))
        }
        return (role, .object(patch))
    }

    /// What everybody may do at this moment.
    func permissions(_ site: RolesSite) async throws -> [String: [String]] {
        var found: [String: [String]] = [:]
        for person in ["root", "ada", "mo", "mia"] + people {
            found[person] = try await site.send(.get, "/users/u_\(person)/roles").strings("permissions")
        }
        return found
    }
}
