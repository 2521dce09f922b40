// Owns conversations (direct, group, channel), their messages and their unread state. Refuses to know how files and
// notifications are stored: it uses their facades.
package import Audit
package import Bus
package import Crypto
package import Database
internal import Directory
package import FeatureKit
package import Files
package import Friends
internal import HTTP
package import Jobs
package import Kernel
package import Notifications
package import Realtime
package import Roles
package import Sanctions
package import Web

/// Direct and group conversations, channels, and their messages.
package struct ConversationsFeature: Feature {
    let database: any Database
    let ids: IDGenerator
    let clock: WallClock
    let audit: AuditLog
    let roles: RolesFeature
    let directory = MemberDirectory()
    let gateway: Gateway
    let events: ConversationEvents
    let cipher: MessageCipher
    let cards: UserCards
    let friendships: Friendships
    let messages: MessageViews
    let conversations: ConversationViews
    let index: TermTable
    let queue: JobQueue
    let broker: any Broker
    let budgets: MessageBudgets
    let sanctions: SanctionBook
    let centre: NotificationCentre
    let files: FilesFeature
    let tellsOfMessages: @Sendable () -> Bool
    let listeners = ListenerIndex()
    let typing = TypingBoard()
    let activity = ActivityBoard()

    /// - Parameter tellsOfMessages: whether the notification centre is on.
    package init(
        database: any Database, keyring: Keyring, eventCipher: any EventCipher, ids: IDGenerator, clock: WallClock = .system,
        audit: AuditLog,
        roles: RolesFeature, friends: FriendsFeature, gateway: Gateway, broker: any Broker, relay: OutboxRelay, jobs: JobQueue,
        budgets: MessageBudgets, sanctions: SanctionBook = SanctionBook(), centre: NotificationCentre, files: FilesFeature,
        tellsOfMessages: @escaping @Sendable () -> Bool
    ) {
        self.sanctions = sanctions
        (self.centre, self.files, self.tellsOfMessages) = (centre, files, tellsOfMessages)
        (self.broker, queue, self.budgets, index) = (broker, jobs, budgets, TermTable(keyring: keyring))
        (self.database, self.ids, self.clock, self.audit, self.roles, self.gateway) = (database, ids, clock, audit, roles, gateway)
        events = ConversationEvents(cipher: eventCipher)
        cipher = MessageCipher(keyring: keyring)
        (cards, friendships) = (friends.cards, friends.friendships)
        messages = MessageViews(cards: cards, cipher: cipher, files: files)
        conversations = ConversationViews(cards: cards, messages: messages)
        let feature = self
        relay.observe { feature.observe($0) }
        files.onRead { scope in
            let reader = try await feature.reader(scope)
            return { try reader.mayRead($0, in: $1) }
        }
        friendships.onChannelMates { try feature.share($0, $1, in: $2) }
    }

    package static let declaration = FeatureDeclaration(
        "conversations", title: LocalizedText(en: "Conversations", fr: "Conversations"),
        migrations: conversationsMigrations + searchMigrations + receiptMigrations + hidingMigrations,
        permissions: conversationsPermissions, auditActions: conversationsAuditActions)

    package var routes: [Route] { conversationRoutes + messageRoutes + channelRoutes }

    package var topics: [TopicRule] { liveTopics }

    /// The person asking, with the rights of this moment.
    func reader(_ scope: Scope) async throws -> ConversationReader {
        try ConversationReader(scope, try await roles.authorizer.rights(of: scope.userID))
    }

    package func snapshot(for scope: Scope) async throws -> [(String, JSON)] {
        guard scope.userID != nil, scope.can(.chatRead) else { return [] }
        let reader = try await reader(scope)
        let now = clock.now()
        let items = try await database.read { transaction in
            let mine = try ownConversations(of: reader, before: nil, limit: 50, in: transaction)
            return try conversations.views(mine, for: reader, at: now, in: transaction)
        }
        let topic = try await audience(of: scope)
        return [("conversations", ["items": .array(items), "activity": JSON(topic)])]
    }

    private var conversationRoutes: [Route] {
        [
            Route(.get, "/conversations", .may(.chatRead), ConversationShapes.list) { try await listConversations($0) },
            Route(.post, "/conversations", .may(.conversationsCreate), ConversationShapes.create) { try await createConversation($0) },
            Route(.get, "/conversations/{id}", .may(.chatRead), ConversationShapes.read) { try await readConversation($0) },
            Route(.patch, "/conversations/{id}", .may(.chatRead), ConversationShapes.update) { try await updateConversation($0) },
            Route(.delete, "/conversations/{id}", .may(.chatRead), ConversationShapes.leave) { try await leaveConversation($0) },
            Route(.put, "/conversations/{id}/members/{user}", .may(.chatRead), ConversationShapes.addMember) { try await addMember($0) },
            Route(.delete, "/conversations/{id}/members/{user}", .may(.chatRead), ConversationShapes.removeMember) {
                try await removeMember($0)
            },
            Route(.patch, "/conversations/{id}/settings", .may(.chatRead), ConversationShapes.settings) { try await changeSettings($0) },
            Route(.put, "/conversations/{id}/read", .may(.chatRead), ConversationShapes.markRead) { try await markRead($0) },
            Route(.get, "/conversations/{id}/receipts", .may(.chatRead), ConversationShapes.receipts) { try await listReceipts($0) },
            Route(.get, "/conversations/{id}/draft", .may(.chatRead), ConversationShapes.readDraft) { try await readDraft($0) },
            Route(.put, "/conversations/{id}/draft", .may(.chatRead), ConversationShapes.writeDraft) { try await writeDraft($0) },
            Route(.get, "/unread", .may(.chatRead), ConversationShapes.unread) { try await listUnread($0) },
        ]
    }

    private var messageRoutes: [Route] {
        [
            Route(.get, "/conversations/{id}/messages", .may(.chatRead), MessageShapes.list) { try await listMessages($0) },
            Route(.post, "/conversations/{id}/messages", .may(.chatRead), MessageShapes.send) { try await sendMessage($0) },
            Route(.get, "/conversations/{id}/pins", .may(.chatRead), MessageShapes.pins) { try await listPins($0) },
            Route(.get, "/messages/{id}", .may(.chatRead), MessageShapes.read) { try await readMessage($0) },
            Route(.patch, "/messages/{id}", .may(.chatRead), MessageShapes.edit) { try await editMessage($0) },
            Route(.delete, "/messages/{id}", .may(.chatRead), MessageShapes.delete, action: "message.delete") {
                try await deleteMessage($0)
            },
            Route(.get, "/messages/{id}/history", .may(.chatRead), MessageShapes.history) { try await readHistory($0) },
            Route(.put, "/messages/{id}/reactions/{emoji}", .may(.chatRead), MessageShapes.react) {
                try await changeReaction($0, add: true)
            },
            Route(.delete, "/messages/{id}/reactions/{emoji}", .may(.chatRead), MessageShapes.unreact) {
                try await changeReaction($0, add: false)
            },
            Route(.put, "/messages/{id}/pin", .may(.chatRead), MessageShapes.pin) { try await changePin($0, isPinned: true) },
            Route(.delete, "/messages/{id}/pin", .may(.chatRead), MessageShapes.pin) { try await changePin($0, isPinned: false) },
        ]
    }

    private var channelRoutes: [Route] {
        [
            Route(.post, "/conversations/{id}/typing", .may(.chatRead), MessageShapes.typing) { try await noteTyping($0) },
            Route(.get, "/search/messages", .may(.chatRead), MessageShapes.search) { try await searchMessages($0) },
            Route(.get, "/channels", .may(.chatRead), ChannelShapes.list) { try await listChannels($0) },
            Route(.post, "/channels", .may(.channelsManage), ChannelShapes.create, action: "channel.create") {
                try await createChannel($0)
            },
            Route(.put, "/channels/order", .may(.channelsManage), ChannelShapes.order, action: "channel.order") {
                try await orderChannels($0)
            },
            Route(.get, "/channels/{id}/permissions", .may(.chatRead), ChannelShapes.explain) { try await explainChannel($0) },
            Route(.post, "/channel-categories", .may(.channelsManage), ChannelShapes.createCategory, action: "channel_category.create") {
                try await createCategory($0)
            },
            Route(
                .patch, "/channel-categories/{id}", .may(.channelsManage), ChannelShapes.updateCategory, action: "channel_category.update"
            ) { try await updateCategory($0) },
            Route(
                .delete, "/channel-categories/{id}", .may(.channelsManage), ChannelShapes.deleteCategory, action: "channel_category.delete"
            ) { try await deleteCategory($0) },
        ] + overwriteRoutes("/channels", .chatRead, ofCategory: false)
            + overwriteRoutes("/channel-categories", .channelsManage, ofCategory: true)
    }

    private func overwriteRoutes(_ path: String, _ permission: Permission, ofCategory: Bool) -> [Route] {
        [
            Route(.get, "\(path)/{id}/overwrites", .may(permission), ChannelShapes.overwrites) {
                try await listOverwrites($0, ofCategory: ofCategory)
            },
            Route(
                .put, "\(path)/{id}/overwrites/{target}", .may(permission), ChannelShapes.putOverwrite, action: "channel.overwrite"
            ) { try await changeOverwrite($0, ofCategory: ofCategory, removes: false) },
            Route(
                .delete, "\(path)/{id}/overwrites/{target}", .may(permission), ChannelShapes.removeOverwrite, action: "channel.overwrite"
            ) { try await changeOverwrite($0, ofCategory: ofCategory, removes: true) },
        ]
    }
}
