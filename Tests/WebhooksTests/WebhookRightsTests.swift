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

/// Whose rights decide what is sent, which input is refused, and what is deleted.
@Suite struct WebhookRightsTests {
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
            let role = try await owner.send(
                "POST", "/roles", ["name": "integrator", "priority": 20, "permissions": ["webhooks.manage", "users.read"]]
            )
            .text("id")
            let other = try await TestUser(site)
            _ = try await owner.send("POST", "/users/\(other.alias)/roles", ["role_id": .string(role)])
            for body: JSON in [["url": "http://127.0.0.1:10/"], ["events": ["audit.entry"]]] {
                #expect(try await other.send("PATCH", path, body).json["permission"] == "audit.read")
            }
            #expect(try await other.send("POST", path + "/rotate").json["permission"] == "audit.read")
            #expect(try await other.send("PATCH", path, ["name": "renamed"]).json["created_by"]?.string == owner.id.uuid)
            // With the rights to all its events the editor is the author from then on.
            #expect(try await other.send("PATCH", path, ["events": ["user.created"]]).status == 200)
            #expect(try await webhooks.webhook(made)["created_by"]?.string == other.id.uuid)
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
}
