import Synchronization
import Testing

/// What a reader was told, in order.
final class Heard<Element: Sendable>: Sendable {
    private let elements = Mutex<[Element]>([])

    var all: [Element] { elements.withLock { $0 } }

    func add(_ element: Element) { elements.withLock { $0.append(element) } }
    func add(_ more: [Element]) { elements.withLock { $0 += more } }

    /// Waits until what was heard is enough: another machine may take its time to tell.
    func wait(_ what: String, until isEnough: ([Element]) -> Bool) async throws {
        let end = ContinuousClock.now + .seconds(30)
        while !isEnough(all) {
            guard ContinuousClock.now < end else { throw NotHeard(what: what) }
            try await Task.sleep(for: .milliseconds(1))
        }
    }
}

struct NotHeard: Error { let what: String }
