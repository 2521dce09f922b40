import Bus
import Database
import Kernel
import SiteSupport
import TestSupport
import Testing

@testable import Server

/// System messages in groups, which never count as unread.
@Suite struct SystemLineTests {
    private func lines(_ person: TestUser, _ id: String) async throws -> [String] {
        try await person.items("/conversations/\(id)/messages?limit=200").reversed().map { message in
            guard message["kind"] == "system" else { return message["content"]?.string ?? "" }
            let (system, author) = (message["system"], message["author"]?["username"]?.string ?? "nobody")
            let user = system?["user"]?["username"]?.string.map { " \($0)" } ?? ""
            return "\(author) \(system?["type"]?.string ?? "")\(user)\((system?["name"]?.string).map { " " + $0 } ?? "")"
        }
    }

    @Test(arguments: TestDatabase.all) func changesOfAGroupAreSystemMessages(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            await site.composition.consumers.consumeCommitted()
            let (alice, bob, carol) = (try await TestUser(site), try await TestUser(site), try await TestUser(site))
            let (one, two, three) = (alice.person.name, bob.person.name, carol.person.name)
            let made = try await alice.begin(with: bob, named: "Film club").json
            let id = try #require(made["id"]?.string)
            #expect(made["last_seq"] == 1 && made["unread"] == 0 && made["last_message"]?["system"]?["type"] == "group_created")
            let added = try await bob.send("PUT", "/conversations/\(id)/members/\(carol.alias)")
            #expect(added.json["last_seq"] == 2)
            #expect(try await alice.send("PATCH", "/conversations/\(id)", ["name": "Cinema"]).json["last_seq"] == 3)
            let icon: JSON = ["icon_url": "https://site.test/icon.png"]
            #expect(try await bob.send("PATCH", "/conversations/\(id)", icon).status == 200)
            let message = try await carol.say("hello", in: id).text("id")
            #expect(try await bob.send("PUT", "/messages/\(message)/pin").status == 200)
            #expect(try await bob.send("PUT", "/messages/\(message)/pin").status == 200)
            #expect(try await carol.send("DELETE", "/conversations/\(id)").status == 204)
            #expect(try await alice.send("DELETE", "/conversations/\(id)/members/\(bob.alias)").status == 204)
            let all = [
                "\(one) group_created Film club", "\(two) member_added \(three)", "\(one) renamed Cinema", "\(two) icon_changed", "hello",
                "\(two) message_pinned", "\(three) member_left", "\(one) member_removed \(two)",
            ]
            #expect(try await lines(alice, id) == all)
            // A person who left gets `conversation.left` and no later message.
            let heard = try await carol.delivered().filter { $0.type == "message.created" }.compactMap {
                $0.members["message"]?["system"]?["type"]?.string
            }
            #expect(heard == ["member_added", "renamed", "icon_changed", "message_pinned"])
            #expect(try await alice.unread(in: id) == 1)
            let pinned = try await alice.items("/conversations/\(id)/messages").first { $0["system"]?["type"] == "message_pinned" }
            #expect(pinned?["system"]?["message_id"] == .string(message))
            await site.composition.consumers.consumeCommitted()
            let notices = try await alice.items("/notifications").filter { $0["kind"] == "message.direct" }
            #expect(notices.map { $0["count"] } == [1])
        }
    }

    @Test(arguments: TestDatabase.all) func systemMessagesCannotBeChanged(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let (alice, bob) = (try await TestUser(site), try await TestUser(site))
            let id = try await alice.begin(with: bob, named: "Film club").text("id")
            let line = try #require(try await alice.items("/conversations/\(id)/messages").first?["id"]?.string)
            for (method, path, body) in [
                ("PATCH", "", ["content": "mine"] as JSON?), ("DELETE", "", nil), ("PUT", "/pin", nil),
                ("PUT", "/reactions/%F0%9F%91%8D", nil),
            ] {
                #expect(try await alice.send(method, "/messages/\(line)\(path)", body).code == "system_message", "\(method) \(path)")
            }
            #expect(try await alice.say("x", in: id, replyTo: line).json["errors"]?[0]?["code"] == "unknown_message")
            // Direct conversations begin without a word, and a pin is told there, too.
            let direct = try await alice.direct(with: bob)
            let message = try await alice.say("one", in: direct).text("id")
            #expect(try await bob.send("PUT", "/messages/\(message)/pin").status == 200)
            #expect(try await lines(alice, direct) == ["one", "\(bob.person.name) message_pinned"])
            #expect(try await alice.unread(in: direct) == 0)
        }
    }
}
