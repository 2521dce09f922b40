import Authorization
import Database
import Kernel
import SiteSupport
import TestSupport
import Testing

/// Who is in a conversation, and who learns of it.
@Suite struct ConversationTests {
    @Test(arguments: TestDatabase.all) func twoPeopleHaveOneConversation(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            for _ in 0..<5 {
                let (alice, bob) = (try await TestUser(site), try await TestUser(site))
                async let first = alice.begin(with: bob)
                async let second = bob.begin(with: alice)
                let answers = [try await first, try await second]
                #expect(answers.map(\.status).sorted() == [200, 201])
                #expect(try answers[0].text("id") == answers[1].text("id"))
                #expect(try await alice.begin(with: bob).status == 200)
            }
            #expect(try await site.count("conversations") == 5)
            #expect(try await site.count("members") == 10)
        }
    }

    @Test(arguments: TestDatabase.all) func whatCannotBeReadIsNotThere(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let (alice, bob, eve) = (try await TestUser(site), try await TestUser(site), try await TestUser(site, .owner))
            let id = try await alice.direct(with: bob)
            let message = try await alice.say("secret", in: id).text("id")
            let tries: [(String, String, JSON?)] = [
                ("GET", "/conversations/\(id)", nil), ("PATCH", "/conversations/\(id)", ["name": "x"]),
                ("DELETE", "/conversations/\(id)", nil), ("PUT", "/conversations/\(id)/members/\(eve.alias)", nil),
                ("DELETE", "/conversations/\(id)/members/\(alice.alias)", nil),
                ("PATCH", "/conversations/\(id)/settings", ["notify": "nothing"]), ("PUT", "/conversations/\(id)/read", ["seq": 0]),
                ("GET", "/conversations/\(id)/draft", nil), ("PUT", "/conversations/\(id)/draft", ["content": "x"]),
                ("GET", "/conversations/\(id)/messages", nil), ("GET", "/conversations/\(id)/messages?around=\(message)", nil),
                ("POST", "/conversations/\(id)/messages", ["content": "x"]), ("GET", "/conversations/\(id)/pins", nil),
                ("GET", "/messages/\(message)", nil), ("PATCH", "/messages/\(message)", ["content": "x"]),
                ("DELETE", "/messages/\(message)", nil), ("GET", "/messages/\(message)/history", nil),
                ("PUT", "/messages/\(message)/reactions/%F0%9F%91%8D", nil), ("PUT", "/messages/\(message)/pin", nil),
            ]
            for (method, path, body) in tries {
                let answer = try await eve.send(method, path, body)
                #expect(answer.status == 404, "\(method) \(path): \(answer.status)")
            }
            let topic = try await eve.send("GET", "/gateway?topic=conversation:\(id)")
            #expect(topic.status == 404)
            #expect(try await eve.items("/conversations").isEmpty)
            #expect(try await eve.send("GET", "/unread").json["items"]?.array?.isEmpty == true)
            #expect(try await eve.delivered().allSatisfy { !$0.type.hasPrefix("message.") && !$0.type.hasPrefix("conversation.") })
        }
    }

    @Test(arguments: TestDatabase.all) func aGroupLivesAsLongAsSomebodyIsInIt(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let (alice, bob, carol) = (try await TestUser(site), try await TestUser(site), try await TestUser(site))
            let id = try await alice.begin(with: bob, named: "Film club").text("id")
            _ = try await alice.say("before", in: id)
            let offset = try await site.offset
            #expect(try await bob.send("PUT", "/conversations/\(id)/members/\(carol.alias)").status == 200)
            #expect(
                try await carol.delivered(after: offset).map(\.type) == ["conversation.created", "conversation.updated", "message.created"])
            #expect(try await carol.unread(in: id) == 0)
            #expect(try await bob.send("DELETE", "/conversations/\(id)/members/\(carol.alias)").code == "not_group_owner")
            #expect(try await carol.send("PATCH", "/conversations/\(id)", ["name": "Cinéma"]).json["name"] == "Cinéma")
            #expect(try await alice.send("DELETE", "/conversations/\(id)").status == 204)
            #expect(try await bob.conversation(id)["owner_id"] == .string(bob.id.uuid))
            #expect(try await alice.send("GET", "/conversations/\(id)").status == 404)
            let left = try await site.offset
            _ = try await bob.say("after", in: id)
            #expect(try await alice.delivered(after: left).isEmpty)
            #expect(try await carol.delivered(after: left).map(\.type) == ["message.created"])
            #expect(try await bob.send("DELETE", "/conversations/\(id)/members/\(carol.alias)").status == 204)
            #expect(try await bob.send("DELETE", "/conversations/\(id)").status == 204)
            #expect(try await site.count("conversations WHERE deleted_at IS NULL") == 0)
        }
    }

    @Test(arguments: TestDatabase.all) func aDirectOneThatIsTakenOffTheListComesBack(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let (alice, bob) = (try await TestUser(site), try await TestUser(site))
            let id = try await alice.direct(with: bob)
            #expect(try await bob.send("DELETE", "/conversations/\(id)").status == 204)
            #expect(try await bob.items("/conversations").isEmpty)
            #expect(try await alice.items("/conversations").count == 1)
            _ = try await alice.say("Still there?", in: id)
            #expect(try await bob.items("/conversations").count == 1)
            #expect(try await bob.send("PUT", "/conversations/\(id)/members/\(alice.alias)").code == "not_a_group")
        }
    }

    @Test(arguments: TestDatabase.all) func limitsOfGroups(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let alice = try await TestUser(site)
            #expect(try await alice.begin(with: alice).json["errors"]?[0]?["code"] == "self")
            let nobody = try await alice.send("POST", "/conversations", ["members": ["u_nobody_of_this_name"]])
            #expect(nobody.json["errors"]?[0]?["pointer"] == "/members/0")
            var others: [JSON] = []
            for _ in 0..<50 { others.append(.string("u_\(try await site.add(.member).name)")) }
            let tooMany = try await alice.send("POST", "/conversations", ["members": .array(others)])
            #expect(tooMany.status == 409 && tooMany.code == "too_many_members")
            let full = try await alice.send("POST", "/conversations", ["members": .array(Array(others.dropLast()))])
            let id = try full.text("id")
            #expect(full.json["member_count"] == 50)
            let last = try await alice.send("PUT", "/conversations/\(id)/members/\(others[49].string ?? "")")
            #expect(last.code == "too_many_members")
        }
    }

    @Test(arguments: TestDatabase.all) func whoMayNotWriteIsToldTheSameWhateverTheReason(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let (alice, bob, carol) = (try await TestUser(site), try await TestUser(site), try await TestUser(site))
            let id = try await alice.direct(with: bob)
            _ = try await alice.say("Hello", in: id)
            #expect(try await bob.send("PUT", "/blocks/\(alice.alias)").status == 204)
            #expect(try await carol.send("PATCH", "/users/me/privacy", ["write": "friends"]).status == 200)
            let blocked = try await alice.say("Hello?", in: id)
            let refused = try await alice.begin(with: carol)
            #expect(blocked.status == 403 && refused.status == 403)
            #expect(blocked.json["detail"] == refused.json["detail"] && blocked.code == "not_allowed" && refused.code == "not_allowed")
            #expect(try await alice.begin(with: bob, carol, named: "g").code == "not_allowed")
            #expect(try await alice.contents(of: id) == ["Hello"])
        }
    }

    @Test(arguments: TestDatabase.all) func settingsAndDraftsFollowThePerson(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let (alice, bob) = (try await TestUser(site), try await TestUser(site))
            let id = try await alice.direct(with: bob)
            let settings = try await alice.send(
                "PATCH", "/conversations/\(id)/settings", ["notify": "nothing", "muted_until": "2031-01-01T00:00:00Z"])
            #expect(settings.json["notify"] == "nothing")
            _ = try await bob.say("1", in: id)
            #expect(try await alice.send("GET", "/unread").json["unread"] == 0)
            #expect(try await alice.unread(in: id) == 1)
            #expect(try await alice.send("PATCH", "/conversations/\(id)/settings", ["notify": "all", "muted_until": nil]).status == 200)
            #expect(try await alice.send("GET", "/unread").json["unread"] == 1)

            let first = try await alice.send("PUT", "/conversations/\(id)/draft", ["content": " half a", "version": 0])
            #expect(first.json["version"] == 1)
            #expect(try await alice.send("GET", "/conversations/\(id)/draft").json["content"] == " half a")
            _ = try await alice.say("half a sentence", in: id)
            #expect(try await alice.send("GET", "/conversations/\(id)/draft").json["content"] == "")
            // A save that was under way when the message went.
            let late = try await alice.send("PUT", "/conversations/\(id)/draft", ["content": "half a sent", "version": 1])
            #expect(late.status == 409 && late.code == "draft_outdated")
            #expect(try await alice.delivered().filter { $0.type == "draft.updated" }.count == 2)
            #expect(try await bob.delivered().allSatisfy { $0.type != "draft.updated" })
        }
    }
}
