internal import Bus
internal import Kernel
internal import Synchronization
internal import Transport

/// One topic as server-sent events; the id of an event is its position, so that `Last-Event-ID` resumes.
final class EventStream: HTTPStreamDelegate, Sendable {
    /// After this a stream ends and the client comes back with credentials that are looked at anew.
    private static let life: UInt64 = 600_000_000_000
    private static let pause: Int64 = 15_000

    let user: UserID?
    let session: SessionID?
    private let stream: HTTPStream
    private let ended: @Sendable (EventStream) -> Void
    private let task = Mutex<Task<Void, Never>?>(nil)

    init(_ stream: HTTPStream, scope: Scope, ended: @escaping @Sendable (EventStream) -> Void) {
        (self.stream, self.ended, user, session) = (stream, ended, scope.userID, scope.sessionID)
    }

    /// - Parameter check: whether the reader may still have them; asked before anything is sent.
    func start(_ feed: EventFeed, _ wish: SubscriptionRequest, after position: Position, check: @escaping @Sendable () async throws -> Void)
    {
        let running = Task { await self.run(feed, wish, position, check) }
        task.withLock { $0 = running }
    }

    func closed() {
        task.withLock { $0?.cancel() }
        ended(self)
    }

    func finish() { stream.loop.execute { self.stream.finish() } }

    private func run(_ feed: EventFeed, _ wish: SubscriptionRequest, _ start: Position, _ check: @Sendable () async throws -> Void) async {
        var position = start
        let end = monotonicNanoseconds() + Self.life
        send("retry: 2000\n\n")
        while !Task.isCancelled, monotonicNanoseconds() < end {
            let next: (replay: Replay, place: Position)
            do {
                next = try await feed.next(wish.topic, wish.filter, after: position, within: Self.pause)
                try await check()
            } catch { break }
            let hasMoved = next.place != position
            position = next.place
            switch next.replay {
            case .events(let events, _):
                var text = ""
                for event in events { text += "id: \(event.position)\ndata: \(String(own: event.payload))\n\n" }
                // The place moves past what the filter left out, too.
                send(events.isEmpty ? (hasMoved ? "id: \(position)\n" : "") + ": still here\n\n" : text)
            case .lost, .beyondMemory:
                send("id: \(position)\ndata: \(String(own: GatewayReply.resync(topic: wish.topic)))\n\n")
            }
        }
        finish()
    }

    private func send(_ text: String) { stream.loop.execute { self.stream.send(Array(text.utf8)) } }
}
