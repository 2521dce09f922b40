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

private let ok = "HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n"
private func answer(_ status: Int, _ more: String = "") -> String { "HTTP/1.1 \(status) X\r\n\(more)Content-Length: 4\r\n\r\nbody" }

@Suite struct WebhookTests {
    @Test(arguments: TestDatabase.all) func eventsArriveSignedOnceAndInOrder(_ kind: TestDatabase) async throws {
        try await WebhookSite.with(kind) { webhooks in
            let peer = try HTTPPeer { _ in ok }
            try await peer.run {
                let made = try await webhooks.create(
                    peer.url + "/in?key=1", ["user.created", "user.banned", "role.created", "role.updated"])
                let secret = try #require(made["secret"]?.string)
                let alice = try await TestUser(webhooks.site)
                let role = try await webhooks.owner.send("POST", "/roles", ["name": "critics", "priority": 20, "permissions": []]).text(
                    "id")
                _ = try await webhooks.owner.send("PATCH", "/roles/\(role)", ["color": "#ff0000"])
                let ban = try await webhooks.owner.send("POST", "/users/\(alice.alias)/ban", ["reason": "spam"])
                #expect(ban.status == 200)
                try await webhooks.work()
                try await webhooks.work()
                let received = peer.requests.map(ReceivedWebhook.init)
                let types = try received.map { try $0.json["type"]?.string ?? "" }
                #expect(types == ["user.created", "role.created", "role.updated", "user.banned"])
                #expect(received.allSatisfy { $0.isSigned(by: secret) })
                #expect(Set(received.map(\.id)).count == 4 && received.allSatisfy { !$0.id.contains(".") })
                let first = try received[0].json
                #expect(first["data"]?["user_id"]?.string == alice.id.uuid)
                #expect(first["data"]?["username"] == nil && first["version"] == 1)
                #expect(try await webhooks.deliveries(made).map { $0["state"]?.string } == Array(repeating: "delivered", count: 4))
                // The secret is not shown again.
                #expect(try await webhooks.webhook(made)["secret"] == nil)
            }
        }
    }

    @Test(arguments: TestDatabase.all) func aTargetThatDoesNotAnswerIsTriedAgainAndPausedAfterADay(_ kind: TestDatabase) async throws {
        try await WebhookSite.with(kind) { webhooks in
            let peer = try HTTPPeer { _ in answer(500) }
            try await peer.run {
                let made = try await webhooks.create(peer.url, ["user.created"])
                for _ in 0..<3 { _ = try await TestUser(webhooks.site) }
                try await webhooks.work()
                webhooks.time.advance(seconds: 7)
                try await webhooks.work()
                // While it fails, the first delivery alone is tried.
                #expect(peer.requests.count >= 2)
                #expect(Set(peer.requests.map { ReceivedWebhook($0).id }).count == 1)
                for _ in 0..<30 {
                    webhooks.time.advance(seconds: 4 * 3600)
                    try await webhooks.work()
                }
                let state = try await webhooks.webhook(made)
                #expect(state["state"] == "paused" && state["pause_reason"] == "failing")
                #expect(peer.requests.count <= 14)
                let before = peer.requests.count
                _ = try await TestUser(webhooks.site)
                try await webhooks.work()
                #expect(peer.requests.count == before)
                // One notice, in the centre and by mail.
                let notices = try await webhooks.owner.items("/notifications").filter { $0["kind"] == "webhook.paused" }
                #expect(notices.count == 1 && notices[0]["count"] == 1)
                #expect(try await webhooks.site.count("mail_outbox WHERE kind = 'webhook'") == 1)
            }
        }
    }

    @Test(arguments: TestDatabase.all) func whatWaitedIsSentAfterAPauseOrSkipped(_ kind: TestDatabase) async throws {
        try await WebhookSite.with(kind) { webhooks in
            let isUp = Mutex(false)
            let peer = try HTTPPeer { _ in isUp.withLock { $0 } ? ok : answer(410) }
            try await peer.run {
                let made = try await webhooks.create(peer.url, ["user.created"])
                let path = "/webhooks/\(try #require(made["id"]?.string))"
                _ = try await TestUser(webhooks.site)
                try await webhooks.work()
                #expect(try await webhooks.webhook(made)["pause_reason"] == "gone")
                #expect(try await webhooks.owner.send("POST", path + "/test").code == "webhook_paused")
                for _ in 0..<2 { _ = try await TestUser(webhooks.site) }
                try await webhooks.work()
                #expect(try await webhooks.webhook(made)["pending"] == 3)
                isUp.withLock { $0 = true }
                #expect(try await webhooks.owner.send("POST", path + "/resume").status == 200)
                try await webhooks.work()
                #expect(peer.requests.count == 4)
                #expect(try await webhooks.owner.send("PATCH", path, ["enabled": false]).json["pause_reason"] == "by_hand")
                _ = try await TestUser(webhooks.site)
                try await webhooks.work()
                #expect(try await webhooks.owner.send("POST", path + "/resume", ["skip": true]).json["pending"] == 0)
                try await webhooks.work()
                #expect(peer.requests.count == 4)
            }
        }
    }

    @Test(arguments: TestDatabase.all) func oneRefusedEventHoldsNoOther(_ kind: TestDatabase) async throws {
        try await WebhookSite.with(kind) { webhooks in
            let refused = Mutex("")
            let peer = try HTTPPeer { request in
                let id = ReceivedWebhook(request).id
                return refused.withLock { first in
                    if first.isEmpty { first = id }
                    return first == id ? answer(422) : ok
                }
            }
            try await peer.run {
                let made = try await webhooks.create(peer.url, ["user.created"])
                for _ in 0..<3 { _ = try await TestUser(webhooks.site) }
                try await webhooks.work()
                #expect(try await webhooks.deliveries(made).map { $0["state"]?.string } == ["delivered", "delivered", "pending"])
                for _ in 0..<12 {
                    webhooks.time.advance(seconds: 12 * 3600)
                    _ = try await TestUser(webhooks.site)
                    try await webhooks.work()
                }
                let all = try await webhooks.deliveries(made)
                #expect(all.last?["state"] == "failed" && all.last?["attempts"] == 9)
                #expect(try await webhooks.webhook(made)["state"] == "active")
                // Every attempt is in the log, with the start of the answer.
                let id = try #require(all.last?["id"]?.string)
                let delivery = try await webhooks.owner.send("GET", "/webhook-deliveries/\(id)").json
                let log = try #require(delivery["log"]?.array)
                #expect(log.count == 9 && log[0]["status"] == 422 && log[0]["answer"] == "body")
                #expect(delivery["request"]?.string?.contains("user.created") ?? false)
            }
        }
    }

    @Test(arguments: TestDatabase.all) func retryAfterIsObeyedAndRedirectsFail(_ kind: TestDatabase) async throws {
        try await WebhookSite.with(kind) { webhooks in
            let peer = try HTTPPeer { request in
                request.hasPrefix("POST /busy") ? answer(429, "Retry-After: 3600\r\n") : answer(302, "Location: http://127.0.0.1/\r\n")
            }
            try await peer.run {
                let busy = try await webhooks.create(peer.url + "/busy", ["user.created"])
                let moved = try await webhooks.create(peer.url + "/moved", ["user.created"])
                _ = try await TestUser(webhooks.site)
                try await webhooks.work()
                webhooks.time.advance(seconds: 3500)
                try await webhooks.work()
                #expect(peer.requests.filter { $0.hasPrefix("POST /busy") }.count == 1)
                webhooks.time.advance(seconds: 200)
                try await webhooks.work()
                #expect(peer.requests.filter { $0.hasPrefix("POST /busy") }.count == 2)
                #expect(try await webhooks.deliveries(moved).first?["last_status"] == 302)
                #expect(try await webhooks.deliveries(busy).first?["state"] == "pending")
            }
        }
    }

    @Test(arguments: TestDatabase.all) func bothSecretsSignAfterARotation(_ kind: TestDatabase) async throws {
        try await WebhookSite.with(kind) { webhooks in
            let peer = try HTTPPeer { _ in ok }
            try await peer.run {
                let made = try await webhooks.create(peer.url, ["user.created"])
                let path = "/webhooks/\(try #require(made["id"]?.string))"
                let old = try #require(made["secret"]?.string)
                let new = try await webhooks.owner.send("POST", path + "/rotate", ["overlap_s": 60]).text("secret")
                #expect(new != old)
                let test = try await webhooks.owner.send("POST", path + "/test")
                #expect(test.status == 202 && test.json["type"] == "webhook.test")
                try await webhooks.work()
                let first = try ReceivedWebhook(#require(peer.requests.first))
                #expect(first.isSigned(by: old) && first.isSigned(by: new))
                webhooks.time.advance(seconds: 61)
                _ = try await webhooks.owner.send("POST", path + "/test")
                try await webhooks.work()
                let second = try ReceivedWebhook(#require(peer.requests.last))
                #expect(!second.isSigned(by: old) && second.isSigned(by: new))
            }
        }
    }

    @Test(arguments: TestDatabase.all) func aDeliveryIsReplayedUnderItsId(_ kind: TestDatabase) async throws {
        try await WebhookSite.with(kind) { webhooks in
            let peer = try HTTPPeer { _ in ok }
            try await peer.run {
                let made = try await webhooks.create(peer.url, ["user.created"])
                _ = try await TestUser(webhooks.site)
                try await webhooks.work()
                let id = try #require(try await webhooks.deliveries(made).first?["id"]?.string)
                #expect(try await webhooks.owner.send("POST", "/webhook-deliveries/\(id)/replay").code == "already_delivered")
                let answer = try await webhooks.owner.send("POST", "/webhook-deliveries/\(id)/replay", ["again": true])
                #expect(answer.status == 202 && answer.json["replayed_at"]?.string != nil)
                try await webhooks.work()
                #expect(peer.requests.map { ReceivedWebhook($0).id } == [id, id])
                #expect(try await webhooks.deliveries(made).first?["attempts"] == 2)
            }
        }
    }

    @Test(arguments: TestDatabase.all) func aCrashBetweenCommitAndDeliveryLosesNothing(_ kind: TestDatabase) async throws {
        try await WebhookSite.with(kind) { webhooks in
            let peer = try HTTPPeer { _ in ok }
            try await peer.run {
                _ = try await webhooks.create(peer.url, ["user.created"])
                for _ in 0..<3 { _ = try await TestUser(webhooks.site) }
                // Before the outbox is read, and between the deliveries and the job.
                try await webhooks.site.restart()
                await webhooks.site.composition.consumers.consumeCommitted()
                try await webhooks.site.restart()
                try await webhooks.work()
                #expect(peer.requests.count == 3)
                #expect(Set(peer.requests.map { ReceivedWebhook($0).id }).count == 3)
            }
        }
    }

    @Test(arguments: TestDatabase.all) func theAuthorsRightsDecideWhatIsSent(_ kind: TestDatabase) async throws {
        try await WebhookSite.with(kind) { webhooks in
            let (site, owner) = (webhooks.site, try await webhooks.owner)
            let peer = try HTTPPeer { _ in ok }
            try await peer.run {
                let role = try await owner.send(
                    "POST", "/roles", ["name": "integrator", "priority": 20, "permissions": ["webhooks.manage", "chat.read"]]
                ).text("id")
                let author = try await TestUser(site)
                _ = try await owner.send("POST", "/users/\(author.alias)/roles", ["role_id": .string(role)])
                // Nobody subscribes to events that they may not read.
                let refused = try await author.send("POST", "/webhooks", ["url": .string(peer.url), "events": ["audit.entry"]])
                #expect(refused.status == 403 && refused.json["permission"] == "audit.read")
                let made = try await author.send("POST", "/webhooks", ["url": .string(peer.url), "events": ["message.created"]])
                #expect(made.status == 201, "\(made.json.text)")
                let open = try await owner.send("POST", "/channels", ["name": "general"]).text("id")
                let closed = try await owner.send("POST", "/channels", ["name": "team", "visibility": "private"]).text("id")
                _ = try await owner.say("for all", in: open)
                _ = try await owner.say("for the team", in: closed)
                let direct = try await owner.direct(with: author)
                _ = try await owner.say("between us", in: direct)
                try await webhooks.work()
                let received = try peer.requests.map { try ReceivedWebhook($0).json["data"]?["conversation_id"]?.string }
                #expect(received == [open])
                #expect(peer.requests.allSatisfy { !$0.contains("for all") })
                // Without the role nothing is sent, and what was on its way is skipped.
                _ = try await owner.say("later", in: open)
                _ = try await owner.send("DELETE", "/users/\(author.alias)/roles/\(role)")
                try await webhooks.work()
                #expect(peer.requests.count == 1)
                let log = try await owner.items("/webhooks/\(try made.text("id"))/deliveries")
                #expect(log.map { $0["state"]?.string } == ["skipped", "skipped", "delivered"])
            }
        }
    }

    @Test(arguments: TestDatabase.all) func anEditorOfTheAddressBecomesTheAuthor(_ kind: TestDatabase) async throws {
        try await WebhookSite.with(kind) { webhooks in
            let (site, owner) = (webhooks.site, try await webhooks.owner)
            let made = try await webhooks.create("http://127.0.0.1:9/", ["audit.entry"])
            let path = "/webhooks/\(try #require(made["id"]?.string))"
            let role = try await owner.send("POST", "/roles", ["name": "integrator", "priority": 20, "permissions": ["webhooks.manage"]])
                .text("id")
            let other = try await TestUser(site)
            _ = try await owner.send("POST", "/users/\(other.alias)/roles", ["role_id": .string(role)])
            for body: JSON in [["url": "http://127.0.0.1:10/"], ["events": ["audit.entry"]]] {
                #expect(try await other.send("PATCH", path, body).json["permission"] == "audit.read")
            }
            #expect(try await other.send("POST", path + "/rotate").json["permission"] == "audit.read")
            #expect(try await other.send("PATCH", path, ["name": "renamed"]).json["created_by"]?.string == owner.id.uuid)
        }
    }

    @Test(arguments: TestDatabase.all) func badInputIsRefusedAndChangesNothing(_ kind: TestDatabase) async throws {
        try await WebhookSite.with(kind) { webhooks in
            let owner = try await webhooks.owner
            let faults: [(JSON, String, String)] = [
                (["url": "ftp://example.org/", "events": ["user.created"]], "/url", "invalid"),
                (["url": "http://user:pass@example.org/", "events": ["user.created"]], "/url", "invalid"),
                (["url": "http://10.0.0.1/", "events": ["user.created"]], "/url", "private_address"),
                (["url": "http://[::1]/", "events": ["user.created"]], "/url", "private_address"),
                (["url": "http://169.254.169.254/latest", "events": ["user.created"]], "/url", "private_address"),
                (["url": "http://127.0.0.1/", "events": []], "/events", "count"),
                (["url": "http://127.0.0.1/", "events": ["user.gone"]], "/events/0", "unknown"),
                (["url": "http://127.0.0.1/", "events": ["user.created"], "secret": "whsec_c2hvcnQ="], "/secret", "invalid"),
            ]
            for (body, pointer, code) in faults {
                let answer = try await owner.send("POST", "/webhooks", body)
                #expect(answer.status == 422, "\(body.text)")
                #expect(
                    answer.json["errors"]?[0]?["pointer"]?.string == pointer && answer.json["errors"]?[0]?["code"]?.string == code,
                    "\(answer.json.text)")
            }
            #expect(try await webhooks.site.count("webhooks") == 0)
            let member = try await TestUser(webhooks.site)
            #expect(try await member.send("GET", "/webhooks").status == 403)
            for _ in 0..<WebhookTable.limit { _ = try await webhooks.create("http://127.0.0.1:9/", ["user.created"]) }
            let tooMany = try await owner.send("POST", "/webhooks", ["url": "http://127.0.0.1:9/", "events": ["user.created"]])
            #expect(tooMany.status == 409 && tooMany.code == "too_many_webhooks")
        }
    }

    @Test func anAddressThatBecomesPrivateIsNotCalled() async throws {
        // Saved while it was allowed, sent when it no longer is.
        try await WebhookSite.with(.sqlite) { webhooks in
            let made = try await webhooks.create("http://127.0.0.1:9/", ["user.created"])
            let id = try #require(made["id"]?.string)
            _ = try await webhooks.site.database.write { try $0.execute("UPDATE webhooks SET url = 'http://10.0.0.1/'") }
            _ = try await webhooks.owner.send("POST", "/webhooks/\(id)/test")
            try await webhooks.work()
            let delivery = try #require(try await webhooks.deliveries(made).first)
            #expect(delivery["state"] == "failed")
            #expect(delivery["last_error"]?.string?.contains("may not be called") ?? false)
        }
    }

    @Test func deliveriesAreDeletedAfterAWeekAndWithTheirAuthor() async throws {
        try await WebhookSite.with(.sqlite) { webhooks in
            let site = webhooks.site
            let made = try await webhooks.create("http://127.0.0.1:9/", ["user.created"])
            _ = try await webhooks.owner.send("POST", "/webhooks/\(try #require(made["id"]?.string))/test")
            try await webhooks.work()
            #expect(try await site.count("webhook_attempts") > 0)
            webhooks.time.advance(seconds: 8 * 86_400)
            try await webhooks.work()
            #expect(try await site.count("webhook_deliveries") == 0)
            #expect(try await site.count("webhook_attempts") == 0)
            let (features, id) = (site.composition.features, webhooks.first.id)
            try await site.database.write { try features.erase(id, in: $0) }
            #expect(try await site.count("webhooks") == 0)
        }
    }

    @Test func everyEventNamesWhatIsSent() {
        for event in WebhookEvent.all {
            for (name, _) in event.example { #expect(event.members.contains(name), "\(event.type) \(name)") }
            #expect(!event.members.isEmpty)
        }
    }

    @Test func secretsAreStandardBase64() {
        #expect(WebhookSignature(secret: WebhookSignature.newSecret()) != nil)
        // The example of the Standard Webhooks specification.
        let known = WebhookSignature(secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
        let body = Array(#"{"test": 2432232314}"#.utf8)
        #expect(
            known?.sign(id: "msg_p5jXN8AQM9LWM0D4loKWxJek", timestamp: "1614265330", body: body)
                == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
        for secret in ["", "whsec_", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLa-_", "whsec_c2hvcnQ="] {
            #expect(WebhookSignature(secret: secret) == nil, "\(secret)")
        }
    }
}
