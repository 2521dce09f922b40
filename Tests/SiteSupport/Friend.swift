internal import Authorization
package import Database
internal import HTTP
package import Kernel
internal import Testing

@testable import Server

/// Somebody signed in, who asks in the tests of what is between people.
package struct Friend: Sendable {
    package let site: TestSite
    package let person: Person
    package let token: String

    package var id: UserID { person.id }
    package var alias: String { "u_\(person.name)" }

    package init(_ site: TestSite, named name: String? = nil) async throws {
        self.site = site
        person = try await site.add(.member, named: name)
        token = try await site.signIn(person).bearer
    }

    package func send(_ method: String, _ path: String, _ body: JSON? = nil) async throws -> TestSite.Answer {
        try await site.send(method, path, ["Authorization": "Bearer \(token)"], body: body?.bytes ?? [])
    }

    package func items(_ path: String) async throws -> [JSON] { try await send("GET", path).json["items"]?.array ?? [] }

    // MARK: What one does

    package func ask(_ other: Friend, note: String? = nil) async throws -> TestSite.Answer {
        var body: JSONObject = ["to": .string(other.alias)]
        if let note { body.append("note", .string(note)) }
        return try await send("POST", "/friend-requests", .object(body))
    }

    package func answer(_ request: String, _ verb: String) async throws -> TestSite.Answer {
        try await send("POST", "/friend-requests/\(request)/\(verb)")
    }

    package func befriend(_ other: Friend) async throws {
        try #require(try await ask(other).status == 201)
        try #require(try await other.ask(self).json["state"] == "accepted")
    }

    package func block(_ other: Friend) async throws { try #require(try await send("PUT", "/blocks/\(other.alias)").status == 204) }
    package func unblock(_ other: Friend) async throws { try #require(try await send("DELETE", "/blocks/\(other.alias)").status == 204) }

    package func privacy(_ settings: JSONObject) async throws {
        try #require(try await send("PATCH", "/users/me/privacy", .object(settings)).status == 200)
    }

    // MARK: What one sees

    package var friends: [String] {
        get async throws { try await items("/friends").compactMap { $0["user"]?["id"]?.string } }
    }

    package func requests(_ direction: String) async throws -> [JSON] { try await items("/friend-requests?direction=\(direction)") }

    /// What they hear of others, without what their notification centre says.
    package func socialEvents(after offset: Int64 = 0) async throws -> [(type: String, members: JSON)] {
        try await events(after: offset).filter { event in ["friend.", "block.", "privacy."].contains { event.type.hasPrefix($0) } }
    }

    /// The events on their own topic since an offset of the outbox, as their devices get them.
    package func events(after offset: Int64 = 0) async throws -> [(type: String, members: JSON)] {
        let (cipher, topic) = (KeyringEventCipher(keyring: site.composition.infrastructure.keyring), "user:\(id.uuid)")
        return try await site.database.read { transaction in
            try transaction.rows(
                """
                SELECT outbox.event_offset, type, sealed, members FROM outbox JOIN outbox_index ON outbox_index.event_offset = outbox.event_offset
                WHERE topic = \(topic) AND outbox.event_offset > \(offset) ORDER BY outbox.event_offset
                """
            ).map { row in
                let bytes = try row.optionalBlob(2).map { try cipher.open($0, offset: row.int64(0)) } ?? Array(row.text(3).utf8)
                return (row.text(1), try JSONParser.parse(bytes))
            }
        }
    }
}

extension TestSite {
    /// The last offset of the outbox.
    package var offset: Int64 {
        get async throws { try await database.read { try $0.row("SELECT COALESCE(MAX(event_offset), 0) FROM outbox")?.int64(0) ?? 0 } }
    }

    package func count(_ table: SQL) async throws -> Int {
        try await database.read { try $0.row("SELECT COUNT(*) FROM \(sql: table)")?.int(0) ?? 0 }
    }
}
