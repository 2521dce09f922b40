internal import Bus
internal import Kernel
internal import Synchronization

/// Waits for what comes on a topic after a position: what long polling and server-sent events stand on.
final class EventFeed: Sendable {
    private struct Waiters {
        var next: UInt64 = 0
        var byTopic: [String: [UInt64: AsyncStream<Void>.Continuation]] = [:]
    }

    private let broker: any Broker
    private let relay: OutboxRelay
    private let waiters = Mutex(Waiters())

    init(broker: any Broker, relay: OutboxRelay) {
        (self.broker, self.relay) = (broker, relay)
        broker.attach { [weak self] publications in
            guard let self, let first = publications.first, waiters.withLock({ !$0.byTopic.isEmpty }) else { return }
            if first.recipients.isEmpty { return wake(first.topic) }
            for user in first.recipients { wake(Audience.topic(of: user)) }
        } interrupted: { [weak self] topic, _ in
            self?.wake(topic)
        }
    }

    private func wake(_ topic: String) {
        for continuation in waiters.withLock({ Array(($0.byTopic[topic] ?? [:]).values) }) { continuation.yield() }
    }

    func position(of topic: String) -> Position { broker.position(of: topic) }

    /// What came after a position as soon as there is something that the filter wants; nothing when the time is over.
    ///
    /// - Returns: with the position up to which the topic was looked through.
    func next(
        _ topic: String, _ filter: TopicFilter, after position: Position, within milliseconds: Int64
    ) async throws -> (replay: Replay, place: Position) {
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        // Known before the first look, so that nothing comes unseen between the two.
        let id = waiters.withLock { waiters in
            waiters.next += 1
            waiters.byTopic[topic, default: [:]][waiters.next] = continuation
            return waiters.next
        }
        let timer = Task {
            do { try await Task.sleep(for: .milliseconds(milliseconds)) } catch { return }
            continuation.finish()
        }
        defer {
            timer.cancel()
            waiters.withLock { waiters in
                waiters.byTopic[topic]?[id] = nil
                if waiters.byTopic[topic]?.isEmpty ?? false { waiters.byTopic[topic] = nil }
            }
        }
        var iterator = stream.makeAsyncIterator()
        var place = position
        repeat {
            let replay = try await relay.replay(topic, after: place, of: filter.people?.ids)
            guard case .events(let events, let end) = replay else { return (replay, self.position(of: topic)) }
            place = end
            let wanted = events.filter { filter.matches($0) }
            if !wanted.isEmpty { return (.events(wanted, upTo: place), place) }
        } while await iterator.next() != nil
        return (.events([], upTo: place), place)
    }
}
