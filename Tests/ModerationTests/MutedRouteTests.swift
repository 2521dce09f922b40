import Authorization
import HTTP
import Kernel
import SiteSupport
import TestSupport
import Testing

@testable import Server
@testable import Web

/// Whether a mute forbids a route, for every route that changes something; a new route fails here until it is listed.
@Suite struct MutedRouteTests {
    /// Refused: others read or see the result.
    private static let refused: Set<String> = [
        "POST /conversations/{id}/messages", "PATCH /messages/{id}", "PUT /messages/{id}/reactions/{emoji}",
        "POST /conversations/{id}/typing",
        "POST /conversations", "PATCH /conversations/{id}", "POST /channels", "POST /channel-categories", "PATCH /channel-categories/{id}",
        "PATCH /users/{id}", "PUT /users/{id}/avatar", "POST /users/{id}/status", "POST /friend-requests", "POST /calls",
        "POST /calls/{id}/accept",
    ]

    /// Allowed: it deletes, is private, or is work of the team.
    private static let free: [String] = [
        "/auth/", "/users/bulk", "/saved-filters", "/api-keys", "/invitations", "/registrations", "/settings", "/modules", "/roles",
        "/gateway",
        "//gateway", "/friend-requests/", "/friends/", "/blocks/", "/notifications", "/sanctions", "/reports", "/cases", "/appeals",
        "/moderation", "/users/me/privacy", "/channels/",
        // Marks are numbers; nobody sees a file before it is sent in a message.
        "/media", "/files", "/analytics", "/alerts", "/users/import", "/webhooks", "/webhook-deliveries", "/privacy/", "/calls/",
        "/identity-providers", "/users/me/identities", "/users/me/passkeys",
    ]
    private static let freeRoutes: Set<String> = [
        "POST /users", "DELETE /users/{id}", "POST /users/{id}/restore", "POST /users/{id}/disable", "POST /users/{id}/enable",
        "POST /users/{id}/ban", "DELETE /users/{id}/ban", "DELETE /users/{id}/avatar", "POST /users/{id}/totp",
        "POST /users/{id}/totp/confirm",
        "DELETE /users/{id}/totp", "PUT /users/{id}/note", "POST /users/{id}/roles", "DELETE /users/{id}/roles/{role_id}",
        "POST /users/{id}/roles/preview",
        "PUT /users/{id}/overrides/{permission}", "DELETE /users/{id}/overrides/{permission}", "POST /users/{id}/permissions/preview",
        "DELETE /conversations/{id}", "PUT /conversations/{id}/members/{user}", "DELETE /conversations/{id}/members/{user}",
        "PATCH /conversations/{id}/settings", "PUT /conversations/{id}/read", "PUT /conversations/{id}/draft", "DELETE /messages/{id}",
        "POST /messages/{id}/report",
        "DELETE /messages/{id}/reactions/{emoji}", "PUT /messages/{id}/pin", "DELETE /messages/{id}/pin", "DELETE /channel-categories/{id}",
        "PUT /channel-categories/{id}/overwrites/{target}", "DELETE /channel-categories/{id}/overwrites/{target}",
    ]

    @Test func everyRouteIsDecided() async throws {
        try await TestSite.with(.sqlite) { site in
            for route in site.composition.routes where route.method != .get {
                let name = "\(route.method.rawValue) \(route.path)"
                let isFree =
                    Self.freeRoutes.contains(name) || Self.free.contains { route.path.hasPrefix($0) && !Self.refused.contains(name) }
                #expect(Self.refused.contains(name) != isFree, "\(name): may somebody who is muted do this?")
                #expect(Self.refused.contains(name) == route.refusals.contains(.forbidden("muted")), "\(name) and what it declares")
            }
        }
    }

    @Test(arguments: TestDatabase.all) func nothingThatOthersReadIsLetThrough(_ kind: TestDatabase) async throws {
        let clock = MovedClock()
        try await TestSite.with(kind, clock: clock.wall) { site in
            let owner = try await TestUser(site, .owner)
            // An admin, so that no missing permission refuses.
            let (mia, bob) = (try await TestUser(site, .admin), try await TestUser(site))
            let chat = try await mia.direct(with: bob)
            let group = try await mia.send("POST", "/conversations", ["members": [.string(bob.alias)], "name": "Films"]).text("id")
            let message = try await mia.say("before", in: chat).text("id")
            let category = try await mia.send("POST", "/channel-categories", ["name": "All"]).text("id")
            let channel = try await mia.send("POST", "/channels", ["name": "general"]).text("id")
            let stranger = try await TestUser(site)
            let call = try await stranger.send("POST", "/calls", ["to": .string(mia.alias)]).text("id")
            let calls: [(String, String, JSON?)] = [
                ("POST", "/conversations/\(chat)/messages", ["content": "x"]), ("PATCH", "/messages/\(message)", ["content": "y"]),
                ("PUT", "/messages/\(message)/reactions/%F0%9F%91%8D", nil), ("POST", "/conversations/\(chat)/typing", nil),
                ("POST", "/conversations", ["members": [.string(bob.alias)], "name": "More films"]),
                ("PATCH", "/conversations/\(group)", ["name": "Other films"]), ("PATCH", "/conversations/\(channel)", ["topic": "x"]),
                ("POST", "/channels", ["name": "more"]), ("POST", "/channel-categories", ["name": "More"]),
                ("PATCH", "/channel-categories/\(category)", ["name": "Less"]), ("PATCH", "/users/me", ["display_name": "Somebody"]),
                ("PATCH", "/users/me", ["bio": "x"]), ("PATCH", "/users/me", ["username": "other.name"]),
                ("PATCH", "/users/me", ["status_message": "x"]), ("POST", "/users/me/status", ["status_message": "x"]),
                ("POST", "/users/me/status", ["status_emoji": "👍"]), ("POST", "/users/me/status", ["activity_name": "A film"]),
                ("POST", "/friend-requests", ["to": .string(stranger.alias), "note": "Hello"]),
                ("POST", "/calls", ["to": .string(bob.alias)]), ("POST", "/calls/\(call)/accept", nil),
                ("PATCH", "/users/\(bob.alias)", ["bio": "x"]), ("POST", "/users/\(bob.alias)/status", ["status_message": "x"]),
            ]
            let mute = try await owner.impose("mute", on: mia, seconds: 60)
            for (method, path, body) in calls {
                let answer = try await mia.send(method, path, body)
                #expect(answer.status == 403 && answer.code == "muted", "\(method) \(path): \(answer.json.text)")
                #expect(answer.json["until"] == mute.json["expires_at"])
            }
            // With an API key, too.
            let key = try await site.makeKey(["*"], as: mia.token)
            let body: JSON = ["content": "by key"]
            let byKey = try await site.send(
                "POST", "/conversations/\(chat)/messages", ["Authorization": "Bearer \(key)"], body: body.bytes)
            #expect(byKey.code == "muted")
            let picture = try await site.send(
                "PUT", "/users/me/avatar", ["Authorization": "Bearer \(mia.token)"], body: [1, 2, 3], type: "image/png")
            #expect(picture.code == "muted")
            // Deleting, private data and changes without text are allowed.
            #expect(try await mia.send("DELETE", "/messages/\(message)").status == 204)
            #expect(try await mia.send("POST", "/users/me/status", ["status": "idle"]).status == 200)
            #expect(try await mia.send("PATCH", "/users/me", ["locale": "fr"]).status == 200)
            #expect(try await mia.send("POST", "/friend-requests", ["to": .string(stranger.alias)]).status == 201)
            #expect(try await mia.send("PUT", "/conversations/\(chat)/draft", ["content": "x"]).status == 200)

            clock.advance(seconds: 60)
            for (method, path, body) in calls
            where path != "/messages/\(message)" && !path.contains("reactions") && path != "/friend-requests"
                && !path.hasPrefix("/calls")
            {
                let answer = try await mia.send(method, path, body)
                #expect((200..<300).contains(answer.status), "\(method) \(path): \(answer.status) \(answer.json.text)")
            }
        }
    }
}
