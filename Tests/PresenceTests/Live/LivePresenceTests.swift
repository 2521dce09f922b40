import Authorization
import Bus
import HTTP
import Kernel
import Realtime
import TestSupport
import Testing

@testable import Presence

@Suite(.serialized) struct LivePresenceTests {
    @Test(arguments: TestDatabase.all) func aStatusIsSeenByThoseWhoWatch(_ kind: TestDatabase) async throws {
        try await LiveSite.run(kind) { site in
            try await site.person("owner", [.owner])
            let alice = try await site.person("alice")
            let watcher = try await site.listener("owner")
            let own = try await site.connect("alice")
            _ = try await watcher.next("presence.update") { $0["user_id"]?.string == alice.uuid && $0["status"] == "online" }
            let answer = try await site.call(
                .post, "/users/me/status", as: "alice",
                ["status": "dnd", "status_message": "En réunion", "activity": ["name": "Figma", "kind": "working"]])
            #expect(answer.status == 200)
            #expect(answer.json["status"] == "dnd" && answer.json["chosen_status"] == "dnd")
            let event = try await watcher.next("presence.update") { $0["user_id"]?.string == alice.uuid && $0["status"] == "dnd" }
            #expect(event["status_message"] == "En réunion")
            #expect(event["activity_name"] == "Figma")
            #expect(event["topic"] == "presence")
            #expect(event["position"]?.string.flatMap { Position($0) } != nil)
            #expect(event["version"]?.integer != nil)
            _ = try await own.next("status.changed") { $0["topic"]?.string == "user:\(alice.uuid)" }
        }
    }

    @Test(arguments: TestDatabase.all) func twoChoicesAtOnceAreBothKept(_ kind: TestDatabase) async throws {
        try await LiveSite.run(kind) { site in
            try await site.person("alice")
            for round in 0..<20 {
                let (message, emoji) = ("m\(round)", "e\(round)")
                async let first = site.call(.post, "/users/me/status", as: "alice", ["status_message": .string(message)])
                async let second = site.call(.post, "/users/me/status", as: "alice", ["status_emoji": .string(emoji)])
                let statuses = try await [first.status, second.status]
                #expect(statuses == [200, 200])
                let now = try await site.call(.post, "/users/me/status", as: "alice", [:])
                #expect(now.json["status_message"]?.string == message && now.json["status_emoji"]?.string == emoji)
            }
        }
    }

    /// Each choice is an entry of the audit log, so a person's own have a rate; what changes nothing is free, and the team is not held by it.
    @Test(arguments: TestDatabase.all) func ownChoicesAreLimited(_ kind: TestDatabase) async throws {
        try await LiveSite.run(kind) { site in
            try await site.person("owner", [.owner])
            try await site.person("alice")
            func choose(_ message: String, as name: String) async throws -> Int {
                try await site.call(.post, "/users/u_alice/status", as: name, ["status_message": .string(message)]).status
            }
            for number in 0..<120 { #expect(try await choose("m\(number)", as: "alice") == 200) }
            var refused = 200
            // Some come back while the test runs.
            for number in 120..<300 where refused == 200 { refused = try await choose("m\(number)", as: "alice") }
            #expect(refused == 429)
            let now = try await site.call(.post, "/users/u_alice/status", as: "alice", [:])
            #expect(now.status == 200)
            #expect(try await choose("by the team", as: "owner") == 200)
        }
    }

    @Test(arguments: TestDatabase.all) func theSnapshotAndTheEventsAfterItsPositionAgree(_ kind: TestDatabase) async throws {
        try await LiveSite.run(kind) { site in
            try await site.person("owner", [.owner])
            var ids: [String: UserID] = [:]
            for name in ["alice", "bob", "carol"] { ids[name] = try await site.person(name) }
            let watcher = try await site.listener("owner")
            let sockets = try await [site.connect("alice"), site.connect("bob")]
            for name in ["alice", "bob"] {
                _ = try await watcher.next("presence.update") { $0["status"] == "online" && $0["user_id"] == JSON(ids[name]) }
            }
            for message in 0..<10 {
                _ = try await site.call(.post, "/users/u_alice/status", as: "alice", ["status_message": .string("m\(message)")])
            }
            let snapshot = try await site.call(.get, "/presence", as: "owner").json
            let position = try #require(snapshot["position"]?.string.flatMap { Position($0) })
            var views: [String: JSON] = [:]
            for item in snapshot["items"]?.array ?? [] { views[try #require(item["user_id"]?.string)] = item }
            _ = try await watcher.next("presence.update") { $0["status_message"] == "m9" }
            for event in try await watcher.everything() {
                guard let user = event["user_id"]?.string, let place = event["position"]?.string.flatMap({ Position($0) }) else { continue }
                if place.offset > position.offset { views[user] = event }
            }
            let fresh = try await site.call(.get, "/presence", as: "owner").json["items"]?.array ?? []
            #expect(fresh.count == 4)
            for item in fresh where item["username"] != "alice" {
                #expect(views[try #require(item["user_id"]?.string)]?["version"] == item["version"])
            }
            #expect(fresh.first { $0["username"] == "alice" }?["status_message"] == "m9")
            #expect(fresh.first { $0["username"] == "carol" }?["status"] == "offline")
            withExtendedLifetime(sockets) {}
        }
    }

    @Test(arguments: TestDatabase.all) func theSnapshotIsFilteredAndPaged(_ kind: TestDatabase) async throws {
        try await LiveSite.run(kind) { site in
            try await site.person("owner", [.owner])
            var ids: [String: UserID] = [:]
            for name in ["alice", "bob", "carol", "dave"] {
                ids[name] = try await site.person(name, name == "dave" ? [.member, .staff] : [.member])
            }
            let watcher = try await site.listener("owner")
            let sockets = try await [site.connect("bob"), site.connect("dave")]
            for name in ["bob", "dave"] {
                _ = try await watcher.next("presence.update") { $0["status"] == "online" && $0["user_id"] == JSON(ids[name]) }
            }
            func names(_ query: String) async throws -> [String] {
                let json = try await site.call(.get, "/presence\(query)", as: "owner").json
                return (json["items"]?.array ?? []).compactMap { $0["username"]?.string }
            }
            _ = try await watcher.everything()
            #expect(try await names("?online=true") == ["owner", "bob", "dave"])
            #expect(try await names("?online=false") == ["alice", "carol"])
            #expect(try await names("?status=offline&role=role_staff") == [])
            #expect(try await names("?role=role_staff") == ["dave"])
            var seen: [String] = []
            var cursor: String?
            repeat {
                let suffix = cursor.map { "&cursor=\($0)" } ?? ""
                let page = try await site.call(.get, "/presence?limit=2&count=true\(suffix)", as: "owner").json
                #expect(page["total"] == 5 && page["counts"] == ["online": 3, "idle": 0, "dnd": 0])
                seen += (page["items"]?.array ?? []).compactMap { $0["username"]?.string }
                cursor = page["next"]?.string
            } while cursor != nil
            #expect(seen == ["owner", "alice", "bob", "carol", "dave"])
            #expect(try await site.call(.get, "/presence", as: "alice").status == 403)
            #expect(try await site.call(.get, "/presence?colour=red", as: "owner").status == 422)
            withExtendedLifetime(sockets) {}
        }
    }

    @Test(arguments: TestDatabase.all) func nobodyLearnsOfAnInvisiblePerson(_ kind: TestDatabase) async throws {
        try await LiveSite.run(kind, grace: 0) { site in
            try await site.person("owner", [.owner])
            let alice = try await site.person("alice")
            let watcher = try await site.listener("owner")
            try watcher.send(["type": "subscribe", "id": "u", "topic": "users"])
            _ = try await watcher.next("subscribed")
            _ = try await site.call(.post, "/users/me/status", as: "alice", ["status": "offline"])
            let before = try await site.call(.get, "/presence", as: "owner").json["items"]
            let own = try await site.connect("alice")
            let ready = try await own.next("ready")
            #expect(ready["snapshot"]?["presence"]?["me"]?["chosen_status"] == "invisible")
            _ = try await site.call(.post, "/users/me/status", as: "alice", ["status_message": "hidden"])
            _ = try await own.next("status.changed") { $0["status_message"] == "hidden" }
            try own.send(["type": "presence.set", "idle": true])
            _ = try await own.everything()
            own.cut()
            // Somebody else's change, sent after all of that, is the mark that nothing more is to come.
            let bob = try await site.person("bob")
            let other = try await site.connect("bob")
            _ = try await watcher.next("presence.update") { $0["user_id"]?.string == bob.uuid }
            let frames = try await watcher.everything()
            #expect(frames.allSatisfy { $0["user_id"]?.string != alice.uuid })
            let after = try await site.call(.get, "/presence", as: "owner").json["items"]
            #expect(after?.array?.first { $0["username"] == "alice" } == before?.array?.first { $0["username"] == "alice" })
            withExtendedLifetime(other) {}
        }
    }

    @Test(arguments: TestDatabase.all) func aCutConnectionGoesOfflineAndStaysSoAcrossARestart(_ kind: TestDatabase) async throws {
        let place = try await kind.fresh()
        try await LiveSite.start(place) { site in
            try await site.person("owner", [.owner])
            let alice = try await site.person("alice")
            let watcher = try await site.listener("owner")
            let own = try await site.connect("alice")
            _ = try await own.next("ready")
            _ = try await site.call(.post, "/users/me/status", as: "alice", ["status": "dnd", "status_message": "En réunion"])
            _ = try await watcher.next("presence.update") { $0["user_id"]?.string == alice.uuid && $0["status"] == "dnd" }
            own.cut()
            let event = try await watcher.next("presence.update") { $0["user_id"]?.string == alice.uuid && $0["status"] == "offline" }
            #expect(event["last_seen_at"]?.string != nil)
            await site.presence.service.journal.flush()
            let history = try await site.call(.get, "/users/u_alice/presence/history", as: "owner").json["items"]?.array ?? []
            // Changes between two writes of the journal are one entry, so both steps are there or either of them.
            let steps: [[JSON]] = [["offline", "online"], ["offline", "dnd"], ["offline", "dnd", "online"]]
            #expect(steps.contains(history.compactMap { $0["to"] }), "\(history)")
        }
        try await LiveSite.start(place) { site in
            let item = try await site.call(.get, "/presence", as: "owner").json["items"]?.array?.first { $0["username"] == "alice" }
            #expect(item?["status"] == "offline")
            #expect(item?["status_message"] == "En réunion")
            let watcher = try await site.listener("owner")
            let own = try await site.connect("alice")
            let event = try await watcher.next("presence.update") { $0["status"] == "dnd" }
            #expect(try #require(event["version"]?.integer) > (try #require(item?["version"]?.integer)))
            withExtendedLifetime(own) {}
        }
        try await place.remove()
    }

    @Test(arguments: TestDatabase.all) func aSilentConnectionIsClosedAndItsPersonOffline(_ kind: TestDatabase) async throws {
        try await LiveSite.run(kind, heartbeat: 4000) { site in
            try await site.person("owner", [.owner])
            let alice = try await site.person("alice")
            let watcher = try await site.listener("owner")
            let own = try await site.connect("alice")
            _ = try await own.next("ready")
            // It does not read any more, so it answers no ping; the watcher does.
            let event = try await watcher.next("presence.update") { $0["user_id"]?.string == alice.uuid && $0["status"] == "offline" }
            #expect(event["user_id"]?.string == alice.uuid)
            #expect(try await own.closed() == CloseCode.heartbeatMissed.rawValue)
        }
    }

    @Test(arguments: TestDatabase.all) func aStatusIsCheckedFieldByField(_ kind: TestDatabase) async throws {
        try await LiveSite.run(kind) { site in
            try await site.person("alice")
            try await site.person("bob")
            let faults: [(JSON, String)] = [
                (["status": "busy"], "/status"), (["status_message": .string(String(repeating: "é", count: 129))], "/status_message"),
                (["status_emoji": .string(String(repeating: "x", count: 33))], "/status_emoji"), (["mood": "good"], "/mood"),
                (["status_expires_at": "2001-01-01T00:00:00Z"], "/status_expires_at"), (["activity": ["kind": "x"]], "/activity/name"),
                (["activity": 5], "/activity"), (["activity": ["name": "x", "icon": "javascript:alert(1)"]], "/activity/icon"),
                (["activity": ["name": "x", "started_at": "2130-01-01T00:00:00Z"]], "/activity/started_at"),
                (["status_message": "a\u{202E}b"], "/status_message"),
                (["activity_name": "\u{2060}"], "/activity_name"), (["idle": true], "/idle"),
            ]
            for (body, pointer) in faults {
                let answer = try await site.call(.post, "/users/me/status", as: "alice", body)
                #expect(answer.status == 422)
                #expect(answer.json["errors"]?[0]?["pointer"]?.string == pointer)
            }
            #expect(try await site.call(.post, "/users/u_bob/status", as: "alice", ["status": "dnd"]).status == 403)
            // Who may not is not told who exists.
            #expect(try await site.call(.post, "/users/u_nobody/status", as: "alice", ["status": "dnd"]).status == 403)
        }
    }

    @Test(arguments: TestDatabase.all) func aManagerSetsTheStatusOfThoseBelow(_ kind: TestDatabase) async throws {
        try await LiveSite.run(kind) { site in
            try await site.person("owner", [.owner])
            try await site.person("mod", [.mod])
            let alice = try await site.person("alice")
            let own = try await site.connect("alice")
            _ = try await own.next("ready")
            #expect(try await site.call(.post, "/users/u_alice/status", as: "mod", ["status": "idle"]).status == 200)
            _ = try await own.next("status.changed") { $0["user_id"]?.string == alice.uuid && $0["status"] == "idle" }
            #expect(try await site.call(.post, "/users/u_owner/status", as: "mod", ["status": "idle"]).status == 403)
            #expect(try await site.call(.post, "/users/u_nobody/status", as: "mod", ["status": "idle"]).status == 404)
        }
    }

    @Test(arguments: TestDatabase.all) func everyDeviceOfAPersonCounts(_ kind: TestDatabase) async throws {
        try await LiveSite.run(kind) { site in
            try await site.person("owner", [.owner])
            let alice = try await site.person("alice")
            let watcher = try await site.listener("owner")
            let phone = try await site.connect("alice")
            let laptop = try await site.connect("alice")
            for socket in [phone, laptop] { _ = try await socket.next("ready") }
            try phone.send(["type": "presence.set", "idle": true])
            try laptop.send(["type": "presence.set", "idle": true])
            _ = try await watcher.next("presence.update") { $0["user_id"]?.string == alice.uuid && $0["status"] == "idle" }
            try laptop.send(["type": "presence.set", "idle": false, "status_message": "back"])
            _ = try await watcher.next("presence.update") { $0["status"] == "online" && $0["status_message"] == "back" }
        }
    }
}
