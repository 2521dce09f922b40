internal import Kernel

/// Where a client without a WebSocket stands: its session, how many frames it has had, and its places: in each topic, and one in all durable ones.
///
/// `<session>.<number>;<topic>=<position>;…` is the id of a server-sent event, and long polling's `after` and `position`. It holds all that a
/// session takes to be taken up again, so that it also resumes after a restart.
struct ResumeToken: Equatable, Sendable, CustomStringConvertible {
    /// Topics that it names; of more, the durable ones go by the one place in all of them, and are known to the session alone.
    static let maximumTopics = 50
    /// Bytes; what a request's head has room for.
    static let maximumLength = 8 << 10

    var session: String
    var number: UInt64
    var positions: [String: Position]

    init(session: String, number: UInt64 = 0, positions: [String: Position] = [:]) {
        (self.session, self.number, self.positions) = (session, number, positions)
    }

    /// Nil for everything that `description` does not make.
    init?(_ text: String) {
        guard text.utf8.count <= Self.maximumLength else { return nil }
        // By bytes: among characters U+037E equals the semicolon, and a mark behind a separator hides it.
        let parts = text.utf8.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false).map(Substring.init)
        let head = parts[0].utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).map(Substring.init)
        guard head.count == 2, Self.isSession(head[0]), let number = UInt64(head[1]), String(number) == head[1] else { return nil }
        guard parts.count - 1 <= Self.maximumTopics + 1 else { return nil }
        var positions: [String: Position] = [:]
        for part in parts.dropFirst() {
            guard let equals = part.utf8.firstIndex(of: UInt8(ascii: "=")), equals > part.startIndex,
                let position = Position(part[part.utf8.index(after: equals)...])
            else { return nil }
            guard positions.updateValue(position, forKey: String(part[..<equals])) == nil else { return nil }
        }
        guard positions.count(where: { $0.key != TopicRules.durable }) <= Self.maximumTopics else { return nil }
        self.init(session: String(head[0]), number: number, positions: positions)
    }

    static func isSession(_ text: some StringProtocol) -> Bool {
        (1...64).contains(text.utf8.count)
            && text.utf8.allSatisfy {
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
            }
    }

    var description: String {
        named.reduce(into: "\(session).\(number)") { text, place in text += ";\(place.key)=\(place.value)" }
    }

    /// In the order of their names; of too many topics those that the one place in all durable ones says nothing of.
    private var named: [(key: String, value: Position)] {
        let all = positions.sorted { $0.key < $1.key }
        guard all.count > Self.maximumTopics, let durable = positions[TopicRules.durable] else { return all }
        let topics = all.filter { $0.key != TopicRules.durable }
        let fitting = topics.filter { $0.value.epoch != durable.epoch } + topics.filter { $0.value.epoch == durable.epoch }
        return (fitting.prefix(Self.maximumTopics) + [(key: TopicRules.durable, value: durable)]).sorted { $0.key < $1.key }
    }

    /// One frame further.
    mutating func move(_ places: [String: Position]) {
        // The client says from where: it may be the last number there is.
        number &+= 1
        positions.merge(places) { _, new in new }
    }

    /// The `hello` that takes up the session.
    var hello: JSON {
        var named = JSONObject()
        for (topic, position) in positions { named.append(topic, .string(position.description)) }
        return ["type": "hello", "resume": ["session": .string(session), "positions": .object(named)]]
    }
}
