internal import Kernel

/// A frame of the gateway's protocol as a client sent it.
struct GatewayFrame {
    let type: String
    let body: JSONObject

    /// Bytes.
    static let maximumType = 64
    /// Bytes of a topic that a client names.
    static let maximumTopic = 200

    /// What an answer carries back: a text or a whole number.
    var id: JSON? { body["id"] }

    /// - Throws: a problem that is answered, never a close.
    init(_ text: [UInt8]) throws(Problem) {
        let value: JSON
        do {
            value = try JSONParser.parse(text)
        } catch {
            throw .malformed(
                LocalizedText(
                    en: "The frame is not valid JSON: \(error.reason) at byte \(error.offset).",
                    fr: "La trame n’est pas du JSON valide (octet \(error.offset))."))
        }
        guard let object = value.object, let type = object["type"]?.string, type.utf8.count <= Self.maximumType else {
            throw .malformed(
                LocalizedText(en: "A frame is an object with a short “type”.", fr: "Une trame est un objet avec un « type » court."))
        }
        (self.type, body) = (type, object)
    }

    /// - Throws: 422 naming a member that this type does not have.
    func allow(_ names: [String]) throws(Problem) {
        for (name, _) in body where !name.hasSameBytes(as: "type") && !names.contains(where: { $0.hasSameBytes(as: name) }) {
            throw .invalid("/\(name.asPointerPart)", "unknown", LocalizedText(en: "There is no such field.", fr: "Ce champ n’existe pas."))
        }
    }

    /// - Parameter maximum: bytes.
    func requiredString(_ name: String, maximum: Int) throws(Problem) -> String {
        guard let text = body[name]?.string, !text.isEmpty else {
            throw .invalid("/\(name)", "required", LocalizedText(en: "A text is expected.", fr: "Un texte est attendu."))
        }
        guard text.utf8.count <= maximum else {
            throw .invalid("/\(name)", "too_long", LocalizedText(en: "At most \(maximum) bytes.", fr: "\(maximum) octets au plus."))
        }
        return text
    }

    /// The id of a subscription, chosen by the client.
    func requiredID() throws(Problem) -> JSON {
        switch id {
        case .string(let text) where (1...64).contains(text.utf8.count): return .string(text)
        case .integer(let number): return .integer(number)
        default:
            throw .invalid(
                "/id", "required",
                LocalizedText(
                    en: "An id of 1 to 64 bytes, or a whole number.", fr: "Un identifiant de 1 à 64 octets, ou un nombre entier."))
        }
    }
}

/// What a client that comes back names.
struct GatewayResume: Sendable, Hashable {
    let session: String
    let positions: [String: Position]
    /// One place in all durable topics.
    let durable: Position?

    /// Where the client stands in a topic; in a durable one that is the later of its own place and the one of all.
    func place(in topic: String, isDurable: Bool) -> Position? {
        guard isDurable, let durable else { return positions[topic] }
        guard let own = positions[topic] else { return durable }
        return own.epoch == durable.epoch && own.offset < durable.offset ? durable : own
    }

    /// As many as a session has subscriptions, the person's own topic, and the one place in all durable topics.
    static let maximumTopics = 202

    init(_ value: JSON) throws(Problem) {
        var input = try Input(value, at: "/resume")
        let session = input.string("session", length: 1...64, required: true)
        let named = input.raw("positions") ?? .object([:])
        var positions: [String: Position] = [:]
        if named.object?.count ?? 0 > Self.maximumTopics {
            throw .invalid(
                "/resume/positions", "count", LocalizedText(en: "At most \(Self.maximumTopics).", fr: "\(Self.maximumTopics) au plus."))
        }
        for (topic, text) in named.object ?? [:] {
            if let position = text.string.flatMap({ Position($0) }) {
                positions[topic] = position
            } else {
                input.fail("positions", "invalid", LocalizedText(en: "A position is expected.", fr: "Une position est attendue."))
            }
        }
        if named.object == nil {
            input.fail("positions", "type", LocalizedText(en: "An object is expected.", fr: "Un objet est attendu."))
        }
        try input.finish()
        durable = positions.removeValue(forKey: TopicRules.durable)
        (self.session, self.positions) = (try input.required(session), positions)
    }
}

/// The frames that the server makes itself.
enum GatewayReply {
    static func error(_ problem: Problem, language: Language, id: JSON?) -> [UInt8] {
        var object: JSONObject = ["type": "error"]
        if let id { object.append("id", id) }
        problem.emit(&object, in: language)
        return JSON.object(object).bytes
    }

    static func subscribed(id: JSON, topic: String, position: Position) -> [UInt8] {
        JSON.object([
            "type": "subscribed", "id": id, "topic": .string(topic), "position": .string(position.description),
        ]).bytes
    }

    static func resync(topic: String) -> [UInt8] { JSON.object(["type": "resync", "topic": .string(topic)]).bytes }

    /// The rights of the person on this connection as they are from now on: what a client shows and hides by.
    static func rights(_ scope: Scope) -> [UInt8] {
        JSON.object(["type": "permissions.changed", "permissions": .array(scope.permissions.keys.map(JSON.string))]).bytes
    }

    /// The last frame where there is no close frame: by server-sent events and long polling.
    static func close(code: UInt16, reason: String) -> [UInt8] {
        JSON.object(["type": "close", "code": .integer(Int64(code)), "reason": .string(reason)]).bytes
    }

    static let pong = JSON.object(["type": "pong"]).bytes
}
