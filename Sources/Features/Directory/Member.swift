package import Database
package import Kernel

/// One row of `users`: the person as stored, with the sealed e-mail address left sealed.
package struct Member: Sendable {
    package let id: UserID
    package var username: String
    package var displayName: String
    package var emailCipher: [UInt8]?
    package var avatarURL: String?
    package var bio: String?
    /// Of the banner of their profile, in degrees; nil until they choose one.
    package var bannerHue: Int64?
    package var locale: Language
    package var presence: ChosenPresence
    package var lastSeenAt: Timestamp?
    package var tags: [String]
    package var isBanned: Bool
    package var bannedUntil: Timestamp?
    package var banReason: String?
    package var isDisabled: Bool
    package var deletedAt: Timestamp?
    /// When they deleted their own account, which signing in undoes for a while; then `deletedAt` is set, too.
    package var leftAt: Timestamp?
    /// When the e-mail address last proved to be theirs.
    package var emailVerifiedAt: Timestamp?
    package var passwordHash: String?
    package var createdAt: Timestamp
    package var updatedAt: Timestamp
    package var version: Int64
    /// Both names as they were read.
    private let knownAs: (username: String, displayName: String)

    /// Whether a name is another one than was read.
    var isRenamed: Bool { (username, displayName) != knownAs }

    /// A ban that has run out is none, whether or not its row was cleared yet.
    package func isBanned(at now: Timestamp) -> Bool { isBanned && (bannedUntil.map { $0 > now } ?? true) }

    /// What a search looks in: both names, folded.
    package var searchName: String { Self.searchName(username, displayName) }

    static func searchName(_ username: String, _ displayName: String) -> String { (username + "\n" + displayName).searchFold }

    /// The tags as a search compares them: JSON, each folded.
    package var searchTags: String { Self.searchTags(tags) }

    static func searchTags(_ tags: [String]) -> String { JSON.array(tags.map { .string($0.searchFold) }).text }

    package init(
        id: UserID, username: String, displayName: String, emailCipher: [UInt8]? = nil, locale: Language = .english, tags: [String] = [],
        passwordHash: String? = nil, at now: Timestamp
    ) {
        (self.id, self.username, self.displayName, self.emailCipher, self.locale) = (id, username, displayName, emailCipher, locale)
        (self.tags, self.passwordHash, self.createdAt, self.updatedAt, self.version) = (tags, passwordHash, now, now, 1)
        (presence, isBanned, isDisabled, knownAs) = (ChosenPresence(), false, false, (username, displayName))
    }
}

/// What a person chose to show: kept until they, or an admin, choose otherwise; apart from whether they are connected.
package struct ChosenPresence: Sendable, Hashable {
    package enum Status: String, Sendable, CaseIterable { case online, idle, dnd, invisible }

    package var status: Status = .online
    package var message: String?
    package var emoji: String?
    package var messageExpiresAt: Timestamp?
    /// `{"name", "kind", "icon", "details", "started_at"}`
    package var activity: JSONObject?
    /// Only grows.
    package var version: Int64 = 0
    /// Of somebody invisible: what they showed when they went, which is what others go on seeing.
    package var frozen: ShownMessage?
    /// Of somebody invisible: the status that managers believe to be chosen.
    package var apparentStatus: Status?

    package init() {}

    /// The choice as others know it: of somebody invisible what they chose before, and what managers chose for them since.
    package var asOthersKnowIt: ChosenPresence {
        guard status == .invisible else { return self }
        var known = self
        (known.status, known.apparentStatus, known.frozen) = (apparentStatus ?? .online, nil, nil)
        let shown = shownMessage
        (known.message, known.emoji, known.messageExpiresAt) = (shown.message, shown.emoji, shown.expiresAt)
        return known
    }

    package var activityName: String? { activity?["name"]?.string }

    /// What others see beside the name, whether the person is there or not.
    package var shownMessage: ShownMessage { frozen ?? ShownMessage(message: message, emoji: emoji, expiresAt: messageExpiresAt) }
}

/// A custom message as others see it, with the end that it may have.
package struct ShownMessage: Sendable, Hashable {
    package var message: String?
    package var emoji: String?
    package var expiresAt: Timestamp?

    package init(message: String?, emoji: String?, expiresAt: Timestamp?) {
        (self.message, self.emoji, self.expiresAt) = (message, emoji, expiresAt)
    }

    package func isExpired(at now: Timestamp) -> Bool { expiresAt.map { $0 <= now } ?? false }
}

extension ChosenPresence {
    /// What the column `hidden_choice` keeps.
    var hidden: JSON {
        [
            "message": JSON(message), "emoji": JSON(emoji), "expires_at": JSON(messageExpiresAt?.milliseconds),
            "activity": activity.map(JSON.object) ?? .null, "shown_status": JSON(apparentStatus?.rawValue),
        ]
    }

    /// Tells what an invisible person chose apart from what others go on seeing of them.
    mutating func freeze(hidden: JSON?) {
        guard status == .invisible else { return }
        frozen = shownMessage
        guard let hidden else { return }
        (message, emoji) = (hidden["message"]?.string, hidden["emoji"]?.string)
        messageExpiresAt = hidden["expires_at"]?.integer.map(Timestamp.init(milliseconds:))
        activity = hidden["activity"]?.object
        apparentStatus = hidden["shown_status"]?.string.flatMap(Status.init(rawValue:))
    }
}

extension Member {
    /// The columns that `init(_:)` reads, in its order, from a table or alias named `users`.
    package static let columns: SQL = """
        users.id, users.username, users.display_name, users.email_cipher, users.avatar_url, users.bio, users.locale, users.status, users.status_message,
        users.status_emoji, users.status_expires_at, users.activity, users.presence_version, users.last_seen_at, users.tags, users.is_banned,
        users.banned_until, users.ban_reason, users.is_disabled, users.deleted_at, users.password_hash, users.created_at, users.updated_at, users.version,
        users.hidden_choice, users.left_at, users.email_verified_at, users.banner_hue
        """
    /// How many columns `columns` has: what follows them begins there.
    package static let columnCount = 28

    package init(_ row: Row) {
        id = row.id(0)
        username = row.text(1)
        displayName = row.text(2)
        knownAs = (username, displayName)
        emailCipher = row.optionalBlob(3)
        avatarURL = row.optionalText(4)
        bio = row.optionalText(5)
        locale = Language(rawValue: row.text(6)) ?? .english
        presence = ChosenPresence()
        presence.status = ChosenPresence.Status(rawValue: row.text(7)) ?? .online
        presence.message = row.optionalText(8)
        presence.emoji = row.optionalText(9)
        presence.messageExpiresAt = row.optionalTime(10)
        presence.activity = row.optionalText(11).flatMap(Self.json)?.object
        presence.version = row.int64(12)
        lastSeenAt = row.optionalTime(13)
        tags = Self.json(row.text(14))?.array?.compactMap(\.string) ?? []
        isBanned = row.bool(15)
        bannedUntil = row.optionalTime(16)
        banReason = row.optionalText(17)
        isDisabled = row.bool(18)
        deletedAt = row.optionalTime(19)
        passwordHash = row.optionalText(20)
        createdAt = row.time(21)
        updatedAt = row.time(22)
        version = row.int64(23)
        (leftAt, emailVerifiedAt, bannerHue) = (row.optionalTime(25), row.optionalTime(26), row.optionalInt64(27))
        presence.freeze(hidden: row.optionalText(24).flatMap(Self.json))
    }

    /// What we stored as JSON is JSON; anything else is damage, read as absent.
    private static func json(_ text: String) -> JSON? {
        do { return try JSONParser.parse(own: Array(text.utf8)) } catch { return nil }
    }
}
