internal import Kernel

/// Conversations and messages.
extension TestUser {
    package func begin(with others: TestUser..., named name: String? = nil) async throws -> TestSite.Answer {
        var body: JSONObject = ["members": .array(others.map { .string($0.alias) })]
        if let name { body.append("name", .string(name)) }
        return try await send("POST", "/conversations", .object(body))
    }

    package func direct(with other: TestUser) async throws -> String { try await begin(with: other).text("id") }

    package func say(
        _ content: String, in conversation: String, key: String? = nil, replyTo: String? = nil
    ) async throws -> TestSite.Answer {
        var body: JSONObject = ["content": .string(content)]
        if let key { body.append("key", .string(key)) }
        if let replyTo { body.append("reply_to", .string(replyTo)) }
        return try await send("POST", "/conversations/\(conversation)/messages", .object(body))
    }
}
