import Authorization
import Database
import Kernel
import SiteSupport
import TestSupport
import Testing

@testable import Server
@testable import Voice

/// The states of a call, and who may bring it to which.
@Suite struct CallTests {
    @Test(arguments: TestDatabase.all) func aCallRingsIsAnsweredAndEnds(_ kind: TestDatabase) async throws {
        let clock = CallClock()
        try await TestSite.with(kind, clock: clock.wall) { site in
            let (alice, bob) = (try await TestUser(site), try await TestUser(site))
            let phone = try await bob.signedInAgain()
            let place = try await alice.direct(with: bob)
            let offset = try await site.offset
            let started = try await alice.send("POST", "/calls", ["conversation_id": .string(place)])
            #expect(started.status == 201 && started.json["state"] == "ringing" && started.json["conversation_id"]?.string == place)
            #expect(started.json["device"]?["topic"]?.string?.hasPrefix("voice:") == true && started.json["device"]?["lease_s"] == 12)
            let id = try started.text("id")
            // The caller, or the person who is called, sees it on every device; nobody else does.
            #expect(try await phone.items("/calls").map { $0["id"]?.string } == [id])
            let stranger = try await TestUser(site)
            #expect(try await stranger.send("GET", "/calls/\(id)").status == 404)
            #expect(try await alice.call(bob).status == 200)
            let answered = try await phone.answer(id, "accept")
            #expect(answered.status == 200 && answered.json["state"] == "active" && answered.json["device"] != .null)
            #expect(answered.json["devices"]?.array?.count == 2)
            #expect(try await phone.answer(id, "accept").status == 200)
            #expect(try await bob.answer(id, "accept").code == "answered_elsewhere")
            #expect(try await bob.send("GET", "/calls/\(id)").json["device"] == .null)
            #expect(try await bob.answer(id, "decline").code == "call_over")
            clock.advance(seconds: 90)
            let ended = try await alice.answer(id, "leave")
            #expect(ended.json["state"] == "ended" && ended.json["ended_by"]?.string == alice.id.uuid)
            #expect(try await bob.answer(id, "leave").json["state"] == "ended")
            #expect(try await bob.callEvents(after: offset) == ["call.ringing ringing", "call.updated active", "call.updated ended"])
            #expect(try await alice.callEvents(after: offset) == ["call.ringing ringing", "call.updated active", "call.updated ended"])
            let line = try #require(try await bob.lines(place).last)
            #expect(line["type"] == "call_ended" && (line["duration_s"]?.integer ?? 0) >= 90)
            #expect(try await bob.missed().isEmpty)
            let sessions = try await alice.items("/voice/sessions")
            #expect(sessions.count == 1 && sessions.first?["left_at"] != .null && sessions.first?["call_id"]?.string == id)
            #expect(try await alice.items("/voice/sessions?active=true").isEmpty)
        }
    }

    @Test(arguments: TestDatabase.all) func aCallThatIsNotAnsweredLeavesALine(_ kind: TestDatabase) async throws {
        let clock = CallClock()
        try await TestSite.with(kind, settings: ["ring-seconds": "5"], clock: clock.wall) { site in
            let (alice, bob) = (try await TestUser(site), try await TestUser(site))
            let place = try await alice.direct(with: bob)
            let refused = try await alice.call(bob).text("id")
            #expect(try await alice.answer(refused, "decline").code == "not_yours")
            #expect(try await bob.answer(refused, "cancel").code == "not_yours")
            #expect(try await bob.answer(refused, "decline").json["state"] == "declined")
            #expect(try await bob.answer(refused, "decline").status == 200)
            #expect(try await bob.answer(refused, "accept").code == "call_over")
            let given = try await alice.call(bob).text("id")
            #expect(try await alice.answer(given, "cancel").json["state"] == "cancelled")
            let missed = try await alice.call(bob).text("id")
            try await site.voice.endDue()
            #expect(try await alice.state(of: missed) == "ringing")
            clock.advance(seconds: 6)
            try await site.voice.endDue()
            #expect(try await alice.state(of: missed) == "missed")
            let types = try await bob.lines(place).map { $0["type"]?.string }
            #expect(types == ["call_declined", "call_cancelled", "call_missed"])
            // One unread notification counts both calls that were not answered.
            #expect(try await bob.missed().map { $0["count"] } == [2])
            // Nothing stays of calls that nobody talked in.
            #expect(try await site.count("voice_sessions") == 0)
        }
    }

    @Test(arguments: TestDatabase.all) func aPersonIsInOneCall(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let people = [try await TestUser(site), try await TestUser(site), try await TestUser(site)]
            let (alice, bob, carol) = (people[0], people[1], people[2])
            let talk = try await alice.talk(with: bob)
            let busy = try await carol.call(bob)
            #expect(busy.status == 201 && busy.json["state"] == "busy" && busy.json["device"] == .null)
            #expect(try await bob.missed().count == 1)
            let second = try await alice.call(carol)
            #expect(second.status == 409 && second.code == "in_call")
            // Who is in a call is not rung at; who rings at somebody may not be in another.
            #expect(try await carol.call(alice).json["state"] == "busy")
            _ = try await alice.answer(talk.call, "leave")
            #expect(try await carol.call(bob).json["state"] == "ringing")
            #expect(try await alice.call(bob).json["state"] == "busy")
        }
    }

    @Test(arguments: TestDatabase.all) func aKeyMakesOneCall(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let (alice, bob, carol) = (try await TestUser(site), try await TestUser(site), try await TestUser(site))
            let first = try await alice.call(bob, key: "k").text("id")
            _ = try await bob.answer(first, "decline")
            let again = try await alice.call(bob, key: "k")
            #expect(again.status == 200 && again.json["id"]?.string == first && again.json["state"] == "declined")
            #expect(try await alice.call(carol, key: "k").code == "key_reused")
        }
    }

    /// Both at the same moment, again and again: one call each time, and both are in it.
    @Test(arguments: TestDatabase.all) func callsThatCrossAreOneCall(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let (alice, bob) = (try await TestUser(site), try await TestUser(site))
            for _ in 0..<200 {
                async let first = alice.call(bob)
                async let second = bob.call(alice)
                let answers = [try await first, try await second]
                #expect(answers.map(\.status).sorted() == [200, 201])
                let id = try answers[0].text("id")
                #expect(try answers[1].text("id") == id)
                #expect(try await alice.state(of: id) == "active")
                #expect(try await site.count("voice_sessions WHERE left_at IS NULL") == 2)
                _ = try await alice.answer(id, "leave")
            }
            #expect(try await site.count("calls") == 200)
        }
    }

    /// Two devices answer, the caller gives up, all at once: one of them comes first.
    @Test(arguments: TestDatabase.all) func answersThatCrossHaveOneOutcome(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let (alice, bob) = (try await TestUser(site), try await TestUser(site))
            let phone = try await bob.signedInAgain()
            for _ in 0..<30 {
                let id = try await alice.call(bob).text("id")
                async let one = bob.answer(id, "accept")
                async let other = phone.answer(id, "accept")
                async let end = alice.answer(id, "cancel")
                let (answers, cancelled) = ([try await one, try await other], try await end)
                let accepted = answers.filter { $0.status == 200 }
                #expect(accepted.count == (cancelled.status == 200 ? 0 : 1))
                _ = try await alice.answer(id, "leave")
                #expect(try await site.count("voice_sessions WHERE left_at IS NULL") == 0)
            }
        }
    }

    @Test(arguments: TestDatabase.all) func inputIsChecked(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let (alice, bob) = (try await TestUser(site), try await TestUser(site))
            let group = try await alice.begin(with: bob, named: "Films").text("id")
            let bodies: [JSON] = [
                [:], ["to": .string(alice.alias)], ["to": .string(bob.alias), "conversation_id": .string(group)],
                ["conversation_id": .string(group)], ["to": .string(bob.alias), "more": 1],
            ]
            for body in bodies { #expect(try await alice.send("POST", "/calls", body).status == 422, "\(body.text)") }
            #expect(try await alice.send("POST", "/calls", ["to": "u_nobody"]).status == 404)
            #expect(try await alice.send("GET", "/calls/nothing").status == 404)
        }
    }
}
