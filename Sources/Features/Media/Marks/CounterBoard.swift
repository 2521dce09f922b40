internal import Kernel
internal import Synchronization

/// The titles whose counters changed, each to be told once a second at most, however many say something of it.
///
/// A state machine without a clock: it is told the time, and says what is due.
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

    /// Those that are due, with what was said of them up to now.
    func take(at now: Uptime) -> [MediaID] {
        titles.withLock { titles in
            var due: [MediaID] = []
            for (id, title) in titles where title.sentAt.map({ now.milliseconds - $0 >= Self.interval }) ?? true {
                if title.isChanged { due.append(id) }
                // What was quiet for an interval is forgotten.
                titles[id] = title.isChanged ? Title(sentAt: now.milliseconds) : nil
            }
            return due.sorted()
        }
    }
}
