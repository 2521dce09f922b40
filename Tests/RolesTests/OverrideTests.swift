import Audit
import Authorization
import Database
import Directory
import HTTP
import Kernel
import Roles
import TestSupport
import Testing

@Suite struct OverrideTests {
    @Test(arguments: TestDatabase.all) func anOverrideIsSetReadVersionedAndCleared(_ kind: TestDatabase) async throws {
        try await RolesSite.with(kind) { site in
            let path = "/users/u_mia/overrides/roles.read"
            #expect(try await site.send(.get, path).status == 404)
            let set = try await site.send(.put, path, ["effect": "allow", "reason": "for a week"])
            #expect(set.status == 200 && set.json["version"] == 1 && set.json["effect"] == "allow" && set.json["reason"] == "for a week")
            #expect(try await site.send(.get, "/roles", as: "mia").status == 200)
            #expect(try await site.send(.put, path, ["effect": "allow", "reason": "for a week"]).json["version"] == 1)
            #expect(try await site.send(.put, path, ["effect": "deny", "reason": "calm"], headers: ["If-Match": "\"9\""]).status == 412)
            #expect(try await site.send(.put, path, ["effect": "deny", "reason": "calm"]).json["version"] == 2)
            #expect(try await site.send(.get, "/roles", as: "mia").status == 403)
            #expect(try await site.send(.get, "/users/me/overrides", as: "mia").items.map { $0["permission"] } == ["roles.read"])
            #expect(try await site.send(.delete, path).status == 204)
            #expect(try await site.send(.delete, path).status == 404)
            #expect(try await site.send(.put, path, ["effect": "allow", "reason": "calm"]).json["version"] == 4)
            let history = try await site.send(.get, "\(path)/history")
            #expect(history.items.map { $0["effect"]?.string ?? "-" } == ["allow", "-", "deny", "allow"])
            #expect(
                try await site.send(.put, "/users/u_mia/overrides/roles.fly", ["effect": "allow", "reason": "calm"]).faults == [
                    "/permission unknown_permission"
                ])
            #expect(
                try await site.send(.put, "/users/u_mia/overrides/users.*", ["effect": "allow", "reason": "calm"]).faults == [
                    "/permission unknown_permission"
                ])
            #expect(try await site.send(.put, path, ["effect": "maybe"]).faults == ["/effect choice", "/reason required"])
            #expect(try await site.send(.get, "/users/me/overrides?count=true", as: "mia").json["total"] == 1)
            #expect(try await site.events("effect").suffix(4) == ["allow", "deny", "-", "allow"].map { "user.permissions_changed \($0)" })
        }
    }

    @Test(arguments: TestDatabase.all) func onlyForWhatOneHoldsAndWhoIsBelow(_ kind: TestDatabase) async throws {
        try await RolesSite.with(kind) { site in
            try await site.send(.patch, "/roles/role_mod", ["permissions": ["roles.override", "chat.write"]]).expect(200)
            func put(_ person: String, _ key: String, _ effect: String) async throws -> String? {
                try await site.send(.put, "/users/u_\(person)/overrides/\(key)", as: "mo", ["effect": .string(effect), "reason": "calm"])
                    .code
            }
            #expect(try await put("mia", "chat.write", "deny") == nil)
            #expect(try await put("mia", "audit.read", "allow") == "cannot_grant")
            #expect(try await put("mia", "audit.read", "deny") == "cannot_deny")
            #expect(try await put("mo", "chat.write", "allow") == "rank_too_low")
            #expect(try await put("ada", "chat.write", "deny") == "rank_too_low")
            #expect(
                try await site.send(.put, "/users/u_mo/overrides/chat.write", as: "mia", ["effect": "allow", "reason": "calm"]).json[
                    "permission"]
                    == "roles.override")
        }
    }

    @Test(arguments: TestDatabase.all) func everyReasonIsTold(_ kind: TestDatabase) async throws {
        try await RolesSite.with(kind) { site in
            let muted = try await site.makeRole("muted", 20, denied: ["chat.*"])
            let reader = try await site.makeRole("reader", 30, ["audit.read"])
            let heir = try await site.makeRole("heir", 40, inherits: ["role_reader"])
            for role in ["muted", "heir"] { try await site.give(role, to: "mia") }
            try await site.send(.put, "/users/u_mia/overrides/chat.write", ["effect": "allow", "reason": "pardon"]).expect(200)
            let all = try await site.send(.get, "/users/u_mia/permissions")
            #expect(all.items.map { $0["key"] } == Permission.all.map { .string($0.key) })
            func item(_ key: String) -> JSON? { all.items.first { $0["key"]?.string == key } }
            #expect(
                item("audit.read")
                    == [
                        "key": "audit.read", "granted": true,
                        "because": [
                            [
                                "inherited": reader.json["id"] ?? nil, "name": "reader", "via": heir.json["id"] ?? nil,
                                "path": [heir.json["id"] ?? nil], "permission": "audit.read", "effect": "allow",
                            ]
                        ],
                    ])
            #expect(
                item("chat.write")?["because"]
                    == [
                        ["role": muted.json["id"] ?? nil, "name": "muted", "permission": "chat.*", "effect": "deny"],
                        ["role": .string(RoleID(rawValue: 5).uuid), "name": "member", "permission": "chat.write", "effect": "allow"],
                        ["override": "chat.write", "reason": "pardon", "permission": "chat.write", "effect": "allow"],
                    ])
            #expect(item("chat.write")?["granted"] == false)
            #expect(item("webhooks.manage") == ["key": "webhooks.manage", "granted": false, "because": []])
            let one = try await site.send(.get, "/users/me/permissions?permission=chat.read", as: "mia")
            #expect(one.items.map { $0["granted"] } == [false])
            #expect(try await site.send(.get, "/users/me/permissions?permission=x", as: "mia").faults == ["?permission unknown_permission"])
        }
    }

    @Test(arguments: TestDatabase.all) func oneSeesOnesOwnAndOthersByPermission(_ kind: TestDatabase) async throws {
        try await RolesSite.with(kind) { site in
            for part in ["roles", "permissions", "overrides"] {
                #expect(try await site.send(.get, "/users/me/\(part)", as: "mia").status == 200)
                #expect(try await site.send(.get, "/users/u_mia/\(part)", as: "mia").status == 200)
                #expect(try await site.send(.get, "/users/u_mia/\(part)", as: "mo").status == 200)
                #expect(try await site.send(.get, "/users/u_mia/\(part)", as: nil).status == 401)
                // The same answer whether they exist or not.
                for person in ["u_mo", "u_nobody", RoleID(rawValue: 77).uuid, "nonsense"] {
                    let answer = try await site.send(.get, "/users/\(person)/\(part)", as: "mia")
                    #expect(answer.status == 403 && answer.json["permission"] == "roles.read", "\(person)")
                }
                #expect(try await site.send(.get, "/users/u_nobody/\(part)", as: "mo").status == 404)
            }
        }
    }

    @Test(arguments: TestDatabase.all) func aPreviewTellsWhoGainsAndLosesWhat(_ kind: TestDatabase) async throws {
        try await RolesSite.with(kind) { site in
            try await site.makeRole("reader", 40, ["audit.read", "users.read"])
            try await site.makeRole("heir", 50, inherits: ["role_reader"])
            try await site.add("max")
            try await site.give("reader", to: "mia")
            try await site.give("heir", to: "max")
            try await site.give("admin", to: "max")
            let before = try await site.events("name")
            let version = try await site.database.read { try $0.row("SELECT version FROM authz_state")?.int64(0) }
            let patch = try await site.send(
                .post, "/roles/preview", ["role_id": "role_reader", "permissions": ["users.read", "webhooks.manage"]])
            #expect(patch.status == 200 && patch.strings("gains") == ["webhooks.manage"] && patch.strings("loses") == ["audit.read"])
            #expect(patch.json["member_count"] == 2 && patch.json["affected_count"] == 1, "max has it all from admin")
            #expect(patch.json["users"]?.array?.map { $0["username"] } == ["mia"])
            #expect(patch.json["refusal"]?.isNull == true)
            let gone = try await site.send(.post, "/roles/preview", ["role_id": "role_reader", "deleted": true])
            #expect(gone.strings("loses") == ["users.read", "audit.read"] && gone.json["refusal"]?["code"] == "role_inherited")
            let fresh = try await site.send(
                .post, "/roles/preview",
                ["name": "new", "priority": 60, "permissions": ["audit.read"], "denied": ["chat.write"], "user_id": "u_mia"])
            #expect(fresh.strings("gains") == [] && fresh.strings("loses") == ["chat.write"])
            let lock = try await site.send(.post, "/roles/preview", ["role_id": "role_admin", "permissions": []])
            #expect(lock.json["refusal"]?["code"] == "would_lock_out")
            try await site.send(.patch, "/roles/role_mod", ["permissions": ["roles.manage"]]).expect(200)
            let rank = try await site.send(.post, "/roles/preview", as: "mo", ["role_id": "role_admin", "permissions": []])
            #expect(rank.json["refusal"]?["code"] == "rank_too_low")
            #expect(try await site.send(.post, "/roles/preview", as: "mia", ["role_id": "role_reader"]).status == 403)
            // Nothing was saved by any of it.
            #expect(try await site.events("name").count == before.count + 1)
            #expect(try await site.database.read { try $0.row("SELECT version FROM authz_state")?.int64(0) } == version.map { $0 + 1 })
        }
    }
}
