import Authorization
import Bus
import Database
import HTTP
import Kernel
import Realtime
import Runtime
import SiteSupport
import TestSupport
import Testing

@testable import Server
@testable import Voice

/// Devices that stay, devices that are gone, and the signals between two.
@Suite struct LeaseTests {
    private func renew(_ user: TestUser, _ call: String, _ device: String, quality: JSON? = nil) async throws -> TestSite.Answer {
        var body: JSONObject = ["device_id": .string(device)]
        if let quality { body.append("quality", quality) }
        return try await user.send("POST", "/calls/\(call)/renew", .object(body))
    }

    @Test(arguments: TestDatabase.all) func aDeviceThatDoesNotRenewHasLeft(_ kind: TestDatabase) async throws {
        let clock = CallClock()
        try await TestSite.with(kind, clock: clock.wall) { site in
            let (alice, bob) = (try await TestUser(site), try await TestUser(site))
            let talk = try await alice.talk(with: bob)
            for _ in 0..<3 {
                clock.advance(seconds: 8)
                #expect(try await renew(alice, talk.call, talk.own).status == 204)
                #expect(try await renew(bob, talk.call, talk.others).status == 204)
                try await site.voice.endDue()
                #expect(try await bob.state(of: talk.call) == "active")
            }
            clock.advance(seconds: 8)
            #expect(try await renew(bob, talk.call, talk.others).status == 204)
            clock.advance(seconds: 5)
            // Just started, a server judges no lease.
            try await site.voice.endDue(leases: false)
            #expect(try await bob.state(of: talk.call) == "active")
            try await site.voice.endDue()
            #expect(try await bob.state(of: talk.call) == "ended")
            #expect(try await renew(bob, talk.call, talk.others).code == "call_over")
        }
    }

    @Test(arguments: TestDatabase.all) func aCallerWhoIsGoneRingsNoMore(_ kind: TestDatabase) async throws {
        let clock = CallClock()
        try await TestSite.with(kind, clock: clock.wall) { site in
            let (alice, bob) = (try await TestUser(site), try await TestUser(site))
            let id = try await alice.call(bob).text("id")
            clock.advance(seconds: 13)
            try await site.voice.endDue()
            #expect(try await bob.state(of: id) == "cancelled")
            #expect(try await bob.missed().count == 1)
        }
    }

    /// A client that never renews is in the call for as long as its session has a connection.
    @Test(arguments: TestDatabase.all) func anOpenConnectionHoldsADevice(_ kind: TestDatabase) async throws {
        let clock = CallClock()
        try await TestSite.with(kind, clock: clock.wall) { site in
            let (alice, bob) = (try await TestUser(site), try await TestUser(site))
            let talk = try await alice.talk(with: bob)
            let devices = try await site.database.read { transaction in
                try transaction.rows("SELECT session_id, user_id FROM voice_sessions WHERE left_at IS NULL ORDER BY id").map {
                    ($0.id(0) as SessionID, $0.id(1) as UserID)
                }
            }
            for (number, (session, user)) in devices.enumerated() {
                site.voice.observer.connected(ConnectionID(rawValue: UInt64(900 + number)), user: user, session: session)
            }
            clock.advance(seconds: 10)
            try await site.voice.holdBySockets()
            clock.advance(seconds: 10)
            try await site.voice.endDue()
            #expect(try await bob.state(of: talk.call) == "active")
            site.voice.observer.disconnected(ConnectionID(rawValue: 900), reason: .left)
            try await site.voice.holdBySockets()
            clock.advance(seconds: 11)
            try await site.voice.holdBySockets()
            try await site.voice.endDue()
            #expect(try await bob.state(of: talk.call) == "ended")
        }
    }

    @Test(arguments: TestDatabase.all) func qualityIsKept(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let (alice, bob) = (try await TestUser(site), try await TestUser(site))
            let talk = try await alice.talk(with: bob)
            for (received, jitter, trip) in [(100, 4, 20), (200, 8, 40)] {
                let quality: JSON = [
                    "packets_lost": 3, "packets_received": JSON(received), "jitter_ms": JSON(jitter), "rtt_ms": JSON(trip),
                ]
                #expect(try await renew(alice, talk.call, talk.own, quality: quality).status == 204)
            }
            #expect(try await renew(alice, talk.call, talk.own, quality: ["jitter_ms": -1]).status == 422)
            // The device of another person, and one that does not exist.
            #expect(try await renew(bob, talk.call, talk.own).code == "not_in_call")
            #expect(try await renew(alice, talk.call, talk.call).code == "not_in_call")
            let session = try #require(try await alice.items("/voice/sessions").first)
            #expect(session["packets_lost"] == 3 && session["packets_received"] == 200)
            #expect(session["jitter_ms"] == 6 && session["rtt_ms"] == 30)
            #expect(try await bob.items("/voice/sessions").first?["jitter_ms"] == .null)
        }
    }

    @Test(arguments: TestDatabase.all) func signalsGoToTheOtherDeviceAlone(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let (alice, bob) = (try await TestUser(site), try await TestUser(site))
            let phone = try await bob.signedInAgain()
            let started = try await alice.call(bob)
            let (id, own) = (try started.text("id"), try #require(started.json["device"]?["id"]?.string))
            let signal: JSON = ["device_id": .string(own), "data": ["candidate": .null]]
            #expect(try await alice.send("POST", "/calls/\(id)/signal", signal).code == "no_peer")
            let device = try #require(try await phone.answer(id, "accept").json["device"])
            let topic = try #require(device["topic"]?.string)
            let start = site.voice.broker.position(of: topic)
            #expect(try await alice.send("POST", "/calls/\(id)/signal", signal).status == 204)
            guard case .events(let heard, _) = site.voice.broker.replay(topic, after: start) else { throw SiteFault("no replay") }
            let told = try heard.map { try JSONParser.parse($0.payload) }
            #expect(told.count == 1 && told[0]["type"] == "voice.signal" && told[0]["to"] == device["id"])
            #expect(told[0]["data"] == ["candidate": .null] && told[0]["from"]?.string == own)
            // Of the other devices of the same person none is in the call.
            #expect(try await bob.send("POST", "/calls/\(id)/signal", signal).code == "not_in_call")
            let stranger = try await TestUser(site)
            #expect(try await stranger.send("POST", "/calls/\(id)/signal", signal).status == 404)
            let large: JSON = ["device_id": .string(own), "data": .string(String(repeating: "x", count: 48 << 10))]
            #expect(try await alice.send("POST", "/calls/\(id)/signal", large).status == 422)
            _ = try await bob.answer(id, "leave")
            #expect(try await alice.send("POST", "/calls/\(id)/signal", signal).code == "call_over")
        }
    }

    @Test func signalsAreBounded() async throws {
        try await TestSite.with(.sqlite) { site in
            let (alice, bob) = (try await TestUser(site), try await TestUser(site))
            let started = try await alice.call(bob)
            let (id, device) = (try started.text("id"), try #require(started.json["device"]))
            _ = try await bob.answer(id, "accept")
            let (own, topic) = (try #require(device["id"]?.string), try #require(device["topic"]?.string))
            let signal: JSON = ["device_id": .string(own), "data": 1]
            #expect(try await alice.send("POST", "/calls/\(id)/signal", signal).status == 204)
            // As fast as no machine answers requests.
            let charge = RateLimiter.Charge(VoiceFeature.signals, String(topic.dropFirst("voice:".count)))
            var refused = 0
            for _ in 0..<50 where refused == 0 {
                #expect(throws: Problem.self) { for _ in 0..<1000 { try site.voice.limiter.spend(charge) } }
                let answer = try await alice.send("POST", "/calls/\(id)/signal", signal)
                if answer.status == 429, answer.headers["Retry-After"] != nil { refused += 1 }
            }
            #expect(refused == 1)
        }
    }

    /// The topic of a device is its session's alone.
    @Test(arguments: TestDatabase.all) func onlyTheDeviceHearsItsSignals(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let (alice, bob) = (try await TestUser(site), try await TestUser(site))
            let topic = try #require(try await alice.call(bob).json["device"]?["topic"]?.string)
            #expect(try await alice.send("GET", "/gateway?topic=\(topic)").status == 200)
            #expect(try await bob.send("GET", "/gateway?topic=\(topic)").status == 404)
            #expect(try await alice.signedInAgain().send("GET", "/gateway?topic=\(topic)").status == 404)
        }
    }

    @Test(arguments: TestDatabase.all) func anErasedPersonLeavesNothing(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let (alice, bob) = (try await TestUser(site), try await TestUser(site))
            let talk = try await alice.talk(with: bob)
            let person = alice.id
            let part = try await site.database.read { try site.voice.export(person, in: $0) }
            #expect(part["calls"]?.array?.count == 1 && part["voice_sessions"]?.array?.count == 1)
            try await site.database.write { try site.voice.erase(person, in: $0) }
            #expect(try await site.count("calls") == 0)
            #expect(try await site.count("voice_sessions WHERE left_at IS NULL") == 0)
            #expect(try await bob.send("GET", "/calls/\(talk.call)").status == 404)
        }
    }
}
