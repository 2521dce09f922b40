internal import Database
package import Kernel

package enum MeasureEntity {}
package typealias MeasureID = ID<MeasureEntity>

/// Something the team does to channels or to newcomers for a time. It ends by itself: each request compares its clock with the end.
package struct Measure: Sendable {
    package enum Kind: String, Sendable, CaseIterable {
        /// Nobody but the team writes in some channels, or in all.
        case lockdown
        /// New accounts are slowed down and held.
        case raid
    }

    package let id: MeasureID
    package let kind: Kind
    /// Of a lockdown; empty: all channels.
    package var channels: [ConversationID] = []
    package var reason: String?
    package var startedBy: UserID?
    package let startedAt: Timestamp
    package let endsAt: Timestamp
    package var endedAt: Timestamp?

    /// A month.
    package static let seconds: ClosedRange<Int64> = 60...2_678_400
    package static let channelLimit = 200

    package init(_ kind: Kind, id: MeasureID, by actor: UserID?, at now: Timestamp, seconds: Int64) {
        (self.id, self.kind, startedBy, startedAt) = (id, kind, actor, now)
        endsAt = now.adding(seconds: seconds)
    }

    static let columns: SQL = "id, kind, channels, reason, started_by, started_at, ends_at, ended_at"

    init(_ row: Row) throws {
        guard let kind = Kind(rawValue: row.text(1)) else {
            throw DatabaseError.other(code: 0, message: "a measure holds “\(row.text(1))”")
        }
        (id, self.kind, startedAt, endsAt) = (row.id(0), kind, row.time(5), row.time(6))
        channels =
            try JSONParser.parse(own: Array(row.text(2).utf8)).array?.compactMap { $0.string.flatMap { ConversationID(uuid: $0) } } ?? []
        (reason, startedBy, endedAt) = (row.optionalText(3), row.optionalID(4), row.optionalTime(7))
    }

    func covers(_ channel: ConversationID) -> Bool { channels.isEmpty || channels.contains(channel) }
}

/// When raid mode begins by itself, and what it does to new accounts.
package struct RaidRule: Sendable, Hashable {
    /// Who may join during a raid.
    package enum Door: String, Sendable, CaseIterable { case unchanged, approval, invitation }

    package var isEnabled = false
    /// So many new accounts within so many seconds.
    package var (joins, joinsWithin): (Int64, Int64) = (20, 60)
    /// The same message of so many new accounts within so many seconds.
    package var (accounts, accountsWithin): (Int64, Int64) = (5, 60)
    /// How long raid mode lasts, in seconds.
    package var seconds: Int64 = 1800
    /// Accounts younger than this are new, in seconds.
    package var age: Int64 = 86_400
    /// Seconds between two messages of a new account; 0: no limit.
    package var slowMode: Int64 = 30
    /// Whether messages of new accounts are hidden until the team has decided.
    package var holds = true
    package var door = Door.approval

    package init() {}

    package static let counts: ClosedRange<Int64> = 2...1000
    package static let spans: ClosedRange<Int64> = 1...3600
    package static let ages: ClosedRange<Int64> = 60...2_678_400
    package static let pauses: ClosedRange<Int64> = 0...3600

    /// Whether an account is new.
    func isNew(_ user: UserID, at now: Timestamp) -> Bool { now.milliseconds - user.timestamp.milliseconds < age * 1000 }

    package var json: JSONObject {
        [
            "enabled": .bool(isEnabled), "joins": .integer(joins), "joins_within_s": .integer(joinsWithin), "accounts": .integer(accounts),
            "accounts_within_s": .integer(accountsWithin), "duration_s": .integer(seconds), "age_s": .integer(age),
            "slow_mode_s": .integer(slowMode), "holds": .bool(holds), "door": .string(door.rawValue),
        ]
    }

    package init(stored body: JSON) {
        func number(_ name: String, _ value: Int64) -> Int64 { body[name]?.integer ?? value }
        isEnabled = body["enabled"]?.bool ?? false
        (joins, joinsWithin) = (number("joins", joins), number("joins_within_s", joinsWithin))
        (accounts, accountsWithin) = (number("accounts", accounts), number("accounts_within_s", accountsWithin))
        (seconds, age, slowMode) = (number("duration_s", seconds), number("age_s", age), number("slow_mode_s", slowMode))
        holds = body["holds"]?.bool ?? holds
        door = body["door"]?.string.flatMap { Door(rawValue: $0) } ?? door
    }
}
