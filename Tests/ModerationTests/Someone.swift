import Authorization
import Bus
import Database
import HTTP
import Kernel
import SiteSupport
import Synchronization
import TestSupport
import Testing

@testable import Server

/// Somebody signed in who acts in the tests of moderation.
struct Someone: Sendable {
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

    private init(_ site: TestSite, _ person: Person, _ token: String) { (self.site, self.person, self.token) = (site, person, token) }

    /// The same person with a new session.
    func signedInAgain() async throws -> Someone { Someone(site, person, try await site.signIn(person).bearer) }

    func send(_ method: String, _ path: String, _ body: JSON? = nil, ifMatch tag: String? = nil) async throws -> TestSite.Answer {
        var headers: HTTPHeaders = ["Authorization": "Bearer \(token)"]
        if let tag { headers["If-Match"] = tag }
        return try await site.send(method, path, headers, body: body?.bytes ?? [])
    }

    func items(_ path: String) async throws -> [JSON] { try await send("GET", path).json["items"]?.array ?? [] }

    func direct(with other: Someone) async throws -> String {
        try await send("POST", "/conversations", ["members": [.string(other.alias)]]).text("id")
    }

    func say(_ content: String, in conversation: String) async throws -> TestSite.Answer {
        try await send("POST", "/conversations/\(conversation)/messages", ["content": .string(content)])
    }

    func impose(_ kind: String, on other: Someone, seconds: Int64? = nil, reason: String = "Spam") async throws -> TestSite.Answer {
        var body: JSONObject = ["user_id": .string(other.alias), "kind": .string(kind), "reason": .string(reason)]
        if let seconds { body.append("duration_s", .integer(seconds)) }
        return try await send("POST", "/sanctions", .object(body))
    }

    func lift(_ sanction: String) async throws -> TestSite.Answer {
        try await send("DELETE", "/sanctions/\(sanction)", ["reason": "A mistake"])
    }

    func ownSanctions(_ query: String = "") async throws -> [JSON] { try await items("/users/me/sanctions\(query)") }

    /// The events on their own topic since an offset of the outbox.
    func events(after offset: Int64 = 0, _ beginning: String = "sanction.") async throws -> [(type: String, members: JSON)] {
        try await site.events(on: "user:\(id.uuid)", after: offset).filter { $0.type.hasPrefix(beginning) }
    }

    /// Titles of what their notification centre holds, of some kinds.
    func notices(_ beginning: String) async throws -> [String] {
        try await items("/notifications").filter { $0["kind"]?.string?.hasPrefix(beginning) ?? false }.compactMap { $0["title"]?.string }
    }
}

extension TestSite {
    func events(on topic: String, after offset: Int64 = 0) async throws -> [(type: String, members: JSON)] {
        let cipher = KeyringEventCipher(keyring: composition.infrastructure.keyring)
        return try await database.read { transaction in
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

    /// Actions of the audit log about a person, the oldest first.
    func audited(_ user: UserID) async throws -> [String] {
        try await database.read { transaction in
            try transaction.rows("SELECT action FROM audit_log WHERE target_id = \(user.uuid) ORDER BY id").map { $0.text(0) }
        }
    }
}

/// A clock that the test moves.
final class MovedClock: Sendable {
    private let time = Mutex(Timestamp(milliseconds: 1_800_000_000_000))

    var wall: WallClock { WallClock { self.time.withLock { $0 } } }

    func advance(seconds: Int64 = 0, milliseconds: Int64 = 0) {
        time.withLock { $0 = $0.adding(seconds: seconds).adding(milliseconds: milliseconds) }
    }
}
