import Authorization
import HTTP
import Kernel
import Roles
import SiteSupport
import TestSupport
import Testing

@testable import Conversations

/// Who sees which channel, what they may do there, and how that ends at once.
@Suite struct ChannelTests {
    private func makeRole(_ name: String, _ owner: TestUser, priority: Int = 20) async throws -> String {
        try await owner.send("POST", "/roles", ["name": .string(name), "priority": JSON(priority), "permissions": []]).text("id")
    }

    private func give(_ role: String, to person: TestUser, by owner: TestUser) async throws {
        try #require(try await owner.send("POST", "/users/\(person.alias)/roles", ["role_id": .string(role)]).status == 200)
    }

    @Test(arguments: TestDatabase.all) func whoLosesTheRoleLosesTheChannelAtOnce(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let (owner, alice, bob) = (try await TestUser(site, .owner), try await TestUser(site), try await TestUser(site))
            let role = try await makeRole("critics", owner)
            try await give(role, to: alice, by: owner)
            let made = try await owner.send(
                "POST", "/channels",
                [
                    "name": "critics only", "visibility": "private",
                    "overwrites": [["target": "role_critics", "allow": ["chat.read", "chat.write"]]],
                ])
            #expect(made.status == 201, "\(made.json.text)")
            let id = try made.text("id")
            #expect(try await bob.send("GET", "/channels").json["items"]?.array?.isEmpty == true)
            #expect(try await bob.send("GET", "/conversations/\(id)").status == 404)
            #expect(try await bob.say("let me in", in: id).status == 404)
            let message = try await alice.say("An unforgettable picture <@\(bob.id)>", in: id).text("id")
            #expect(try await alice.send("GET", "/gateway?topic=conversation:\(id)").status == 200)
            #expect(try await bob.send("GET", "/gateway?topic=conversation:\(id)").status == 404)
            // Named where they cannot read: nothing shows.
            #expect(try await bob.send("GET", "/unread").json == ["unread": 0, "mentions": 0, "items": []])
            let next = try await alice.send("GET", "/conversations/\(id)/messages?limit=1").json["next"]
            #expect(next == .null)

            #expect(try await owner.send("DELETE", "/users/\(alice.alias)/roles/\(role)").status == 200)
            for path in [
                "/conversations/\(id)", "/conversations/\(id)/messages", "/messages/\(message)", "/messages/\(message)/history",
                "/conversations/\(id)/pins", "/gateway?topic=conversation:\(id)", "/gateway?topic=typing:\(id)",
                "/search/messages?q=picture&conversation=\(id)", "/channels/\(id)/permissions",
            ] { #expect(try await alice.send("GET", path).status == 404, "\(path)") }
            #expect(try await alice.items("/search/messages?q=unforgettable").isEmpty)
            #expect(try await alice.send("PATCH", "/messages/\(message)", ["content": "x"]).status == 404)
            #expect(try await owner.items("/search/messages?q=unforgettable").count == 1)
        }
    }

    @Test(arguments: TestDatabase.all) func denyBeatsAllowAndTheCategoryHoldsWhereTheChannelIsSilent(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let (owner, alice) = (try await TestUser(site, .owner), try await TestUser(site))
            let category = try await owner.send("POST", "/channel-categories", ["name": "Cinema"]).text("id")
            let channel = try await owner.send("POST", "/channels", ["name": "films", "category_id": .string(category)]).text("id")
            func may() async throws -> Set<String> {
                Set(try await alice.conversation(channel)["permissions"]?.array?.compactMap(\.string) ?? [])
            }
            func put(_ place: String, _ target: String, allow: JSON = [], deny: JSON = []) async throws {
                let answer = try await owner.send("PUT", "\(place)/overwrites/\(target)", ["allow": allow, "deny": deny])
                try #require(answer.status == 200, "\(answer.json.text)")
            }
            #expect(try await may() == ["chat.read", "chat.write"])
            try await put("/channel-categories/\(category)", "role_member", deny: ["chat.write"])
            #expect(try await may() == ["chat.read"])
            #expect(try await alice.say("x", in: channel).json["permission"] == "chat.write")
            // The channel speaks of the role itself: the category is silent then.
            try await put("/channels/\(channel)", "role_member", allow: ["chat.moderate"])
            #expect(try await may() == ["chat.read", "chat.write", "chat.moderate"])
            try await put("/channels/\(channel)", alice.alias, deny: ["chat.moderate"])
            #expect(try await may() == ["chat.read", "chat.write"])
            let why = try await owner.send("GET", "/channels/\(channel)/permissions?user=\(alice.alias)").json["items"]?.array ?? []
            let moderate = why.first { $0["key"] == "chat.moderate" }
            #expect(moderate?["granted"] == false)
            #expect(
                moderate?["because"]?.array?.map { "\($0["source"]?.string ?? "") \($0["effect"]?.string ?? "")" }.sorted()
                    == ["overwrite allow", "overwrite deny"])
            #expect(try await alice.send("GET", "/channels/\(channel)/permissions").status == 200)
            #expect(try await alice.send("GET", "/channels/\(channel)/permissions?user=\(owner.alias)").status == 403)
            // Whoever may not read may do nothing, and sees nothing.
            try await put("/channels/\(channel)", alice.alias, deny: ["chat.read"])
            #expect(try await alice.send("GET", "/conversations/\(channel)").status == 404)
            #expect(try await owner.send("DELETE", "/channels/\(channel)/overwrites/\(alice.alias)").status == 204)
            #expect(try await may() == ["chat.read", "chat.write", "chat.moderate"])
            #expect(try await owner.send("DELETE", "/channel-categories/\(category)").code == "category_in_use")
        }
    }

    @Test(arguments: TestDatabase.all) func aPrivateOneIsForNobodyWithoutAnAllow(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let (owner, admin, other) = (
                try await TestUser(site, .owner), try await TestUser(site, .admin), try await TestUser(site, .admin)
            )
            let id = try await admin.send("POST", "/channels", ["name": "plans", "visibility": "private"]).text("id")
            #expect(try await admin.conversation(id)["permissions"]?.array?.count == 5)
            #expect(try await owner.send("GET", "/conversations/\(id)").status == 200)
            #expect(try await other.send("GET", "/conversations/\(id)").status == 404)
            // An equal can be let in, and not be kept out.
            #expect(try await admin.send("PUT", "/channels/\(id)/overwrites/\(other.alias)", ["allow": ["chat.read"]]).status == 200)
            #expect(try await other.conversation(id)["permissions"] == ["chat.read"])
            #expect(try await other.send("PATCH", "/conversations/\(id)", ["name": "x"]).json["permission"] == "channels.manage")
            #expect(
                try await admin.send("PUT", "/channels/\(id)/overwrites/\(other.alias)", ["deny": ["chat.read"]]).code == "rank_too_low")
            #expect(try await admin.send("PUT", "/channels/\(id)/overwrites/role_admin", ["deny": ["chat.read"]]).code == "rank_too_low")
            #expect(try await admin.send("PUT", "/channels/\(id)/overwrites/\(other.alias)", ["allow": ["users.read"]]).status == 422)
        }
    }

    @Test(arguments: TestDatabase.all) func nobodyGivesWhatTheyDoNotHave(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let (owner, alice) = (try await TestUser(site, .owner), try await TestUser(site))
            let id = try await owner.send("POST", "/channels", ["name": "general"]).text("id")
            let allow: JSON = ["allow": ["channels.manage"]]
            #expect(try await owner.send("PUT", "/channels/\(id)/overwrites/\(alice.alias)", allow).status == 200)
            let tried = try await alice.send("PUT", "/channels/\(id)/overwrites/role_member", ["allow": ["chat.moderate"]])
            #expect(tried.code == "cannot_grant" && tried.json["permissions"] == ["chat.moderate"])
            #expect(try await alice.send("POST", "/channels", ["name": "x"]).status == 403)
            #expect(try await alice.send("PATCH", "/conversations/\(id)", ["topic": "Films"]).json["topic"] == "Films")
        }
    }

    @Test(arguments: TestDatabase.all) func readOnlyAnnouncementsAndSlowMode(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let (owner, alice) = (try await TestUser(site, .owner), try await TestUser(site))
            let id = try await owner.send("POST", "/channels", ["name": "news", "announcement": true]).text("id")
            #expect(try await alice.say("x", in: id).code == "read_only")
            #expect(try await owner.say("News!", in: id).status == 201)
            let message = try await owner.say("More", in: id).text("id")
            #expect(try await alice.send("PUT", "/messages/\(message)/reactions/%F0%9F%91%8D").status == 200)
            let slow = try await owner.send("PATCH", "/conversations/\(id)", ["announcement": false, "slow_mode_s": 60])
            #expect(slow.status == 200 && slow.json["version"] == 2)
            #expect(try await alice.say("one", in: id, key: "1").status == 201)
            let early = try await alice.say("two", in: id)
            #expect(early.status == 429 && early.code == "slow_mode" && early.headers["Retry-After"] != nil)
            // A retry is no second message.
            #expect(try await alice.say("one", in: id, key: "1").status == 200)
            #expect(try await owner.say("a", in: id).status == 201)
            #expect(try await owner.say("b", in: id).status == 201)
            #expect(try await owner.send("PATCH", "/conversations/\(id)", ["slow_mode_s": 100_000]).status == 422)
        }
    }

    @Test(arguments: TestDatabase.all) func moderatorsDeleteAndEverybodyIsCalledByPermission(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let (owner, mod, alice, bob) = (
                try await TestUser(site, .owner), try await TestUser(site, .mod), try await TestUser(site), try await TestUser(site)
            )
            let id = try await owner.send("POST", "/channels", ["name": "general"]).text("id")
            // Never opened: new, without a number; only what names one counts.
            #expect(try await bob.conversation(id)["unread"] == .null)
            _ = try await alice.say("<@everyone> <@&\(RoleID(rawValue: 5))>", in: id)
            #expect(try await bob.mentions(in: id) == 0)
            _ = try await alice.say("<@\(bob.id)>", in: id)
            #expect(try await bob.mentions(in: id) == 1)
            _ = try await bob.read(id, upTo: 2)
            let all = try await mod.say("<@everyone>", in: id)
            #expect(all.json["mentions"]?["everyone"] == true)
            let role = try await mod.say("<@&\(RoleID(rawValue: 5))>", in: id)
            #expect(role.json["mentions"]?["roles"]?[0]?["name"] == "member")
            #expect(try await bob.mentions(in: id) == 2)
            #expect(try await bob.unread(in: id) == 2)
            #expect(try await mod.mentions(in: id) == 0)

            let rude = try await bob.say("something rude", in: id).text("id")
            #expect(try await alice.send("DELETE", "/messages/\(rude)").status == 403)
            #expect(try await mod.send("DELETE", "/messages/\(rude)").status == 204)
            let entries = try await owner.items("/audit?action=message.delete&result=success")
            #expect(entries.count == 1 && entries.first?["target_id"] == .string(rude))
            #expect(try await alice.send("PUT", "/messages/\(rude)/pin").status == 403)
            let events = try await site.events(after: 0, on: "conversation:\(id)")
            #expect(events.map(\.type) == Array(repeating: "message.created", count: 5) + ["message.deleted"])
            #expect(events.last?.members["gaps"] == 1 && events.last?.members["last_seq"] == 5 && events.last?.members["broadcasts"] == 1)
        }
    }

    @Test(arguments: TestDatabase.all) func channelsStandInTheirCategories(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let (owner, alice) = (try await TestUser(site, .owner), try await TestUser(site))
            let first = try await owner.send("POST", "/channel-categories", ["name": "One", "position": 2]).text("id")
            let second = try await owner.send("POST", "/channel-categories", ["name": "Two", "position": 1]).text("id")
            for (name, category, place) in [("a", first, 2), ("b", first, 1), ("c", second, 3)] {
                let body: JSON = ["name": .string(name), "category_id": .string(category), "position": JSON(place)]
                #expect(try await owner.send("POST", "/channels", body).status == 201)
            }
            let empty = try await owner.send("POST", "/channel-categories", ["name": "Empty"])
            let list = try await alice.send("GET", "/channels").json
            #expect(list["categories"]?.array?.map { $0["name"]?.string } == ["Two", "One"])
            #expect(list["items"]?.array?.map { $0["name"]?.string } == ["b", "a", "c"])
            #expect(try await owner.send("GET", "/channels").json["categories"]?.array?.count == 3)
            let renamed = try await owner.send("PATCH", "/channel-categories/\(first)", ["name": "Uno"])
            #expect(renamed.json["version"] == 2)
            #expect(try await owner.send("DELETE", "/channel-categories/\(try empty.text("id"))").status == 204)
            #expect(try await owner.send("POST", "/channels", ["name": "x", "category_id": .string(try empty.text("id"))]).status == 422)
            #expect(try await owner.send("POST", "/channels", ["name": "x", "kind": "voice"]).status == 422)
            let channel = list["items"]?[0]?["id"]?.string ?? ""
            #expect(try await owner.send("DELETE", "/conversations/\(channel)").status == 204)
            #expect(try await alice.send("GET", "/conversations/\(channel)").status == 404)
            #expect(try await site.events(after: 0, on: "channels").count == 9)
        }
    }

    @Test(arguments: TestDatabase.all) func channelsStandInTheOrderThatIsGiven(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let (owner, alice) = (try await TestUser(site, .owner), try await TestUser(site))
            var channels: [String] = []
            for name in ["a", "b", "c"] { channels.append(try await owner.send("POST", "/channels", ["name": .string(name)]).text("id")) }
            let one = try await owner.send("POST", "/channel-categories", ["name": "one"]).text("id")
            let two = try await owner.send("POST", "/channel-categories", ["name": "two", "position": 1]).text("id")
            func order(_ channels: [JSON], _ categories: [String] = [], _ who: TestUser) async throws -> TestSite.Answer {
                try await who.send(
                    "PUT", "/channels/order", ["channels": .array(channels), "categories": .array(categories.map { .string($0) })])
            }
            func entry(_ index: Int, _ category: String?) -> JSON { ["id": .string(channels[index]), "category_id": JSON(category)] }
            let offset = try await site.offset
            #expect(try await order([entry(2, nil), entry(0, two), entry(1, two)], [two, one], owner).status == 204)
            let list = try await alice.send("GET", "/channels").json
            #expect(list["items"]?.array?.map { $0["name"] } == ["c", "a", "b"])
            #expect(list["items"]?.array?.map { $0["category_id"] } == [.null, .string(two), .string(two)])
            #expect(try await owner.send("GET", "/channels").json["categories"]?.array?.map { $0["name"] } == ["two", "one"])
            #expect(try await site.events(after: offset, on: "channels").map(\.type) == ["channels.changed"])
            // The same again changes nothing, and is told to nobody.
            #expect(try await order([entry(2, nil), entry(0, two), entry(1, two)], [two, one], owner).status == 204)
            #expect(try await site.events(after: offset, on: "channels").count == 1)
            #expect(try await order([entry(0, nil)], [], alice).status == 403)
            for (bad, categories) in [
                ([entry(0, channels[1])], []), ([["id": "nothing"]], []), ([entry(0, nil), entry(0, nil)], []), ([], ["nothing"]),
                ([], [one, one]),
            ] as [([JSON], [String])] {
                #expect(try await order(bad, categories, owner).status == 422)
            }
            #expect(try await order([entry(1, nil), ["id": .string(one), "category_id": .null]], [], owner).status == 404)
            #expect(try await alice.send("GET", "/channels").json["items"]?.array?.map { $0["name"] } == ["c", "a", "b"])
        }
    }

}
