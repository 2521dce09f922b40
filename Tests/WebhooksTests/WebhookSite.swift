import Authorization
import Bus
import Crypto
import Database
import FeatureKit
import Jobs
import Kernel
import SiteSupport
import Synchronization
import TestSupport
import Testing

@testable import Server
@testable import Webhooks

/// A clock that a test moves.
final class TestClock: Sendable {
    private let offset = Mutex<Int64>(0)

    var clock: WallClock { WallClock { [self] in WallClock.system.now().adding(milliseconds: offset.withLock { $0 }) } }
    func advance(seconds: Int64) { offset.withLock { $0 += seconds * 1000 } }
}

/// A site whose webhooks may reach this machine.
struct WebhookSite: Sendable {
    let site: TestSite
    let first: TestUser
    let time: TestClock

    /// With a session of this moment, since tests move the clock by days.
    var owner: TestUser { get async throws { try await first.signedInAgain() } }

    static func with(_ kind: TestDatabase, _ body: @escaping @Sendable (WebhookSite) async throws -> Void) async throws {
        let time = TestClock()
        try await TestSite.with(kind, settings: ["outbound-allow": "127.0.0.0/8"], clock: time.clock) { site in
            await site.composition.consumers.consumeCommitted()
            try await body(WebhookSite(site: site, first: try await TestUser(site, .owner), time: time))
        }
    }

    func create(_ url: String, _ events: JSON) async throws -> JSON {
        let answer = try await owner.send("POST", "/webhooks", ["url": .string(url), "events": events])
        try #require(answer.status == 201, "\(answer.json.text)")
        return answer.json
    }

    /// Reads the outbox and runs the jobs that are due.
    func work() async throws {
        await site.composition.consumers.consumeCommitted()
        _ = await site.composition.runner.runDue()
    }

    func deliveries(_ webhook: JSON) async throws -> [JSON] {
        try await owner.items("/webhooks/\(webhook["id"]?.string ?? "")/deliveries")
    }

    func webhook(_ webhook: JSON) async throws -> JSON { try await owner.send("GET", "/webhooks/\(webhook["id"]?.string ?? "")").json }
}

/// One request as a receiver sees it.
struct ReceivedWebhook {
    let headers: [String: String]
    let body: String

    init(_ request: String) {
        let parts = request.components(separatedBy: "\r\n\r\n")
        var headers: [String: String] = [:]
        for line in parts[0].components(separatedBy: "\r\n").dropFirst() {
            let pair = line.components(separatedBy: ": ")
            headers[pair[0].lowercased()] = pair.dropFirst().joined(separator: ": ")
        }
        (self.headers, body) = (headers, parts.dropFirst().joined(separator: "\r\n\r\n"))
    }

    var json: JSON { get throws { try JSONParser.parse(Array(body.utf8)) } }
    var id: String { headers["webhook-id"] ?? "" }

    func isSigned(by secret: String) -> Bool {
        let signature = WebhookSignature(secret: secret)?.sign(
            id: id, timestamp: headers["webhook-timestamp"] ?? "", body: Array(body.utf8))
        return signature != nil && (headers["webhook-signature"] ?? "").components(separatedBy: " ").contains(signature ?? "")
    }
}

extension String {
    fileprivate func components(separatedBy separator: String) -> [String] {
        var (parts, rest) = ([String](), Substring(self))
        let wanted = Array(separator)
        var current = ""
        while let character = rest.first {
            if rest.starts(with: wanted) {
                parts.append(current)
                current = ""
                rest = rest.dropFirst(wanted.count)
            } else {
                current.append(character)
                rest = rest.dropFirst()
            }
        }
        return parts + [current]
    }
}

/// Responses of a target.
let ok = "HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n"
func answer(_ status: Int, _ more: String = "") -> String { "HTTP/1.1 \(status) X\r\n\(more)Content-Length: 4\r\n\r\nbody" }
