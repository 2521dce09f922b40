import Bus
import Database
import Directory
import Glibc
import Kernel
import Realtime
import Roles
import Runtime
import Synchronization
import TestSupport
import Testing

@testable import Presence

/// What two tasks of the service say of one person.
@Suite struct PresenceOrderTests {
    private static let alice = UserID(rawValue: 7)
    private static let role = RoleID(rawValue: 9)

    private final class Source: PresenceSource {
        let roles = Mutex<Set<RoleID>>([PresenceOrderTests.role])

        func stored(_ users: [UserID]) async throws -> [UserID: StoredPresence] {
            let roles = roles.withLock { $0 }
            return Dictionary(
                uniqueKeysWithValues: users.map {
                    (
                        $0,
                        StoredPresence(chosen: ChosenPresence(), lastSeenAt: nil, asOf: 1, memberAttributes: MemberAttributes(roles: roles))
                    )
                })
        }

        func memberAttributes(of users: [UserID]) async throws -> [UserID: MemberAttributes] {
            let roles = roles.withLock { $0 }
            return Dictionary(uniqueKeysWithValues: users.map { ($0, MemberAttributes(roles: roles)) })
        }
    }

    /// Does something before the next events of the whole site are published.
    private final class HeldBroker: Broker {
        let base = MemoryBroker(epoch: "e")
        let before = Mutex<(@Sendable () -> Void)?>(nil)
        private let said = Mutex<[[String]]>([])

        /// The roles that each event tells of, after it.
        var roles: [[String]] { said.withLock { $0 } }

        func publish(_ events: [Event], to topic: String) {
            before.withLock { take in
                defer { take = nil }
                return take
            }?()
            said.withLock { $0 += events.map { $0.attributes.first { $0.name == "role" }?.after ?? [] } }
            base.publish(events, to: topic)
        }

        func declare(_ volatile: [VolatileTopics]) { base.declare(volatile) }
        func publish(_ records: [OutboxRecord]) { base.publish(records) }
        func begin(durableEpoch: String, head: Int64) { base.begin(durableEpoch: durableEpoch, head: head) }
        func attach(_ reader: @escaping @Sendable ([Publication]) -> Void, interrupted: @escaping @Sendable (String, Position) -> Void) {
            base.attach(reader, interrupted: interrupted)
        }
        func position(of topic: String) -> Position { base.position(of: topic) }
        func replay(_ topic: String, after position: Position, of people: [UserID]?) -> Replay {
            base.replay(topic, after: position, of: people)
        }
    }

    /// What comes behind the end would show them in the role for good.
    @Test func nothingIsSaidInARoleBehindTheEndThere() async throws {
        try await TestDatabase.sqlite.with(Site.migrations) { database in
            let (source, broker) = (Source(), HeldBroker())
            let journal = PresenceJournal(
                database: database, ids: IDGenerator(clock: .system), clock: .system, log: .silent, retention: 1_000_000)
            let service = PresenceService(
                source: source, broker: broker, journal: journal, clock: .system, log: .silent, options: PresenceOptions(),
                start: WallClock.system.now(), store: nil, delivering: { 0 })
            let running = Task { try await service.run() }
            let phone = ConnectionID(rawValue: 1)
            service.connected(phone, user: Self.alice, session: nil)
            while broker.roles.count < 1 { try await Task.sleep(for: .milliseconds(1)) }
            // The role is taken away while a change of theirs is on its way.
            broker.before.withLock { before in
                before = {
                    source.roles.withLock { $0 = [] }
                    service.rolesChanged(AuthorizationChange(version: 1, concerned: .users([Self.alice])))
                    for _ in 0..<200 where !broker.roles.contains([]) { usleep(1000) }
                }
            }
            service.handle(.idle(phone, true))
            while broker.roles.count < 3 { try await Task.sleep(for: .milliseconds(1)) }
            let role = Self.role.uuid
            #expect(broker.roles == [[role], [role], []])
            running.cancel()
            _ = await running.result
        }
    }

    private enum Site {
        static let migrations = directoryMigrations + presenceMigrations
    }
}
