import Authorization
import Database
import HTTP
import Jobs
import Kernel
import SiteSupport
import Testing

@testable import Server

/// Somebody signed in who talks in the tests.
struct Talker: Sendable {
    let site: TestSite
    let person: Person
    let token: String

    var id: UserID { person.id }
    var alias: String { "u_\(person.name)" }

    init(_ site: TestSite, _ role: SystemRole? = .member) async throws {
        self.site = site
        person = try await site.add(role)
        token = try await site.signIn(person).bearer
    }

    func send(_ method: String, _ path: String, _ body: JSON? = nil) async throws -> TestSite.Answer {
        try await site.send(method, path, ["Authorization": "Bearer \(token)"], body: body?.bytes ?? [])
    }

    func items(_ path: String) async throws -> [JSON] { try await send("GET", path).json["items"]?.array ?? [] }

    // MARK: What one does

    func begin(with others: Talker..., named name: String? = nil) async throws -> TestSite.Answer {
        var body: JSONObject = ["members": .array(others.map { .string($0.alias) })]
        if let name { body.append("name", .string(name)) }
        return try await send("POST", "/conversations", .object(body))
    }

    func direct(with other: Talker) async throws -> String { try await begin(with: other).text("id") }

    func say(_ content: String, in conversation: String, key: String? = nil, replyTo: String? = nil) async throws -> TestSite.Answer {
        var body: JSONObject = ["content": .string(content)]
        if let key { body.append("key", .string(key)) }
        if let replyTo { body.append("reply_to", .string(replyTo)) }
        return try await send("POST", "/conversations/\(conversation)/messages", .object(body))
    }

    func read(_ conversation: String, upTo seq: Int64) async throws -> JSON {
        try await send("PUT", "/conversations/\(conversation)/read", ["seq": .integer(seq)]).json
    }

    // MARK: What one sees

    func conversation(_ id: String) async throws -> JSON { try await send("GET", "/conversations/\(id)").json }
    func unread(in id: String) async throws -> Int64? { try await conversation(id)["unread"]?.integer }
    func mentions(in id: String) async throws -> Int64? { try await conversation(id)["mentions"]?.integer }

    func contents(of conversation: String, _ query: String = "") async throws -> [String] {
        try await items("/conversations/\(conversation)/messages\(query)").compactMap { $0["content"]?.string }
    }

    /// The events on their own topic since an offset of the outbox.
    func events(after offset: Int64 = 0) async throws -> [(type: String, members: JSON)] {
        try await site.events(after: offset, for: id)
    }
}

extension TestSite {
    /// The last offset of the outbox.
    var offset: Int64 {
        get async throws { try await database.read { try $0.row("SELECT COALESCE(MAX(event_offset), 0) FROM outbox")?.int64(0) ?? 0 } }
    }

    /// Waits for what is held back of reactions, and tells it.
    func tellReactions() async throws {
        for _ in 0..<400 {
            _ = await composition.runner.runDue()
            if try await count("jobs WHERE kind = 'conversations.reactions'") == 0 { return }
            try await Task.sleep(for: .milliseconds(20))
        }
        Issue.record("what is held back of reactions is never told")
    }

    func count(_ table: SQL) async throws -> Int {
        try await database.read { try $0.row("SELECT COUNT(*) FROM \(sql: table)")?.int(0) ?? 0 }
    }

    /// What a person's devices get: events for them, and for conversations that they were a member of at that event.
    func events(after offset: Int64, for user: UserID) async throws -> [(type: String, members: JSON)] {
        try await told(
            after: offset,
            """
            topic = \("user:\(user.uuid)") OR EXISTS (SELECT 1 FROM audience_members WHERE audience = topic AND user_id = \(user)
                AND since_offset <= outbox.event_offset AND (until_offset IS NULL OR until_offset >= outbox.event_offset))
            """)
    }

    func events(after offset: Int64, on topic: String) async throws -> [(type: String, members: JSON)] {
        try await told(after: offset, "topic = \(topic)")
    }

    private func told(after offset: Int64, _ condition: SQL) async throws -> [(type: String, members: JSON)] {
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
