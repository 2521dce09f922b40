public import Kernel

/// A field of what an event tells of, as it was and as it is: what filters look at.
public struct FilterAttribute: Sendable, Hashable {
    public let name: String
    public let before: [String]
    public let after: [String]

    public init(_ name: String, before: [String], after: [String]) {
        // One array for both where they are the same: events are kept by the ten thousand.
        (self.name, self.before, self.after) = (name, before == after ? after : before, after)
    }

    /// A field that the event does not change.
    public init(_ name: String, _ value: String) {
        let values = [value]
        self.init(name, before: values, after: values)
    }

    var changes: Bool { before != after }
}

/// An event before it has a place in a topic.
public struct Event: Sendable {
    public let type: String
    /// JSON members, without the braces, beside `type`, `topic` and `position`; may be empty.
    public let members: [UInt8]
    /// Whose event it is: those who watch them are to hear of it. What filters know as `user_id`.
    public let people: [UserID]
    public let attributes: [FilterAttribute]

    public init(_ type: String, members: [UInt8], of people: [UserID] = [], attributes: [FilterAttribute] = []) {
        (self.type, self.members, self.people, self.attributes) = (type, members, people, attributes)
    }

    public init(_ type: String, members: JSONObject, of people: [UserID] = [], attributes: [FilterAttribute] = []) {
        self.init(type, members: Array(JSON.object(members).bytes.dropFirst().dropLast()), of: people, attributes: attributes)
    }
}

/// An event in its place: the bytes that every reader gets, one object for all of them.
public final class Publication: Sendable {
    /// Empty for an event that goes to people, each on their own topic.
    public let topic: String
    public let position: Position
    /// A flat JSON object with `type`, `topic` and `position`; for people, its members without the braces and the last two.
    public let payload: [UInt8]
    public let people: [UserID]
    public let attributes: [FilterAttribute]
    /// Whether the outbox has it.
    public let isDurable: Bool
    /// Who gets it on their own topic; empty for an event of a topic.
    public let recipients: [UserID]

    public init(_ event: Event, topic: String, position: Position, isDurable: Bool = false) {
        var writer = JSONWriter(reserving: event.members.count + 128)
        writer.beginObject()
        Self.write(event, into: &writer)
        Self.end(topic, position, &writer)
        (self.topic, self.position, payload, people, attributes) = (topic, position, writer.bytes, event.people, event.attributes)
        (self.isDurable, recipients) = (isDurable, [])
    }

    /// An event of the outbox that goes to people: its members are encoded once for all of them.
    init(_ event: Event, to recipients: [UserID], position: Position) {
        var writer = JSONWriter(reserving: event.members.count + 32)
        Self.write(event, into: &writer)
        (topic, self.position, payload, people, attributes) = ("", position, writer.bytes, event.people, event.attributes)
        (isDurable, self.recipients) = (true, recipients)
    }

    private init(_ shared: Publication, topic: String) {
        var writer = JSONWriter(reserving: shared.payload.count + 128)
        writer.beginObject()
        writer.raw(shared.payload)
        Self.end(topic, shared.position, &writer)
        (self.topic, position, payload, people, attributes) = (topic, shared.position, writer.bytes, shared.people, shared.attributes)
        (isDurable, recipients) = (true, [])
    }

    /// The same event on the topic of one of its recipients.
    public func addressed(to user: UserID) -> Publication { Publication(self, topic: Audience.topic(of: user)) }

    private static func write(_ event: Event, into writer: inout JSONWriter) {
        writer.name("type")
        writer.string(event.type)
        if !event.members.isEmpty { writer.raw(event.members) }
    }

    private static func end(_ topic: String, _ position: Position, _ writer: inout JSONWriter) {
        writer.name("topic")
        writer.string(topic)
        writer.name("position")
        writer.string(position.description)
        writer.endObject()
    }
}

extension [Publication] {
    /// Those of some people; nil for all.
    func of(_ people: [UserID]?) -> [Publication] {
        guard let wanted = people.map(Set.init) else { return self }
        return filter { $0.people.contains(where: wanted.contains) }
    }
}
