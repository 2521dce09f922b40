import Authorization
import Bus
import Database
import Directory
import HTTP
import Kernel
import Realtime
import TestSupport
import Testing

@testable import Presence

/// What a filter lets through: whoever comes into it, moves within it and leaves it, by whatever carries the events; and nobody else.
@Suite(.serialized) struct LiveFilterTests {
    /// The people of the presence events that came on the topic, up to those of the mark, who is let in by every filter here.
    private func heard(_ socket: LiveSocket, until mark: UserID, _ site: LiveSite) async throws -> [String?] {
        let own = try await site.connect("mark")
        _ = try await own.next("ready")
        _ = try await site.call(.post, "/users/me/status", as: "mark", ["status": "dnd", "activity": ["name": "marking"]])
        _ = try await socket.next("presence.update") { $0["user_id"]?.string == mark.uuid && $0["status"] == "dnd" }
        let events = try await socket.everything().filter {
            $0["topic"] == "presence" && $0["position"] != nil && $0["type"] != "subscribed"
        }
        return events.map { $0["user_id"]?.string }.filter { $0 != mark.uuid }
    }

    @Test(arguments: TestDatabase.all) func aTextFindsNamesAndActivitiesAsTheyComeAndGo(_ kind: TestDatabase) async throws {
        try await LiveSite.run(kind, grace: 0) { site in
            try await site.person("owner", [.owner])
            let (alice, mark) = try await (site.person("alice"), site.person("mark"))
            try await site.person("bob")
            let found = try await site.listener("owner", filter: ["status": ["!=": "offline"], "text": "FIGMA"])
            try found.send(["type": "subscribe", "id": 2, "topic": "presence", "filter": ["text": "mark"]])
            _ = try await found.next("subscribed")
            let own = try await [site.connect("alice"), site.connect("bob")]
            for socket in own { _ = try await socket.next("ready") }
            // She is there before she does something: else both are told at once.
            while try await site.call(.get, "/presence?text=alice&online=true", as: "owner").json["items"] == [] {
                try await Task.sleep(for: .milliseconds(5))
            }
            _ = try await site.call(.post, "/users/me/status", as: "alice", ["activity": ["name": "In Figma", "kind": "working"]])
            _ = try await found.next("presence.activity") { $0["user_id"]?.string == alice.uuid && $0["activity_name"] == "In Figma" }
            _ = try await site.call(.post, "/users/me/status", as: "alice", ["activity": nil])
            _ = try await found.next("presence.activity") { $0["user_id"]?.string == alice.uuid && $0["activity_name"] == .null }
            _ = try await site.call(.post, "/users/me/status", as: "alice", ["status": "dnd"])
            #expect(try await heard(found, until: mark, site) == [])
            withExtendedLifetime(own) {}
        }
    }

    @Test(arguments: TestDatabase.all) func anotherNameMovesSomebodyInAndOut(_ kind: TestDatabase) async throws {
        try await LiveSite.run(kind) { site in
            try await site.person("owner", [.owner])
            let alice = try await site.person("alice")
            let own = try await site.connect("alice")
            _ = try await own.next("ready")
            let everybody = try await site.listener("owner")
            let zoes = try await site.listener("owner", filter: ["text": "zoé"])
            for name in ["Zoé", "Alice"] {
                try await site.database.write { transaction in
                    var member = try MemberDirectory().lockedMember(alice, in: transaction)
                    member.displayName = name
                    #expect(try MemberDirectory().update(member, at: WallClock.system.now(), in: transaction))
                    transaction.atCommit(
                        OutboxEvent(
                            "user.updated", topics: ["users"], members: ["user_id": JSON(alice), "changed": ["display_name"]],
                            requestID: "rename-test", at: WallClock.system.now()))
                }
                for socket in [everybody, zoes] {
                    let event = try await socket.next("presence.update") { $0["user_id"]?.string == alice.uuid && $0["status"] == "online" }
                    #expect(event["topic"] == "presence")
                }
                let items = try await site.call(.get, "/presence?text=zo%C3%A9&online=true", as: "owner").json["items"]?.array
                #expect(items?.map { $0["display_name"] } == (name == "Zoé" ? ["Zoé"] : []))
            }
            withExtendedLifetime(own) {}
        }
    }

    @Test(arguments: TestDatabase.all) func aRoleMovesSomebodyInAndOut(_ kind: TestDatabase) async throws {
        try await LiveSite.run(kind) { site in
            try await site.person("owner", [.owner])
            let (alice, mark) = try await (site.person("alice"), site.person("mark", [.member, .staff]))
            let own = try await site.connect("alice")
            _ = try await own.next("ready")
            let filter: JSON = ["role": "role_staff", "status": ["in": ["online", "dnd"]]]
            let staff = try await site.listener("owner", filter: filter)
            #expect(try await site.call(.post, "/users/u_alice/roles", as: "owner", ["role_id": "role_staff"]).status == 200)
            let joined = try await staff.next("presence.update") { $0["user_id"]?.string == alice.uuid }
            #expect(joined["status"] == "online")
            #expect(try await site.call(.delete, "/users/u_alice/roles/role_staff", as: "owner").status == 200)
            // The same again, and the snapshot says that it was a farewell.
            let left = try await staff.next("presence.update") { $0["user_id"]?.string == alice.uuid }
            #expect(left["version"] == joined["version"])
            let rest = try await site.call(.get, "/presence?role=role_staff&status=online,dnd&user_id=u_alice,u_mark", as: "owner")
            #expect(rest.json["items"] == [])
            _ = try await site.call(.post, "/users/me/status", as: "alice", ["status": "dnd"])
            #expect(try await heard(staff, until: mark, site) == [])
            withExtendedLifetime(own) {}
        }
    }

    @Test(arguments: TestDatabase.all) func noFilterTellsOfAnInvisiblePerson(_ kind: TestDatabase) async throws {
        try await LiveSite.run(kind, grace: 0) { site in
            try await site.person("owner", [.owner])
            let mark = try await site.person("mark", [.member, .staff])
            let alice = try await site.person("alice")
            _ = try await site.call(.post, "/users/me/status", as: "alice", ["status": "invisible"])
            let watcher = try await site.listener("owner", filter: ["text": "mark"])
            let filters: [JSON] = [
                ["text": "alice"], ["text": "secret"], ["status": "offline"], ["role": "role_staff"],
                ["user_id": "u_alice", "text": "alice"],
            ]
            for (id, filter) in filters.enumerated() {
                try watcher.send(["type": "subscribe", "id": .integer(Int64(id)), "topic": "presence", "filter": filter])
                _ = try await watcher.next("subscribed")
            }
            let own = try await site.connect("alice")
            _ = try await own.next("ready")
            _ = try await site.call(.post, "/users/me/status", as: "alice", ["activity": ["name": "secret"], "status_message": "secret"])
            _ = try await own.next("status.changed") { $0["status_message"] == "secret" }
            #expect(try await site.call(.post, "/users/u_alice/roles", as: "owner", ["role_id": "role_staff"]).status == 200)
            own.cut()
            // The one who watches came from offline, too.
            #expect(try await !heard(watcher, until: mark, site).contains(alice.uuid))
            for query in ["text=secret", "text=alice&online=true", "role=role_staff&status=online,idle,dnd&user_id=u_alice"] {
                #expect(try await site.call(.get, "/presence?\(query)&count=true", as: "owner").json["total"] == 0)
            }
        }
    }

    @Test(arguments: TestDatabase.all) func whoComesBackStillHasTheFilter(_ kind: TestDatabase) async throws {
        try await LiveSite.run(kind) { site in
            try await site.person("owner", [.owner])
            let mark = try await site.person("mark")
            let first = try await site.connect("owner")
            let session = try #require(try await first.next("ready")["session"])
            try first.send(["type": "subscribe", "id": "f", "topic": "presence", "filter": ["text": "mark"]])
            let place = try #require(try await first.next("subscribed")["position"])
            first.cut()
            var people: [LiveSocket] = []
            for name in ["alice", "bob"] {
                try await site.person(name)
                people.append(try await site.connect(name))
                _ = try await people.last?.next("ready")
            }
            let again = try await site.connect("owner", resume: ["session": session, "positions": ["presence": place]])
            #expect(try await again.next("resumed")["subscriptions"]?.array?.contains("f") ?? false)
            #expect(try await heard(again, until: mark, site) == [])
            withExtendedLifetime(people) {}
        }
    }

    @Test(arguments: TestDatabase.all) func severalWhoAskTheSameAllHearIt(_ kind: TestDatabase) async throws {
        try await LiveSite.run(kind) { site in
            try await site.person("owner", [.owner])
            let mark = try await site.person("mark")
            var sockets: [LiveSocket] = []
            for _ in 0..<4 { sockets.append(try await site.listener("owner", filter: ["status": "dnd"])) }
            // One leaves, one asks something else instead: the others of the same filter stay.
            try sockets[0].send(["type": "unsubscribe", "id": "presence"])
            try sockets[1].send(["type": "subscribe", "id": "presence", "topic": "presence", "filter": ["status": "idle"]])
            _ = try await sockets[1].next("subscribed")
            _ = try await sockets[0].everything()
            for socket in sockets[2...] { #expect(try await heard(socket, until: mark, site) == []) }
            for socket in sockets[..<2] { #expect(try await socket.everything().allSatisfy { $0["topic"] != "presence" }) }
        }
    }

    @Test(arguments: TestDatabase.all) func whoLosesTheRightLosesTheFilteredSubscription(_ kind: TestDatabase) async throws {
        try await LiveSite.run(kind) { site in
            try await site.person("owner", [.owner])
            try await site.person("sam", [.member, .staff])
            let watcher = try await site.listener("sam", filter: ["status": ["!=": "offline"], "text": "a"])
            #expect(try await site.call(.delete, "/users/u_sam/roles/role_staff", as: "owner").status == 200)
            let told = try await watcher.next("error")
            #expect(told["code"] == "subscription_revoked" && told["id"] == "presence")
        }
    }

    @Test(arguments: TestDatabase.all) func theOtherWaysTakeTheSameFilters(_ kind: TestDatabase) async throws {
        try await LiveSite.run(kind) { site in
            try await site.person("owner", [.owner])
            let mark = try await site.person("mark", [.member, .staff])
            try await site.person("alice")
            let start = try #require(try await site.call(.get, "/presence?online=true", as: "owner").json["position"]?.string)
            let query = "role=role_staff&status=online,dnd&text=mar"
            let headers = ["Authorization: owner", "Accept: text/event-stream"]
            let stream = try LiveStream(port: site.port, path: "/api/v1/presence?\(query)", headers: headers + ["Last-Event-ID: \(start)"])
            let socket = try await site.connect("owner", path: "/presence?\(query)")
            _ = try await socket.next("subscribed")
            async let polled = site.call(.get, "/presence?\(query)&after=\(start)&wait=30", as: "owner")
            let filter = "%7B%22status%22:%22dnd%22%7D"
            async let topic = site.poll("?topic=presence&filter=\(filter)&after=\(start)&wait=30")
            let own = try await site.connect("alice")
            _ = try await own.next("ready")
            #expect(try await heard(socket, until: mark, site) == [])
            let first = try await stream.next("presence.update")
            #expect(first.data["user_id"]?.string == mark.uuid && first.id == first.data["position"]?.string)
            let page = try await polled
            #expect(page.json["items"]?[0]?["user_id"]?.string == mark.uuid)
            #expect(try await topic.json["items"]?[0]?["status"] == "dnd")
            // From its place on it goes on with nothing twice.
            let place = try #require(page.json["position"]?.string)
            let rest = try await site.call(.get, "/presence?\(query)&after=\(place)", as: "owner").json["items"]?.array ?? []
            #expect(!rest.contains { $0["position"] == page.json["items"]?[0]?["position"] })
            for wrong in ["status=there", "text=a&after=\(start)&limit=3", "status=online,busy", "wait=1"] {
                #expect(try await site.call(.get, "/presence?\(wrong)", as: "owner").status == 422)
            }
            for wrong in ["filter=%7B%7D", "topic=presence&filter=x", "topic=presence&filter=%7B%22mood%22:%22x%22%7D"] {
                #expect(try await site.poll("?wait=0&\(wrong)").status == 422)
            }
            withExtendedLifetime(own) {}
        }
    }

    @Test(arguments: TestDatabase.all) func theSnapshotTakesThemTogether(_ kind: TestDatabase) async throws {
        try await LiveSite.run(kind) { site in
            try await site.person("owner", [.owner])
            for name in ["anna", "hanna", "bob", "a_n"] { try await site.person(name, name == "hanna" ? [.member, .staff] : [.member]) }
            let sockets = try await [site.connect("anna"), site.connect("bob")]
            for socket in sockets { _ = try await socket.next("ready") }
            _ = try await site.call(.post, "/users/me/status", as: "bob", ["status": "dnd", "activity": ["name": "Nannying"]])
            let watcher = try await site.listener("owner", filter: ["text": "nannying"])
            func page(_ query: String) async throws -> (names: [String?], total: Int64?) {
                let json = try await site.call(.get, "/presence?count=true&\(query)", as: "owner").json
                return ((json["items"]?.array ?? []).map { $0["username"]?.string }, json["total"]?.integer)
            }
            // What they show is told a moment after it was chosen.
            while try await page("text=nannying").names.isEmpty { try await Task.sleep(for: .milliseconds(5)) }
            while try await page("user_id=u_anna&online=true").names.isEmpty { try await Task.sleep(for: .milliseconds(5)) }
            let table: [(String, [String])] = [
                ("text=ANN", ["anna", "hanna", "bob"]), ("text=ann&online=true", ["anna", "bob"]), ("text=ann&online=false", ["hanna"]),
                ("text=ann&status=dnd", ["bob"]), ("text=ann&status=offline,dnd", ["hanna", "bob"]),
                ("text=ann&role=role_staff", ["hanna"]), ("text=_", ["a_n"]), ("text=%25", []), ("status=online&online=false", []),
                ("user_id=u_bob,u_nobody,u_hanna", ["hanna", "bob"]), ("user_id=u_bob,u_hanna&text=ann&online=true", ["bob"]),
            ]
            for (query, expected) in table {
                let found = try await page(query)
                #expect(found.names == expected, "\(query)")
                #expect(found.total == Int64(expected.count), "\(query)")
            }
            let staff = try #require(try await site.call(.get, "/roles?search=staff", as: "owner").json["items"]?[0]?["id"])
            let roles = try await site.call(.get, "/presence?user_id=u_hanna", as: "owner").json["items"]?[0]?["roles"]?.array
            #expect(roles?.count == 2 && roles?.contains(staff) ?? false)
            withExtendedLifetime((sockets, watcher)) {}
        }
    }
}
