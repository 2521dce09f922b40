internal import Bus
internal import HTTP
public import Kernel
internal import Transport
public import Web

/// The same events without a WebSocket, for those who cannot have one.
extension Gateway {
    /// Long polling: what came after a position, waiting for it up to some seconds.
    ///
    /// - Throws: what the topic's rule says, before and after the wait.
    public func poll(_ scope: Scope, topic: String, after position: Position, seconds: Int) async throws -> Reply {
        try admit(scope, to: topic)
        let replay = try await feed.next(topic, after: position, within: Int64(seconds) * 1000)
        var body = JSONObject()
        switch replay {
        case .events(let events):
            body.append("items", .array(try events.map { try JSONParser.parse($0.payload) }))
            body.append("next", .null)
            body.append("position", .string((events.last?.position ?? position).description))
        case .lost, .beyondMemory:
            body.append("items", [["type": "resync", "topic": .string(topic)]])
            body.append("next", .null)
            body.append("position", .string(feed.position(of: topic).description))
        }
        return .json(200, .object(body))
    }

    /// Server-sent events from a position, or from now. The stream ends when the reader's rights change; they come back by themselves.
    public func stream(_ scope: Scope, topic: String, after position: Position?) throws(Problem) -> Reply {
        try admit(scope, to: topic)
        let start = position ?? feed.position(of: topic)
        var reply = Reply(
            status: 200, headers: ["Content-Type": "text/event-stream", "Cache-Control": "no-store", "X-Accel-Buffering": "no"])
        reply.takeover = .stream { [self] stream in
            let events = EventStream(stream, scope: scope) { [self] ended in forget(ended) }
            keep(events)
            events.start(feed, topic: topic, after: start)
            return events
        }
        return reply
    }
}
