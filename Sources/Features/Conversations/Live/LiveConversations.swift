internal import Bus
internal import Database
internal import Directory
internal import Friends
internal import Kernel
internal import Realtime
internal import Roles
internal import Sanctions
internal import Web

extension ConversationsFeature {
    var liveTopics: [TopicRule] {
        [
            readersTopic("conversation:", .durable), readersTopic("typing:", .volatile()),
            TopicRule(ConversationEvents.channelsTopic, requires: .chatRead),
            TopicRule(
                ActivityBoard.prefix, durability: .volatile(), prepare: { scope, _ in _ = try await audience(of: scope) },
                check: { scope, argument, _ throws(Problem) in
                    try scope.require(.chatRead)
                    guard let reader = ActivityBoard.Reader(scope), let known = activity.audience(of: reader),
                        known.hasSameBytes(as: argument)
                    else { throw .notFound }
                }),
        ]
    }

    /// A family of topics, one for each conversation, for those who may read it.
    private func readersTopic(_ name: String, _ durability: Durability) -> TopicRule {
        TopicRule(
            name, compresses: false, durability: durability, prepare: { try await listeners.prepare($0, $1, self) },
            check: { scope, argument, _ throws(Problem) in try listeners.check(scope, argument) })
    }

    /// The activity topic of the channels that this reader sees.
    func audience(of scope: Scope) async throws -> String? {
        guard scope.can(.chatRead) else { return nil }
        let reader = try await reader(scope)
        return audience(of: reader, try await database.read { try reader.channels(in: $0).map(\.id) })
    }

    /// Registers the channels that the reader sees.
    func audience(of reader: ConversationReader, _ channels: [ConversationID]) -> String? {
        guard let known = ActivityBoard.Reader(reader.scope) else { return nil }
        let audience = cipher.audience(channels)
        activity.register(known, audience, channels)
        return ActivityBoard.prefix + audience
    }

    /// `POST /conversations/{id}/typing`: stores nothing. Nobody sees it of a person who is invisible, or whom the other one of a direct
    /// conversation does not let write.
    func noteTyping(_ call: Call) async throws -> Reply {
        let (reader, reference) = (try await reader(call.scope), call.parameter("id"))
        let now = call.clock.now()
        let found = try await database.read { transaction -> (ConversationID, JSON)? in
            let access = try reader.access(reference, in: transaction)
            try access.requireWrite()
            try sanctions.requireNotMuted(reader.user, at: now, in: transaction)
            guard try directory.member(reader.user, in: transaction).presence.status != .invisible else { return nil }
            do {
                try requireMayWrite(reader.user, in: access.record, transaction)
            } catch let problem as Problem where problem.status == 403 {
                return nil
            }
            let cards = try cards.cards(of: [reader.user], for: Scope(), at: now, in: transaction)
            return (access.id, cards[reader.user] ?? .null)
        }
        if let (conversation, card) = found,
            let people = typing.note(reader.user, card, in: conversation, at: call.clock.uptime())
        {
            publishTyping(people, in: conversation)
        }
        return .noContent
    }

    private func publishTyping(_ people: [JSON], in conversation: ConversationID) {
        // In so large a channel somebody always writes, and each frame goes to every listener.
        guard gateway.listeners(of: "typing:\(conversation.uuid)") <= TypingBoard.listenersAtMost else { return }
        broker.publish(
            [Event("typing", members: ["conversation_id": JSON(conversation), "users": .array(people)])],
            to: "typing:\(conversation.uuid)")
    }

    /// Follows committed events, on every node: the numbers of channels, and the people whose rights have changed.
    func observe(_ record: OutboxRecord) {
        switch record.type {
        case "channels.changed": gateway.rightsChanged(users: nil)
        case "status.changed":
            guard record.members["status"] == "invisible", let user = record.members["user_id"]?.string.flatMap({ UserID(uuid: $0) })
            else { return }
            typing.stop(user)
        case "conversation.left": gateway.rightsChanged(users: Set(record.recipients))
        case "message.created", "message.updated", "message.deleted":
            guard let channel = record.members["message"]?["conversation_id"]?.string.flatMap({ ConversationID(uuid: $0) }) else { return }
            if record.type == "message.created", let author = record.members["message"]?["author_id"]?.string.flatMap({ UserID(uuid: $0) })
            {
                typing.stop(author, in: channel)
            }
            guard let lastSeq = record.members["last_seq"]?.integer else { return }
            let change = ActivityBoard.Change(
                lastSeq: lastSeq, gaps: record.members["gaps"]?.integer ?? 0, broadcasts: record.members["broadcasts"]?.integer ?? 0)
            activity.note(channel, change)
        default: break
        }
    }

    /// Publishes the frames of typing and of the channels' activity that are due.
    func tick() {
        for (conversation, people) in typing.tick(at: clock.uptime()) { publishTyping(people, in: conversation) }
        for (audience, changes) in activity.takeFrames() {
            broker.publish([Event("activity", members: ["changes": .array(changes)])], to: ActivityBoard.prefix + audience)
        }
    }

    package func run() async throws {
        while true {
            try await Task.sleep(for: .milliseconds(250))
            tick()
        }
    }
}
