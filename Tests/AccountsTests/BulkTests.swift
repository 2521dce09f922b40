import Accounts
import Database
import HTTP
import Kernel
import TestSupport
import Testing

@Suite struct BulkTests {
    /// `root`, an administrator, a moderator and as many plain members as asked for: `m00`, `m01`, …
    private static func with(_ kind: TestDatabase, _ count: Int = 5, _ body: (AccountsSite, String) async throws -> Void) async throws {
        try await AccountsSite.with(kind) { site in
            try await site.add("ada", roles: ["role_admin"])
            try await site.add("mo", roles: ["role_mod"])
            let root = try await site.token("root")
            for number in 0..<count {
                let name = "m\(number < 10 ? "0" : "")\(number)"
                let answer = try await site.send(
                    .post, "/users", token: root, ["username": .string(name), "email": .string("\(name)@site.test")])
                try #require(answer.status == 201)
            }
            try await body(site, root)
        }
    }

    private static func prepare(_ site: AccountsSite, _ token: String, _ body: JSONObject) async throws -> AccountsSite.Answer {
        try await site.send(.post, "/users/bulk", token: token, .object(body))
    }

    /// Prepares, begins and waits for the end.
    private static func run(_ site: AccountsSite, _ token: String, _ body: JSONObject) async throws -> AccountsSite.Answer {
        let job = try await prepare(site, token, body)
        try #require(job.status == 201, "\(job.json.text)")
        #expect(try await site.send(.post, "/users/bulk/\(job.text("id"))/run", token: token).status == 202)
        return try await finished(site, token, job.text("id"))
    }

    private static func finished(_ site: AccountsSite, _ token: String, _ id: String) async throws -> AccountsSite.Answer {
        try await site.accounts.advanceBulk()
        return try await site.send(.get, "/users/bulk/\(id)", token: token)
    }

    private static func counts(_ answer: AccountsSite.Answer) -> [Int64?] {
        ["total", "changed", "unchanged", "failed"].map { answer.json[$0]?.integer }
    }

    @Test(arguments: TestDatabase.all) func aRoleIsGivenToThoseOfAFilterAndTakenBackFromPreciselyThem(_ kind: TestDatabase) async throws {
        try await Self.with(kind) { site, root in
            #expect(try await site.send(.post, "/users/u_m01/roles", token: root, ["role_id": "role_staff"]).status == 200)
            let job = try await Self.run(site, root, ["action": "give_role", "role": "role_staff", "filter": "search=m0", "reason": "Été"])
            #expect(job.text("state") == "done" && Self.counts(job) == [5, 4, 1, 0])
            #expect(try await site.send(.get, "/users?role=role_staff", token: root).usernames == ["m00", "m01", "m02", "m03", "m04"])
            let user = try await site.send(.get, "/users/u_m00", token: root).text("id")
            #expect(try await site.audited(user).last == "role.assign")
            #expect(try await site.events(of: user).last == "role.assigned")

            let undo = try await site.send(.post, "/users/bulk/\(job.text("id"))/undo", token: root)
            #expect(undo.status == 202 && undo.text("undoes") == job.text("id"))
            #expect(Self.counts(try await Self.finished(site, root, undo.text("id"))) == [4, 4, 0, 0])
            #expect(try await site.send(.get, "/users?role=role_staff", token: root).usernames == ["m01"])
            #expect(try await site.send(.post, "/users/bulk/\(job.text("id"))/undo", token: root).code == "cannot_undo")
        }
    }

    /// Everything else there and back, by ids.
    @Test(arguments: TestDatabase.all) func eachActionIsDoneAndUndone(_ kind: TestDatabase) async throws {
        try await Self.with(kind, 2) { site, root in
            let ids = try await site.send(.get, "/users?search=m0", token: root).items.compactMap { $0["id"] }
            let actions: [(JSONObject, String)] = [
                (["action": "add_tag", "tag": "été"], "tag=%C3%A9t%C3%A9"), (["action": "disable"], "disabled=true"),
                (["action": "ban", "reason": "Spam", "duration_s": 3600], "banned=true"), (["action": "delete"], "deleted=true"),
            ]
            for (action, filter) in actions {
                var body = action
                body["users"] = .array(ids)
                let job = try await Self.run(site, root, body)
                #expect(Self.counts(job) == [2, 2, 0, 0], "\(action)")
                #expect(try await site.send(.get, "/users?\(filter)", token: root).usernames == ["m00", "m01"])
                let undo = try await site.send(.post, "/users/bulk/\(job.text("id"))/undo", token: root)
                #expect(Self.counts(try await Self.finished(site, root, undo.text("id"))) == [2, 2, 0, 0], "\(action)")
                #expect(try await site.send(.get, "/users?\(filter)", token: root).usernames == [], "\(action)")
            }
            #expect(try await site.send(.get, "/users?search=m0", token: root).usernames == ["m00", "m01"])
        }
    }

    /// What undoing gives back is what was there, not the opposite of what was done.
    @Test(arguments: TestDatabase.all) func undoingGivesTheFormerStateBack(_ kind: TestDatabase) async throws {
        try await Self.with(kind, 1) { site, root in
            let id = try await site.send(.get, "/users/u_m00", token: root).json["id"] ?? .null
            func there(_ fields: [String]) async throws -> [JSON?] {
                let user = try await site.send(.get, "/users/u_m00", token: root).json
                return fields.map { user[$0] }
            }
            func doAndUndo(_ action: JSONObject, meanwhile: () async throws -> Void = {}) async throws {
                var body = action
                body["users"] = [id]
                let job = try await Self.run(site, root, body)
                #expect(Self.counts(job) == [1, 1, 0, 0] && job.json["can_undo"] == true, "\(action)")
                try await meanwhile()
                let undo = try await site.send(.post, "/users/bulk/\(job.text("id"))/undo", token: root)
                #expect(undo.status == 202)
                #expect(try await Self.finished(site, root, undo.text("id")).text("state") == "done")
            }
            // A role with an end.
            let given = try await site.send(
                .post, "/users/u_m00/roles", token: root,
                ["role_id": "role_staff", "expires_at": "2027-01-20T00:00:00.000Z", "reason": "Help"])
            #expect(given.status == 200)
            func ends() async throws -> [JSON?] {
                (try await site.send(.get, "/users/u_m00/roles", token: root).json["roles"]?.array ?? []).map { $0["expires_at"] }
            }
            let before = try await ends()
            try await doAndUndo(["action": "take_role", "role": "role_staff"])
            #expect(try await ends() == before && before.contains("2027-01-20T00:00:00.000Z"))
            // A tag at its place.
            #expect(try await site.send(.patch, "/users/u_m00", token: root, ["tags": ["a", "b", "c"]]).status == 200)
            try await doAndUndo(["action": "remove_tag", "tag": "b"])
            #expect(try await there(["tags"]) == [["a", "b", "c"]])
            // A ban for good under one of a minute, which even runs out before it is undone.
            #expect(try await site.send(.post, "/users/u_m00/ban", token: root, ["reason": "Fraud"]).status == 200)
            for pause in [0, 61] as [Int64] {
                try await doAndUndo(["action": "ban", "reason": "Raid", "duration_s": 60]) {
                    site.clock.advance(seconds: pause)
                    try await site.accounts.endExpiredSanctions()
                }
                #expect(try await there(["is_banned", "ban"]) == [true, ["reason": "Fraud", "until": nil]], "\(pause)")
            }
            // A ban that was lifted.
            try await doAndUndo(["action": "unban"])
            #expect(try await there(["is_banned", "ban"]) == [true, ["reason": "Fraud", "until": nil]])
            // Somebody's newer decision stays.
            try await doAndUndo(["action": "ban", "reason": "Raid", "duration_s": 60]) {
                let banned = try await site.send(.post, "/users/u_m00/ban", token: root, ["reason": "Worse"])
                #expect(banned.status == 200)
            }
            #expect(try await there(["ban"]) == [["reason": "Worse", "until": nil]])
        }
    }

    /// Somebody who left is as they were: they may still come back.
    @Test(arguments: TestDatabase.all) func undoingADeletionLeavesWhoeverLeftWhereTheyWere(_ kind: TestDatabase) async throws {
        try await Self.with(kind, 0) { site, root in
            try await site.add("mia")
            let id = try await site.send(.get, "/users/u_mia", token: root).json["id"] ?? .null
            let left = try await site.send(
                .post, "/auth/leave", token: try await site.token("mia"), ["password": .string(AccountsSite.password(of: "mia"))])
            #expect(left.status == 200)
            let job = try await Self.run(site, root, ["action": "delete", "filter": "deleted=true"])
            #expect(Self.counts(job) == [1, 1, 0, 0])
            #expect(try await site.login("mia").status == 401)
            let undo = try await site.send(.post, "/users/bulk/\(job.text("id"))/undo", token: root)
            #expect(Self.counts(try await Self.finished(site, root, undo.text("id"))) == [1, 1, 0, 0])
            #expect(try await site.send(.get, "/users/u_mia", token: root).json["deleted_at"] != .null)
            #expect(try await site.login("mia").status == 200)
            _ = id
        }
    }

    @Test(arguments: TestDatabase.all) func whoRanksTooHighIsRefusedAloneAndThePreviewSaysSo(_ kind: TestDatabase) async throws {
        try await Self.with(kind, 30) { site, root in
            let mo = try await site.token("mo")
            let job = try await Self.prepare(site, mo, ["action": "ban", "reason": "Raid", "filter": ""])
            #expect(job.status == 201 && job.json["total"]?.integer == 33)
            let preview = try await site.send(.get, "/users/bulk/\(job.text("id"))/preview", token: mo)
            #expect(preview.json["checked"]?.integer == 33 && preview.json["changed"]?.integer == 30)
            let refused = (preview.json["refused"]?.array ?? []).map {
                "\($0["user"]?["username"]?.string ?? "") \($0["code"]?.string ?? "")"
            }
            #expect(refused == ["root rank_too_low", "ada rank_too_low", "mo not_yourself"])
            // Nothing of it was done.
            #expect(try await site.send(.get, "/users?banned=true", token: root).usernames.isEmpty)

            #expect(try await site.send(.post, "/users/bulk/\(job.text("id"))/run", token: mo).status == 202)
            let done = try await Self.finished(site, mo, job.text("id"))
            #expect(done.text("state") == "done" && Self.counts(done) == [33, 30, 0, 3])
            let failures = try await site.send(.get, "/users/bulk/\(job.text("id"))/failures?limit=2", token: mo)
            #expect(failures.items.compactMap { $0["user"]?["username"]?.string } == ["root", "ada"])
            let rest = try await site.send(.get, "/users/bulk/\(job.text("id"))/failures?cursor=\(failures.text("next"))", token: mo)
            #expect(rest.items.compactMap { $0["code"]?.string } == ["not_yourself"])
            #expect(try await site.send(.get, "/users?banned=true", token: root).items.count == 30)
        }
    }

    @Test(arguments: TestDatabase.all) func theAuthorsRightsAreThoseOfTheMoment(_ kind: TestDatabase) async throws {
        try await Self.with(kind) { site, root in
            let ada = try await site.token("ada")
            let first = try await Self.prepare(site, ada, ["action": "disable", "filter": "search=m0"])
            #expect(try await site.send(.post, "/users/bulk/\(first.text("id"))/run", token: ada).status == 202)
            #expect(try await site.send(.delete, "/users/u_ada/roles/role_admin", token: root).status == 200)
            try await site.accounts.advanceBulk()
            let done = try await site.send(.get, "/users/bulk/\(first.text("id"))", token: ada)
            #expect(done.text("state") == "done" && Self.counts(done) == [5, 0, 0, 5])
            let failures = try await site.send(.get, "/users/bulk/\(first.text("id"))/failures", token: ada)
            #expect(Set(failures.items.compactMap { $0["code"]?.string }) == ["permission_denied"])
            #expect(try await site.send(.get, "/users?disabled=true", token: root).usernames.isEmpty)

            // Somebody who may not even sign in stops theirs.
            #expect(try await site.send(.post, "/users/u_ada/roles", token: root, ["role_id": "role_admin"]).status == 200)
            let second = try await Self.prepare(site, ada, ["action": "disable", "filter": "search=m0"])
            #expect(try await site.send(.post, "/users/bulk/\(second.text("id"))/run", token: ada).status == 202)
            #expect(try await site.send(.post, "/users/u_ada/disable", token: root).status == 200)
            try await site.accounts.advanceBulk()
            #expect(try await site.send(.post, "/users/u_ada/enable", token: root).status == 200)
            let stopped = try await site.send(.get, "/users/bulk/\(second.text("id"))", token: try await site.token("ada"))
            #expect(stopped.text("state") == "stopped" && Self.counts(stopped) == [5, 0, 0, 0])
        }
    }

    @Test(arguments: TestDatabase.all) func whomAJobIsForIsFixedWhenItIsPrepared(_ kind: TestDatabase) async throws {
        try await Self.with(kind, 2) { site, root in
            let job = try await Self.prepare(site, root, ["action": "add_tag", "tag": "vague", "filter": "search=m0"])
            #expect(try await site.send(.post, "/users", token: root, ["username": "m09", "email": "m09@site.test"]).status == 201)
            #expect(try await site.send(.delete, "/users/u_m01", token: root).status == 204)
            #expect(try await site.send(.post, "/users/bulk/\(job.text("id"))/run", token: root).status == 202)
            let done = try await Self.finished(site, root, job.text("id"))
            #expect(Self.counts(done) == [2, 1, 0, 1])
            #expect(try await site.send(.get, "/users?tag=vague", token: root).usernames == ["m00"])
            // Begun twice, it is done once; over, it stays over.
            #expect(try await site.send(.post, "/users/bulk/\(job.text("id"))/run", token: root).text("state") == "done")
            #expect(try await site.send(.post, "/users/bulk/\(job.text("id"))/cancel", token: root).text("state") == "done")
        }
    }

    @Test(arguments: TestDatabase.all) func aJobIsItsAuthorsAndEndsWhenTheySaySo(_ kind: TestDatabase) async throws {
        try await Self.with(kind, 2) { site, root in
            let job = try await Self.prepare(site, root, ["action": "disable", "filter": "search=m0"])
            let path = "/users/bulk/\(job.text("id"))"
            let ada = try await site.token("ada")
            for (method, tail) in [
                (HTTPMethod.get, ""), (.get, "/preview"), (.get, "/failures"), (.post, "/run"), (.post, "/cancel"), (.post, "/undo"),
            ] {
                #expect(try await site.send(method, path + tail, token: ada).status == 404, "\(tail)")
            }
            #expect(try await site.send(.post, "\(path)/run", token: root).status == 202)
            #expect(try await site.send(.post, "\(path)/cancel", token: root).text("state") == "cancelled")
            #expect(Self.counts(try await Self.finished(site, root, job.text("id"))) == [2, 0, 0, 0])
            #expect(try await site.send(.get, "/users/bulk", token: root).items.count == 1)
            #expect(try await site.send(.get, "/users/bulk", token: ada).items.isEmpty)
        }
    }

    @Test(arguments: TestDatabase.all) func whatCannotBeAskedForIsRefusedByName(_ kind: TestDatabase) async throws {
        try await Self.with(kind, 1) { site, root in
            let cases: [(JSONObject, Int, String)] = [
                (["action": "explode", "filter": ""], 422, "/action choice"), (["action": "disable"], 422, "/users one_of"),
                (["action": "give_role", "role": "role_nothing", "filter": ""], 422, "/role unknown_role"),
                (["action": "ban", "filter": ""], 422, "/reason required"),
                (["action": "disable", "tag": "x", "filter": ""], 422, "/tag unknown"),
                (["action": "disable", "filter": "search=nobody-at-all"], 422, "/filter nobody"),
                (["action": "disable", "filter": "colour=red"], 422, "?colour unknown"),
                (["action": "disable", "users": ["x"]], 422, "/users invalid"),
            ]
            for (body, status, fault) in cases {
                let answer = try await Self.prepare(site, root, body)
                #expect(answer.status == status && answer.faults.first == fault, "\(JSON.object(body).text): \(answer.json.text)")
            }
            try await site.add("sam")
            let sam = try await site.token("sam")
            #expect(try await Self.prepare(site, sam, ["action": "disable", "filter": ""]).status == 403)
            let key = try await site.send(.post, "/api-keys", token: root, ["name": "robot", "scopes": ["*"]]).text("key")
            #expect(try await Self.prepare(site, key, ["action": "disable", "filter": ""]).code == "api_key_refused")
        }
    }
}
