package import Kernel
internal import Testing

/// TestUser requests, friends, blocks, privacy.
extension TestUser {
    package func ask(_ other: TestUser, note: String? = nil) async throws -> TestSite.Answer {
        var body: JSONObject = ["to": .string(other.alias)]
        if let note { body.append("note", .string(note)) }
        return try await send("POST", "/friend-requests", .object(body))
    }

    package func answer(_ request: String, _ verb: String) async throws -> TestSite.Answer {
        try await send("POST", "/friend-requests/\(request)/\(verb)")
    }

    package func befriend(_ other: TestUser) async throws {
        try #require(try await ask(other).status == 201)
        try #require(try await other.ask(self).json["state"] == "accepted")
    }

    package func block(_ other: TestUser) async throws { try #require(try await send("PUT", "/blocks/\(other.alias)").status == 204) }
    package func unblock(_ other: TestUser) async throws { try #require(try await send("DELETE", "/blocks/\(other.alias)").status == 204) }

    package func privacy(_ settings: JSONObject) async throws {
        try #require(try await send("PATCH", "/users/me/privacy", .object(settings)).status == 200)
    }

    package var friends: [String] {
        get async throws { try await items("/friends").compactMap { $0["user"]?["id"]?.string } }
    }

    package func requests(_ direction: String) async throws -> [JSON] { try await items("/friend-requests?direction=\(direction)") }

    /// The events of friends, blocks and privacy, without those of notifications.
    package func socialEvents(after offset: Int64 = 0) async throws -> [(type: String, members: JSON)] {
        try await events(after: offset).filter { event in ["friend.", "block.", "privacy."].contains { event.type.hasPrefix($0) } }
    }
}
