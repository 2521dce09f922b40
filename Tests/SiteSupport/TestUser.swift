package import Authorization
package import Database
internal import HTTP
package import Kernel
internal import Testing

@testable import Server

/// A person who is signed in and acts in tests.
package struct TestUser: Sendable {
    package let site: TestSite
    package let person: Person
    package let token: String

    package var id: UserID { person.id }
    package var alias: String { "u_\(person.name)" }

    package init(_ site: TestSite, _ role: SystemRole? = .member, named name: String? = nil) async throws {
        try await self.init(site, site.add(role, named: name))
    }

    package init(_ site: TestSite, _ person: Person) async throws {
        (self.site, self.person) = (site, person)
        token = try await site.signIn(person).bearer
    }

    /// The same person with a new session.
    package func signedInAgain() async throws -> TestUser { try await TestUser(site, person) }

    package func send(_ method: String, _ path: String, _ body: JSON? = nil, ifMatch tag: String? = nil) async throws -> TestSite.Answer {
        var headers: HTTPHeaders = ["Authorization": "Bearer \(token)"]
        if let tag { headers["If-Match"] = tag }
        return try await site.send(method, path, headers, body: body?.bytes ?? [])
    }

    package func items(_ path: String) async throws -> [JSON] { try await send("GET", path).json["items"]?.array ?? [] }

    /// The events on their own topic since an offset of the outbox.
    package func events(after offset: Int64 = 0) async throws -> [(type: String, members: JSON)] {
        try await site.events(after: offset, on: "user:\(id.uuid)")
    }

    /// The events that their devices get: on their own topic, and of conversations that they were a member of at that event.
    package func delivered(after offset: Int64 = 0) async throws -> [(type: String, members: JSON)] {
        try await site.events(
            after: offset,
            where: """
                topic = \("user:\(id.uuid)") OR EXISTS (SELECT 1 FROM audience_members WHERE audience = topic AND user_id = \(id)
                    AND since_offset <= outbox.event_offset AND (until_offset IS NULL OR until_offset >= outbox.event_offset))
                """)
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

    package func events(after offset: Int64 = 0, on topic: String) async throws -> [(type: String, members: JSON)] {
        try await events(after: offset, where: "topic = \(topic)")
    }

    fileprivate func events(after offset: Int64, where condition: SQL) async throws -> [(type: String, members: JSON)] {
        let cipher = KeyringEventCipher(keyring: composition.infrastructure.keyring)
        return try await database.read { transaction in
            try transaction.rows(
                """
                SELECT DISTINCT outbox.event_offset, type, sealed, members FROM outbox
                JOIN outbox_index ON outbox_index.event_offset = outbox.event_offset
                WHERE outbox.event_offset > \(offset) AND (\(sql: condition)) ORDER BY outbox.event_offset
                """
            ).map { row in
                let bytes = try row.optionalBlob(2).map { try cipher.open($0, offset: row.int64(0)) } ?? Array(row.text(3).utf8)
                return (row.text(1), try JSONParser.parse(bytes))
            }
        }
    }
}
