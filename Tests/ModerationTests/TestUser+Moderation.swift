import Database
import Kernel
import SiteSupport
import Testing

@testable import Server

/// Sanctions and what they cause.
extension TestUser {
    func impose(_ kind: String, on other: TestUser, seconds: Int64? = nil, reason: String = "Spam") async throws -> TestSite.Answer {
        var body: JSONObject = ["user_id": .string(other.alias), "kind": .string(kind), "reason": .string(reason)]
        if let seconds { body.append("duration_s", .integer(seconds)) }
        return try await send("POST", "/sanctions", .object(body))
    }

    func lift(_ sanction: String) async throws -> TestSite.Answer {
        try await send("DELETE", "/sanctions/\(sanction)", ["reason": "A mistake"])
    }

    func ownSanctions(_ query: String = "") async throws -> [JSON] { try await items("/users/me/sanctions\(query)") }

    /// The events of sanctions on their own topic.
    func sanctionEvents(after offset: Int64 = 0) async throws -> [(type: String, members: JSON)] {
        try await events(after: offset).filter { $0.type.hasPrefix("sanction.") }
    }

    /// The titles of their notifications of some kinds.
    func notices(_ beginning: String) async throws -> [String] {
        try await items("/notifications").filter { $0["kind"]?.string?.hasPrefix(beginning) ?? false }.compactMap { $0["title"]?.string }
    }
}

extension TestSite {
    /// Actions of the audit log about a person, the oldest first.
    func audited(_ user: UserID) async throws -> [String] {
        try await database.read { transaction in
            try transaction.rows("SELECT action FROM audit_log WHERE target_id = \(user.uuid) ORDER BY id").map { $0.text(0) }
        }
    }
}
