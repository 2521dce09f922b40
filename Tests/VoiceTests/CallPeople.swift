import Database
import Kernel
import SiteSupport
import Synchronization
import Testing

@testable import Server
@testable import Voice

/// A clock that a test moves.
final class CallClock: Sendable {
    private let ahead = Mutex<Int64>(0)

    var wall: WallClock {
        WallClock(uptime: WallClock.system.uptime, now: { WallClock.system.now().adding(milliseconds: self.ahead.withLock { $0 }) })
    }

    func advance(seconds: Int64) { ahead.withLock { $0 += seconds * 1000 } }
}

/// Calls.
extension TestUser {
    func call(_ other: TestUser, key: String? = nil) async throws -> TestSite.Answer {
        var body: JSONObject = ["to": .string(other.alias)]
        if let key { body.append("key", .string(key)) }
        return try await send("POST", "/calls", .object(body))
    }

    /// `accept`, `decline`, `cancel`, `leave`
    func answer(_ call: String, _ verb: String) async throws -> TestSite.Answer { try await send("POST", "/calls/\(call)/\(verb)") }

    func state(of call: String) async throws -> String { try await send("GET", "/calls/\(call)").text("state") }

    /// A call that the other has answered, with both devices.
    func talk(with other: TestUser) async throws -> (call: String, own: String, others: String) {
        let started = try await call(other)
        let id = try started.text("id")
        let answered = try await other.answer(id, "accept")
        try #require(answered.json["state"] == "active", "\(answered.json.text)")
        return (
            id, try #require(started.json["device"]?["id"]?.string), try #require(answered.json["device"]?["id"]?.string)
        )
    }

    func callEvents(after offset: Int64 = 0) async throws -> [String] {
        try await events(after: offset).filter { $0.type.hasPrefix("call.") }.map {
            "\($0.type) \($0.members["call"]?["state"]?.string ?? "")"
        }
    }

    /// The system messages of a conversation, the oldest first.
    func lines(_ conversation: String) async throws -> [JSON] {
        try await items("/conversations/\(conversation)/messages").reversed().compactMap { message in
            message["system"].flatMap { $0 == .null ? nil : $0 }
        }
    }

    func missed() async throws -> [JSON] { try await items("/notifications").filter { $0["kind"] == "call.missed" } }
}

extension TestSite {
    var voice: VoiceFeature { composition.voice }
}
