package import Database
package import Directory
package import Kernel
package import Presence
package import Web

/// A short view of a person, next to messages and in lists, as far as the reader may see it.
package struct UserCards: Sendable {
    private let directory: MemberDirectory
    private let presence: PresenceReader
    private let friendships: Friendships

    package init(directory: MemberDirectory = MemberDirectory(), presence: PresenceReader, friendships: Friendships) {
        (self.directory, self.presence, self.friendships) = (directory, presence, friendships)
    }

    package static let shape = Shape.named(
        "UserCard",
        .object([
            "id": .id, "username": .text, "display_name": .text, "avatar_url": .text.orNull, "status": PresenceShapes.status,
            "status_message": .text.orNull, "activity_name": .text.orNull, "last_seen_at": .timestamp.orNull,
            "presence_version": .integer,
        ]))

    /// The cards of existing accounts, and of deleted ones that can be restored. People who hide from the reader are shown as offline.
    package func cards(of users: [UserID], for scope: Scope, at now: Timestamp, in transaction: Transaction) throws -> [UserID: JSON] {
        let seesAll = scope.can(.usersRead) || scope.can(.presenceRead)
        let access = seesAll ? [:] : try friendships.profiles(of: users, for: scope.userID, in: transaction)
        var cards: [UserID: JSON] = [:]
        for member in try directory.members(users, in: transaction) {
            let isSeen = (seesAll || access[member.id] == .whole) && member.deletedAt == nil
            cards[member.id] = .object(card(of: member, seenAs: isSeen ? presence.view(of: member, for: scope, at: now) : nil))
        }
        return cards
    }

    /// - Parameter view: nil for a person who hides.
    private func card(of member: Member, seenAs view: PresenceView?) -> JSONObject {
        [
            "id": JSON(member.id), "username": .string(member.username), "display_name": .string(member.displayName),
            "avatar_url": JSON(member.avatarURL), "status": .string((view?.status ?? .offline).rawValue),
            "status_message": JSON(view?.message), "activity_name": JSON(view?.activityName), "last_seen_at": JSON(view?.lastSeenAt),
            "presence_version": .integer(view?.version ?? 0),
        ]
    }
}
