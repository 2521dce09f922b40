public import Kernel

/// An event of the outbox with its offset.
public struct OutboxRecord: Sendable {
    public let offset: Int64
    /// The topics whose subscribers get it.
    public let topics: [String]
    public let type: String
    /// With `request_id` and `at`.
    public internal(set) var members: JSONObject
    public let at: Timestamp
    /// Whose cached member it makes stale.
    public let invalidates: Invalidation
    /// The conversation whose members are other ones from this event on.
    public let changesMembers: ConversationID?
    /// The conversations whose members get it.
    let conversations: [ConversationID]
    /// Who gets it on their own topic, each once: those it names and, once they are resolved, the members of its conversations.
    public internal(set) var recipients: [UserID]

    public init(
        offset: Int64, audience: [Audience], type: String, members: JSONObject, at: Timestamp, invalidates: Invalidation = .nobody,
        changesMembers: ConversationID? = nil
    ) {
        (self.offset, self.type, self.members, self.at) = (offset, type, members, at)
        (self.invalidates, self.changesMembers) = (invalidates, changesMembers)
        topics = audience.compactMap { if case .topic(let name) = $0 { name } else { nil } }
        conversations = audience.compactMap { if case .members(let conversation) = $0 { conversation } else { nil } }
        recipients = audience.flatMap { if case .users(let users) = $0 { users } else { [UserID]() } }
    }

    /// - Parameter topics: a person's own topic names the person.
    public init(
        offset: Int64, topics: [String], type: String, members: JSONObject, at: Timestamp, invalidates: Invalidation = .nobody
    ) {
        self.init(offset: offset, audience: Audience.read(topics), type: type, members: members, at: at, invalidates: invalidates)
    }

    /// Its texts are what filters look at.
    var event: Event {
        let attributes = members.compactMap { name, value in value.string.map { FilterAttribute(name, $0) } }
        let person = members["user_id"]?.string.flatMap { UserID(uuid: $0) }
        return Event(type, members: members, of: person.map { [$0] } ?? [], attributes: attributes)
    }

    func publication(on topic: String, epoch: String) -> Publication {
        Publication(event, topic: topic, position: Position(epoch: epoch, offset: offset), isDurable: true)
    }
}
