package import Bus
internal import Database
package import Directory
package import Kernel
internal import Realtime
internal import Synchronization

/// A person as they were last read, without what nobody is shown.
package final class CachedMember: Sendable {
    package let member: Member
    /// What one sees of the roles beside the name, the highest first; in a tenth of what a tree of values takes.
    private let encodedRoles: [UInt8]

    init(_ member: Member, _ roles: [HeldRole]) {
        var member = member
        member.passwordHash = nil
        (self.member, encodedRoles) = (member, JSON.array(roles.map { .object($0.summary) }).bytes)
    }

    package var roles: [JSON] {
        do {
            return try JSONParser.parse(own: encodedRoles).array ?? []
        } catch {
            preconditionFailure("JSON that was written here cannot be read: \(error)")
        }
    }
}

/// The members who were here, so that thousands who come back at once are greeted from memory.
///
/// Whoever a committed event makes stale is forgotten before the event's readers get it: what a person is told at a position holds all up to it. A read that
/// was under way meanwhile is given out and not kept.
package final class MemberCache: HandshakeCache {
    private struct State {
        var known: [UserID: CachedMember] = [:]
        /// The latest read of each that is under way.
        var reading: [UserID: UInt64] = [:]
        var reads: UInt64 = 0
    }

    private let database: any Database
    private let assignments: RoleAssignments
    private let state = Mutex(State())
    private let limit = 50_000

    init(database: any Database, assignments: RoleAssignments) { (self.database, self.assignments) = (database, assignments) }

    /// How often the database was asked.
    package var reads: UInt64 { state.withLock { $0.reads } }
    package var count: Int { state.withLock { $0.known.count } }

    package func isKnown(_ user: UserID) -> Bool { state.withLock { $0.known[user] != nil } }

    /// From memory, or from the database when there is nothing in it.
    ///
    /// - Throws: 404 for nobody.
    package func member(_ user: UserID) async throws -> CachedMember {
        let (known, read) = state.withLock { state -> (CachedMember?, UInt64) in
            if let known = state.known[user] { return (known, 0) }
            state.reads += 1
            state.reading[user] = state.reads
            return (nil, state.reads)
        }
        if let known { return known }
        do {
            let found = try await database.read { [assignments] transaction in
                let member = try MemberDirectory().member(user, includingDeleted: true, in: transaction)
                return CachedMember(member, try assignments.roles(of: [user], in: transaction)[user] ?? [])
            }
            state.withLock { state in
                guard state.reading[user] == read else { return }
                state.reading[user] = nil
                if state.known.count >= limit { state.known = [:] }
                state.known[user] = found
            }
            return found
        } catch {
            state.withLock { if $0.reading[user] == read { $0.reading[user] = nil } }
            throw error
        }
    }

    /// Whoever comes anew is told what is stored.
    package func forget(_ user: UserID) {
        state.withLock { state in (state.known[user], state.reading[user]) = (nil, nil) }
    }

    /// A committed event, before its readers get it: forgets those whom it says it makes stale.
    package func observe(_ record: OutboxRecord) {
        switch record.invalidates {
        case .nobody: break
        case .users(let users): for user in users { forget(user) }
        case .everybody: state.withLock { state in (state.known, state.reading) = ([:], [:]) }
        }
    }
}
