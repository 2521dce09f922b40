internal import Kernel
internal import Synchronization

/// The titles whose counters changed. Each is due once a second at most, however many people mark it.
///
/// A state machine without a clock: the caller passes the time.
final class CounterBoard: Sendable {
    static let prefix = "media:"
    /// Milliseconds between two events of a title.
    static let interval: Int64 = 1000

    private struct Title {
        var sentAt: Int64?
        var isChanged = false
    }

    private let titles = Mutex<[MediaID: Title]>([:])

    func note(_ title: MediaID) { titles.withLock { $0[title, default: Title()].isChanged = true } }

    /// The titles to publish now.
    func take(at now: Uptime) -> [MediaID] {
        titles.withLock { titles in
            var due: [MediaID] = []
            for (id, title) in titles where title.sentAt.map({ now.milliseconds - $0 >= Self.interval }) ?? true {
                if title.isChanged { due.append(id) }
                // A title without a change in an interval is dropped, so that memory holds only titles that change.
                titles[id] = title.isChanged ? Title(sentAt: now.milliseconds) : nil
            }
            return due.sorted()
        }
    }
}
