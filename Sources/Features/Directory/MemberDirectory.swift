package import Database
package import Kernel

/// The table `users`: finding a person by any of their names, reading and writing the row. It decides nothing about rights.
package struct MemberDirectory: Sendable {
    package init() {}

    /// The id behind `me`, `u_<username>` or a UUID.
    ///
    /// - Throws: 404 for nobody, for the deleted unless `includingDeleted`, and for those who left unless that or `includingLeft`; 401 for `me`
    ///   without a person.
    package func resolve(
        _ reference: String, scope: Scope, includingDeleted: Bool = false, includingLeft: Bool = false, in transaction: Transaction
    ) throws -> UserID {
        if reference == "me" { return try scope.requireUser() }
        let row: Row?
        if reference.hasPrefix("u_") {
            row = try transaction.row(
                "SELECT id, deleted_at, left_at FROM users WHERE username = \(Self.fold(String(reference.dropFirst(2))))")
        } else if let id = UserID(uuid: reference) {
            row = try transaction.row("SELECT id, deleted_at, left_at FROM users WHERE id = \(id)")
        } else {
            row = nil
        }
        guard let row, includingDeleted || row.isNull(1) || (includingLeft && !row.isNull(2)) else { throw Problem.notFound }
        return row.id(0)
    }

    /// The id behind one's own name, or with the permission behind anybody's.
    ///
    /// - Throws: 403 naming the permission, for absent people too, so that nothing is learnt from the difference.
    package func resolve(
        _ reference: String, ownOr permission: Permission, scope: Scope, includingDeleted: Bool = false, in transaction: Transaction
    ) throws -> UserID {
        let mayAll = scope.can(permission)
        do {
            let user = try resolve(reference, scope: scope, includingDeleted: includingDeleted, in: transaction)
            guard mayAll || user == scope.userID else { throw Problem.forbidden(permission) }
            return user
        } catch let problem as Problem where problem.status == 404 && !mayAll {
            throw Problem.forbidden(permission)
        }
    }

    /// - Throws: 404.
    package func member(_ id: UserID, includingDeleted: Bool = false, in transaction: Transaction) throws -> Member {
        guard let row = try transaction.row("SELECT \(sql: Member.columns) FROM users WHERE id = \(id)") else { throw Problem.notFound }
        let member = Member(row)
        guard includingDeleted || member.deletedAt == nil else { throw Problem.notFound }
        return member
    }

    /// Who acts, as events name them; null for the server itself and for somebody erased.
    package func actor(_ id: UserID?, in transaction: Transaction) throws -> JSON {
        guard let id, let row = try transaction.row("SELECT username, display_name FROM users WHERE id = \(id)") else { return .null }
        return ["id": JSON(id), "username": .string(row.text(0)), "display_name": .string(row.text(1))]
    }

    /// The same, kept from others until the transaction ends: what is decided from it and written back is lost to nobody.
    ///
    /// - Throws: 404.
    package func lockedMember(_ id: UserID, includingDeleted: Bool = false, in transaction: Transaction) throws -> Member {
        try lock(id, in: transaction)
        return try member(id, includingDeleted: includingDeleted, in: transaction)
    }

    /// Keeps others from changing this person until the transaction ends.
    ///
    /// - Throws: 404.
    package func lock(_ id: UserID, in transaction: Transaction) throws {
        // SQLite has one writer, who keeps everything from others. Rows that refer to this one may go on being written.
        let lock: SQL = transaction.dialect == .postgres ? "FOR NO KEY UPDATE" : ""
        guard try transaction.row("SELECT 1 FROM users WHERE id = \(id) \(sql: lock)") != nil else { throw Problem.notFound }
    }

    /// Those of the ids that exist, deleted ones included, in no order.
    package func members(_ ids: [UserID], in transaction: Transaction) throws -> [Member] {
        try transaction.rows("SELECT \(sql: Member.columns) FROM users WHERE id IN (SELECT value FROM json_each(\(ids: ids)))").map(
            Member.init)
    }

    /// The same, in the order of the ids.
    package func members(inOrder ids: [UserID], in transaction: Transaction) throws -> [Member] {
        let places = Dictionary(zip(ids, ids.indices), uniquingKeysWith: { first, _ in first })
        return try members(ids, in: transaction).sorted { places[$0.id, default: 0] < places[$1.id, default: 0] }
    }

    /// - Throws: `DatabaseError.unique` when the username or the e-mail address is taken.
    package func insert(_ member: Member, emailBlind: [UInt8]?, in transaction: Transaction) throws {
        try transaction.execute(
            """
            INSERT INTO users (id, username, display_name, search_name, avatar_url, bio, email_cipher, email_blind, email_verified_at, locale, status,
                presence_version, tags, search_tags, is_banned, is_disabled, password_hash, created_at, updated_at, version)
            VALUES (\(member.id), \(member.username), \(member.displayName), \(member.searchName), \(member.avatarURL), \(member.bio),
                \(member.emailCipher), \(emailBlind), \(member.emailVerifiedAt), \(member.locale.rawValue),
                \(member.presence.status.rawValue), \(member.presence.version), \(Self.json(member.tags)), \(member.searchTags), \(false),
                \(false), \(member.passwordHash), \(member.createdAt), \(member.updatedAt), \(member.version))
            """)
        transaction.atCommit(NameChange(user: member.id))
    }

    /// Inserts members from the rows of a query, all in one statement.
    ///
    /// - Parameter rows: `FROM …`, with the columns that `insert` writes and that have no constant value here.
    /// - Throws: `DatabaseError.unique` when a username or an e-mail address is taken.
    package func insertAll(from rows: SQL, at now: Timestamp, in transaction: Transaction) throws {
        try transaction.execute(
            """
            INSERT INTO users (id, username, display_name, search_name, bio, email_cipher, email_blind, locale, status, presence_version,
                tags, search_tags, is_banned, is_disabled, password_hash, created_at, updated_at, version)
            SELECT id, username, display_name, search_name, bio, email_cipher, email_blind, locale, 'online', 0, tags, search_tags,
                FALSE, FALSE, password_hash, CAST(\(now) AS BIGINT), CAST(\(now) AS BIGINT), 1 \(sql: rows)
            """)
        let users = try transaction.rows("SELECT id \(sql: rows)").map { $0.id(0, User.self) }
        transaction.atCommit(NameChange(users: users))
    }

    /// Writes the profile and account columns, raises the version, and sets `updated_at`.
    ///
    /// - Returns: false when the row is no longer at `member.version`.
    package func update(_ member: Member, at now: Timestamp, in transaction: Transaction) throws -> Bool {
        if member.isRenamed { transaction.atCommit(NameChange(user: member.id)) }
        return try transaction.execute(
            """
            UPDATE users SET username = \(member.username), display_name = \(member.displayName),
                search_name = \(member.searchName), avatar_url = \(member.avatarURL), bio = \(member.bio),
                banner_hue = \(member.bannerHue), locale = \(member.locale.rawValue), tags = \(Self.json(member.tags)), search_tags = \(member.searchTags), is_banned = \(member.isBanned), banned_until = \(member.bannedUntil),
                ban_reason = \(member.banReason), is_disabled = \(member.isDisabled), deleted_at = \(member.deletedAt),
                left_at = \(member.leftAt), email_verified_at = \(member.emailVerifiedAt), password_hash = \(member.passwordHash), updated_at = \(now), version = version + 1
            WHERE id = \(member.id) AND version = \(member.version)
            """) == 1
    }

    /// The row alone: whatever refers to it goes first, or with it.
    package func delete(_ id: UserID, in transaction: Transaction) throws {
        try transaction.execute("DELETE FROM users WHERE id = \(id)")
        transaction.atCommit(NameChange(user: id))
    }

    /// Both forms of the e-mail address at once; the version is raised by `update`, which also writes whether it proved to be theirs.
    package func setEmail(_ id: UserID, cipher: [UInt8]?, blind: [UInt8]?, in transaction: Transaction) throws {
        try transaction.execute("UPDATE users SET email_cipher = \(cipher), email_blind = \(blind) WHERE id = \(id)")
    }

    /// An invisible person's choice is kept apart: what others can find or read of them stays as it was.
    package func setPresence(_ id: UserID, _ presence: ChosenPresence, at now: Timestamp, in transaction: Transaction) throws {
        if presence.status == .invisible {
            try transaction.execute(
                """
                UPDATE users SET status = \(presence.status.rawValue), hidden_choice = \(presence.hidden.text),
                    presence_version = \(presence.version), updated_at = \(now)
                WHERE id = \(id)
                """)
            return
        }
        try transaction.execute(
            """
            UPDATE users SET status = \(presence.status.rawValue), status_message = \(presence.message), status_emoji = \(presence.emoji),
                status_expires_at = \(presence.messageExpiresAt), activity = \(presence.activity.map { JSON.object($0).text }),
                activity_name = \(presence.activityName), hidden_choice = NULL, presence_version = \(presence.version), updated_at = \(now)
            WHERE id = \(id)
            """)
    }

    /// What others see of an invisible person, where somebody who manages them changed it; what hides them stays.
    package func setShown(_ id: UserID, _ shown: ChosenPresence, in transaction: Transaction) throws {
        try transaction.execute(
            """
            UPDATE users SET status_message = \(shown.message), status_emoji = \(shown.emoji), status_expires_at = \(shown.messageExpiresAt),
                activity = \(shown.activity.map { JSON.object($0).text }), activity_name = \(shown.activityName)
            WHERE id = \(id)
            """)
    }

    /// A username as it is compared: lower case.
    package static func fold(_ name: String) -> String { name.lowercased() }

    /// Whether a folded name may be a username: `[a-z0-9_.]{2,32}`.
    package static func isUsername(_ name: String) -> Bool {
        (2...32).contains(name.utf8.count)
            && name.utf8.allSatisfy { byte in
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                    || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ".")
            }
    }

    /// A condition on `users`: those of whose names this is a part, folded as `searchFold` does.
    package static func naming(_ part: String) -> SQL {
        "instr(users.search_name, \(part)) > 0"
    }

    /// A condition on `users`: those who have this tag, however it is spelled. Most people have none.
    package static func tagged(_ tag: String) -> SQL {
        "users.search_tags <> '[]' AND instr(users.search_tags, \(JSON.string(tag.searchFold).text)) > 0"
    }

    private static func json(_ tags: [String]) -> String { JSON.array(tags.map(JSON.string)).text }
}
