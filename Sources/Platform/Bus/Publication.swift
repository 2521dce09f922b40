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
    public let topic: String
    public let position: Position
    /// A flat JSON object with `type`, `topic` and `position`.
    public let payload: [UInt8]
    public let people: [UserID]
    public let attributes: [FilterAttribute]

    public init(_ event: Event, topic: String, position: Position) {
        var writer = JSONWriter(reserving: event.members.count + 128)
        writer.beginObject()
        writer.name("type")
        writer.string(event.type)
        if !event.members.isEmpty { writer.raw(event.members) }
        writer.name("topic")
        writer.string(topic)
        writer.name("position")
        writer.string(position.description)
        writer.endObject()
        (self.topic, self.position, self.payload, people, attributes) = (topic, position, writer.bytes, event.people, event.attributes)
    }
}

extension [Publication] {
    /// Those of some people; nil for all.
    func of(_ people: [UserID]?) -> [Publication] {
        guard let wanted = people.map(Set.init) else { return self }
        return filter { $0.people.contains(where: wanted.contains) }
    }
}
