package import Bus
package import Database
internal import FeatureKit
package import Friends
internal import Kernel

/// Notifications of friendships, roles and bans.
extension NotificationsFeature {
    /// Follows friendships and blocks, in the transaction that changes them.
    package func tell(_ notice: FriendNotice, in transaction: Transaction) throws {
        guard isOn() else { return }
        let (user, other, request) = (notice.user, notice.other, notice.requestID)
        let asked = "friend.requested:\(other)"
        switch notice.kind {
        case .requested:
            try centre.notify(
                NotificationDraft(
                    to: user, kind: "friend.requested", groupKey: asked, actor: other, url: "/direct?tab=pending", requestID: request),
                in: transaction)
        case .accepted:
            try centre.notify(
                NotificationDraft(
                    to: user, kind: "friend.accepted", groupKey: "friend.accepted:\(other)", actor: other, url: "/direct?tab=friends",
                    requestID: request), in: transaction)
        case .answered: try centre.close(groupKey: asked, of: user, requestID: request, in: transaction)
        case .withdrawn: try centre.remove(groupKey: asked, of: user, requestID: request, in: transaction)
        case .blocked: try centre.remove(actor: other, of: user, requestID: request, in: transaction)
        }
    }

    package var consumers: [Consumer] {
        [
            Consumer("notifications", types: ["role.assigned", "role.revoked", "user.banned"]) { [centre] records, transaction in
                for record in records {
                    guard let draft = Self.draft(of: record) else { continue }
                    try centre.notify(draft, in: transaction)
                }
            }
        ]
    }

    /// Nil for an event without a person, and for the first roles of a new account.
    private static func draft(of record: OutboxRecord) -> NotificationDraft? {
        let members = record.members
        guard let user = members["user_id"]?.string.flatMap({ UserID(uuid: $0) }) else { return nil }
        let request = members["request_id"]?.string ?? ""
        guard let role = members["role_id"]?.string else {
            return NotificationDraft(to: user, kind: record.type, groupKey: record.type, url: "/settings/account", requestID: request)
        }
        if record.type == "role.assigned", record.belongsToCreation(of: user) { return nil }
        let actor = members[record.type == "role.assigned" ? "assigned_by" : "revoked_by"]?.string.flatMap { UserID(uuid: $0) }
        return NotificationDraft(
            to: user, kind: record.type, groupKey: "role:\(role)", actor: actor, url: "/settings/profile",
            arguments: ["role": members["role_name"] ?? .null, "reason": members["reason"] ?? .null], requestID: request)
    }
}
