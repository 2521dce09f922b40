import Authorization
import HTTP
import Kernel
import TestSupport
import Testing

@testable import Presence
@testable import Realtime

/// The whole gateway by server-sent events and by long polling: the same frames, places and commands as on a WebSocket.
struct LiveFallbackTests {
    private func stream(_ site: LiveSite, _ query: String = "", lastEventID: String? = nil) throws -> LiveStream {
        let resume = lastEventID.map { ["Last-Event-ID: \($0)"] } ?? []
        return try LiveStream(
            port: site.port, path: "/api/v1/gateway\(query)",
            headers: ["Authorization: owner", "Accept: text/event-stream"] + resume)
    }

    /// Polls until a role was created: the relay publishes a moment after a change was answered, that of the people's own roles too.
    private func untilCreated(_ site: LiveSite, _ query: String, after place: String) async throws -> [JSON] {
        var (items, place): ([JSON], String) = ([], place)
        while !items.contains(where: { $0["type"] == "role.created" }) {
            let answer = try await site.poll("?\(query)&after=\(place)").json
            items += answer["items"]?.array ?? []
            place = try #require(answer["position"]?.string)
        }
        return items
    }

    @Test(arguments: TestDatabase.all)
    func aStreamCarriesTheSessionAndRequestsItsCommands(_ kind: TestDatabase) async throws {
        try await LiveSite.run(kind) { site in
            let owner = try await site.person("owner", [.owner])
            let stream = try stream(site, "?topics=presence")
            let ready = try await stream.next("ready").data
            let session = try #require(ready["session"]?.string)
            #expect(ready["user"]?["id"]?.string == owner.uuid)
            #expect(try await stream.next("subscribed").data["topic"] == "presence")

            let path = "/gateway/\(session)"
            #expect(try await site.call(.post, path, as: "owner", ["type": "presence.set", "status": "dnd"]).status == 204)
            let event = try await stream.next("presence.update") { $0["status"] == "dnd" }
            #expect(event.data["user_id"]?.string == owner.uuid)
            let place = try #require(ResumeToken(event.id))
            #expect(place.session == session && place.positions["presence"]?.description == event.data["position"]?.string)

            let frames: JSON = ["frames": [["type": "ping"], ["type": "subscribe", "id": 1, "topic": "roles"], ["type": "nonsense"]]]
            #expect(try await site.call(.post, path, as: "owner", frames).status == 204)
            _ = try await stream.next("pong")
            #expect(try await stream.next("subscribed").data["topic"] == "roles")
            #expect(try await stream.next("error").data["code"] == "unknown_type")
        }
    }

    @Test(arguments: TestDatabase.all)
    func aStreamResumesAfterItsLastEvent(_ kind: TestDatabase) async throws {
        try await LiveSite.run(kind) { site in
            try await site.person("owner", [.owner])
            var stream: LiveStream? = try stream(site, "?topics=roles")
            _ = try await stream?.next("subscribed")
            _ = try await site.call(.post, "/roles", as: "owner", ["name": "one", "priority": 1, "permissions": []])
            let last = try #require(try await stream?.next("role.created"))
            stream = nil
            for name in ["two", "three"] {
                _ = try await site.call(.post, "/roles", as: "owner", ["name": .string(name), "priority": 1, "permissions": []])
            }
            let again = try self.stream(site, "?topics=roles", lastEventID: last.id)
            _ = try await again.next("ready")
            _ = try await again.next("resumed")
            #expect(try await again.next("role.created").data["name"] == "two")
            #expect(try await again.next("role.created").data["name"] == "three")
            #expect(!again.text.contains("\"one\""))
        }
    }

    @Test(arguments: TestDatabase.all)
    func aStreamThatIsEndedSaysWhyBeforeItEnds(_ kind: TestDatabase) async throws {
        try await LiveSite.run(kind) { site in
            let owner = try await site.person("owner", [.owner])
            let stream = try stream(site)
            _ = try await stream.next("ready")
            site.gateway.close(users: [owner], code: .banned)
            #expect(try await stream.next("close").data["code"] == 4503)
            try await stream.wait(for: "\r\n0\r\n\r\n")
        }
    }

    @Test(arguments: TestDatabase.all)
    func pollingGivesTheSameFramesAndAnAnswerThatWasLostAgain(_ kind: TestDatabase) async throws {
        try await LiveSite.run(kind) { site in
            try await site.person("owner", [.owner])
            let first = try await site.poll("?wait=0&topics=roles")
            let types = first.json["items"]?.array?.compactMap { $0["type"]?.string }
            #expect(types == ["ready", "subscribed"])
            let place = try #require(first.json["position"]?.string)
            async let waiting = site.poll("?wait=25&after=\(place)")
            try await Task.sleep(for: .milliseconds(50))
            _ = try await site.call(.post, "/roles", as: "owner", ["name": "one", "priority": 1, "permissions": []])
            let answer = try await waiting
            #expect(answer.json["items"]?[0]?["topic"] == "roles")
            // As if that answer had not arrived.
            let again = try await site.poll("?wait=25&after=\(place)")
            #expect(again.json["items"]?[0] == answer.json["items"]?[0])
            let next = try #require(again.json["position"]?.string)
            let session = try #require(ResumeToken(next)?.session)
            #expect(try await site.call(.post, "/gateway/\(session)", as: "owner", ["type": "ping"]).status == 204)
            #expect(try await site.poll("?wait=25&after=\(next)").json["items"]?.array?.contains(["type": "pong"]) ?? false)
        }
    }

    @Test(arguments: TestDatabase.all)
    func aPollingSessionThatIsGoneIsTakenUpWithWhatWasMissed(_ kind: TestDatabase) async throws {
        try await LiveSite.run(kind) { site in
            let owner = try await site.person("owner", [.owner])
            let first = try await site.poll("?wait=0&topics=roles")
            let place = try #require(first.json["position"]?.string)
            site.gateway.close(users: [owner], code: .serverStopping)
            _ = try await site.call(.post, "/roles", as: "owner", ["name": "one", "priority": 1, "permissions": []])
            let items = try await untilCreated(site, "wait=25", after: place)
            let types = items.compactMap { $0["type"]?.string }.filter { $0 != "role.assigned" }
            #expect(types == ["ready", "resumed", "role.created"])
        }
    }

    @Test(arguments: TestDatabase.all)
    func oneTopicHasPlainPositions(_ kind: TestDatabase) async throws {
        try await LiveSite.run(kind) { site in
            try await site.person("owner", [.owner])
            try await site.person("alice")
            let start = try #require(try await site.call(.get, "/gateway?topic=roles", as: "owner").json["position"]?.string)
            #expect(Position(start) != nil)
            _ = try await site.call(.post, "/roles", as: "owner", ["name": "one", "priority": 1, "permissions": []])
            let created = try #require(try await untilCreated(site, "topic=roles&wait=25", after: start).last)
            #expect(created["name"] == "one")
            let stream = try stream(site, "?topic=roles", lastEventID: start)
            #expect(try await stream.next("role.created").id == created["position"]?.string)
            #expect(try await site.call(.get, "/gateway?topic=roles", as: "alice").status == 403)
            #expect(try await site.call(.get, "/gateway?topic=nothing", as: "owner").status == 404)
        }
    }

    @Test(arguments: TestDatabase.all)
    func whatIsWrongIsToldAndChangesNothing(_ kind: TestDatabase) async throws {
        try await LiveSite.run(kind) { site in
            try await site.person("owner", [.owner])
            try await site.person("alice")
            #expect(try await site.poll("?wait=0&after=x").status == 422)
            #expect(try await site.poll("?wait=61").status == 422)
            #expect(try await site.poll("?wait=0&what=1").status == 422)
            #expect(try await site.poll("?wait=0&topic=roles&topics=users").status == 422)
            #expect(try await site.poll("?wait=0", as: nil).status == 401)
            let place = try #require(try await site.poll("?wait=0").json["position"]?.string)
            let session = try #require(ResumeToken(place)?.session)
            // Another person finds nothing there, and taking up the place gives a session of their own.
            #expect(try await site.call(.post, "/gateway/\(session)", as: "alice", ["type": "ping"]).status == 404)
            let taken = try #require(try await site.poll("?wait=0&after=\(place)", as: "alice").json["position"]?.string)
            #expect(ResumeToken(taken)?.session != session)
            #expect(try await site.call(.post, "/gateway/\(session)", as: "owner", ["frames": []]).status == 422)
            #expect(try await site.call(.post, "/gateway/nobody", as: "owner", ["type": "ping"]).status == 404)
        }
    }

    @Test(arguments: TestDatabase.all)
    func aPersonHasSoManyPollingSessions(_ kind: TestDatabase) async throws {
        try await LiveSite.run(kind) { site in
            try await site.person("owner", [.owner])
            // At once: on a machine that is slow enough the first would have ended before the last is opened.
            let opened = try await withThrowingTaskGroup(of: Int.self) { polls in
                for _ in 0..<20 { polls.addTask { try await site.poll("?wait=0").status } }
                return try await polls.reduce(into: []) { $0.append($1) }
            }
            #expect(opened == [Int](repeating: 200, count: 20))
            #expect(try await site.poll("?wait=0").status == 429)
        }
    }

    @Test(arguments: TestDatabase.all)
    func aPersonWhoPollsIsOnlineUntilTheyStop(_ kind: TestDatabase) async throws {
        try await LiveSite.run(kind, grace: 0) { site in
            try await site.person("owner", [.owner])
            let alice = try await site.person("alice")
            let watcher = try await site.listener("owner")
            let place = try #require(try await site.poll("?wait=0", as: "alice").json["position"]?.string)
            _ = try await watcher.next("presence.update") { $0["user_id"]?.string == alice.uuid && $0["status"] == "online" }
            _ = try await site.poll("?wait=1&after=\(place)", as: "alice")
            _ = try await watcher.next("presence.update", within: 60) { $0["user_id"]?.string == alice.uuid && $0["status"] == "offline" }
        }
    }

    @Test(arguments: TestDatabase.all)
    func whoOpensOneSessionAfterTheOtherWaits(_ kind: TestDatabase) async throws {
        try await LiveSite.run(kind, openings: 2) { site in
            try await site.person("owner", [.owner])
            try await site.person("alice")
            let kept = try stream(site)
            _ = try await kept.next("ready")
            #expect(try await site.poll("?wait=0").status == 200)
            #expect(try await site.poll("?wait=0").status == 429)
            #expect(try await site.poll("?wait=0", as: "alice").status == 200)
        }
    }
}
