import Authorization
import HTTP
import Kernel
import Roles
import TestSupport
import Testing

/// What is asked of all who hold a role, before it changes.
@Suite struct ManyHoldersTests {
    /// Everybody whom a deny reaches counts with their highest role of this moment, however they hold the one that denies.
    @Test(arguments: TestDatabase.all) func aDenyReachesOnlyThoseBelow(_ kind: TestDatabase) async throws {
        try await RolesSite.with(kind) { site in
            try await site.makeRole("quiet", 20)
            try await site.makeRole("heir", 30, inherits: ["role_quiet"])
            try await site.add("max", .admin)
            try await site.give("quiet", to: "mia")
            try await site.give("mod", to: "mia")
            func refusal() async throws -> String? {
                let patch: JSON = ["role_id": "role_quiet", "denied": ["chat.write"]]
                return try await site.send(.post, "/roles/preview", as: "ada", patch).json["refusal"]?["code"]?.string
            }
            #expect(try await refusal() == nil)
            let end = site.clock.wall.now().adding(seconds: 60)
            try await site.send(.post, "/users/u_mia/roles", ["role_id": "role_admin", "expires_at": JSON(end)]).expect(200)
            #expect(try await refusal() == "holders_not_below")
            let refused = try await site.send(.patch, "/roles/role_quiet", as: "ada", ["denied": ["chat.write"]])
            #expect((refused.status, refused.code) == (403, "holders_not_below"))
            // Its time is over; nobody has revoked it yet.
            site.clock.advance(milliseconds: 60_000)
            #expect(try await refusal() == nil)
            try await site.give("heir", to: "max")
            #expect(try await refusal() == "holders_not_below")
            try await site.send(.delete, "/users/u_max/roles/role_heir").expect(200)
            #expect(try await refusal() == nil)
            try await site.send(.patch, "/roles/role_quiet", as: "ada", ["denied": ["chat.write"]]).expect(200)
        }
    }

    /// More roles than one statement asks about.
    @Test(arguments: TestDatabase.all) func whoCouldStillManageIsFoundAmongManyRoles(_ kind: TestDatabase) async throws {
        try await RolesSite.with(kind) { site in
            for number in 0..<120 { try await site.makeRole("keeper\(number)", 40, ["roles.manage"]) }
            try await site.send(.delete, "/users/u_ada/roles/role_admin").expect(200)
            for number in [3, 117] {
                try await site.give("keeper\(number)", to: "mia")
                let change: JSON = ["role_id": .string("role_keeper\(number)"), "deleted": true]
                let alone = try await site.send(.post, "/roles/preview", change)
                #expect(alone.json["refusal"]?["code"] == "would_lock_out", "keeper\(number)")
                try await site.give("keeper60", to: "mo")
                #expect(try await site.send(.post, "/roles/preview", change).json["refusal"]?.isNull == true, "keeper\(number)")
                for (person, role) in [("mia", "keeper\(number)"), ("mo", "keeper60")] {
                    try await site.send(.delete, "/users/u_\(person)/roles/role_\(role)").expect(200)
                }
            }
        }
    }
}
