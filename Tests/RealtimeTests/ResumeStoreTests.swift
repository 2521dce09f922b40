import Kernel
import Testing

@testable import Realtime

/// What is kept of sessions that have ended is bounded for each person.
@Suite struct ResumeStoreTests {
    private let store = ResumeStore()
    private let ann = UserID(rawValue: 1)

    private func end(_ name: String, watching count: Int = 0, of user: UserID? = nil) throws {
        let people = (0..<count).map { JSON.string(UserID(rawValue: Int64($0)).uuid) }
        let filter = try TopicFilter(["user_id": ["in": .array(Array(people.prefix(200)))]], fields: ["user_id"])
        let subscriptions = (0..<max(1, count / 200)).map {
            GatewaySession.Subscription(id: .integer(Int64($0)), topic: "presence", filter: filter)
        }
        let connection = ConnectionID(rawValue: 1)
        store.begin(name, user: user ?? ann, connection: connection, subscriptions: [])
        store.update(name, connection: connection, subscriptions: subscriptions, endedAt: Uptime(milliseconds: 0))
    }

    @Test func theOldestGiveWay() throws {
        for number in 0...ResumeStore.maximumEnded { try end("s\(number)") }
        try end("b", of: UserID(rawValue: 2))
        #expect(store.find("s0", user: ann) == nil)
        #expect(store.find("s1", user: ann) != nil && store.find("b", user: UserID(rawValue: 2)) != nil)
    }

    @Test func whoseSubscriptionsNameManyAreFew() throws {
        for number in 0..<5 { try end("s\(number)", watching: 5000) }
        #expect(store.find("s0", user: ann) == nil && store.find("s1", user: ann) != nil && store.find("s4", user: ann) != nil)
    }

    @Test func whoIsTakenUpAgainIsNotAmongThem() throws {
        try end("kept")
        store.begin("kept", user: ann, connection: ConnectionID(rawValue: 2), subscriptions: [])
        for number in 0...ResumeStore.maximumEnded { try end("s\(number)") }
        #expect(store.find("kept", user: ann) != nil)
    }
}
