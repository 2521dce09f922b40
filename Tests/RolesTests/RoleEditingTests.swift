import HTTP
import Kernel
import TestSupport
import Testing

@Suite struct RoleEditingTests {
    /// A name that shows nothing, or looks like a system role's, would let somebody pass for what they are not.
    @Test(
        arguments: TestDatabase.all,
        [
            ("ow\u{200B}ner", "confusable"), ("Оwner", "confusable"), ("0wner", "confusable"), ("\u{2060}", "invisible"),
            ("a\u{202E}b", "direction"),
            ("a\nb", "control_character"), ("\u{3164}", "invisible"),
        ])
    func aNameThatDeceivesIsRefused(_ kind: TestDatabase, _ name: (String, String)) async throws {
        try await RolesSite.with(kind) { site in
            let answer = try await site.send(.post, "/roles", ["name": .string(name.0), "priority": 1, "permissions": []])
            #expect(answer.status == 422 && answer.json["errors"]?[0]?["code"]?.string == name.1, "\(answer.json.text)")
            let made = try await site.send(.post, "/roles", ["name": "plain", "priority": 1, "permissions": []])
            #expect(made.status == 201)
            let id = try #require(made.json["id"]?.string)
            #expect(try await site.send(.patch, "/roles/\(id)", ["name": .string(name.0)]).status == 422)
            #expect(try await site.send(.patch, "/roles/\(id)", ["icon": "javascript:alert(1)"]).status == 422)
            #expect(try await site.send(.patch, "/roles/\(id)", ["icon": "star"]).status == 200)
        }
    }

    static let keys = [
        "id", "name", "description", "color", "icon", "priority", "permissions", "denied", "inherits", "limits", "is_system",
        "member_count",
        "version",
        "created_at", "updated_at", "deleted_at",
    ]

    @Test(arguments: TestDatabase.all) func aRoleIsCreatedAndRead(_ kind: TestDatabase) async throws {
        try await RolesSite.with(kind) { site in
            let created = try await site.send(
                .post, "/roles", as: "root",
                [
                    "name": " Éclaireur ", "description": "Voit loin", "priority": 40, "color": "#AaBb01", "icon": "🔭",
                    "permissions": ["users.read", "audit.*", "users.read"], "denied": ["chat.write"], "inherits": ["role_member"],
                ])
            #expect(created.status == 201)
            #expect(created.headers["ETag"] == "\"1\"")
            #expect(created.json.object?.names == Self.keys)
            #expect(created.json["name"] == "Éclaireur")
            #expect(created.json["color"] == "#aabb01")
            #expect(created.strings("permissions") == ["users.read", "audit.*"])
            let id = try #require(created.json["id"]?.string)
            #expect(created.headers["Location"] == "/api/v1/roles/\(id)")
            #expect(created.strings("inherits").compactMap { RoleID(uuid: $0) } == [RoleID(rawValue: 5)])
            // The name in another case, and decomposed.
            for reference in [id, "role_%C3%89CLAIREUR", "role_e%CC%81claireur"] {
                let read = try await site.send(.get, "/roles/\(reference)")
                #expect(read.status == 200 && read.json == created.json, "\(reference)")
            }
            #expect(try await site.events("name").last == "role.created Éclaireur")
        }
    }

    @Test(arguments: TestDatabase.all) func theInputIsCheckedFieldByField(_ kind: TestDatabase) async throws {
        try await RolesSite.with(kind) { site in
            let all = try await site.send(
                .post, "/roles", as: "root",
                [
                    "name": "", "priority": 1001, "color": "red", "permissions": ["users.read", "chat.write", "users.fly"],
                    "denied": ["x.*"],
                    "inherits": 3, "surprise": true,
                ])
            #expect(all.status == 422)
            #expect(
                all.faults == [
                    "/name too_short", "/priority out_of_range", "/color color", "/permissions/2 unknown_permission",
                    "/denied/0 unknown_permission",
                    "/inherits type", "/surprise unknown",
                ])
            let detail = all.json["errors"]?[3]?["detail"]?.string
            #expect(detail?.contains("users.fly") == true)
            let missing = try await site.send(.post, "/roles", [:])
            #expect(missing.faults == ["/name required", "/priority required", "/permissions required"])
            let parents = try await site.send(
                .post, "/roles", ["name": "x", "priority": 50, "permissions": [], "inherits": ["role_member", "role_nobody"]])
            #expect(parents.faults == ["/inherits/1 unknown_role"])
            for name in ["admin", "ADMIN", "Admin"] {
                let taken = try await site.send(.post, "/roles", ["name": .string(name), "priority": 5, "permissions": []])
                #expect(taken.status == 409 && taken.code == "name_taken")
            }
        }
    }

    @Test(arguments: TestDatabase.all) func aPatchChangesWhatItNamesAndNullClears(_ kind: TestDatabase) async throws {
        try await RolesSite.with(kind) { site in
            try await site.send(
                .post, "/roles",
                [
                    "name": "guide", "description": "old", "priority": 40, "color": "#112233", "permissions": ["users.read"],
                    "denied": ["chat.write"],
                ]
            ).expect(201)
            let patched = try await site.send(
                .patch, "/roles/role_guide", ["priority": 45, "color": nil, "denied": nil, "permissions": ["users.read", "audit.read"]])
            #expect(patched.status == 200)
            #expect(patched.json["color"]?.isNull == true)
            #expect(patched.json["description"] == "old")
            #expect(patched.json["priority"] == 45)
            #expect(patched.json["version"] == 2)
            #expect(patched.headers["ETag"] == "\"2\"")
            #expect(patched.strings("denied") == [])
            let same = try await site.send(.patch, "/roles/role_guide", ["priority": 45])
            #expect(same.json["version"] == 2, "a change of nothing makes no version")
            #expect(try await site.send(.patch, "/roles/role_guide", ["name": nil]).faults == ["/name required"])
            let history = try await site.send(.get, "/roles/role_guide/history")
            #expect(history.items.map { $0["version"] } == [2, 1])
            #expect(
                history.items[0]["diff"]
                    == [
                        "color": ["from": "#112233", "to": nil], "priority": ["from": 40, "to": 45],
                        "permissions": ["added": ["audit.read"], "removed": []], "denied": ["added": [], "removed": ["chat.write"]],
                    ])
            #expect(history.items[1]["snapshot"]?["description"] == "old")
            #expect(history.items.allSatisfy { $0["at"] == "2027-01-15T08:00:00.000Z" })
            let root = try await site.id("root")
            #expect(history.items.allSatisfy { $0["actor_user_id"] == JSON(root) })
        }
    }

    @Test(arguments: TestDatabase.all) func staleVersionsAreRefused(_ kind: TestDatabase) async throws {
        try await RolesSite.with(kind) { site in
            try await site.makeRole("guide", 40)
            func patch(_ tag: String, _ priority: Int64) async throws -> Int {
                try await site.send(.patch, "/roles/role_guide", ["priority": .integer(priority)], headers: ["If-Match": tag]).status
            }
            #expect(try await patch("\"1\"", 41) == 200)
            #expect(try await patch("\"1\"", 42) == 412)
            #expect(try await patch("*", 43) == 200)
            let deleted = try await site.send(.delete, "/roles/role_guide", headers: ["If-Match": "\"1\""])
            #expect(deleted.status == 412)
        }
    }

    @Test(arguments: TestDatabase.all) func twoAdminsEditTheSameVersion(_ kind: TestDatabase) async throws {
        try await RolesSite.with(kind) { site in
            try await site.makeRole("guide", 40)
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for index in 0..<8 {
                    group.addTask {
                        try await site.send(
                            .patch, "/roles/role_guide", as: index % 2 == 0 ? "root" : "ada", ["priority": JSON(50 + index)],
                            headers: ["If-Match": "\"1\""]
                        ).status
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(statuses.sorted() == [200] + [Int](repeating: 412, count: 7))
            let history = try await site.send(.get, "/roles/role_guide/history")
            #expect(history.items.count == 2)
        }
    }

    @Test(arguments: TestDatabase.all) func anyVersionCanBeRolledBackTo(_ kind: TestDatabase) async throws {
        try await RolesSite.with(kind) { site in
            try await site.makeRole("guide", 40, ["users.read", "audit.read"])
            try await site.send(.patch, "/roles/role_guide", ["name": "scout", "permissions": ["users.read"], "priority": 60]).expect(200)
            let back = try await site.send(.post, "/roles/role_scout/rollback", ["version": 1])
            #expect(back.status == 200 && back.json["version"] == 3 && back.json["name"] == "guide" && back.json["priority"] == 40)
            #expect(back.strings("permissions") == ["users.read", "audit.read"])
            #expect(try await site.send(.post, "/roles/role_guide/rollback", ["version": 9]).faults == ["/version unknown_version"])
            // The same checks as an edit: a mod may not give audit.read by going back to it.
            try await site.send(.patch, "/roles/role_guide", ["permissions": ["users.read"]]).expect(200)
            try await site.send(.patch, "/roles/role_mod", ["permissions": ["users.read", "roles.manage", "roles.read"]]).expect(200)
            let refused = try await site.send(.post, "/roles/role_guide/rollback", as: "mo", ["version": 1])
            #expect(refused.status == 403 && refused.code == "cannot_grant" && refused.json["permission"] == "audit.read")
            // System roles know what they were.
            let system = try await site.send(.post, "/roles/role_mod/rollback", ["version": 1])
            #expect(system.status == 200 && system.strings("permissions").contains("moderation.*"))
            #expect(system.strings("inherits") == [RoleID(rawValue: 5).uuid])
            let member = try await site.send(.get, "/roles/role_member/history")
            #expect(member.items.first?["snapshot"]?["inherits"] == [.string(RoleID(rawValue: 6).uuid)])
        }
    }

    @Test(arguments: TestDatabase.all) func deletingLeavesTheOthersAndCanBeUndone(_ kind: TestDatabase) async throws {
        try await RolesSite.with(kind) { site in
            try await site.makeRole("reader", 40, ["audit.read"])
            try await site.makeRole("heir", 50, inherits: ["role_reader"])
            try await site.makeRole("other", 60, ["users.read"])
            try await site.give("reader", to: "mia")
            let before = try await site.send(.get, "/roles").items
            let refused = try await site.send(.delete, "/roles/role_reader")
            #expect(refused.status == 409 && refused.code == "role_inherited" && refused.json["heirs"] == ["heir"])
            try await site.send(.patch, "/roles/role_heir", ["inherits": []]).expect(200)
            let id = try #require(try await site.send(.get, "/roles/role_reader").json["id"]?.string)
            #expect(try await site.send(.delete, "/roles/role_reader").status == 204)
            #expect(try await site.send(.get, "/roles/role_reader").status == 404)
            #expect(try await site.send(.get, "/roles/\(id)").status == 404)
            #expect(try await site.send(.delete, "/roles/\(id)").status == 404)
            let after = try await site.send(.get, "/roles").items
            #expect(after.filter { $0["name"] != "heir" } == before.filter { $0["name"] != "heir" && $0["name"] != "reader" })
            #expect(try await site.send(.get, "/users/u_mia/roles").strings("permissions").contains("audit.read") == false)
            #expect(try await site.send(.get, "/roles?deleted=true").items.map { $0["name"] } == ["reader"])
            #expect(try await site.send(.get, "/roles/\(id)/history").items.first?["diff"]?["deleted"] == ["from": false, "to": true])

            let restored = try await site.send(.post, "/roles/\(id)/restore")
            #expect(restored.status == 200 && restored.json["member_count"] == 1 && restored.json["deleted_at"]?.isNull == true)
            #expect(try await site.send(.get, "/users/u_mia/roles").strings("permissions").contains("audit.read"))
            #expect(try await site.send(.post, "/roles/\(id)/restore").json["version"] == restored.json["version"])
            #expect(
                try await site.events("name").filter { $0.hasSuffix(" reader") }
                    == ["role.created reader", "role.deleted reader", "role.created reader"])
        }
    }

    @Test(arguments: TestDatabase.all) func restoringFindsItsNameTaken(_ kind: TestDatabase) async throws {
        try await RolesSite.with(kind) { site in
            let first = try #require(try await site.makeRole("guide", 40).json["id"]?.string)
            try await site.send(.delete, "/roles/role_guide").expect(204)
            try await site.makeRole("Guide", 41)
            #expect(try await site.send(.post, "/roles/\(first)/restore").code == "name_taken")
            try await site.send(.delete, "/roles/role_guide").expect(204)
            #expect(try await site.send(.post, "/roles/role_guide/restore").json["priority"] == 41, "the one deleted last")
        }
    }

    @Test(arguments: TestDatabase.all) func systemRolesStay(_ kind: TestDatabase) async throws {
        try await RolesSite.with(kind) { site in
            for name in ["owner", "admin", "mod", "staff", "member", "guest"] {
                let answer = try await site.send(.delete, "/roles/role_\(name)")
                #expect(answer.status == 409 && answer.code == "system_role", "\(name)")
            }
            #expect(try await site.send(.patch, "/roles/role_staff", ["name": "team"]).code == "system_role")
            #expect(try await site.send(.patch, "/roles/role_staff", ["priority": 101]).code == "system_role")
            #expect(try await site.send(.patch, "/roles/role_owner", ["color": "#000000"]).code == "owner_role")
            #expect(try await site.send(.patch, "/roles/role_staff", ["color": "#000000"]).status == 200)
            #expect(
                try await site.send(.patch, "/roles/role_member", ["denied": ["chat.write"]]).faults == ["/denied denies_for_everybody"])
        }
    }

    @Test(arguments: TestDatabase.all) func lockingEverybodyOutAsksFirst(_ kind: TestDatabase) async throws {
        try await RolesSite.with(kind) { site in
            let body: JSON = ["permissions": ["users.*"]]
            let asked = try await site.send(.patch, "/roles/role_admin", body)
            #expect(asked.status == 409 && asked.code == "would_lock_out")
            let denied = try await site.send(.patch, "/roles/role_admin", ["denied": ["roles.manage"]])
            #expect(denied.code == "would_lock_out")
            try await site.makeRole("manager", 300, ["roles.manage"])
            try await site.give("manager", to: "mia")
            #expect(try await site.send(.patch, "/roles/role_admin", body).status == 200, "mia still can")
            #expect(try await site.send(.delete, "/roles/role_manager").code == "would_lock_out")
            #expect(try await site.send(.delete, "/roles/role_manager?confirm=true").status == 204)
            #expect(
                try await site.send(.patch, "/roles/role_admin", ["permissions": ["users.read"]]).status == 200, "there was nobody before")
            try await site.send(.post, "/roles/role_admin/rollback", ["version": 1]).expect(200)
            #expect(try await site.send(.post, "/roles/role_admin/rollback", ["version": 2]).code == "would_lock_out")
            #expect(try await site.send(.post, "/roles/role_admin/rollback", ["version": 2, "confirm": true]).status == 200)
        }
    }

    @Test(arguments: TestDatabase.all) func aRestoredDenyThatLocksEverybodyOutAsksFirst(_ kind: TestDatabase) async throws {
        try await RolesSite.with(kind) { site in
            try await site.makeRole("wall", 300, denied: ["roles.manage"])
            try await site.give("wall", to: "ada")
            let wall = try await site.send(.get, "/roles/role_wall").json["id"]?.string ?? ""
            try await site.send(.delete, "/roles/role_wall").expect(204)
            #expect(try await site.send(.post, "/roles/\(wall)/restore").code == "would_lock_out")
            #expect(try await site.send(.post, "/roles/\(wall)/restore", ["confirm": true]).status == 200)
        }
    }

    @Test(arguments: TestDatabase.all) func aDenyReachesOnlyThoseBelow(_ kind: TestDatabase) async throws {
        try await RolesSite.with(kind) { site in
            try await site.send(.patch, "/roles/role_mod", ["permissions": ["roles.manage", "roles.read", "roles.assign", "chat.write"]])
                .expect(200)
            try await site.makeRole("club", 40)
            try await site.makeRole("inner", 50, inherits: ["role_club"])
            try await site.give("inner", to: "ada")
            let refused = try await site.send(.patch, "/roles/role_club", as: "mo", ["denied": ["chat.write"]])
            #expect(refused.status == 403 && refused.code == "holders_not_below")
            try await site.send(.delete, "/users/u_ada/roles/role_inner").expect(200)
            #expect(try await site.send(.patch, "/roles/role_club", as: "mo", ["denied": ["chat.write"]]).status == 200)
        }
    }

    @Test(arguments: TestDatabase.all) func listsPageByPageAndFilter(_ kind: TestDatabase) async throws {
        try await RolesSite.with(kind) { site in
            for index in 0..<5 { try await site.makeRole("r%_\(index)", 40) }
            var names: [String] = []
            var path: String? = "/roles?limit=3&count=true"
            while let next = path {
                let page = try await site.send(.get, next)
                #expect(page.json["total"] == 11 || names.count > 0)
                names += page.items.compactMap { $0["name"]?.string }
                path = page.json["next"]?.string.map { "/roles?limit=3&cursor=\($0)" }
            }
            #expect(names == ["owner", "admin", "mod", "staff"] + (0..<5).map { "r%_\($0)" } + ["member", "guest"])
            #expect(try await site.send(.get, "/roles?is_system=false").items.count == 5)
            #expect(try await site.send(.get, "/roles?is_system=true").items.count == 6)
            #expect(try await site.send(.get, "/roles?search=%25_3").items.map { $0["name"] } == ["r%_3"])
            #expect(try await site.send(.get, "/roles?search=%C3%B4WN").items.map { $0["name"] } == ["owner"])
            let counts = try await site.send(.get, "/roles?is_system=true").items.map { $0["member_count"] }
            #expect(counts == [1, 1, 1, 0, 4, 0])
            #expect(try await site.send(.get, "/roles?nonsense=1").status == 422)
            #expect(try await site.send(.get, "/roles?cursor=5b312c325d").status == 422)
        }
    }

    @Test(arguments: TestDatabase.all) func theRegistryIsInBothLanguages(_ kind: TestDatabase) async throws {
        try await RolesSite.with(kind) { site in
            let answer = try await site.send(.get, "/permissions", as: "mia")
            #expect(answer.items.count == Permission.all.count)
            let ban = try #require(answer.items.first { $0["key"] == "moderation.ban" })
            #expect(ban["module"] == "moderation" && ban["description"]?["fr"] == "Bannir des membres et lever les bannissements")
            #expect(ban["description"]?["en"] == "Ban members and lift bans")
        }
    }
}

extension RolesSite.Answer {
    func expect(_ status: Int, sourceLocation: SourceLocation = #_sourceLocation) throws {
        try #require(self.status == status, "\(json.text)", sourceLocation: sourceLocation)
    }
}
