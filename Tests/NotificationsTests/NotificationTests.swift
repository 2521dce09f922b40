import Authorization
import Bus
import Database
import FeatureKit
import HTTP
import Kernel
import Notifications
import SiteSupport
import TestSupport
import Testing

@testable import Server

/// The notification centre: its content and its counters.
@Suite struct NotificationTests {
    private func centre(_ friend: TestUser, _ query: String = "") async throws -> (items: [JSON], unread: Int64) {
        let answer = try await friend.send("GET", "/notifications\(query)")
        try #require(answer.status == 200, "\(answer.json.text)")
        return (answer.json["items"]?.array ?? [], answer.json["unread"]?.integer ?? -1)
    }

    private func notify(_ site: TestSite, _ draft: NotificationDraft, times: Int = 1) async throws {
        let centre = site.composition.notifications.centre
        for _ in 0..<times { _ = try await site.database.write { try centre.notify(draft, in: $0) } }
    }

    @Test(arguments: TestDatabase.all) func aFriendRequestCountsOne(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let (alice, bob) = (try await TestUser(site, named: "alice"), try await TestUser(site, named: "bob"))
            await site.composition.consumers.consumeCommitted()
            #expect(try await centre(bob).unread == 0)
            let start = try await site.offset
            let id = try await alice.ask(bob).text("id")
            let told = try await centre(bob)
            #expect(told.unread == 1 && told.items.count == 1)
            #expect(told.items[0]["kind"] == "friend.requested" && told.items[0]["title"] == "alice sent you a friend request")
            #expect(told.items[0]["actor"]?["id"]?.string == alice.id.uuid && told.items[0]["read_at"]?.isNull == true)
            let events = try await bob.events(after: start)
            #expect(events.map(\.type) == ["friend.requested", "notification.created"])
            #expect(events[1].members["unread"] == 1 && events[1].members["browser"] == true)
            #expect(events[1].members["notification"]?["id"] == told.items[0]["id"])
            let snapshot = try await site.composition.features.snapshot(for: Scope(userID: bob.id))
            #expect(snapshot["notifications"]?["unread"] == 1)
            // Answering the request marks the notification as read.
            _ = try await bob.answer(id, "accept")
            #expect(try await centre(bob).unread == 0)
            #expect(try await bob.events(after: start).last?.members["unread"] == 0)
            let accepted = try await centre(alice)
            #expect(accepted.unread == 1 && accepted.items[0]["kind"] == "friend.accepted")
        }
    }

    @Test(arguments: TestDatabase.all) func aWithdrawnRequestLeavesNoNotification(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let (alice, bob) = (try await TestUser(site), try await TestUser(site))
            let id = try await alice.ask(bob).text("id")
            let start = try await site.offset
            _ = try await alice.answer(id, "cancel")
            let left = try await centre(bob)
            #expect(left.items.isEmpty && left.unread == 0)
            let last = try await bob.events(after: start).last
            #expect(last?.type == "notification.updated" && last?.members["removed"] == true && last?.members["unread"] == 0)
            // Blocking removes the notifications of the blocked person.
            _ = try await alice.ask(bob)
            try await bob.block(alice)
            #expect(try await centre(bob).items.isEmpty)
            // Further requests of that person look pending and cause no notification.
            _ = try await alice.ask(bob)
            #expect(try await centre(bob).unread == 0)
        }
    }

    /// online-go/online-go.com#1000: the fourth request causes no notification.
    @Test(arguments: TestDatabase.all) func afterThreeRefusalsARequestCausesNoNotification(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let (alice, bob) = (try await TestUser(site), try await TestUser(site))
            for _ in 0..<3 { _ = try await bob.answer(try await alice.ask(bob).text("id"), "refuse") }
            #expect(try await centre(bob).unread == 0)
            let before = try await centre(bob).items.count
            _ = try await alice.ask(bob)
            #expect(try await centre(bob).unread == 0)
            #expect(try await centre(bob).items.count == before)
        }
    }

    @Test(arguments: TestDatabase.all) func unreadOfOneGroupIsCountedUp(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let (alice, bob) = (try await TestUser(site, named: "alice"), try await TestUser(site))
            let draft = NotificationDraft(
                to: bob.id, kind: "message.direct", groupKey: "message.direct:1", actor: alice.id, url: "/direct/1",
                arguments: ["text": "a secret word"])
            try await notify(site, draft)
            try await notify(
                site, NotificationDraft(to: bob.id, kind: "role.assigned", groupKey: "role:1", url: "/", arguments: ["role": "Team"]))
            try await notify(site, draft, times: 2)
            let told = try await centre(bob)
            #expect(told.unread == 2 && told.items.map { $0["count"] } == [3, 1])
            #expect(told.items[0]["title"] == "alice sent you 3 messages" && told.items[0]["body"] == "a secret word")
            // After reading, the next one is a new row.
            let id = told.items[0]["id"] ?? .null
            #expect(try await bob.send("POST", "/notifications/read", ["ids": [id]]).json["unread"] == 1)
            try await notify(site, draft)
            #expect(try await centre(bob).items.map { $0["count"] } == [1, 3, 1])
            #expect(try await centre(bob, "?unread=true").items.count == 2)
            #expect(try await bob.send("POST", "/notifications/read", ["all": true]).json["unread"] == 0)
            #expect(try await centre(bob).unread == 0)
            let rows = try await site.database.read { transaction in
                try transaction.rows("SELECT arguments_cipher FROM notifications").map { String(own: $0.blob(0).filter { $0 < 128 }) }
                    + transaction.rows("SELECT members FROM outbox").map { $0.text(0) }
            }
            #expect(rows.allSatisfy { !$0.contains("secret") })
        }
    }

    @Test(arguments: TestDatabase.all) func theListHasPagesAndIsInFrench(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let (alice, bob) = (try await TestUser(site, named: "alice"), try await TestUser(site))
            for index in 0..<5 {
                try await notify(
                    site,
                    NotificationDraft(
                        to: bob.id, kind: "message.mention", groupKey: "m:\(index)", actor: alice.id, url: "/",
                        arguments: ["place": "général"]))
            }
            var (cursor, seen): (String?, [String]) = (nil, [])
            repeat {
                let page = try await bob.send("GET", "/notifications?limit=2&count=true" + (cursor.map { "&cursor=\($0)" } ?? "")).json
                #expect(page["total"] == 5)
                seen += page["items"]?.array?.compactMap { $0["id"]?.string } ?? []
                cursor = page["next"]?.string
            } while cursor != nil
            #expect(seen.count == 5 && Set(seen).count == 5)
            let headers: HTTPHeaders = ["Authorization": "Bearer \(bob.token)", "Accept-Language": "fr"]
            let french = try await site.send("GET", "/notifications", headers).json["items"]?[0]?["title"]
            #expect(french == "alice vous a mentionné dans « général »")
            for body: JSON in [[:], ["ids": ["x"]], ["all": true, "ids": [.string(alice.id.uuid)]], ["all": false]] {
                #expect(try await bob.send("POST", "/notifications/read", body).status == 422, "\(body.text)")
            }
            // Marking another person's notification as read changes nothing.
            #expect(try await alice.send("POST", "/notifications/read", ["ids": [.string(seen[0])]]).status == 200)
            #expect(try await centre(bob).unread == 5)
        }
    }

    /// RocketChat/feature-requests#440, element-hq/riot-android#1072
    @Test(arguments: TestDatabase.all) func preferencesAndDndAreKept(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let (alice, bob) = (try await TestUser(site), try await TestUser(site))
            let first = try await bob.send("GET", "/notifications/preferences").json["kinds"]
            #expect(first?["friend.online"] == ["in_app": true, "browser": false])
            #expect(first?["friend.requested"] == ["in_app": true, "browser": true])
            for (inApp, browser, isDnd) in [true, false].flatMap({ one in
                [true, false].flatMap { two in [true, false].map { (one, two, $0) } }
            }) {
                let change: JSON = ["kinds": ["message.direct": ["in_app": .bool(inApp), "browser": .bool(browser)]]]
                #expect(try await bob.send("PATCH", "/notifications/preferences", change).status == 200)
                _ = try await bob.send("POST", "/users/me/status", ["status": isDnd ? "dnd" : "online"])
                let (start, before) = (try await site.offset, try await centre(bob).unread)
                try await notify(
                    site,
                    NotificationDraft(
                        to: bob.id, kind: "message.direct", groupKey: "\(inApp) \(browser) \(isDnd)", actor: alice.id, url: "/"))
                let setting = "in app \(inApp), browser \(browser), dnd \(isDnd)"
                #expect(try await centre(bob).unread == before + (inApp ? 1 : 0), "\(setting)")
                let event = try await bob.events(after: start).first
                #expect((event != nil) == (inApp || (browser && !isDnd)), "\(setting)")
                #expect(event.map { $0.members["browser"] == .bool(browser && !isDnd) } ?? true, "\(setting)")
            }
            #expect(try await bob.send("PATCH", "/notifications/preferences", ["kinds": ["message.direct": nil]]).status == 200)
            #expect(try await bob.send("GET", "/notifications/preferences").json["kinds"] == first)
            for body: JSON in [["kinds": ["nothing": [:]]], ["kinds": ["message.direct": ["sound": true]]], ["kinds": 1], [:]] {
                #expect(try await bob.send("PATCH", "/notifications/preferences", body).status == 422, "\(body.text)")
            }
        }
    }

    @Test(arguments: TestDatabase.all) func rolesAndBansAreNotifiedOnce(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let bob = try await TestUser(site)
            let owner = try await site.signIn(try await site.add(.owner)).bearer
            await site.composition.consumers.consumeCommitted()
            // The first roles of a new account cause no notification.
            #expect(try await centre(bob).unread == 0)
            let role = try await site.post("/roles", ["name": "Film club", "priority": 5, "permissions": []], as: owner).text("id")
            try await Task.sleep(for: .milliseconds(2100))
            #expect(try await site.post("/users/\(bob.id)/roles", ["role_id": .string(role)], as: owner).status == 200)
            await site.composition.consumers.consumeCommitted()
            await site.composition.consumers.consumeCommitted()
            #expect(try await centre(bob).items.map { $0["title"] } == ["You were given the role “Film club”"])
            let headers: HTTPHeaders = ["Authorization": "Bearer \(owner)"]
            #expect(try await site.send("DELETE", "/users/\(bob.id)/roles/\(role)", headers).status == 200)
            await site.composition.consumers.consumeCommitted()
            let told = try await centre(bob)
            #expect(told.items.map { $0["title"] } == ["The role “Film club” was taken from you"] && told.unread == 1)
            #expect(try await site.post("/users/\(bob.id)/ban", ["reason": "spam"], as: owner).status == 200)
            await site.composition.consumers.consumeCommitted()
            #expect(try await site.count("notifications WHERE kind = 'user.banned'") == 1)
        }
    }

    /// With many changes at once the last event holds the last count.
    @Test(arguments: TestDatabase.all) func theLastEventHoldsTheLastCount(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let (alice, bob) = (try await TestUser(site), try await TestUser(site))
            let start = try await site.offset
            let centre = site.composition.notifications.centre
            try await withThrowingTaskGroup(of: Void.self) { group in
                for index in 0..<60 {
                    group.addTask {
                        let draft = NotificationDraft(
                            to: bob.id, kind: "message.mention", groupKey: "m:\(index % 20)", actor: alice.id, url: "/")
                        _ = try await site.database.write { try centre.notify(draft, in: $0) }
                    }
                    if index % 10 == 9 {
                        group.addTask {
                            try await site.database.write { try centre.close(groupKey: "m:\(index % 20)", of: bob.id, in: $0) }
                        }
                    }
                }
                try await group.waitForAll()
            }
            let last = try await bob.events(after: start).last?.members["unread"]?.integer
            #expect(try await self.centre(bob).unread == last)
            #expect(try await site.count("notifications WHERE user_id = \(bob.id) AND read_at IS NULL") == Int(last ?? -1))
        }
    }

    @Test(arguments: TestDatabase.all) func anErasedPersonLeavesNoNotifications(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let (alice, bob) = (try await TestUser(site), try await TestUser(site))
            _ = try await alice.ask(bob)
            let part = try await site.database.read { try site.composition.features.export(bob.id, in: $0) }
            #expect(part["notifications"]?["notifications"]?.array?.count == 1 && part["friends"]?["requests_received"] != nil)
            let owner = try await site.signIn(try await site.add(.owner)).bearer
            let headers: HTTPHeaders = ["Authorization": "Bearer \(owner)"]
            #expect(try await site.send("DELETE", "/users/\(alice.id)?hard=true", headers).status == 204)
            #expect(try await site.count("notifications WHERE actor_id = \(alice.id)") == 0)
            #expect(try await site.count("friend_requests") == 0)
            #expect(try await centre(bob).unread == 0)
        }
    }
}
