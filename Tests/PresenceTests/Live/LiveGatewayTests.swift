import Authorization
import HTTP
import Kernel
import Realtime
import TestSupport
import Testing

@testable import Bus
@testable import Presence

@Suite(.serialized) struct LiveGatewayTests {
    @Test(arguments: TestDatabase.all) func aResumeMissesNothingAndRepeatsNothing(_ kind: TestDatabase) async throws {
        try await LiveSite.run(kind) { site in
            try await site.person("owner", [.owner])
            let first = try await site.connect("owner")
            let session = try #require(try await first.next("ready")["session"]?.string)
            for topic in ["roles", "presence"] {
                try first.send(["type": "subscribe", "id": .string(topic), "topic": .string(topic)])
            }
            var positions: JSONObject = [:]
            for _ in 0..<2 {
                let frame = try await first.next("subscribed")
                positions.append(try #require(frame["topic"]?.string), try #require(frame["position"]))
            }
            first.cut()
            for number in 0..<20 {
                let answer = try await site.call(
                    .post, "/roles", as: "owner", ["name": .string("r\(number)"), "priority": 5, "permissions": []])
                #expect(answer.status == 201)
            }
            let second = try await site.connect("owner", resume: ["session": .string(session), "positions": .object(positions)])
            _ = try await second.next("ready") { $0["session"]?.string == session }
            _ = try await second.next("resumed")
            _ = try await site.call(.post, "/roles", as: "owner", ["name": "last", "priority": 5, "permissions": []])
            var offsets: [Int64] = []
            for _ in 0..<21 {
                let event = try await second.next("role.created")
                offsets.append(try #require(event["position"]?.string.flatMap { Position($0) }).offset)
            }
            #expect(offsets == offsets.sorted() && Set(offsets).count == 21)
            #expect(try await second.everything().allSatisfy { $0["type"] != "role.created" && $0["type"] != "resync" })
        }
    }

    @Test(arguments: TestDatabase.all) func aSessionIsTakenUpBeforeItsOldConnectionIsNoticedDead(_ kind: TestDatabase) async throws {
        try await LiveSite.run(kind) { site in
            try await site.person("owner", [.owner])
            let first = try await site.connect("owner")
            let session = try #require(try await first.next("ready")["session"])
            try first.send(["type": "subscribe", "id": "mine", "topic": "roles"])
            let position = try #require(try await first.next("subscribed")["position"])
            _ = try await site.call(.post, "/roles", as: "owner", ["name": "missed", "priority": 5, "permissions": []])
            let second = try await site.connect("owner", resume: ["session": session, "positions": ["roles": position]])
            _ = try await second.next("role.created")
            // The old one ends late, and a third takes the session up again.
            first.cut()
            second.cut()
            _ = try await site.call(.post, "/roles", as: "owner", ["name": "later", "priority": 5, "permissions": []])
            let third = try await site.connect("owner", resume: ["session": session, "positions": ["roles": position]])
            for _ in 0..<2 { _ = try await third.next("role.created") }
            try third.send(["type": "unsubscribe", "id": "mine"])
            #expect(try await third.everything().allSatisfy { $0["type"] != "error" })
        }
    }

    @Test(arguments: TestDatabase.all) func durableTopicsResumeAcrossARestartAndPresenceAsksForANewSnapshot(_ kind: TestDatabase)
        async throws
    {
        let place = try await kind.fresh()
        let kept = Kept()
        try await LiveSite.start(place) { site in
            try await site.person("owner", [.owner])
            let socket = try await site.listener("owner", to: "roles")
            _ = try await site.call(.post, "/roles", as: "owner", ["name": "seen", "priority": 5, "permissions": []])
            let seen = try await socket.next("role.created")
            let watcher = try await site.listener("owner")
            _ = try await watcher.everything()
            let presence = try #require(try await site.call(.get, "/presence", as: "owner").json["position"])
            await kept.keep(["roles": try #require(seen["position"]), "presence": presence])
            socket.cut()
            _ = try await site.call(.post, "/roles", as: "owner", ["name": "missed", "priority": 5, "permissions": []])
        }
        try await LiveSite.start(place) { site in
            let positions = await kept.positions
            let socket = try await site.connect("owner", resume: ["session": "gone", "positions": .object(positions)])
            _ = try await socket.next("resumed")
            #expect(try await socket.next("role.created")["name"] != .null)
            #expect(try await socket.next("resync")["topic"] == "presence")
            #expect(try await socket.everything().allSatisfy { $0["type"] != "role.created" })
        }
        try await place.remove()
    }

    private actor Kept {
        var positions: JSONObject = [:]
        func keep(_ positions: JSONObject) { self.positions = positions }
    }

    @Test(arguments: TestDatabase.all) func aLostRightDropsItsSubscriptionAtOnce(_ kind: TestDatabase) async throws {
        try await LiveSite.run(kind) { site in
            try await site.person("owner", [.owner])
            try await site.person("staff", [.member, .staff])
            let socket = try await site.listener("staff")
            let role = try await site.call(.get, "/roles?search=staff", as: "owner").json["items"]?[0]?["id"]?.string
            let answer = try await site.call(.delete, "/users/u_staff/roles/\(try #require(role))", as: "owner")
            #expect(answer.status == 200)
            let error = try await socket.next("error")
            #expect(error["code"] == "subscription_revoked" && error["id"] == "presence")
            let bob = try await site.person("bob")
            let other = try await site.connect("bob")
            _ = try await other.next("ready")
            let watcher = try await site.listener("owner")
            _ = try await site.call(.post, "/users/u_bob/status", as: "bob", ["status_message": "hello"])
            _ = try await watcher.next("presence.update") { $0["user_id"]?.string == bob.uuid && $0["status_message"] == "hello" }
            #expect(try await socket.everything().allSatisfy { $0["user_id"]?.string != bob.uuid })
        }
    }

    @Test(arguments: TestDatabase.all) func aMemberFollowsNamedPeopleOnly(_ kind: TestDatabase) async throws {
        try await LiveSite.run(kind) { site in
            let alice = try await site.person("alice")
            let bob = try await site.person("bob")
            try await site.person("carol")
            let refused = try await site.connect("carol")
            _ = try await refused.next("ready")
            try refused.send(["type": "subscribe", "id": 1, "topic": "presence"])
            #expect(try await refused.next("error")["permission"] == "presence.read")
            try refused.send([
                "type": "subscribe", "id": 2, "topic": "presence", "filter": ["user_id": ["in": [.string(bob.uuid)]]],
            ])
            _ = try await refused.next("subscribed")
            let others = try await [site.connect("alice"), site.connect("bob")]
            _ = try await refused.next("presence.update") { $0["user_id"]?.string == bob.uuid }
            #expect(try await refused.everything().allSatisfy { $0["user_id"]?.string != alice.uuid })
            withExtendedLifetime(others) {}
        }
    }

    @Test(arguments: TestDatabase.all) func aFilteredReaderHearsOfWhatLeavesItsList(_ kind: TestDatabase) async throws {
        try await LiveSite.run(kind, grace: 0) { site in
            try await site.person("owner", [.owner])
            let alice = try await site.person("alice")
            let watcher = try await site.listener("owner", filter: ["status": ["!=": "offline"]])
            let own = try await site.connect("alice")
            _ = try await watcher.next("presence.update") { $0["user_id"]?.string == alice.uuid && $0["status"] == "online" }
            own.cut()
            _ = try await watcher.next("presence.update") { $0["user_id"]?.string == alice.uuid && $0["status"] == "offline" }
        }
    }

    @Test(arguments: TestDatabase.all) func aSubscriptionMayNameItsPeopleAndRoles(_ kind: TestDatabase) async throws {
        try await LiveSite.run(kind) { site in
            try await site.person("owner", [.owner])
            let staff = try await site.person("sam", [.member, .staff])
            try await site.person("alice")
            let watcher = try await site.listener("owner", filter: ["user_id": ["in": ["u_sam", "u_nobody"]]])
            let members = try await site.listener("owner", filter: ["role": "role_staff"])
            try members.send(["type": "subscribe", "id": 1, "topic": "presence:role:role_staff"])
            #expect(try await members.next("subscribed")["topic"] == "presence")
            try members.send(["type": "subscribe", "id": 2, "topic": "presence:role:role_nobody"])
            #expect(try await members.next("error")["code"] == "not_found")
            let others = try await [site.connect("alice"), site.connect("sam")]
            #expect(try await watcher.next("presence.update")["user_id"]?.string == staff.uuid)
            #expect(try await members.next("presence.update")["user_id"]?.string == staff.uuid)
            withExtendedLifetime(others) {}
        }
    }

    @Test(arguments: TestDatabase.all) func theTopicOfARoleIsPresenceOfItsMembers(_ kind: TestDatabase) async throws {
        try await LiveSite.run(kind) { site in
            try await site.person("owner", [.owner])
            let staff = try await site.person("sam", [.member, .staff])
            try await site.person("alice")
            let role = try #require(try await site.call(.get, "/roles?search=staff", as: "owner").json["items"]?[0]?["id"]?.string)
            let watcher = try await site.listener("owner", to: "presence:role:\(role)")
            let others = try await [site.connect("alice"), site.connect("sam")]
            let event = try await watcher.next("presence.update")
            #expect(event["user_id"]?.string == staff.uuid)
            #expect(event["topic"] == "presence")
            #expect(try await site.call(.delete, "/users/u_sam/roles/\(role)", as: "owner").status == 200)
            let gone = try await watcher.next("presence.update")
            #expect(gone["user_id"]?.string == staff.uuid && gone["version"] == event["version"])
            withExtendedLifetime(others) {}
        }
    }

    /// As from a medium that lost what it had: the place of what is missing is told, and what follows comes.
    @Test(arguments: TestDatabase.all) func whoListensIsToldOfAGap(_ kind: TestDatabase) async throws {
        try await LiveSite.run(kind) { site in
            try await site.person("owner", [.owner])
            let watcher = try await site.listener("owner")
            let broker = try #require(site.presence.service.broker as? MemoryBroker)
            let after = Position(epoch: "other", offset: 500)
            broker.receive([Event("presence.update", members: ["n": 1])], on: "presence", after: after.offset, epoch: after.epoch)
            #expect(try await watcher.next("resync")["topic"] == "presence")
            let event = try await watcher.next("presence.update") { $0["n"] == 1 }
            #expect(event["position"]?.string == "other:501")
            let poll = try await site.call(.get, "/presence?after=\(after)&wait=0", as: "owner").json
            // Behind it the owner's own coming may stand.
            #expect(poll["items"]?.array?.first?["position"] == "other:501")
        }
    }

    @Test(arguments: TestDatabase.all) func presenceIsAnAddressOfItsOwn(_ kind: TestDatabase) async throws {
        try await LiveSite.run(kind) { site in
            try await site.person("owner", [.owner])
            for path in ["/presence", "/api/v1/presence"] {
                let socket = try await site.connect("owner", path: path)
                _ = try await socket.next("ready")
                #expect(try await socket.next("subscribed")["topic"] == "presence")
            }
            #expect(try await site.call(.get, "/gateway", as: "owner").status == 426)
        }
    }

    @Test(arguments: TestDatabase.all) func longPollingGivesWhatCameAfterAPosition(_ kind: TestDatabase) async throws {
        try await LiveSite.run(kind) { site in
            try await site.person("owner", [.owner])
            let alice = try await site.person("alice")
            let position = try #require(try await site.call(.get, "/presence", as: "owner").json["position"]?.string)
            async let waiting = site.call(.get, "/presence?after=\(position)&wait=20", as: "owner")
            let own = try await site.connect("alice")
            let answer = try await waiting
            #expect(answer.json["items"]?[0]?["user_id"]?.string == alice.uuid)
            let after = try #require(answer.json["position"]?.string)
            #expect(try await site.call(.get, "/presence?after=\(after)", as: "owner").json["items"] == [])
            let lost = try await site.call(.get, "/presence?after=other:1&wait=20", as: "owner").json
            #expect(lost["items"]?[0]?["type"] == "resync")
            #expect(try await site.call(.get, "/presence?after=x", as: "owner").status == 422)
            #expect(try await site.call(.get, "/presence?after=\(after)", as: "alice").status == 403)
            withExtendedLifetime(own) {}
        }
    }

    @Test(arguments: TestDatabase.all) func whoLosesTheRightWhileWaitingGetsNothing(_ kind: TestDatabase) async throws {
        try await LiveSite.run(kind) { site in
            try await site.person("owner", [.owner])
            try await site.person("bob", [.member, .staff])
            try await site.person("alice")
            let position = try #require(try await site.call(.get, "/presence", as: "bob").json["position"]?.string)
            async let waiting = site.call(.get, "/presence?after=\(position)&wait=20", as: "bob")
            // Long enough, as a rule, to be waiting by then; otherwise it is refused at the door.
            try await Task.sleep(for: .milliseconds(200))
            #expect(try await site.call(.delete, "/users/u_bob/roles/role_staff", as: "owner").status == 200)
            let own = try await site.connect("alice")
            #expect(try await waiting.status == 403)
            withExtendedLifetime(own) {}
        }
    }

    @Test(arguments: TestDatabase.all) func serverSentEventsCarryTheirPositionAndResumeAfterIt(_ kind: TestDatabase) async throws {
        try await LiveSite.run(kind) { site in
            try await site.person("owner", [.owner])
            let headers = ["Authorization: owner", "Accept: text/event-stream"]
            let before = try #require(try await site.call(.get, "/presence", as: "owner").json["position"]?.string)
            let stream = try LiveStream(port: site.port, path: "/api/v1/presence", headers: headers + ["Last-Event-ID: \(before)"])
            try await stream.wait(for: "text/event-stream")
            for name in ["alice", "bob"] {
                let user = try await site.person(name)
                let own = try await site.connect(name)
                try await stream.wait(for: user.uuid)
                withExtendedLifetime(own) {}
            }
            let position = try #require(Position(before))
            let later = Position(epoch: position.epoch, offset: position.offset + 1)
            try await stream.wait(for: "id: \(later)\ndata: {\"type\":\"presence.update\"")
            let resumed = try LiveStream(port: site.port, path: "/api/v1/presence?after=\(later)", headers: headers)
            try await resumed.wait(for: "id: \(Position(epoch: later.epoch, offset: later.offset + 1))")
            #expect(!resumed.text.contains("id: \(later)\n"))
            // A change of rights ends the stream; the client comes back with what it may then.
            site.gateway.rightsChanged(users: nil)
            try await resumed.wait(for: "\r\n0\r\n\r\n")
        }
    }

    @Test(arguments: TestDatabase.all) func aSlowReaderIsClosedWith4008(_ kind: TestDatabase) async throws {
        try await LiveSite.run(kind, maxQueuedBytes: 16 << 10) { site in
            try await site.person("owner", [.owner])
            let own = try await site.connect("owner")
            _ = try await own.next("ready")
            let slow = try await site.connect("owner", receiveBuffer: 4096)
            _ = try await slow.next("ready")
            try slow.send(["type": "subscribe", "id": 1, "topic": "presence"])
            _ = try await slow.next("subscribed")
            let broker = site.presence.service.broker
            // Far more than the kernel takes for a peer that does not read.
            let text = String(repeating: "x", count: 8192)
            for _ in 0..<400 { broker.publish([.init("presence.update", members: ["status_message": .string(text)])], to: "presence") }
            #expect(try await slow.closed() == 4008)
            try own.send(["type": "ping"])
            _ = try await own.next("pong")
        }
    }

    @Test(arguments: TestDatabase.all, [CloseCode.loggedOut, .revoked, .banned, .disabled])
    func anEndedSessionIsClosedAndItsPersonOffline(_ kind: TestDatabase, _ code: CloseCode) async throws {
        try await LiveSite.run(kind, grace: 60_000) { site in
            try await site.person("owner", [.owner])
            let alice = try await site.person("alice")
            let watcher = try await site.listener("owner")
            let own = try await site.connect("alice")
            _ = try await own.next("ready")
            _ = try await watcher.next("presence.update") { $0["user_id"]?.string == alice.uuid && $0["status"] == "online" }
            if code == .banned || code == .disabled {
                site.gateway.close(users: [alice], code: code)
            } else {
                site.gateway.close(sessions: [SessionID(rawValue: alice.rawValue)], code: code)
            }
            #expect(try await own.closed() == code.rawValue)
            _ = try await watcher.next("presence.update") { $0["user_id"]?.string == alice.uuid && $0["status"] == "offline" }
        }
    }

    @Test(arguments: TestDatabase.all) func aTokenThatExpiresIsToldRenewedOrClosed(_ kind: TestDatabase) async throws {
        try await LiveSite.run(kind, heartbeat: 1000, tokenGrace: 500) { site in
            try await site.person("alice")
            site.sessions.expire("alice", at: WallClock.system.now().adding(milliseconds: 300))
            let socket = try await site.connect("alice")
            _ = try await socket.next("ready")
            #expect(try await socket.next("error")["code"] == "token_expired")
            site.sessions.expire("alice", at: WallClock.system.now().adding(milliseconds: 300))
            try socket.send(["type": "auth", "token": "alice"])
            #expect(try await socket.next("error")["code"] == "token_expired")
            #expect(try await socket.closed() == 4401)
        }
    }

    @Test(arguments: TestDatabase.all) func aWrongTokenIsClosedWith4401(_ kind: TestDatabase) async throws {
        try await LiveSite.run(kind) { site in
            let socket = try await site.connect("nobody")
            #expect(try await socket.next("error")["code"] == "unauthenticated")
            #expect(try await socket.closed() == 4401)
        }
    }
}
