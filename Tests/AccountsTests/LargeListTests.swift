import Accounts
import Database
import HTTP
import Kernel
import Realtime
import TestSupport
import Testing

@testable import Presence

/// Lists of many: those whom a filter finds in plenty are met on the way, few are looked up; both ways everybody comes once.
@Suite struct LargeListTests {
    @Test(arguments: TestDatabase.all) func everybodyComesOnceAndIsCounted(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind, sendsMail: true) { site in
            try await Crowd(1200).fill(.users, .assignments, in: site.database)
            // One in three was never seen, the others at a few moments: pages begin and end among equals.
            try await site.database.write { transaction in
                try transaction.execute(
                    "UPDATE users SET last_seen_at = CASE WHEN id % 3 = 0 THEN NULL ELSE 1000 + id % 4 END WHERE id < 5000")
                try transaction.execute("UPDATE users SET is_disabled = id BETWEEN 1001 AND 1030 WHERE id < 5000")
                try transaction.execute("UPDATE users SET deleted_at = 5 WHERE id BETWEEN 1031 AND 1040")
            }
            let token = try await site.login("root").text("access_token")
            let cases: [(filter: String, count: Int)] = [
                ("search=crowd", 1190), ("search=crowd19", 11), ("role=role_member&search=crowd", 1190), ("role=role_staff", 24),
                ("permission=chat.read&search=crowd", 1190), ("disabled=true", 30), ("disabled=false&search=crowd", 1160),
                ("deleted=true", 10), ("banned=true", 12), ("banned=false&search=crowd", 1178),
                ("role=role_member&search=crowd&banned=false", 1178), ("disabled=false&banned=false&search=crowd", 1148),
            ]
            for (filter, count) in cases {
                for sort in ["username", "-last_seen_at"] {
                    var found: [String] = []
                    var path = "/users?\(filter)&sort=\(sort)&limit=200&count=true"
                    while true {
                        let page = try await site.send(.get, path, token: token)
                        try #require(page.status == 200, "\(page.json.text)")
                        #expect(page.json["total"] == JSON(count), "\(path)")
                        found += (page.json["items"]?.array ?? []).compactMap { $0["username"]?.string }
                        guard let next = page.json["next"]?.string else { break }
                        path = "/users?\(filter)&sort=\(sort)&limit=200&count=true&cursor=\(next)"
                    }
                    #expect(found.count == count && Set(found).count == count, "\(filter) \(sort) \(found.count)")
                }
            }
            for filter in ["role=role_member", "permission=chat.read"] {
                let alone = try await site.send(.get, "/users?\(filter)&count=true&limit=1", token: token).json["total"]?.integer ?? 0
                let apart = try await site.send(.get, "/users?\(filter)&count=true&limit=1&disabled=false", token: token).json["total"]?
                    .integer
                #expect(apart == alone - 30, "\(filter)")
            }
        }
    }

    /// Those who are here, be they deleted or nobody's account, and those who are away make everybody together.
    @Test(arguments: TestDatabase.all) func thoseWhoAreAwayAreCountedWithoutALookAtThem(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind) { site in
            try await Crowd(2400).fill(.users, .assignments, in: site.database)
            try await site.database.write { transaction in
                try transaction.execute("UPDATE users SET deleted_at = 5 WHERE id BETWEEN 1031 AND 1040")
                try transaction.execute("UPDATE users SET tags = '[\"beta\"]', search_tags = '[\"beta\"]' WHERE id BETWEEN 1001 AND 3200")
            }
            for id in Int64(1021)...1050 {
                site.presence.service.connected(ConnectionID(rawValue: UInt64(id)), user: UserID(rawValue: id), session: nil)
            }
            try await site.presence.service.load()
            site.presence.service.tick()
            // They are deleted, and erased, while they are here.
            try await site.database.write { transaction in
                try transaction.execute("UPDATE users SET deleted_at = 6 WHERE id BETWEEN 1041 AND 1044")
                try transaction.execute("DELETE FROM user_roles WHERE user_id = 1045")
                try transaction.execute("DELETE FROM users WHERE id = 1045")
            }
            #expect(site.presence.reader.present().count >= 20)
            let token = try await site.token("root")
            let cases: [(filter: String, count: Int)] = [
                // 2399 and the owner, 14 deleted, 15 of those who are here are left.
                ("", 2386), ("&status=offline", 2371), ("&status=online", 15), ("&status=offline&tag=beta", 2170), ("&tag=beta", 2185),
                ("&status=offline&search=crowd", 2370), ("&status=offline&role=role_staff", 47), ("&role=role_staff", 48),
                ("&status=offline&role=role_member", 2371), ("&status=offline&search=crowd23", 110), ("&status=offline&deleted=true", 10),
                ("&status=offline&search=crowd&banned=false", 2346),
            ]
            for (filter, count) in cases {
                let page = try await site.send(.get, "/users?limit=200&count=true\(filter)", token: token)
                #expect(
                    page.json["total"] == JSON(count) && page.items.count == min(count, 200), "\(filter) \(page.json["total"] ?? .null)")
            }
        }
    }
}
