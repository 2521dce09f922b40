package import Bus
package import Crypto
package import Database
package import Directory
package import Friends
package import Kernel

/// Tells people what concerns them: the one way to a notification, in the transaction of whatever causes it.
package struct NotificationCentre: Sendable {
    let kinds: [String: NotificationKind]
    /// In the order of their declaration.
    let kindKeys: [String]
    let table: NotificationTable
    private let eventCipher: any EventCipher
    private let ids: IDGenerator
    let clock: WallClock
    private let directory: MemberDirectory
    private let cards: UserCards
    private let friendships: Friendships

    /// - Parameter others: kinds of features, beside those that every site has.
    package init(
        keyring: Keyring, cipher: any EventCipher, ids: IDGenerator, clock: WallClock = .system,
        directory: MemberDirectory = MemberDirectory(),
        cards: UserCards, friendships: Friendships, others: [NotificationKind] = []
    ) {
        let all = NotificationKind.known + others
        kinds = Dictionary(uniqueKeysWithValues: all.map { ($0.key, $0) })
        kindKeys = all.map(\.key)
        table = NotificationTable(cipher: keyring.fields)
        (eventCipher, self.ids, self.clock, self.directory) = (cipher, ids, clock, directory)
        (self.cards, self.friendships) = (cards, friendships)
    }

    /// Tells a person, unless they did it, block who did, or want to hear nothing of the kind.
    ///
    /// - Returns: whether there is something in their centre, or on their screen.
    @discardableResult
    package func notify(_ draft: NotificationDraft, in transaction: Transaction) throws -> Bool {
        guard let kind = kinds[draft.kind] else { preconditionFailure("\(draft.kind) is no kind of notification") }
        guard draft.actor != draft.to else { return false }
        let wanted = try PreferenceTable.preference(of: draft.to, draft.kind, in: transaction) ?? kind.defaults
        guard wanted.inApp || wanted.browser else { return false }
        guard let member = try directory.members([draft.to], in: transaction).first, member.deletedAt == nil else { return false }
        if let actor = draft.actor, try friendships.blocks(draft.to, actor, in: transaction) { return false }
        // Who does not want to be disturbed finds it in the centre.
        let showsInBrowser = wanted.browser && member.presence.status != .dnd
        let now = clock.now()
        let stored =
            wanted.inApp
            ? try table.put(draft, id: ids.next(), at: now, in: transaction)
            : StoredNotification(
                id: ids.next(), user: draft.to, kind: draft.kind, count: 1, actor: draft.actor, url: draft.url, arguments: draft.arguments,
                place: ids.next(), createdAt: now, updatedAt: now, readAt: now)
        guard wanted.inApp || showsInBrowser else { return false }
        var reader = Scope(userID: draft.to)
        reader.language = member.locale
        let view = try views([stored], for: reader, in: transaction)[0]
        // A row that grew is told of like a new one: its place is the first again.
        signal(
            draft.to, "notification.created", ["notification": view, "browser": .bool(showsInBrowser)], draft.requestID, at: now,
            in: transaction)
        return true
    }

    /// Marks as read what is unread of a group: what it points to was read, or answered.
    package func close(groupKey: String, of user: UserID, requestID: String = "", in transaction: Transaction) throws {
        let now = clock.now()
        let ids = try NotificationTable.markRead("group_key = \(groupKey)", of: user, at: now, in: transaction)
        updated(user, ids, requestID, at: now, in: transaction)
    }

    /// Takes back all of a group: what it points to is gone.
    package func remove(groupKey: String, of user: UserID, requestID: String = "", in transaction: Transaction) throws {
        try remove("group_key = \(groupKey)", of: user, requestID, in: transaction)
    }

    /// What anybody was told of some groups.
    package func told(groupKeys: [String], in transaction: Transaction) throws -> [ToldNotification] {
        try NotificationTable.told(groupKeys, in: transaction)
    }

    package func remove(_ told: ToldNotification, requestID: String = "", in transaction: Transaction) throws {
        try remove("id = \(told.id)", of: told.user, requestID, in: transaction)
    }

    /// Lets a notification speak of something else of its group, where what it spoke of is gone; the browser shows nothing for it.
    package func amend(_ told: ToldNotification, to draft: NotificationDraft, in transaction: Transaction) throws {
        guard let stored = try table.amend(told.id, to: draft, in: transaction) else { return }
        var reader = Scope(userID: told.user)
        reader.language = try directory.members([told.user], in: transaction).first?.locale ?? reader.language
        let view = try views([stored], for: reader, in: transaction)[0]
        signal(
            told.user, "notification.created", ["notification": view, "browser": false], draft.requestID, at: clock.now(), in: transaction)
    }

    /// Takes back all that one person did, from the centre of another: of who is blocked from now on.
    package func remove(actor: UserID, of user: UserID, requestID: String = "", in transaction: Transaction) throws {
        try remove("actor_id = \(actor)", of: user, requestID, in: transaction)
    }

    private func remove(_ condition: SQL, of user: UserID, _ requestID: String, in transaction: Transaction) throws {
        let ids = try NotificationTable.remove(condition, of: user, in: transaction)
        updated(user, ids, isRemoved: true, requestID, at: clock.now(), in: transaction)
    }

    /// How many are unread.
    package func unread(of user: UserID, in transaction: Transaction) throws -> Int {
        try NotificationTable.count(of: user, unreadOnly: true, in: transaction)
    }

    func updated(
        _ user: UserID, _ ids: [RowID], isRemoved: Bool = false, _ requestID: String, at now: Timestamp, in transaction: Transaction
    ) {
        guard !ids.isEmpty else { return }
        signal(
            user, "notification.updated", ["ids": .array(ids.map { JSON($0) }), "removed": .bool(isRemoved)], requestID, at: now,
            in: transaction)
    }

    func signal(
        _ user: UserID, _ type: String, _ members: JSONObject, _ requestID: String, at now: Timestamp, in transaction: Transaction
    ) {
        transaction.atCommit(
            NotificationSignal(user: user, type: type, members: members, requestID: requestID, at: now, cipher: eventCipher))
    }

    /// As their person sees them, in the language of the scope.
    func views(_ stored: [StoredNotification], for scope: Scope, in transaction: Transaction) throws -> [JSON] {
        let actors = Set(stored.compactMap(\.actor))
        let cards = try cards.cards(of: Array(actors), for: scope, at: clock.now(), in: transaction)
        return stored.map { notification in
            let card = notification.actor.flatMap { cards[$0] } ?? .null
            let text = NotificationText(
                actor: card["display_name"]?.string ?? "", count: notification.count, arguments: notification.arguments)
            // Of a kind that the program knew once.
            let title = kinds[notification.kind]?.sentence(text)(scope.language) ?? notification.kind
            return [
                "id": JSON(notification.id), "kind": .string(notification.kind), "count": JSON(notification.count), "title": .string(title),
                "body": JSON(notification.arguments["text"]?.string), "url": .string(notification.url), "actor": card,
                "read_at": JSON(notification.readAt), "created_at": JSON(notification.createdAt),
                "updated_at": JSON(notification.updatedAt),
            ]
        }
    }
}
