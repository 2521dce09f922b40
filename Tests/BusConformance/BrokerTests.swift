import Bus
import Kernel
import Seeded
import Testing

/// What every broker does for the readers of its node.
@Suite struct BrokerTests {
    @Test(arguments: TestBroker.allCases) func eventsComeInOrderWithoutAGap(_ kind: TestBroker) async throws {
        try await kind.with { stage in
            stage.publish("a")
            stage.publish("b", "c")
            stage.publish("x", to: "presence:role:r")
            stage.publish("d")
            try await stage.settle("d")
            let heard = stage.heard[0].all
            #expect(heard.publications(on: "presence").map(\.name) == ["a", "b", "c", "d"])
            #expect(heard.publications(on: "presence").map(\.position.offset) == [1, 2, 3, 4])
            #expect(heard.publications(on: "presence:role:r").map(\.position.offset) == [1])
            #expect(Set(heard.publications.map(\.position.epoch)).count == 1)
            #expect(heard.batches.map(\.count) == [1, 2, 1, 1] && heard.interruptions.isEmpty)
            #expect(stage.broker.position(of: "presence") == heard.publications.last?.position)
        }
    }

    @Test(arguments: TestBroker.allCases) func whatNobodyWroteToIsEmpty(_ kind: TestBroker) async throws {
        try await kind.with { stage in
            let position = stage.broker.position(of: "presence:role:r")
            #expect(position.offset == 0 && Position(position.description) == position)
            #expect(stage.broker.replay("presence:role:r", after: position).names == [])
            stage.publish(to: "presence:role:r")
            stage.publish("a")
            try await stage.settle("a")
            #expect(stage.heard[0].all.batches.count == 1, "nothing was published, and told")
            #expect(stage.broker.position(of: "presence:role:r") == position)
        }
    }

    @Test(arguments: TestBroker.allCases) func manyPublishersGiveOneOrderAndKeepTheirBatches(_ kind: TestBroker) async throws {
        try await kind.with { stage in
            await withTaskGroup(of: Void.self) { group in
                for task in 0..<8 {
                    let broker = stage.nodes[task % stage.nodes.count]
                    group.addTask {
                        for round in 0..<50 {
                            let events = (0..<4).map { Event("e", members: ["call": JSON(task * 100 + round), "n": JSON($0)]) }
                            broker.publish(events, to: "presence")
                        }
                    }
                }
            }
            for heard in stage.heard { try await heard.wait("1600 events") { $0.publications.count >= 1600 } }
            for heard in stage.heard {
                #expect(heard.all.publications.map(\.position.offset) == Array(1...1600))
                for batch in heard.all.batches {
                    let events = try batch.map { try JSONParser.parse($0.payload) }
                    #expect(events.map { $0["n"]?.integer } == [0, 1, 2, 3] && Set(events.map { $0["call"]?.integer }).count == 1)
                }
                #expect(heard.all.publications.map(\.payload) == stage.heard[0].all.publications.map(\.payload))
            }
        }
    }

    // MARK: Coming back

    @Test(arguments: TestBroker.allCases) func whoComesBackGetsExactlyWhatTheyMissed(_ kind: TestBroker) async throws {
        try await kind.with(limit: 10) { stage in
            for number in 1...25 { stage.publish("n\(number)") }
            try await stage.settle("n25")
            let places = stage.heard[0].all.publications.map(\.position)
            for (index, place) in places.enumerated() {
                let replay = stage.broker.replay("presence", after: place)
                // The latest ten are kept.
                if index < 14 {
                    #expect(replay.isLost)
                } else {
                    #expect(replay.names == places[(index + 1)...].map { "n\($0.offset)" })
                }
            }
        }
    }

    /// Whom one watches is looked up, not looked for: it must come to the same, wherever one stands and whatever was forgotten meanwhile.
    @Test(arguments: TestBroker.allCases) func whoWatchesSomePeopleGetsExactlyTheirs(_ kind: TestBroker) async throws {
        try await kind.with(limit: 60) { stage in
            let people = (1...12).map { UserID(rawValue: Int64($0) << 20) }
            var random = SeededRandom(7)
            let start = stage.broker.position(of: "presence")
            for number in 1...200 {
                // Mostly one person; now and then several at once, or nobody.
                let count = number < 120 && number.isMultiple(of: 9) ? 2 : number.isMultiple(of: 13) ? 0 : 1
                let named = (0..<count).map { _ in people.randomElement(using: &random)! }
                stage.broker.publish([Event("n\(number)", members: [:], of: named)], to: "presence")
                if number.isMultiple(of: 20) { stage.broker.publish([Event("o\(number)", members: [:])], to: "presence:role:r") }
            }
            stage.publish("last")
            try await stage.settle("last")
            for offset in Int64(0)...201 {
                let place = Position(epoch: start.epoch, offset: offset)
                guard case .events(let all, let end) = stage.broker.replay("presence", after: place) else {
                    #expect(stage.broker.replay("presence", after: place, of: people).isLost)
                    continue
                }
                #expect(end == stage.broker.position(of: "presence"))
                for watched in [[], [people[3]], [people[9], people[0], people[5]], people] {
                    let theirs = all.filter { $0.people.contains(where: watched.contains) }.map(\.name)
                    #expect(stage.broker.replay("presence", after: place, of: watched).names == theirs)
                }
            }
        }
    }

    /// The durable ones are told by their `user_id`, too.
    @Test(arguments: TestBroker.allCases) func whatIsDurableIsOfSomePeopleToo(_ kind: TestBroker) async throws {
        try await kind.with { stage in
            stage.broker.begin(durableEpoch: "site", head: 0)
            let people = [UserID(rawValue: 1 << 20), UserID(rawValue: 2 << 20)]
            for offset in Int64(1)...6 {
                let members: JSONObject = ["user_id": .string(people[Int(offset % 2)].uuid)]
                stage.broker.publish([
                    OutboxRecord(
                        offset: offset, topics: ["users"], type: "t\(offset)", members: members, at: Timestamp(milliseconds: 0))
                ])
            }
            let place = Position(epoch: "site", offset: 1)
            #expect(stage.broker.replay("users", after: place, of: [people[0]]).names == ["t2", "t4", "t6"])
            #expect(stage.broker.replay("users", after: place, of: []).names == [])
        }
    }

    @Test(arguments: TestBroker.allCases) func anotherEpochOrAPlaceNeverReachedIsLost(_ kind: TestBroker) async throws {
        try await kind.with { stage in
            stage.publish("a", "b")
            try await stage.settle("b")
            let place = stage.broker.position(of: "presence")
            #expect(stage.broker.replay("presence", after: place).names == [])
            #expect(stage.broker.replay("presence", after: Position(epoch: place.epoch, offset: place.offset + 1)).isLost)
            #expect(stage.broker.replay("presence", after: Position(epoch: place.epoch + "x", offset: 1)).isLost)
            stage.broker.begin(durableEpoch: "site", head: 7)
            #expect(stage.broker.replay("roles", after: Position(epoch: "site", offset: 8)).isLost)
            #expect(stage.broker.replay("roles", after: Position(epoch: place.epoch, offset: 7)).isLost)
        }
    }

    @Test(arguments: TestBroker.allCases) func aRestartIsANewEpochForWhatLivesInMemory(_ kind: TestBroker) async throws {
        try await kind.with { stage in
            let fresh = MemoryBroker(epoch: "another")
            fresh.begin(durableEpoch: "site", head: 12)
            stage.broker.begin(durableEpoch: "site", head: 9)
            stage.publish("a")
            try await stage.settle("a")
            stage.broker.publish([stage.record(10, "roles")])
            #expect(fresh.replay("presence", after: stage.broker.position(of: "presence")).isLost)
            #expect(fresh.replay("roles", after: stage.broker.position(of: "roles")).isBeyondMemory)
        }
    }

    /// Attach, ask for the place, and join what is replayed to what comes: nothing twice, nothing missing, while others publish.
    @Test(arguments: TestBroker.allCases) func whoAttachesLateMissesNothingAfterTheirPlace(_ kind: TestBroker) async throws {
        try await kind.with { stage in
            for number in 1...20 { stage.publish("n\(number)") }
            try await stage.settle("n20")
            let late = Heard<Publication>()
            let broker = stage.broker
            let publishing = Task { for number in 21...300 { broker.publish([Event("n\(number)", members: [:])], to: "presence") } }
            broker.attach {
                late.add($0)
            } interrupted: { _, _ in
            }
            let place = broker.position(of: "presence")
            #expect(place.offset >= 20)
            await publishing.value
            stage.publish("last")
            try await late.wait("the last") { $0.last?.name == "last" }
            let after = late.all.map(\.position.offset).filter { $0 > place.offset }
            #expect(after == Array((place.offset + 1)...301))
            let missed = try #require(broker.replay("presence", after: Position(epoch: place.epoch, offset: 20)).names)
            #expect(missed == (21...300).map { "n\($0)" } + ["last"])
        }
    }

    // MARK: Durable topics

    @Test(arguments: TestBroker.allCases) func durableEventsKeepTheOutboxesOffsets(_ kind: TestBroker) async throws {
        try await kind.with(limit: 3) { stage in
            stage.broker.begin(durableEpoch: "site", head: 100)
            #expect(stage.broker.position(of: "users") == Position(epoch: "site", offset: 100))
            #expect(stage.broker.replay("users", after: Position(epoch: "site", offset: 99)).isBeyondMemory)
            // With gaps, on several topics, in several calls.
            stage.broker.publish([stage.record(101, "roles", "users"), stage.record(103, "roles")])
            stage.broker.publish([stage.record(110, "users"), stage.record(111, "roles")])
            #expect(stage.broker.position(of: "users").description == "site:111" && stage.broker.position(of: "audit").offset == 111)
            let heard = stage.heard[0].all
            #expect(heard.publications(on: "roles").map(\.position.offset) == [101, 103, 111])
            #expect(heard.publications(on: "users").map(\.position.offset) == [101, 110])
            for batch in heard.batches { #expect(Set(batch.map(\.topic)).count == 1) }
            #expect(stage.broker.replay("roles", after: Position(epoch: "site", offset: 101)).names == ["t103", "t111"])
            #expect(stage.broker.replay("users", after: Position(epoch: "site", offset: 105)).names == ["t110"])
            #expect(stage.broker.replay("audit", after: Position(epoch: "site", offset: 101)).names == [])
            #expect(stage.broker.replay("users", after: Position(epoch: "site", offset: 100)).isBeyondMemory)
        }
    }

    @Test(arguments: TestBroker.allCases) func whatIsPublishedAgainIsPassedOver(_ kind: TestBroker) async throws {
        try await kind.with { stage in
            stage.broker.begin(durableEpoch: "site", head: 5)
            let records = (6...9).map { stage.record($0, "roles") }
            stage.broker.publish([stage.record(4, "roles")] + records)
            stage.broker.publish(Array(records[1...]) + [stage.record(10, "roles")])
            #expect(stage.heard[0].all.publications.map(\.position.offset) == [6, 7, 8, 9, 10])
            #expect(stage.broker.replay("roles", after: Position(epoch: "site", offset: 5)).names == (6...10).map { "t\($0)" })
        }
    }

    // MARK: Several nodes

    @Test(arguments: TestBroker.sharing) func aPlaceIsAsGoodOnEveryNode(_ kind: TestBroker) async throws {
        try await kind.with { stage in
            for number in 1...20 { stage.publish("n\(number)", by: number % 2) }
            try await stage.settle("n20")
            #expect(stage.heard[1].all.publications.map(\.payload) == stage.heard[0].all.publications.map(\.payload))
            for place in stage.heard[0].all.publications.map(\.position) {
                #expect(stage.nodes[1].replay("presence", after: place).names == stage.nodes[0].replay("presence", after: place).names)
            }
        }
    }

    @Test(arguments: TestBroker.sharing) func durableEventsStayOnTheirNode(_ kind: TestBroker) async throws {
        try await kind.with { stage in
            stage.nodes[0].publish([stage.record(1, "roles")])
            stage.publish("mark")
            try await stage.settle("mark")
            #expect(stage.heard[0].all.publications(on: "roles").count == 1 && stage.heard[1].all.publications(on: "roles").isEmpty)
        }
    }

    /// What a node missed is not passed over in silence, and its old places are not taken for whole.
    @Test(arguments: TestBroker.sharing) func aNodeThatMissedSomethingSaysSo(_ kind: TestBroker) async throws {
        try await kind.with { stage in
            stage.publish("a", "b")
            try await stage.settle("b")
            let before = stage.nodes[1].position(of: "presence")
            stage.cut(1, true)
            stage.publish("c", "d")
            try await stage.heard[0].wait("d") { $0.publications.count == 4 }
            stage.cut(1, false)
            stage.publish("e")
            try await stage.settle("e")
            #expect(stage.heard[1].all.publications.map(\.name) == ["a", "b", "e"])
            let gap = try #require(stage.heard[1].all.interruptions.first)
            #expect(gap == Position(epoch: before.epoch, offset: 4) && stage.heard[1].all.interruptions.count == 1)
            guard case .interrupted = stage.heard[1].all[stage.heard[1].all.count - 2] else {
                Issue.record("the interruption is not in the place of what is missing")
                return
            }
            #expect(stage.nodes[1].replay("presence", after: before).isLost)
            #expect(stage.nodes[1].replay("presence", after: gap).names == ["e"])
            #expect(stage.heard[0].all.interruptions.isEmpty)
            #expect(stage.nodes[0].replay("presence", after: before).names == ["c", "d", "e"])
        }
    }

    @Test(arguments: TestBroker.sharing) func aMediumThatLostItsTopicsBeginsANewEpoch(_ kind: TestBroker) async throws {
        try await kind.with { stage in
            stage.nodes[0].begin(durableEpoch: "site", head: 3)
            stage.publish("a", "b")
            stage.publish("x", to: "presence:role:r")
            try await stage.settle("x")
            let before = stage.broker.position(of: "presence")
            stage.lose()
            stage.publish("c")
            try await stage.settle("c")
            for (node, heard) in zip(stage.nodes, stage.heard) {
                let place = node.position(of: "presence")
                #expect(place.epoch != before.epoch && place.offset == 1)
                #expect(
                    heard.all.interruptions.count == 2 && heard.all.interruptions.allSatisfy { $0.epoch == place.epoch && $0.offset == 0 })
                #expect(node.replay("presence", after: before).isLost)
                #expect(node.replay("presence", after: Position(epoch: place.epoch, offset: 0)).names == ["c"])
            }
            #expect(stage.broker.position(of: "roles") == Position(epoch: "site", offset: 3))
        }
    }
}
