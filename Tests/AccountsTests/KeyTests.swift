import Accounts
import Database
import HTTP
import Kernel
import Realtime
import TestSupport
import Testing
import Web

/// What a key is: made, listed, changed, rotated, revoked, by its person and by nobody else.
@Suite struct KeyTests {
    /// What no permission guards a key may do only where its scopes say so.
    @Test(arguments: TestDatabase.all) func aKeyTouchesItsPersonsAccountOnlyByScope(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind) { site in
            try await site.add("mia")
            let reads = ["/auth/session", "/auth/sessions", "/users/me", "/api-keys", "/users/me/roles"]
            let writes: [(HTTPMethod, String, JSON?)] = [(.patch, "/users/me", ["bio": "b"]), (.delete, "/users/me/avatar", nil)]
            let cases: [(scopes: [String], mayRead: Bool, mayWrite: Bool)] = [
                ([], false, false), (["media.read"], false, false), (["self.read"], true, false), (["self.write"], false, true),
                (["self.*"], true, true), (["self.read", "self.write"], true, true),
            ]
            for (scopes, mayRead, mayWrite) in cases {
                let key = try await site.key("mia", scopes).text("key")
                for path in reads {
                    let answer = try await site.send(.get, path, token: key)
                    #expect(answer.status == (mayRead ? 200 : 403), "\(scopes) \(path)")
                    if !mayRead { #expect(answer.code == "key_scope_missing" && answer.text("scope") == "self.read") }
                }
                for (method, path, body) in writes {
                    #expect(try await site.send(method, path, token: key, body).status == (mayWrite ? 200 : 403), "\(scopes) \(path)")
                }
                // What is the same for everybody takes any key that has a scope.
                #expect(try await site.send(.get, "/permissions", token: key).status == (scopes.isEmpty ? 403 : 200))
            }
            let everything = try await site.key("root", ["*"]).text("key")
            #expect(try await site.send(.get, "/users/me", token: everything).status == 200)
            // No role has what keys alone have.
            let role = try await site.send(
                .post, "/roles", token: try await site.token("root"), ["name": "odd", "priority": 5, "permissions": ["self.read"]])
            #expect(role.faults == ["/permissions/0 unknown_permission"])
        }
    }

    @Test(arguments: TestDatabase.all) func aKeyIsShownOnceAndStandsForItsPerson(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind) { site in
            try await site.add("mia", roles: ["role_staff"])
            let mia = try await site.token("mia")
            let made = try await site.send(
                .post, "/api-keys", token: mia, ["name": "  my bot ", "scopes": ["users.read", "self.read", "media.read", "users.read"]])
            #expect(made.status == 201 && made.json["name"] == "my bot", "\(made.json.text)")
            let (key, id) = (made.text("key"), made.text("id"))
            #expect(key.hasPrefix("fk_") && key.hasPrefix(made.text("prefix")) && key.utf8.count == 62)
            #expect(made.headers["Location"] == "/api/v1/api-keys/\(id)" && made.headers["ETag"] == "\"1\"")
            #expect(made.strings("scopes") == ["media.read", "self.read", "users.read"])

            let session = try await site.send(.get, "/auth/session", token: key)
            #expect(session.json["user"]?["username"] == "mia" && session.json["api_key"]?["id"]?.string == id)
            #expect(session.strings("permissions") == ["users.read", "media.read"])
            #expect(try await site.send(.get, "/users", token: key).usernames == ["mia", "root"])
            // Staff may read roles, the key may not.
            let refused = try await site.send(.get, "/roles", token: key)
            #expect(refused.status == 403 && refused.json["permission"] == "roles.read")

            for path in ["/api-keys", "/api-keys/\(id)"] {
                let read = try await site.send(.get, path, token: mia)
                #expect(read.status == 200 && !read.json.text.contains(String(key.suffix(43))))
            }
            let stored = try await site.database.read { transaction in
                try transaction.rows("SELECT payload FROM audit_log").map { $0.text(0) }.joined()
            }
            #expect(!stored.contains(String(key.suffix(43))))
        }
    }

    @Test(arguments: TestDatabase.all) func whatIsNoKeyIs401(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind) { site in
            let key = try await site.key("root", ["*"]).text("key")
            let other = key.replacing(at: 60, with: Array(key)[60] == "A" ? "B" : "A")
            for wrong in [
                other, String(key.dropLast()), key + "A", "fk_", "fk_0000000000000000" + key.suffix(43), "fk_zz" + key.dropFirst(5),
            ] {
                let answer = try await site.send(.get, "/users", token: wrong)
                #expect(answer.status == 401 && answer.code == "invalid_key", "\(wrong)")
            }
            #expect(try await site.send(.get, "/users", token: key).status == 200)
        }
    }

    @Test(arguments: TestDatabase.all) func bodiesAreChecked(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind) { site in
            let root = try await site.token("root")
            let wrong: [(JSON, [String])] = [
                ([:], ["/name required", "/scopes required"]),
                (["name": "", "scopes": []], ["/name too_short"]),
                (["name": "a\nb", "scopes": []], ["/name control_character"]),
                (
                    ["name": "a", "scopes": ["users.read", "users.fly", "moon.*"]],
                    ["/scopes/1 unknown_permission", "/scopes/2 unknown_permission"]
                ),
                (["name": "a", "scopes": [], "expires_at": "2020-01-01T00:00:00Z"], ["/expires_at past"]),
                (["name": "a", "scopes": [], "key": "fk_mine"], ["/key unknown"]),
            ]
            for (body, faults) in wrong {
                let answer = try await site.send(.post, "/api-keys", token: root, body)
                #expect(answer.status == 422 && answer.faults == faults, "\(body.text)")
            }
            let path = "/api-keys/\(try await site.key("root", []).text("id"))"
            #expect(try await site.send(.patch, path, token: root, ["name": nil]).faults == ["/name required"])
            #expect(try await site.send(.post, "\(path)/rotate", token: root, ["overlap_s": 604_801]).faults == ["/overlap_s out_of_range"])
            #expect(try await site.send(.post, "/api-keys", ["name": "a", "scopes": []]).status == 401)
        }
    }

    @Test(arguments: TestDatabase.all) func aSecondTryDoesNotShowTheSecretAgain(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind) { site in
            let root = try await site.token("root")
            let body: JSON = ["name": "once", "scopes": ["self.read"], "request_id": "the-same"]
            let made = try await site.send(.post, "/api-keys", token: root, body)
            let again = try await site.send(.post, "/api-keys", token: root, body)
            #expect(made.status == 201 && again.status == 409 && again.code == "already_done")
            #expect(again.json["id"] == made.json["id"] && again.json["key"] == nil)
            #expect(try await site.send(.get, "/api-keys?count=true", token: root).json["total"] == 1)
            let path = "/api-keys/\(made.text("id"))/rotate"
            let rotated = try await site.send(.post, path, token: root, headers: ["Idempotency-Key": "turn"])
            #expect(rotated.status == 200)
            #expect(try await site.send(.post, path, token: root, headers: ["Idempotency-Key": "turn"]).code == "already_done")
            #expect(try await site.send(.get, "/auth/session", token: rotated.text("key")).status == 200)
        }
    }

    @Test(arguments: TestDatabase.all) func keysOfOthersAreSeenAndRevokedByTheTeamOnly(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind) { site in
            for name in ["mia", "bob"] { try await site.add(name) }
            try await site.add("ada", roles: ["role_admin"])
            let (mia, bob, ada) = (try await site.token("mia"), try await site.token("bob"), try await site.token("ada"))
            let made = try await site.key("mia", [])
            let rootKey = try await site.key("root", ["users.read"])
            let path = "/api-keys/\(made.text("id"))"
            for method in [HTTPMethod.get, .delete] { #expect(try await site.send(method, path, token: bob).status == 404) }
            #expect(try await site.send(.patch, path, token: bob, ["name": "mine"]).status == 404)
            #expect(try await site.send(.get, "/api-keys?user=u_mia", token: bob).status == 403)
            #expect(try await site.send(.get, "/api-keys?all=true", token: bob).status == 403)
            #expect(try await site.send(.get, "/api-keys?user=u_mia", token: mia).items.count == 1)
            #expect(try await site.send(.get, "/api-keys", token: ada).items.isEmpty)
            #expect(try await site.send(.get, "/api-keys?user=u_mia", token: ada).items.map { $0["id"] } == [made.json["id"]])
            let all = try await site.send(.get, "/api-keys?all=true&limit=1&count=true", token: ada)
            #expect(all.items.map { $0["id"] } == [rootKey.json["id"]] && all.json["total"] == 2)
            let rest = try await site.send(.get, "/api-keys?all=true&limit=1&cursor=\(all.text("next"))", token: ada)
            #expect(rest.items.map { $0["id"] } == [made.json["id"]] && rest.json["next"] == JSON.null)

            // Seen is not owned: no new secret, no other scopes.
            #expect(try await site.send(.patch, path, token: ada, ["name": "mine"]).code == "not_your_key")
            #expect(try await site.send(.post, "\(path)/rotate", token: ada).code == "not_your_key")
            #expect(try await site.send(.delete, "/api-keys/\(rootKey.text("id"))", token: ada).code == "rank_too_low")
            #expect(try await site.send(.delete, path, token: ada).status == 204)
            #expect(try await site.send(.get, "/auth/session", token: made.text("key")).status == 401)
            #expect(try await site.audited(made.text("id")) == ["api_key.create", "api_key.revoke"])
        }
    }

    @Test(arguments: TestDatabase.all) func aRotatedSecretIsGoodForAWhileAndTheOneBeforeNotAnyMore(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind) { site in
            let root = try await site.token("root")
            let made = try await site.key("root", ["users.read"])
            let path = "/api-keys/\(made.text("id"))"
            let second = try await site.send(.post, "\(path)/rotate", token: root, ["overlap_s": 300])
            #expect(second.status == 200 && second.text("id") == made.text("id") && second.text("key") != made.text("key"))
            #expect(second.json["previous_expires_at"] == "2027-01-15T08:05:00.000Z", "\(second.json.text)")
            #expect(try await site.statuses([made, second]) == [200, 200])
            site.clock.advance(seconds: 299)
            #expect(try await site.statuses([made, second]) == [200, 200])
            site.clock.advance(seconds: 1)
            #expect(try await site.statuses([made, second]) == [401, 200])
            let third = try await site.send(.post, "\(path)/rotate", token: try await site.token("root"))
            site.clock.advance(seconds: 1)
            let fourth = try await site.send(.post, "\(path)/rotate", token: try await site.token("root"), ["overlap_s": 0])
            #expect(try await site.statuses([made, second, third, fourth]) == [401, 401, 401, 200])
            #expect(site.revoked.reasons == ["changed", "changed", "changed"] && Set(site.revoked.codes) == [4401])
            #expect(try await site.audited(made.text("id")) == ["api_key.create"] + Array(repeating: "api_key.rotate", count: 3))
        }
    }

    @Test(arguments: TestDatabase.all) func anEndIsKeptAndCanBeMoved(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind) { site in
            let end = site.clock.wall.now().adding(seconds: 3600)
            let made = try await site.key("root", ["users.read"], expiresAt: end)
            let path = "/api-keys/\(made.text("id"))"
            let identity = try await site.accounts.authenticate(token: made.text("key"), scope: Scope())
            #expect(identity.expiresAt == end && identity.scope.permissions.keys == ["users.read"])
            site.clock.advance(seconds: 3600)
            let root = try await site.token("root")
            #expect(try await site.statuses([made]) == [401])
            #expect(try await site.send(.get, path, token: root).json["expired"] == true)
            #expect(try await site.send(.post, "\(path)/rotate", token: root).code == "key_expired")
            #expect(try await site.send(.patch, path, token: root, ["expires_at": nil], headers: ["If-Match": "\"7\""]).status == 412)
            let mended = try await site.send(.patch, path, token: root, ["expires_at": nil], headers: ["If-Match": "\"1\""])
            #expect(mended.status == 200 && mended.json["expires_at"] == JSON.null && mended.headers["ETag"] == "\"2\"")
            #expect(try await site.statuses([made]) == [200])
        }
    }

    @Test(arguments: TestDatabase.all) func theLastUseIsNotedNowAndThen(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind) { site in
            let made = try await site.key("root", ["users.read"])
            let path = "/api-keys/\(made.text("id"))"
            func lastUse() async throws -> JSON? {
                try await site.accounts.writeUses()
                return try await site.send(.get, path, token: try await site.token("root")).json["last_used_at"]
            }
            #expect(try await lastUse() == JSON.null)
            let first = site.clock.wall.now()
            #expect(try await site.statuses([made]) == [200])
            #expect(try await lastUse() == JSON(first))
            site.clock.advance(seconds: 30)
            #expect(try await site.statuses([made]) == [200])
            #expect(try await lastUse() == JSON(first))
            site.clock.advance(seconds: 30)
            #expect(try await site.statuses([made]) == [200])
            #expect(try await lastUse() == JSON(site.clock.wall.now()))
        }
    }
}

extension AccountsSite {
    /// A new key of somebody.
    func key(_ name: String, _ scopes: [String], expiresAt: Timestamp? = nil) async throws -> Answer {
        let answer = try await send(
            .post, "/api-keys", token: try await token(name),
            ["name": "test", "scopes": .array(scopes.map { .string($0) }), "expires_at": JSON(expiresAt)])
        try #require(answer.status == 201, "\(answer.json.text)")
        return answer
    }

    /// What the secrets are answered at a request that any with a scope may make.
    func statuses(_ shown: [Answer]) async throws -> [Int] {
        var statuses: [Int] = []
        for answer in shown { statuses.append(try await send(.get, "/permissions", token: answer.text("key")).status) }
        return statuses
    }
}

extension String {
    fileprivate func replacing(at offset: Int, with character: Character) -> String {
        var characters = Array(self)
        characters[offset] = character
        return String(characters)
    }
}
