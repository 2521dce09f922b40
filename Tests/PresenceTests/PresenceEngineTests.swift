import Directory
import Kernel
import Realtime
import Testing

@testable import Presence

/// An engine, a clock, and what it sent out.
struct Stage {
    var engine = PresenceEngine(start: Timestamp(milliseconds: 1_000_000))
    var now = Timestamp(milliseconds: 1_000_000)
    /// By how much the time of day was set.
    var set: Int64 = 0
    var sent: [PresenceChange] = []
    var history: [PresenceHistoryEntry] = []
    /// What the database holds.
    var stored: [UserID: ChosenPresence] = [:]
    private var offset: Int64 = 1

    let alice = UserID(rawValue: 7)
    let phone = ConnectionID(rawValue: 1)
    let laptop = ConnectionID(rawValue: 2)

    var moment: Moment { Moment(time: now, uptime: Uptime(milliseconds: now.milliseconds - set)) }

    /// Somebody sets the machine's clock.
    mutating func setClock(by seconds: Int64) {
        now = now.adding(seconds: seconds)
        set += seconds * 1000
    }

    mutating func handle(_ event: PresenceEngine.Event) {
        engine.handle(event, at: moment)
        for user in engine.takeWanted() {
            engine.handle(.loaded(user, stored[user] ?? ChosenPresence(), lastSeenAt: nil, asOf: offset), at: moment)
        }
    }

    mutating func choose(_ status: ChosenPresence.Status, message: String? = nil, until expiry: Timestamp? = nil) {
        var chosen = stored[alice] ?? ChosenPresence()
        (chosen.status, chosen.message, chosen.messageExpiresAt) = (status, message, expiry)
        stored[alice] = chosen
        offset += 1
        handle(.chosen(alice, chosen, at: offset - 1))
    }

    /// Lets time pass in steps, as the service does.
    mutating func pass(seconds: Int64 = 0) {
        let end = now.adding(seconds: seconds)
        while let deadline = engine.nextDeadline, deadline <= moment.uptime(at: end) {
            now = max(now, moment.time(at: deadline))
            drain()
        }
        now = end
        drain()
    }

    private mutating func drain() {
        let batch = engine.drain(at: moment)
        sent += batch.changes
        history += batch.history
    }

    var statuses: [ShownStatus] { sent.map(\.after.status) }
    var shown: ShownStatus? { engine.view(of: alice)?.status }
}

@Suite struct PresenceEngineTests {
    @Test func aConnectionMakesOnlineAndItsLossOfflineAfterTheGrace() {
        var stage = Stage()
        stage.handle(.connected(stage.phone, stage.alice))
        stage.pass()
        #expect(stage.statuses == [.online])
        stage.handle(.disconnected(stage.phone, .left))
        stage.pass(seconds: 19)
        #expect(stage.statuses == [.online])
        let left = stage.now.adding(seconds: -19)
        stage.pass(seconds: 2)
        #expect(stage.statuses == [.online, .offline])
        #expect(stage.sent.last?.after.lastSeenAt == left)
        #expect(stage.history.map(\.cause) == [.connected, .disconnected])
    }

    @Test func aReconnectWithinTheGraceShowsNothing() {
        var stage = Stage()
        stage.handle(.connected(stage.phone, stage.alice))
        stage.pass()
        for round in 0..<10 {
            stage.handle(.disconnected(ConnectionID(rawValue: UInt64(round == 0 ? 1 : round + 10)), .left))
            stage.pass(seconds: 10)
            stage.handle(.connected(ConnectionID(rawValue: UInt64(round + 11)), stage.alice))
            stage.pass(seconds: 15)
        }
        #expect(stage.statuses == [.online])
    }

    @Test func aSilentConnectionEndsWithItsLease() {
        var stage = Stage()
        stage.handle(.connected(stage.phone, stage.alice))
        stage.pass(seconds: 50)
        stage.handle(.seen([stage.phone]))
        let heard = stage.now
        stage.pass(seconds: 59)
        #expect(stage.shown == .online)
        stage.pass(seconds: 1)
        #expect(stage.shown == .offline)
        #expect(stage.sent.last?.after.lastSeenAt == heard)
        #expect(stage.history.last?.cause == .silent)
    }

    @Test func anEndedSessionIsOfflineAtOnce() {
        var stage = Stage()
        stage.handle(.connected(stage.phone, stage.alice))
        stage.pass()
        stage.handle(.disconnected(stage.phone, .ended))
        stage.pass()
        #expect(stage.statuses == [.online, .offline])
    }

    @Test func signingOutHereTakesNothingFromTheDeviceThatReloads() {
        var stage = Stage()
        stage.handle(.connected(stage.phone, stage.alice, SessionID(rawValue: 1)))
        stage.handle(.connected(stage.laptop, stage.alice, SessionID(rawValue: 2)))
        stage.pass()
        stage.handle(.disconnected(stage.phone, .left))
        stage.handle(.disconnected(stage.laptop, .ended))
        stage.pass(seconds: 19)
        #expect(stage.statuses == [.online])
        stage.pass(seconds: 1)
        #expect(stage.statuses == [.online, .offline])
    }

    @Test(arguments: [(DisconnectReason.ended, Int64(1)), (.barred, Int64(2))])
    func noGraceIsLeftOfASessionThatEndedNorOfWhoIsBarred(reason: DisconnectReason, other: Int64) {
        var stage = Stage()
        stage.handle(.connected(stage.phone, stage.alice, SessionID(rawValue: 1)))
        stage.handle(.connected(stage.laptop, stage.alice, SessionID(rawValue: other)))
        stage.pass()
        stage.handle(.disconnected(stage.phone, .left))
        stage.handle(.disconnected(stage.laptop, reason))
        stage.pass()
        #expect(stage.statuses == [.online, .offline])
        #expect(stage.history.last?.cause == .sessionEnded)
    }

    @Test func oneActiveDeviceIsEnoughAndIdleTakesAll() {
        var stage = Stage()
        stage.handle(.connected(stage.phone, stage.alice))
        stage.handle(.connected(stage.laptop, stage.alice))
        stage.handle(.idle(stage.phone, true))
        stage.pass()
        #expect(stage.statuses == [.online])
        stage.handle(.idle(stage.laptop, true))
        stage.pass()
        #expect(stage.statuses == [.online, .idle])
        stage.handle(.idle(stage.phone, false))
        stage.pass()
        #expect(stage.statuses == [.online, .idle, .online])
        #expect(stage.history.map(\.cause) == [.connected, .idle, .active])
    }

    @Test func anActiveDeviceThatReloadsDoesNotFlashIdle() {
        var stage = Stage()
        stage.handle(.connected(stage.phone, stage.alice))
        stage.handle(.connected(stage.laptop, stage.alice))
        stage.handle(.idle(stage.phone, true))
        stage.pass()
        stage.handle(.disconnected(stage.laptop, .left))
        stage.pass(seconds: 5)
        stage.handle(.connected(ConnectionID(rawValue: 3), stage.alice))
        stage.pass(seconds: 30)
        #expect(stage.statuses == [.online])
    }

    @Test(arguments: [(ChosenPresence.Status.dnd, ShownStatus.dnd), (.idle, .idle), (.invisible, .offline), (.online, .online)])
    func theChosenStatusDecidesWhileSomebodyIsThere(chosen: ChosenPresence.Status, shown: ShownStatus) {
        var stage = Stage()
        stage.handle(.connected(stage.phone, stage.alice))
        stage.choose(chosen)
        stage.pass()
        #expect((stage.shown ?? .offline) == shown)
        stage.handle(.disconnected(stage.phone, .left))
        stage.pass(seconds: 20)
        #expect(stage.shown == .offline)
    }

    @Test func aChosenStatusOutlivesTheConnection() {
        var stage = Stage()
        stage.handle(.connected(stage.phone, stage.alice))
        stage.choose(.dnd, message: "En réunion")
        stage.pass()
        stage.handle(.disconnected(stage.phone, .left))
        stage.pass(seconds: 60)
        #expect(stage.shown == .offline)
        stage.handle(.connected(stage.laptop, stage.alice))
        stage.pass()
        #expect(stage.statuses == [.dnd, .offline, .dnd])
    }

    @Test func aMessageEndsByItself() {
        var stage = Stage()
        stage.handle(.connected(stage.phone, stage.alice))
        stage.choose(.online, message: "lunch", until: stage.now.adding(seconds: 30))
        stage.pass(seconds: 29)
        #expect(stage.engine.view(of: stage.alice)?.message == "lunch")
        stage.pass(seconds: 1)
        #expect(stage.engine.view(of: stage.alice)?.message == nil)
    }

    @Test func theActivityIsShownWhileThereAndIsItsOwnKindOfChange() throws {
        var stage = Stage()
        stage.handle(.connected(stage.phone, stage.alice))
        stage.pass()
        var chosen = ChosenPresence()
        chosen.activity = ["name": "Figma"]
        stage.stored[stage.alice] = chosen
        stage.handle(.chosen(stage.alice, chosen, at: 1))
        stage.pass()
        #expect(stage.sent.map(\.isActivityOnly) == [false, true])
        #expect(stage.sent.last?.after.activityName == "Figma")
        stage.handle(.disconnected(stage.phone, .left))
        stage.pass(seconds: 20)
        #expect(stage.sent.last?.after.activity == nil)
    }

    @Test func aChoiceMadeWhileTheStoredOneIsReadIsNotLost() {
        for asOf: Int64 in [4, 5] {
            var stage = Stage()
            stage.engine.handle(.connected(stage.phone, stage.alice), at: stage.moment)
            var chosen = ChosenPresence()
            chosen.message = "hello"
            stage.engine.handle(.chosen(stage.alice, chosen, at: 4), at: stage.moment)
            // The reading began before the choice was committed, or after.
            let stored = asOf == 4 ? ChosenPresence() : chosen
            stage.engine.handle(.loaded(stage.alice, stored, lastSeenAt: nil, asOf: asOf), at: stage.moment)
            stage.pass()
            #expect(stage.sent.last?.after.message == "hello" && stage.shown == .online)
        }
    }

    @Test func olderChoicesNeverOverwriteNewerOnes() {
        var stage = Stage()
        var dnd = ChosenPresence()
        dnd.status = .dnd
        stage.engine.handle(.connected(stage.phone, stage.alice), at: stage.moment)
        stage.engine.handle(.loaded(stage.alice, dnd, lastSeenAt: nil, asOf: 5), at: stage.moment)
        stage.engine.handle(.chosen(stage.alice, ChosenPresence(), at: 4), at: stage.moment)
        stage.pass()
        #expect(stage.shown == .dnd)
        stage.engine.handle(.chosen(stage.alice, ChosenPresence(), at: 5), at: stage.moment)
        stage.pass()
        #expect(stage.shown == .online)
    }

    @Test func nobodyShowsBeforeTheirChoiceIsKnown() {
        var stage = Stage()
        stage.engine.handle(.connected(stage.phone, stage.alice), at: stage.moment)
        stage.pass(seconds: 1)
        #expect(stage.sent.isEmpty)
        #expect(stage.engine.takeWanted() == [stage.alice])
    }

    @Test func aChoiceWithoutAConnectionIsAnnounced() {
        var stage = Stage()
        stage.choose(.dnd, message: "away")
        stage.pass()
        #expect(stage.statuses == [.offline])
        #expect(stage.sent.first?.after.message == "away")
    }

    @Test func aLeaseThatEndedBeginsAgainWithTheNextSignOfLife() {
        var stage = Stage()
        stage.handle(.connected(stage.phone, stage.alice))
        stage.pass()
        // The process stood still for longer than a lease; the socket is still there.
        stage.now = stage.now.adding(seconds: 600)
        stage.pass()
        #expect(stage.shown == .offline)
        stage.handle(.seen([stage.phone]))
        stage.pass()
        #expect(stage.statuses == [.online, .offline, .online])
        stage.handle(.disconnected(stage.phone, .ended))
        stage.pass()
        #expect(stage.shown == .offline)
        stage.handle(.seen([stage.phone]))
        stage.pass()
        #expect(stage.shown == .offline)
    }

    @Test func whoStaysIsSeenAndWhoIsInvisibleIsNot() {
        var stage = Stage()
        stage.handle(.connected(stage.phone, stage.alice))
        stage.pass()
        let came = stage.now
        stage.now = stage.now.adding(seconds: 30)
        stage.handle(.seen([stage.phone]))
        let kept = stage.engine.keepSeen(at: stage.now)
        #expect(kept.map(\.user) == [stage.alice] && kept.first?.view.lastSeenAt == stage.now)
        #expect(stage.engine.view(of: stage.alice)?.lastSeenAt == stage.now && stage.sent.last?.after.lastSeenAt == came)
        stage.choose(.invisible)
        stage.pass()
        let left = stage.now
        stage.now = stage.now.adding(seconds: 30)
        #expect(stage.engine.keepSeen(at: stage.now).isEmpty)
        #expect(stage.engine.view(of: stage.alice)?.lastSeenAt == left)
    }

    @Test func nothingIsWantedOfWhoIsGone() {
        var stage = Stage()
        stage.engine.handle(.chosen(stage.alice, ChosenPresence(), at: 1), at: stage.moment)
        #expect(stage.engine.wanted == [stage.alice])
        stage.engine.handle(.removed(stage.alice), at: stage.moment)
        stage.pass()
        #expect(stage.engine.wanted.isEmpty)
        stage.engine.handle(.removed(stage.alice), at: stage.moment)
        #expect(stage.engine.wanted.isEmpty)
    }

    @Test func aRemovedPersonGoesOfflineAndIsForgotten() {
        var stage = Stage()
        stage.handle(.connected(stage.phone, stage.alice))
        stage.pass()
        stage.handle(.removed(stage.alice))
        stage.pass()
        #expect(stage.statuses == [.online, .offline])
        #expect(stage.engine.view(of: stage.alice) == nil)
        stage.pass(seconds: 100)
        #expect(stage.sent.count == 2)
    }
}

@Suite struct InvisibilityTests {
    @Test func goingInvisibleLooksLikeLeavingAndThenNothingMoves() {
        var stage = Stage()
        stage.handle(.connected(stage.phone, stage.alice))
        stage.choose(.online, message: "here")
        stage.pass()
        stage.choose(.invisible, message: "here")
        stage.pass()
        #expect(stage.statuses == [.online, .offline])
        let left = stage.engine.view(of: stage.alice)
        #expect(left?.message == "here")
        stage.choose(.invisible, message: "hidden")
        stage.handle(.connected(stage.laptop, stage.alice))
        stage.handle(.idle(stage.laptop, true))
        stage.pass(seconds: 10)
        stage.handle(.disconnected(stage.phone, .left))
        stage.handle(.disconnected(stage.laptop, .left))
        stage.pass(seconds: 100)
        #expect(stage.engine.view(of: stage.alice) == left)
        #expect(stage.sent.count == 2)
        #expect(stage.history.map(\.cause) == [.connected, .disconnected])
    }

    @Test func anInvisiblePersonConnectsUnseen() {
        var stage = Stage()
        var chosen = ChosenPresence()
        chosen.status = .invisible
        stage.stored[stage.alice] = chosen
        stage.handle(.connected(stage.phone, stage.alice))
        stage.pass(seconds: 30)
        stage.handle(.disconnected(stage.phone, .left))
        stage.pass(seconds: 30)
        #expect(stage.sent.isEmpty && stage.history.isEmpty)
    }

    @Test func thePresenceOfAnInvisiblePersonDoesNotShowWhenTheyComeBack() {
        var stage = Stage()
        stage.handle(.connected(stage.phone, stage.alice))
        stage.pass()
        stage.choose(.invisible)
        stage.pass(seconds: 50)
        let hidden = stage.engine.view(of: stage.alice)?.lastSeenAt
        stage.handle(.disconnected(stage.phone, .left))
        stage.pass(seconds: 50)
        stage.choose(.dnd, message: "back")
        stage.pass()
        #expect(stage.engine.view(of: stage.alice)?.lastSeenAt == hidden)
    }

    @Test func theMessageOfAnInvisiblePersonEndsAsAnAbsentOnesWould() {
        var stage = Stage()
        stage.handle(.connected(stage.phone, stage.alice))
        stage.choose(.online, message: "lunch", until: stage.now.adding(seconds: 40))
        stage.pass()
        stage.choose(.invisible)
        stage.pass(seconds: 39)
        #expect(stage.engine.view(of: stage.alice)?.message == "lunch")
        stage.pass(seconds: 1)
        #expect(stage.engine.view(of: stage.alice)?.message == nil)
    }

    @Test func aClockThatIsSetEndsNoLeaseAndNoGrace() {
        var stage = Stage()
        stage.handle(.connected(stage.phone, stage.alice))
        stage.pass(seconds: 10)
        for step: Int64 in [86_400, -172_800, 3600] {
            stage.setClock(by: step)
            stage.pass(seconds: 10)
        }
        #expect(stage.statuses == [.online])
        stage.handle(.disconnected(stage.phone, .left))
        stage.setClock(by: 3600)
        stage.pass(seconds: 19)
        #expect(stage.statuses == [.online])
        stage.pass(seconds: 1)
        #expect(stage.statuses == [.online, .offline])
    }

    @Test func aClockThatIsSetBackProlongsNoLease() {
        var stage = Stage()
        stage.handle(.connected(stage.phone, stage.alice))
        stage.pass()
        stage.setClock(by: -3600)
        stage.pass(seconds: 60)
        #expect(stage.statuses == [.online, .offline])
    }

    @Test func aMessageEndsByTheTimeOfDay() {
        var stage = Stage()
        stage.handle(.connected(stage.phone, stage.alice))
        stage.choose(.online, message: "lunch", until: stage.now.adding(seconds: 3600))
        stage.pass()
        stage.setClock(by: 3599)
        stage.pass()
        #expect(stage.engine.view(of: stage.alice)?.message == "lunch")
        stage.pass(seconds: 1)
        #expect(stage.engine.view(of: stage.alice)?.message == nil)
        #expect(stage.sent.last?.after.lastSeenAt == stage.now)
    }
}
