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

/// The events and the signatures of requests.
@Suite struct WebhookEventTests {
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

    @Test(arguments: TestDatabase.all) func anEventWithoutATopicIsSent(_ kind: TestDatabase) async throws {
        try await WebhookSite.with(kind) { webhooks in
            let peer = try HTTPPeer { _ in ok }
            try await peer.run {
                _ = try await webhooks.create(peer.url, ["analytics.alert"])
                let now = webhooks.time.clock.now()
                try await webhooks.site.database.write { transaction in
                    transaction.atCommit(
                        OutboxEvent(
                            "analytics.alert", to: [], members: ["name": "Errors", "state": "firing", "other": "text"], requestID: "",
                            at: now))
                }
                try await webhooks.work()
                let request = try #require(peer.requests.first)
                let data = try #require(try ReceivedWebhook(request).json["data"])
                #expect(data["name"] == "Errors" && data["state"] == "firing" && data["other"] == nil && data["request_id"] == nil)
            }
        }
    }
}
