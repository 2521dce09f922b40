import Bus
import Directory
import Kernel
import Realtime
import Testing

@testable import Presence

@Suite struct SeveralNodesTests {
    @Test func whoIsOnOneNodeIsSeenOnAllAndToldOnce() async throws {
        try await Cluster.run { cluster in
            let (a, b) = (try cluster.node(), try cluster.node())
            let people = try await [cluster.person(1), cluster.person(2)]
            a.connect(1, people[0])
            b.connect(1, people[1])
            try await cluster.pass(3)
            for person in people {
                #expect(a.status(person) == .online && b.status(person) == .online)
                #expect(cluster.said(of: person) == ["online"])
                #expect(a.version(person) == b.version(person))
            }
            try await cluster.pass(200)
            for person in people { #expect(cluster.said(of: person) == ["online"]) }
            a.disconnect(1)
            b.disconnect(1, .ended)
            try await cluster.pass(30)
            for person in people {
                #expect(a.status(person) == .offline && b.status(person) == .offline)
                #expect(cluster.said(of: person) == ["online", "offline"])
                #expect(a.version(person) == b.version(person))
            }
            #expect(try await cluster.store.leases(after: nil).isEmpty)
        }
    }

    @Test func devicesOnTwoNodesAreOnePersons() async throws {
        try await Cluster.run { cluster in
            let (a, b) = (try cluster.node(), try cluster.node())
            let person = try await cluster.person(1)
            a.connect(1, person)
            b.connect(1, person)
            try await cluster.pass(5)
            a.idle(1, true)
            try await cluster.pass(5)
            #expect(a.status(person) == .online && b.status(person) == .online)
            b.idle(1, true)
            try await cluster.pass(2)
            #expect(a.status(person) == .idle && b.status(person) == .idle)
            b.disconnect(1)
            try await cluster.pass(60)
            #expect(a.status(person) == .idle && b.status(person) == .idle)
            #expect(cluster.said(of: person) == ["online", "idle"])
        }
    }

    @Test func whoMovesToAnotherNodeDoesNotFlap() async throws {
        try await Cluster.run { cluster in
            let (a, b) = (try cluster.node(), try cluster.node())
            let person = try await cluster.person(1)
            a.connect(1, person)
            try await cluster.pass(5)
            for round in 0..<4 {
                a.disconnect(UInt64(2 * round + 1))
                try await cluster.pass(15)
                b.connect(UInt64(2 * round + 1), person)
                try await cluster.pass(30)
                b.disconnect(UInt64(2 * round + 1))
                a.connect(UInt64(2 * round + 3), person)
                try await cluster.pass(30)
            }
            #expect(cluster.said(of: person) == ["online"])
        }
    }

    /// The first node speaks; whichever dies, its people end with their leases, once, and nobody else moves.
    @Test(arguments: [true, false]) func aNodeThatDiesTakesItsPeopleWithIt(speaks: Bool) async throws {
        try await Cluster.run { cluster in
            let (a, b, c) = (try cluster.node(), try cluster.node(), try cluster.node())
            let (lost, kept, both) = try await (cluster.person(1), cluster.person(2), cluster.person(3))
            let dying = speaks ? a : b
            dying.connect(1, lost)
            dying.connect(2, both)
            c.connect(1, kept)
            c.connect(2, both)
            try await cluster.pass(3)
            dying.stop()
            try await cluster.pass(45)
            #expect(c.status(lost) == .online)
            try await cluster.pass(27)
            #expect(c.status(lost) == .offline && c.status(kept) == .online && c.status(both) == .online)
            #expect(cluster.said(of: lost).filter { $0 == "offline" }.count == 1)
            #expect(!cluster.said(of: kept).contains("offline") && !cluster.said(of: both).contains("offline"))
            for person in [lost, kept, both] { #expect(cluster.versions(of: person) == cluster.versions(of: person).sorted()) }
        }
    }

    @Test func whatASpeakerDidNotSayItsFollowerSays() async throws {
        try await Cluster.run { cluster in
            // An hour behind: versions and times of the first are ahead of its own.
            let (a, b) = (try cluster.node(skew: 3600), try cluster.node())
            let (early, late) = try await (cluster.person(1), cluster.person(2))
            b.connect(1, early)
            try await cluster.pass(3)
            a.stop()
            b.connect(2, late)
            b.disconnect(1, .ended)
            try await cluster.pass(2)
            #expect(b.status(early) == .offline && b.status(late) == .online)
            #expect(cluster.said(of: early) == ["online"] && cluster.said(of: late).isEmpty)
            try await cluster.pass(6)
            #expect(cluster.said(of: early) == ["online", "offline"] && cluster.said(of: late) == ["online"])
            let versions = cluster.versions(of: early)
            #expect(versions.count == 2 && versions[0] < versions[1])
        }
    }

    @Test func aNodeThatWakesSpeaksForNobodyUntilItMay() async throws {
        try await Cluster.run { cluster in
            let (a, b) = (try cluster.node(), try cluster.node())
            let (there, here) = try await (cluster.person(1), cluster.person(2))
            a.connect(1, there)
            b.connect(1, here)
            try await cluster.pass(3)
            a.stop()
            try await cluster.pass(120)
            #expect(b.status(there) == .offline && b.status(here) == .online)
            let before = cluster.said(of: here)
            a.goOn()
            try await cluster.pass(90)
            for node in [a, b] { #expect(node.status(there) == .online && node.status(here) == .online) }
            #expect(Array(cluster.said(of: there).suffix(2)) == ["offline", "online"])
            #expect(cluster.said(of: here) == before)
            #expect(a.version(there) == b.version(there))
        }
    }

    /// Short: nobody notices. Longer than a lease: each side sees its own, and all when it is over.
    @Test(arguments: [40, 150]) func aNodeThatIsCutOffComesBack(seconds: Int) async throws {
        try await Cluster.run { cluster in
            let (a, b) = (try cluster.node(), try cluster.node())
            let (there, here, gone) = try await (cluster.person(1), cluster.person(2), cluster.person(3))
            a.connect(1, here)
            b.connect(1, there)
            a.connect(2, gone)
            try await cluster.pass(3)
            b.link.cut()
            try await cluster.pass(seconds)
            #expect(a.status(here) == .online && b.status(there) == .online)
            #expect(a.status(there) == (seconds < 60 ? .online : .offline) && b.status(here) == a.status(there))
            a.disconnect(2)
            b.link.mend()
            try await cluster.pass(40)
            for node in [a, b] {
                #expect(node.status(there) == .online && node.status(here) == .online && node.status(gone) == .offline)
            }
            #expect(cluster.said(of: there) == (seconds < 60 ? ["online"] : ["online", "offline", "online"]))
            #expect(cluster.said(of: here) == ["online"] && cluster.said(of: gone) == ["online", "offline"])
        }
    }

    @Test func aNodeThatJoinsLateKnowsEverybodyAndSaysNothing() async throws {
        try await Cluster.run { cluster in
            let a = try cluster.node()
            var people: [UserID] = []
            for number in 1...20 {
                people.append(try await cluster.person(Int64(number)))
                a.connect(UInt64(number), people[number - 1])
            }
            a.idle(7, true)
            try await cluster.pass(100)
            let b = try cluster.node()
            try await cluster.pass(3)
            for person in people {
                #expect(b.status(person) == a.status(person) && b.status(person) == (person == people[6] ? .idle : .online))
                #expect(cluster.said(of: person).count == 1)
            }
        }
    }

    @Test func whoIsInvisibleStaysSoWhoeverSpeaks() async throws {
        try await Cluster.run { cluster in
            let (a, b) = (try cluster.node(), try cluster.node())
            let person = try await cluster.person(1)
            b.connect(1, person)
            try await cluster.pass(3)
            cluster.choose(.invisible, for: person, at: 5)
            try await cluster.pass(3)
            #expect(cluster.said(of: person) == ["online", "offline"])
            a.stop()
            b.connect(2, person)
            try await cluster.pass(10)
            b.disconnect(1)
            try await cluster.pass(90)
            #expect(cluster.said(of: person) == ["online", "offline"])
            cluster.choose(.dnd, for: person, at: 6)
            try await cluster.pass(2)
            #expect(cluster.said(of: person) == ["online", "offline", "dnd"])
        }
    }
}
