internal import Directory
internal import Kernel

/// Where an account stands: the one place that decides what may be done with it, and by whoever has it.
struct AccountStanding: Hashable, Sendable {
    enum Presence: Sendable {
        case here
        /// Left, and may come back by signing in.
        case left
        /// Left, and the time to come back is over; the row goes soon.
        case over
        /// Deleted by the team.
        case deleted
    }

    /// What is done with an account, or by it.
    enum Act: Sendable, CaseIterable {
        case signIn, resetPassword, refresh, useKey
        case ban, unban, disable, enable, delete, erase, restore
    }

    enum Ruling: Sendable {
        case allowed
        /// As if there were no such account.
        case absent
        /// 423 with the reason.
        case barred
    }

    let presence: Presence
    let isBanned: Bool
    let isDisabled: Bool

    /// - Parameter graceStart: who left after it may come back.
    init(_ member: Member, at now: Timestamp, graceStart: Timestamp) {
        presence =
            switch (member.deletedAt, member.leftAt) {
            case (nil, _): .here
            case (_, let leftAt?): leftAt > graceStart ? .left : .over
            case (_, nil): .deleted
            }
        (isBanned, isDisabled) = (member.isBanned(at: now), member.isDisabled)
    }

    func ruling(on act: Act) -> Ruling {
        switch act {
        case .signIn: presence == .here || presence == .left ? entry : .absent
        case .refresh, .useKey: presence == .here ? entry : .absent
        case .resetPassword: presence == .here || presence == .left ? .allowed : .absent
        // Whoever left can still be barred from coming back.
        case .ban, .unban, .disable, .enable, .delete: presence == .deleted ? .absent : .allowed
        case .erase, .restore: .allowed
        }
    }

    private var entry: Ruling { isBanned || isDisabled ? .barred : .allowed }
}

extension AccountsFeature {
    func standing(of member: Member, at now: Timestamp) -> AccountStanding {
        AccountStanding(member, at: now, graceStart: graceStart(now))
    }

    /// - Throws: `absent` for an account that is as good as none, 423 with the reason for one that is barred.
    func require(_ act: AccountStanding.Act, of member: Member, at now: Timestamp, absent: Problem = .notFound) throws(Problem) {
        switch standing(of: member, at: now).ruling(on: act) {
        case .allowed: break
        case .absent: throw absent
        case .barred: throw Self.barred(member, at: now)
        }
    }
}
