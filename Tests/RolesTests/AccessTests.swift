import Directory
import HTTP
import Kernel
import Roles
import TestSupport
import Testing

@Suite struct AccessTests {
    /// What each route needs of a person who has nothing.
    static let needs: [(HTTPMethod, String, String?)] = [
        (.get, "/permissions", nil), (.get, "/permissions/users.read/holders", "roles.read"), (.post, "/roles/order", "roles.manage"),
        (.post, "/users/u_root/roles/preview", "roles.assign"), (.get, "/roles", "roles.read"), (.post, "/roles", "roles.manage"),
        (.get, "/roles/export", "roles.read"),
        (.post, "/roles/preview", "roles.manage"),
        (.get, "/roles/role_admin", "roles.read"), (.patch, "/roles/role_admin", "roles.manage"),
        (.delete, "/roles/role_admin", "roles.manage"),
        (.get, "/roles/role_admin/history", "roles.read"), (.post, "/roles/role_admin/rollback", "roles.manage"),
        (.post, "/roles/role_admin/restore", "roles.manage"), (.get, "/users/u_root/roles", "roles.read"),
        (.post, "/users/u_root/roles", "roles.assign"), (.delete, "/users/u_root/roles/role_admin", "roles.assign"),
        (.get, "/users/u_root/permissions", "roles.read"), (.get, "/users/u_root/overrides", "roles.read"),
        (.get, "/users/u_root/overrides/users.read", "roles.read"), (.put, "/users/u_root/overrides/users.read", "roles.override"),
        (.delete, "/users/u_root/overrides/users.read", "roles.override"),
        (.get, "/users/u_root/overrides/users.read/history", "roles.read"),
    ]

    @Test(arguments: TestDatabase.all) func everyRouteNamesWhatItNeeds(_ kind: TestDatabase) async throws {
        try await RolesSite.with(kind) { site in
            #expect(site.roles.routes.count == Self.needs.count)
            for (method, path, permission) in Self.needs {
                let guest = try await site.send(method, path, as: nil)
                #expect(guest.status == 401, "\(method) \(path)")
                let member = try await site.send(method, path, as: "mia")
                #expect(member.status == (permission == nil ? 200 : 403), "\(method) \(path)")
                #expect(member.json["permission"]?.string == permission, "\(method) \(path)")
            }
        }
    }

    /// The bodies of both documents, as they stand, each on a fresh site.
    @Test(
        arguments: TestDatabase.all,
        [
            """
            {
              "name": "moderator",
              "description": "Gestion signalements et modération",
              "priority": 50,
              "permissions": [
                "users.read",
                "users.update",
                "moderation.ban",
                "analytics.read"
              ]
            }
            """,
            """
            {
              "name": "moderator",
              "description": "Modération et gestion des utilisateurs",
              "priority": 50,
              "permissions": ["users.read", "users.update", "moderation.ban", "presence.read"]
            }
            """,
        ])
    func theSamplesWorkAsTheyStand(_ kind: TestDatabase, _ sample: String) async throws {
        try await RolesSite.with(kind) { site in
            let body = try JSONParser.parse(Array(sample.utf8))
            // By the owner and by an admin.
            for actor in ["root", "ada"] {
                let role = try await site.send(.post, "/roles", as: actor, body)
                #expect(role.status == 201)
                for name in ["name", "description", "priority", "permissions"] { #expect(role.json[name] == body[name], "\(name)") }
                let given = try JSONParser.parse(
                    Array(#"{"role_id": "role_moderator", "reason": "Ajout à l'équipe de modération"}"#.utf8))
                let assigned = try await site.send(.post, "/users/u_mia/roles", as: actor, given)
                #expect(assigned.status == 200 && assigned.json["roles"]?[0]?["id"] == role.json["id"])
                #expect(Set(assigned.strings("permissions")).isSuperset(of: body["permissions"]?.array?.compactMap(\.string) ?? []))
                try await site.send(.delete, "/roles/role_moderator", as: actor).expect(204)
            }
        }
    }

    @Test(arguments: TestDatabase.all) func aRepeatedRequestIsAnsweredAlike(_ kind: TestDatabase) async throws {
        try await RolesSite.with(kind) { site in
            let body: JSON = ["name": "guide", "priority": 40, "permissions": [], "request_id": "create-guide-1"]
            let first = try await site.send(.post, "/roles", body)
            let second = try await site.send(.post, "/roles", body)
            #expect(first.status == 201 && second.status == 201 && first.json == second.json)
            #expect(try await site.events("name").filter { $0 == "role.created guide" }.count == 1)
        }
    }
}
