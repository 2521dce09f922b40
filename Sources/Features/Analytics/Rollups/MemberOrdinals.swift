internal import Database
internal import Kernel
internal import Synchronization

/// Numbers for members, in the order of their first appearance. Rollups store them instead of ids, so that any span counts each member once.
///
/// A number is never used again. Erasing a member deletes the row that links the number to them; the rollups stay as they are.
final class MemberOrdinals: Sendable {
    private let known = Mutex<[Int64: Int64]>([:])

    /// The ordinal of a member if it is in memory.
    func ordinal(of member: Int64) -> Int64? { known.withLock { $0[member] } }

    /// The window with ordinals instead of ids; members without an ordinal get one.
    func translate(_ window: MeasureWindow, in transaction: Transaction) throws -> MeasureWindow {
        let ordinals = try ordinals(of: window.total.members, in: transaction)
        let number = { (members: Set<Int64>) in Set(members.compactMap { ordinals[$0] }) }
        var translated = window
        translated.total.members = number(window.total.members)
        for (segment, totals) in window.segments { translated.segments[segment]?.members = number(totals.members) }
        return translated
    }

    /// The window with ids instead of ordinals, without those of erased members.
    func restore(_ window: MeasureWindow, in transaction: Transaction) throws -> MeasureWindow {
        let members = Dictionary(
            try Self.rows("ordinal", window.total.members, in: transaction).map { ($0.ordinal, $0.member) }, uniquingKeysWith: { $1 })
        let name = { (ordinals: Set<Int64>) in Set(ordinals.compactMap { members[$0] }) }
        var restored = window
        restored.total.members = name(window.total.members)
        for (segment, totals) in window.segments { restored.segments[segment]?.members = name(totals.members) }
        return restored
    }

    private func ordinals(of members: Set<Int64>, in transaction: Transaction) throws -> [Int64: Int64] {
        var ordinals = known.withLock { known in members.reduce(into: [Int64: Int64]()) { $0[$1] = known[$1] } }
        let unknown = members.filter { ordinals[$0] == nil }
        guard !unknown.isEmpty else { return ordinals }
        // The row is locked here: two nodes assign numbers one after the other.
        guard let row = try transaction.row("UPDATE analytics_ordinals SET next = next + \(unknown.count) WHERE id = 1 RETURNING next")
        else { throw DatabaseError.other(code: 0, message: "analytics_ordinals has lost its row") }
        var next = row.int64(0) - Int64(unknown.count)
        for member in unknown.sorted() {
            try transaction.execute(
                "INSERT INTO analytics_members (user_id, ordinal) VALUES (\(member), \(next)) ON CONFLICT (user_id) DO NOTHING")
            next += 1
        }
        let found = try Self.rows("user_id", unknown, in: transaction)
        for (member, ordinal) in found { ordinals[member] = ordinal }
        transaction.afterCommit { [self] in
            known.withLock { known in
                if known.count > 500_000 { known = [:] }
                for (member, ordinal) in found { known[member] = ordinal }
            }
        }
        return ordinals
    }

    private static func rows(_ column: SQL, _ values: Set<Int64>, in transaction: Transaction) throws -> [(member: Int64, ordinal: Int64)] {
        guard !values.isEmpty else { return [] }
        let list = JSON.array(values.map { .integer($0) }).text
        return try transaction.rows(
            "SELECT user_id, ordinal FROM analytics_members WHERE \(sql: column) IN (SELECT value FROM json_each(\(list)))"
        ).map { ($0.int64(0), $0.int64(1)) }
    }

    func erase(_ member: Int64, in transaction: Transaction) throws {
        try transaction.execute("DELETE FROM analytics_members WHERE user_id = \(member)")
        transaction.afterCommit { [self] in known.withLock { _ = $0.removeValue(forKey: member) } }
    }
}
