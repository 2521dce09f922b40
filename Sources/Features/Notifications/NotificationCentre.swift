package import Bus
package import Crypto
package import Database
package import Directory
package import Friends
package import Kernel

/// Creates and changes notifications. Features call it in the transaction of their own change.
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

    /// - Parameter others: kinds of features, besides those that every site has.
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

    /// Notifies a person, unless they are the actor, block the actor, or switched the kind off.
    ///
    /// - Returns: whether the person has a notification in the centre or in the browser.
    @discardableResult
    package func notify(_ draft: NotificationDraft, in transaction: Transaction) throws -> Bool {
        guard let kind = kinds[draft.kind] else { preconditionFailure("\(draft.kind) is no kind of notification") }
        guard draft.actor != draft.to else { return false }
        let wanted = try PreferenceTable.preference(of: draft.to, draft.kind, in: transaction) ?? kind.defaults
        guard wanted.inApp || wanted.browser else { return false }
        guard let member = try directory.members([draft.to], in: transaction).first, member.deletedAt == nil else { return false }
        if let actor = draft.actor, try friendships.blocks(draft.to, actor, in: transaction) { return false }
        // With the status “do not disturb” it is in the centre only.
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
        // A row that was counted up moves to the top of the list, like a new one.
        signal(
            draft.to, "notification.created", ["notification": view, "browser": .bool(showsInBrowser)], draft.requestID, at: now,
            in: transaction)
        return true
    }

    /// Marks the notifications of a group as read, when what they point to was read or answered.
    package func close(groupKey: String, of user: UserID, requestID: String = "", in transaction: Transaction) throws {
        let now = clock.now()
        let ids = try NotificationTable.markRead("group_key = \(groupKey)", of: user, at: now, in: transaction)
        updated(user, ids, requestID, at: now, in: transaction)
    }

    /// Removes the notifications of a group, when what they point to is gone.
    package func remove(groupKey: String, of user: UserID, requestID: String = "", in transaction: Transaction) throws {
        try remove("group_key = \(groupKey)", of: user, requestID, in: transaction)
    }

    /// The notifications of some groups, of all people.
    package func told(groupKeys: [String], in transaction: Transaction) throws -> [ToldNotification] {
        try NotificationTable.told(groupKeys, in: transaction)
    }

    package func remove(_ told: ToldNotification, requestID: String = "", in transaction: Transaction) throws {
        try remove("id = \(told.id)", of: told.user, requestID, in: transaction)
    }

    /// Changes the content of a notification whose own is gone to something else of its group; the browser does not show it again.
    package func amend(_ told: ToldNotification, to draft: NotificationDraft, in transaction: Transaction) throws {
        guard let stored = try table.amend(told.id, to: draft, in: transaction) else { return }
        var reader = Scope(userID: told.user)
        reader.language = try directory.members([told.user], in: transaction).first?.locale ?? reader.language
        let view = try views([stored], for: reader, in: transaction)[0]
        signal(
            told.user, "notification.created", ["notification": view, "browser": false], draft.requestID, at: clock.now(), in: transaction)
    }

    /// Removes from a person's centre what another one caused, when the person blocks them.
    package func remove(actor: UserID, of user: UserID, requestID: String = "", in transaction: Transaction) throws {
        try remove("actor_id = \(actor)", of: user, requestID, in: transaction)
    }

    private func remove(_ condition: SQL, of user: UserID, _ requestID: String, in transaction: Transaction) throws {
        let ids = try NotificationTable.remove(condition, of: user, in: transaction)
        updated(user, ids, isRemoved: true, requestID, at: clock.now(), in: transaction)
    }

    /// The number of unread notifications.
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

    /// Notifications as the API shows them, in the language of the scope.
    func views(_ stored: [StoredNotification], for scope: Scope, in transaction: Transaction) throws -> [JSON] {
        let actors = Set(stored.compactMap(\.actor))
        let cards = try cards.cards(of: Array(actors), for: scope, at: clock.now(), in: transaction)
        return stored.map { notification in
            let card = notification.actor.flatMap { cards[$0] } ?? .null
            let text = NotificationText(
                actor: card["display_name"]?.string ?? "", count: notification.count, arguments: notification.arguments)
            // The kind may be of an older version of Foyer.
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
