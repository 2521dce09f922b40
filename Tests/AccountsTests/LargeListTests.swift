import Accounts
import Database
import HTTP
import Kernel
import TestSupport
import Testing

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
                ("deleted=true", 10),
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
}
