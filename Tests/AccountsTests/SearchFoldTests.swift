import Database
import HTTP
import Kernel
import TestSupport
import Testing

/// Rows of before searches were folded are folded anew by the migration.
@Suite struct SearchFoldTests {
    @Test(arguments: TestDatabase.all) func whatWasStoredBeforeIsFound(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind) { site in
            try await site.add("ada", ["display_name": "Élodie", "tags": ["Équipe"]])
            let root = try await site.token("root")
            #expect(
                try await site.send(.post, "/roles", token: root, ["name": "Rédaction", "priority": 1, "permissions": []]).status == 201)
            // As the program before left them.
            try await site.database.write { transaction in
                try transaction.execute("DROP INDEX users_search_tags")
                try transaction.execute("ALTER TABLE users DROP COLUMN search_tags")
                try transaction.execute("ALTER TABLE roles DROP COLUMN search_name")
                try transaction.execute("UPDATE users SET search_name = lower(username)")
                try transaction.execute("DELETE FROM schema_migrations WHERE name IN ('search_fold', 'search_roles')")
            }
            #expect(try await Migrator(site.migrations).run(on: site.database) == ["search_fold", "search_roles"])
            let stored = try await site.database.read { transaction in
                try transaction.row("SELECT search_name, search_tags FROM users WHERE username = 'ada'").map { [$0.text(0), $0.text(1)] }
            }
            #expect(stored == ["ada\nelodie", "[\"equipe\"]"])
            #expect(try await site.send(.get, "/roles?search=redac", token: root).items.map { $0["name"] } == ["Rédaction"])
            #expect(try await site.send(.get, "/users?tag=equipe", token: root).usernames == ["ada"])
        }
    }
}

@Suite struct DisplayNameTests {
    @Test(
        arguments: TestDatabase.all,
        [("Al\nice", "control_character"), ("\u{200B}\u{200B}", "invisible"), ("\u{202E}ecila", "direction"), ("\u{2800}", "invisible")])
    func aNameIsOneVisibleLine(_ kind: TestDatabase, _ name: (String, String)) async throws {
        try await AccountsSite.with(kind) { site in
            let root = try await site.token("root")
            let answer = try await site.send(.patch, "/users/me", token: root, ["display_name": .string(name.0)])
            #expect(answer.status == 422 && answer.faults == ["/display_name \(name.1)"])
            let tags: JSON = ["tags": ["plain", .string(name.0)]]
            #expect(try await site.send(.patch, "/users/me", token: root, tags).status == 422)
            let composed = try await site.send(.patch, "/users/me", token: root, ["display_name": "Le\u{301}a"])
            #expect(composed.json["display_name"]?.string?.hasSameBytes(as: "L\u{E9}a") == true)
        }
    }
}
