package import Database
internal import Directory
package import Kernel

extension AccountsFeature {
    /// The account and what its person made: sign-ins, keys, filters and invitations, without secrets or their hashes.
    package func export(_ person: UserID, in transaction: Transaction) throws -> JSONObject {
        let member = try directory.member(person, includingDeleted: true, in: transaction)
        var part: JSONObject = [
            "username": .string(member.username), "display_name": .string(member.displayName), "email": JSON(email(of: member)),
            "email_verified_at": JSON(member.emailVerifiedAt), "bio": JSON(member.bio), "avatar_url": JSON(member.avatarURL),
            "locale": .string(member.locale.rawValue), "tags": .array(member.tags.map(JSON.string)),
            "status": .string(member.presence.status.rawValue), "status_message": JSON(member.presence.message),
            "activity_name": JSON(member.presence.activityName), "last_seen_at": JSON(member.lastSeenAt),
            "created_at": JSON(member.createdAt), "updated_at": JSON(member.updatedAt),
        ]
        let sessions = try transaction.rows(
            "SELECT label, ip, user_agent, created_at, last_used_at, revoked_at FROM sessions WHERE user_id = \(person) ORDER BY id"
        ).map { row -> JSON in
            [
                "device": .string(row.text(0)), "ip": .string(row.text(1)), "user_agent": .string(row.text(2)),
                "created_at": JSON(row.time(3)), "last_used_at": JSON(row.time(4)), "ended_at": JSON(row.optionalTime(5)),
            ]
        }
        let keys = try transaction.rows(
            "SELECT name, created_at, last_used_at, expires_at FROM api_keys WHERE user_id = \(person) ORDER BY id"
        ).map { row -> JSON in
            [
                "name": .string(row.text(0)), "created_at": JSON(row.time(1)), "last_used_at": JSON(row.optionalTime(2)),
                "expires_at": JSON(row.optionalTime(3)),
            ]
        }
        let rules = try transaction.rows("SELECT version, accepted_at FROM rules_acceptances WHERE user_id = \(person) ORDER BY version")
            .map { row -> JSON in ["version": .integer(row.int64(0)), "accepted_at": JSON(row.time(1))] }
        let invitations = try transaction.rows(
            "SELECT note, created_at, expires_at FROM invitations WHERE created_by = \(person) ORDER BY id"
        ).map { row -> JSON in
            ["note": JSON(row.optionalText(0)), "created_at": JSON(row.time(1)), "expires_at": JSON(row.optionalTime(2))]
        }
        let filters = try transaction.row("SELECT filters FROM saved_filters WHERE user_id = \(person)").map {
            try JSONParser.parse(own: Array($0.text(0).utf8))
        }
        if let filters { part.append("saved_filters", filters) }
        let factor = try transaction.row("SELECT confirmed_at FROM totp_factors WHERE user_id = \(person)")?.optionalTime(0)
        part.append("second_factor_since", JSON(factor))
        let lists = [("sessions", sessions), ("api_keys", keys), ("accepted_rules", rules), ("invitations", invitations)]
        for (name, list) in lists where !list.isEmpty {
            part.append(name, .array(list))
        }
        return part
    }
}
