import Bus
import Kernel
import Testing

@testable import Realtime

@Suite struct TopicFilterTests {
    private static let (ann, bob) = (UserID(rawValue: 1 << 30), UserID(rawValue: 2 << 30))
    private let leaving = Publication(
        Event("presence.update", members: [], of: [ann], attributes: [FilterAttribute("status", before: ["online"], after: ["offline"])]),
        topic: "presence", position: Position(epoch: "e", offset: 1))

    private func filter(_ text: String) throws -> TopicFilter {
        try TopicFilter(JSONParser.parse(Array(text.utf8)), fields: ["status", "user_id"], words: ["text"])
    }

    @Test func aReaderHearsOfWhatEntersAndOfWhatLeaves() throws {
        #expect(try filter(#"{"status": {"!=": "offline"}}"#).matches(leaving))
        #expect(try filter(#"{"status": "offline"}"#).matches(leaving))
        #expect(try !filter(#"{"status": "dnd"}"#).matches(leaving))
    }

    @Test func everyClauseMustHoldOnOneSide() throws {
        #expect(try filter(#"{"status": "online", "user_id": {"in": ["\#(Self.ann)", "\#(Self.bob)"]}}"#).matches(leaving))
        #expect(try !filter(#"{"status": "online", "user_id": {"in": ["\#(Self.bob)"]}}"#).matches(leaving))
        #expect(try !filter(#"{"status": {"=": "online", "!=": "online"}}"#).matches(leaving))
    }

    @Test func aPartOfTheWordsIsFoundBeforeOrAfter() throws {
        func event(_ before: [String], _ after: [String]) -> Publication {
            Publication(
                Event("presence.activity", members: [], attributes: [FilterAttribute("text", before: before, after: after)]),
                topic: "presence",
                position: Position(epoch: "e", offset: 1))
        }
        let figma = try filter(#"{"text": "FigM"}"#)
        #expect(figma.searches && !figma.isEmpty)
        #expect(figma.matches(event(["ann"], ["ann", "figma"])) && figma.matches(event(["ann", "a figma b"], ["ann"])))
        #expect(!figma.matches(event(["fig", "ma"], ["ma", "fig"])) && !figma.matches(leaving))
        #expect(try filter(#"{"text": "é"}"#).matches(event(["zoe"], [])))
        #expect(try filter(#"{"text": ""}"#).isEmpty)
    }

    @Test func peopleAreKeptAsNumbersAndEachOnce() throws {
        let named = try filter(#"{"user_id": {"in": ["\#(Self.bob)", "\#(Self.ann)", "\#(Self.bob)", "nobody"]}}"#)
        #expect(named.people?.ids == [Self.ann, Self.bob] && named.isPeopleAlone)
        #expect(try filter(#"{"user_id": "nobody"}"#).people?.ids == [])
        #expect(try !filter(#"{"user_id": "nobody"}"#).matches(leaving))
        #expect(try filter(#"{"user_id": {"!=": "\#(Self.bob)"}}"#).people == nil)
        #expect(try !filter(#"{"user_id": {"!=": "\#(Self.ann)"}}"#).matches(leaving))
    }

    @Test(arguments: [
        (#"[]"#, "/filter"), (#"{"colour": "red"}"#, "/filter/colour"), (#"{"status": 1}"#, "/filter/status"),
        (#"{"status": {"<": "a"}}"#, "/filter/status/<"), (#"{"a/~b": ""}"#, "/filter/a~1~0b"),
        (#"{"status": {"in": [1]}}"#, "/filter/status/in"),
        (#"{"text": {"=": "a"}}"#, "/filter/text"), (#"{"text": "\#(String(repeating: "a", count: 101))"}"#, "/filter"),
        (#"{"user_id": {"in": ["\#(String(repeating: "a", count: 101))"]}}"#, "/filter"),
    ])
    func faultsArePointedAt(text: String, pointer: String) throws {
        let problem = try #require(throws: Problem.self) { try filter(text) }
        #expect(problem.faults.map(\.pointer) == [pointer])
    }

    @Test func aPartOfATopicIsAFilterOfIt() throws {
        let rules = TopicRules([
            TopicRule("presence", filterFields: ["role", "status"]) { _, _, filter throws(Problem) in
                if filter.isEmpty { throw .notFound }
            },
            TopicRule("presence:role:", filterFields: ["status"], part: TopicRule.Part(of: "presence", by: "role")) {
                _, argument, _ throws(Problem) in
                if argument == "nobody" { throw .notFound }
            },
        ])
        let wish = try rules.admit(Scope(), to: "presence:role:r1", filter: ["status": "dnd"])
        let expected = try TopicFilter(["status": "dnd", "role": "r1"], fields: ["role", "status"])
        #expect(wish.topic == "presence" && wish.filter == expected)
        #expect(throws: Problem.self) { try rules.admit(Scope(), to: "presence:role:nobody", filter: nil) }
        #expect(throws: Problem.self) { try rules.admit(Scope(), to: "presence:role:r1", filter: ["role": "r2"]) }
        let again = try rules.readmit(Scope(), GatewaySession.Subscription(id: "presence:role:r1", topic: "presence:role:r1"))
        #expect(again.topic == "presence" && again.id == "presence:role:r1" && !again.filter.isEmpty)
    }

    @Test func theLongestPrefixWins() throws {
        let rules = TopicRules([
            TopicRule("presence:") { _, _, _ throws(Problem) in throw .notFound }, TopicRule("presence:role:", requires: .presenceRead),
            TopicRule("presence", requires: .presenceRead),
        ])
        let reader = Scope(userID: UserID(rawValue: 1), permissions: PermissionSet([.presenceRead]))
        #expect(try rules.admit(reader, to: "presence:role:x", filter: nil).filter.isEmpty)
        #expect(throws: Problem.self) { try rules.admit(reader, to: "presence:role:", filter: nil) }
        #expect(throws: Problem.self) { try rules.admit(Scope(), to: "presence", filter: nil) }
    }
}
