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

/// Deliveries to a receiver on this machine: order, retries, pauses, replays.
@Suite struct DeliveryTests {
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
                // The key in the address is not in the audit log.
                let entries = try await webhooks.owner.items("/audit?action=webhook.create")
                #expect(!entries.isEmpty && !JSON.array(entries).text.contains("key=1"))
            }
        }
    }

    @Test(arguments: TestDatabase.all) func aNewAddressIsTriedAtOnce(_ kind: TestDatabase) async throws {
        try await WebhookSite.with(kind) { webhooks in
            let peer = try HTTPPeer { request in request.hasPrefix("POST /new") ? ok : answer(500) }
            try await peer.run {
                let made = try await webhooks.create(peer.url + "/old", ["user.created"])
                _ = try await TestUser(webhooks.site)
                try await webhooks.work()
                #expect(try await webhooks.deliveries(made).first?["state"] == "pending")
                let path = "/webhooks/\(try #require(made["id"]?.string))"
                let edited = try await webhooks.owner.send("PATCH", path, ["url": .string(peer.url + "/new")])
                #expect(edited.status == 200 && edited.json["failing_since"]?.isNull == true)
                try await webhooks.work()
                #expect(try await webhooks.deliveries(made).first?["state"] == "delivered")
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

    @Test(arguments: TestDatabase.all) func aWebhookKeepsALimitedNumberOfDeliveries(_ kind: TestDatabase) async throws {
        try await WebhookSite.with(kind) { webhooks in
            let made = try await webhooks.create("http://127.0.0.1:9/", ["user.created"])
            let id = try #require(made["id"]?.string.flatMap { RowID(uuid: $0) })
            try await webhooks.site.database.write { transaction in
                for number in Int64(1)...5 {
                    try DeliveryTable.add(
                        RowID(rawValue: number), to: id, offset: number, type: "user.created", body: [:], at: Timestamp(milliseconds: 0),
                        in: transaction)
                }
                let within = try DeliveryTable.excess(of: id, limit: 5, in: transaction)
                #expect(within?.pending == nil)
                let beyond = try DeliveryTable.excess(of: id, limit: 2, in: transaction)
                let last = try #require(beyond?.last)
                #expect(last.rawValue == 3 && beyond?.pending == 3)
                let count = try DeliveryTable.sweep("webhook_id = \(id) AND id <= \(last)", in: transaction)
                #expect(count == 3)
            }
            #expect(try await webhooks.site.count("webhook_deliveries") == 2)
        }
    }
}
