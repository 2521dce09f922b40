import Authorization
import Bus
import HTTP
import Kernel
import Roles
import Runtime
import TestSupport
import Testing

@testable import Presence
@testable import Realtime

/// Crowds: what an arrival costs those it does not concern, and how all come back at once.
@Suite(.serialized) struct LiveStormTests {
    @Test(arguments: TestDatabase.all) func anEventCostsThoseWhoWatchItsPersonAndTheSiteWatchers(_ kind: TestDatabase) async throws {
        try await LiveSite.run(kind, grace: 60_000) { site in
            let (count, watched) = (30, 3)
            try await site.person("owner", [.owner])
            var people: [UserID] = []
            for number in 0..<count { people.append(try await site.person("p\(number)")) }
            let whole = try await site.listener("owner")
            var sockets: [LiveSocket] = []
            for number in 0..<count {
                let named = (1...watched).map { JSON.string(people[(number + $0) % count].uuid) }
                sockets.append(try await site.listener("p\(number)", filter: ["user_id": ["in": .array(named)]]))
            }
            #expect(site.gateway.sum { $0.watched.value } == count * watched)
            // All have arrived, and everybody has heard of it.
            var arrived: Set<String> = []
            while !arrived.isSuperset(of: people.map(\.uuid)) {
                arrived.insert(try await whole.next("presence.update")["user_id"]?.string ?? "")
            }
            for socket in sockets { _ = try await socket.everything() }
            let before = site.gateway.sum { $0.deliveries.value }
            for number in 0..<count {
                let answer = try await site.call(.post, "/users/me/status", as: "p\(number)", ["status_message": "\(number)"])
                #expect(answer.status == 200)
            }
            for (number, socket) in sockets.enumerated() {
                var heard: Set<String> = []
                for _ in 0..<watched { heard.insert(try await socket.next("presence.update")["user_id"]?.string ?? "") }
                #expect(heard == Set((1...watched).map { people[(number + $0) % count].uuid }))
            }
            for _ in 0..<count { _ = try await whole.next("presence.update") }
            for socket in sockets { #expect(try await socket.everything().allSatisfy { $0["type"] != "presence.update" }) }
            // Each change: those who watch, the one of the whole site, and the person's own topic.
            #expect(site.gateway.sum { $0.deliveries.value } - before == count * (watched + 1 + 1))
            for socket in sockets { socket.cut() }
            while site.gateway.sum({ $0.watched.value }) > 0 { try await Task.sleep(for: .milliseconds(1)) }
            #expect(site.gateway.sum { $0.subscriptions.value } == 2)
        }
    }

    @Test(arguments: TestDatabase.all) func aCrowdThatFallsAndComesBackIsGreetedFromMemoryAndNobodyNotices(_ kind: TestDatabase)
        async throws
    {
        try await LiveSite.run(kind, grace: 60_000) { site in
            try await site.person("owner", [.owner])
            let watcher = try await site.listener("owner")
            var members: [(name: String, socket: LiveSocket, session: JSON, positions: JSONObject)] = []
            for number in 0..<40 {
                let name = "p\(number)"
                let user = try await site.person(name)
                let socket = try await site.connect(name)
                let ready = try await socket.next("ready")
                members.append((name, socket, try #require(ready["session"]), try #require(ready["positions"]?.object)))
                _ = try await watcher.next("presence.update") { $0["user_id"]?.string == user.uuid }
            }
            _ = try await watcher.everything()
            let reads = site.roles.known.reads
            for member in members { member.socket.cut() }
            // One of them changed something meanwhile, which is read again, and told.
            _ = try await site.call(.post, "/users/me/status", as: "p7", ["status_message": "away"])
            _ = try await watcher.next("presence.update") { $0["status_message"] == "away" }
            var back: [LiveSocket] = []
            for member in members {
                back.append(
                    try await site.connect(
                        member.name, resume: ["session": member.session, "positions": .object(member.positions)]))
            }
            for (number, socket) in back.enumerated() {
                let ready = try await socket.next("ready")
                #expect(ready["session"] == members[number].session && ready["user"]?["display_name"]?.string == members[number].name)
                #expect(ready["snapshot"]?["presence"]?["me"]?["status"] == "online")
                _ = try await socket.next("resumed")
                if number == 7 {
                    #expect(ready["snapshot"]?["presence"]?["me"]?["status_message"] == "away")
                    _ = try await socket.next("status.changed")
                }
                #expect(try await socket.everything().allSatisfy { !["error", "resync", "status.changed"].contains($0["type"]) })
            }
            #expect(site.roles.known.reads - reads == 1)
            #expect(site.gateway.resumedFromMemory.value == 39 && site.gateway.resumedFromDatabase.value == 1)
            #expect(try await watcher.everything().allSatisfy { $0["type"] != "presence.update" })
        }
    }

    @Test(arguments: TestDatabase.all) func newcomersBeyondTheLimitAreToldWhenToComeBack(_ kind: TestDatabase) async throws {
        let limits: @Sendable (inout Gateway.Options) -> Void = {
            ($0.pendingSessions, $0.greetingsAtOnce, $0.greetingsWaiting) = (2, 1, 0)
        }
        try await LiveSite.run(kind, gateway: limits) { site in
            try await site.person("owner", [.owner])
            // Two who say nothing are all that may be under way.
            let silent = try await [LiveSocket(port: site.port, path: "/gateway"), LiveSocket(port: site.port, path: "/gateway")]
            let refused = await #expect(throws: LiveSocket.Failure.self) { _ = try await site.connect("owner") }
            #expect(refused?.what.hasPrefix("HTTP/1.1 503") ?? false && refused?.what.contains("Retry-After: 1\r\n") ?? false)
            try silent[0].send(["type": "hello", "token": "owner"])
            let ready = try await silent[0].next("ready")
            while site.gateway.pendingSessions.value > 1 { try await Task.sleep(for: .milliseconds(1)) }
            // The one place for a handshake is taken.
            let (stream, end) = AsyncStream.makeStream(of: Void.self)
            let (taken, take) = AsyncStream.makeStream(of: Void.self)
            let handshake = Task {
                try await site.gateway.connectQueue.run {
                    take.finish()
                    for await _ in stream {}
                }
            }
            for await _ in taken {}
            var late = try await site.connect("owner")
            while try await late.next("error")["code"] != "unavailable" {}
            #expect(try await late.closed() == CloseCode.busy.rawValue)
            // Who comes back needs none.
            silent[0].cut()
            while site.gateway.pendingSessions.value > 1 { try await Task.sleep(for: .milliseconds(1)) }
            late = try await site.connect(
                "owner", resume: ["session": try #require(ready["session"]), "positions": try #require(ready["positions"])])
            _ = try await late.next("resumed")
            end.finish()
            try await handshake.value
            while site.gateway.pendingSessions.value > 1 { try await Task.sleep(for: .milliseconds(1)) }
            _ = try await (try await site.connect("owner")).next("ready")
            withExtendedLifetime(silent) {}
        }
    }

    @Test(arguments: TestDatabase.all) func aSlowReaderThatComesBackMissesNothing(_ kind: TestDatabase) async throws {
        try await LiveSite.run(kind, maxQueuedBytes: 64 << 10) { site in
            try await site.person("owner", [.owner])
            let slow = try await site.connect("owner", receiveBuffer: 4096)
            let session = try #require(try await slow.next("ready")["session"])
            try slow.send(["type": "subscribe", "id": 1, "topic": "presence"])
            var place = try #require(try await slow.next("subscribed")["position"]?.string.flatMap { Position($0) })
            let broker = site.presence.service.broker
            let text = String(repeating: "x", count: 8192)
            let last = broker.position(of: "presence").offset + 400
            for _ in 0..<400 { broker.publish([.init("presence.test", members: ["status_message": .string(text)])], to: "presence") }
            #expect(try await slow.closed() == 4008)
            var socket = slow
            var closes = 0
            while place.offset < last {
                for event in socket.received(on: "presence") {
                    let next = try #require(event["position"]?.string.flatMap { Position($0) })
                    #expect(next.offset == place.offset + 1)
                    place = next
                }
                guard place.offset < last else { break }
                if socket.closeCode == nil {
                    try await socket.more()
                    continue
                }
                closes += 1
                socket = try await site.connect(
                    "owner", resume: ["session": session, "positions": ["presence": .string(place.description)]])
            }
            #expect(closes > 0)
        }
    }
}
