internal import Kernel
internal import Synchronization

/// Somebody's time in a conversation.
struct Membership: Sendable, Hashable {
    let user: UserID
    /// The first event that is for them.
    let since: Int64
    /// The last one; nil while they are a member.
    let until: Int64?

    func covers(_ offset: Int64) -> Bool { since <= offset && until.map { offset <= $0 } ?? true }
}

/// Who was a member of a conversation at an event: read once and kept until an event changes the members.
///
/// What is kept tells of the past as well, so a read that is newer than an event answers for it just the same.
final class MembershipIndex: Sendable {
    private struct State {
        var known: [ConversationID: [Membership]] = [:]
        var count = 0
    }

    private let table: any OutboxTable
    private let state = Mutex(State())
    /// Memberships; beyond them all are read anew.
    private let limit: Int

    init(_ table: any OutboxTable, limit: Int = 500_000) { (self.table, self.limit) = (table, limit) }

    /// Fills in who gets each of some records that follow those before.
    func resolve(_ records: [OutboxRecord]) async throws -> [OutboxRecord] {
        let changed = records.compactMap(\.changesMembers)
        let named = Set(records.flatMap(\.conversations))
        if !changed.isEmpty { forget(changed) }
        guard !named.isEmpty else { return records }
        var known = state.withLock { state in
            named.reduce(into: [ConversationID: [Membership]]()) { known, conversation in known[conversation] = state.known[conversation] }
        }
        let missing = named.subtracting(known.keys).sorted()
        if !missing.isEmpty {
            let read = try await table.memberships(of: missing)
            for conversation in missing { known[conversation] = read[conversation] ?? [] }
            keep(missing, known)
        }
        return records.map { record in
            var record = record
            let members = record.conversations.flatMap { (known[$0] ?? []).filter { $0.covers(record.offset) }.map(\.user) }
            var seen: Set<UserID> = []
            record.recipients = (record.recipients + members).filter { seen.insert($0).inserted }
            return record
        }
    }

    private func forget(_ conversations: [ConversationID]) {
        state.withLock { state in
            for conversation in conversations {
                guard let gone = state.known.removeValue(forKey: conversation) else { continue }
                state.count -= gone.count + 1
            }
        }
    }

    private func keep(_ conversations: [ConversationID], _ known: [ConversationID: [Membership]]) {
        state.withLock { state in
            for conversation in conversations {
                let members = known[conversation] ?? []
                if state.count + members.count + 1 > limit { state = State() }
                // The relay alone resolves, one batch after the other: nobody else has put it there meanwhile.
                state.known[conversation] = members
                state.count += members.count + 1
            }
        }
    }
}
