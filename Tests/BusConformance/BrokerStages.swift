import Bus
import Kernel
import Synchronization
import Testing

/// The brokers that must pass.
enum TestBroker: String, CaseIterable, Sendable {
    case memory
    /// Nodes at a medium of the tests' own.
    case shared

    /// Those of several nodes.
    static let sharing: [TestBroker] = [.shared]

    /// - Parameter limit: how many events are kept.
    func with(limit: Int = 4096, _ body: (BrokerStage) async throws -> Void) async throws {
        switch self {
        case .memory:
            try await body(
                BrokerStage(
                    [MemoryBroker(epoch: "e1", bounds: .init(events: limit), volatile: BrokerStage.volatile(limit))], cut: { _, _ in },
                    lose: {}))
        case .shared:
            let medium = Medium(epoch: "e1")
            defer { medium.end() }
            let nodes = (0..<2).map { _ in SharedBroker(medium, epoch: "e1", limit: limit) }
            try await body(BrokerStage(nodes, cut: { medium.cut($0, $1) }, lose: { medium.lose(beginning: "e2") }))
        }
    }
}

/// What a reader was given.
enum BrokerNews: Sendable {
    case events([Publication])
    case interrupted(String, Position)
}

/// The nodes' brokers, each with a reader.
struct BrokerStage {
    let nodes: [any Broker]
    let heard: [Heard<BrokerNews>]
    /// Cuts a node off from the medium, or lets it in again.
    let cut: (Int, Bool) -> Void
    /// The medium loses all it has.
    let lose: () -> Void

    var broker: any Broker { nodes[0] }

    /// Those of the suite, each of which keeps as many events.
    static func volatile(_ limit: Int) -> [VolatileTopics] {
        ["presence", "presence:role:"].map { VolatileTopics($0, budget: MemoryBudget(events: limit, bytes: 64 << 20)) }
    }

    init(_ nodes: [any Broker], cut: @escaping (Int, Bool) -> Void, lose: @escaping () -> Void) {
        (self.nodes, self.cut, self.lose) = (nodes, cut, lose)
        heard = nodes.map { broker in
            let heard = Heard<BrokerNews>()
            broker.attach {
                heard.add(.events($0))
            } interrupted: {
                heard.add(.interrupted($0, $1))
            }
            return heard
        }
    }

    /// Events that name themselves.
    func publish(_ names: String..., to topic: String = "presence", by node: Int = 0) {
        nodes[node].publish(names.map { Event($0, members: [:]) }, to: topic)
    }

    func record(_ offset: Int64, _ topics: String...) -> OutboxRecord {
        OutboxRecord(offset: offset, topics: topics, type: "t\(offset)", members: [:], at: Timestamp(milliseconds: 0))
    }

    /// Waits until every node's reader has an event of this name.
    func settle(_ name: String) async throws {
        for heard in heard { try await heard.wait(name) { $0.publications.contains { $0.name == name } } }
    }
}

extension Publication {
    var name: String {
        do { return try JSONParser.parse(payload)["type"]?.string ?? "" } catch { return "" }
    }
}

extension [BrokerNews] {
    var publications: [Publication] { flatMap { if case .events(let batch) = $0 { batch } else { [Publication]() } } }
    func publications(on topic: String) -> [Publication] { publications.filter { $0.topic == topic } }
    var batches: [[Publication]] { compactMap { if case .events(let batch) = $0 { batch } else { nil } } }
    var interruptions: [Position] { compactMap { if case .interrupted(_, let position) = $0 { position } else { nil } } }
}

extension Replay {
    var names: [String]? { if case .events(let events, _) = self { events.map(\.name) } else { nil } }
    var isLost: Bool { if case .lost = self { true } else { false } }
    var isBeyondMemory: Bool { if case .beyondMemory = self { true } else { false } }
}
