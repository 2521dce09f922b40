internal import Bus
internal import Kernel
internal import Transport

/// A session's frames as the answers to requests that wait for them. Loop-confined.
///
/// What an answer held is kept until the next request names the place after it, so that a lost answer is given again.
final class PollTransport: SessionTransport, @unchecked Sendable {
    // SAFETY: touched on `loop` only, as the protocol says; `@unchecked` lets closures that run there capture it.

    struct Answer: Sendable {
        let frames: [[UInt8]]
        let place: ResumeToken
    }

    private struct Frame {
        let text: [UInt8]
        let places: [String: Position]
    }

    /// One request, told from every other.
    final class Request: Sendable {}

    private struct Waiter {
        let request: Request
        let answer: @Sendable (Answer?) -> Void
        let timer: TimerToken
    }

    /// Milliseconds without a request after which the client has gone.
    private static let patience: Int64 = 15_000

    let loop: EventLoop
    /// Set once, before the first frame; let go at the end.
    var socket: GatewaySocket?
    private let maximumBytes: Int
    /// What the client has for certain.
    private var place = ResumeToken(session: "")
    /// What the last answer held.
    private var given: [Frame] = []
    private var queue: [Frame] = []
    private(set) var queuedBytes = 0
    private var waiter: Waiter?
    /// When a request last came or was answered.
    private var heardAt: Uptime
    private var answersSoon = false
    private var isClosed = false

    private let uptime: @Sendable () -> Uptime
    private let ended: @Sendable () -> Void

    /// - Parameter number: where the client counts from: who takes up a session goes on, so that no older place can be taken for one of this.
    init(
        loop: EventLoop, number: UInt64, maximumBytes: Int, uptime: @escaping @Sendable () -> Uptime, ended: @escaping @Sendable () -> Void
    ) {
        (self.loop, self.maximumBytes, self.uptime, self.ended) = (loop, maximumBytes, uptime, ended)
        heardAt = uptime()
        place.number = number
    }

    var executor: any LoopExecutor { loop }
    var isOneWay: Bool { true }

    func begin(_ session: String) { place.session = session }

    // MARK: Asking

    /// Answers with the frames after a place, at once or as soon as there are some; with none when the time is up.
    ///
    /// Answers nil when the session is over, or never was where the client says it is: it is then taken up anew.
    /// - Parameter number: nil for the first request, which has no place yet.
    func poll(_ request: Request, after number: UInt64?, milliseconds: Int, _ answer: @escaping @Sendable (Answer?) -> Void) {
        precondition(loop.isCurrent, "a poll comes on its loop")
        guard !isClosed, acknowledge(number) else { return answer(nil) }
        heardAt = uptime()
        // A second request takes the first one's place.
        finish()
        let timer = loop.schedule(after: max(1, milliseconds)) { [weak self] in self?.finish() }
        waiter = Waiter(request: request, answer: answer, timer: timer)
        if !given.isEmpty || !queue.isEmpty || milliseconds == 0 { finish() }
    }

    private func acknowledge(_ number: UInt64?) -> Bool {
        guard let number, number != place.number else { return true }
        guard number == place.number &+ UInt64(given.count) else { return false }
        for frame in given { place.move(frame.places) }
        queuedBytes -= given.reduce(0) { $0 + $1.text.count }
        given = []
        return true
    }

    /// A request was lost; another may wait by now.
    func abandon(_ request: Request) {
        guard let waiter, waiter.request === request else { return }
        heardAt = uptime()
        self.waiter = nil
        waiter.timer.cancel()
        waiter.answer(nil)
    }

    private func finish() {
        guard let waiter else { return }
        waiter.timer.cancel()
        self.waiter = nil
        heardAt = uptime()
        given += queue
        queue = []
        var after = place
        for frame in given { after.move(frame.places) }
        waiter.answer(Answer(frames: given.map(\.text), place: after))
    }

    // MARK: SessionTransport

    func send(_ text: [UInt8], places: [String: Position]) {
        guard !isClosed else { return }
        queue.append(Frame(text: text, places: places))
        queuedBytes += text.count
        if queuedBytes > maximumBytes { return close(code: CloseCode.slowReader.rawValue, reason: "slow reader") }
        guard waiter != nil, !answersSoon else { return }
        answersSoon = true
        // All that comes in one turn goes in one answer.
        loop.atEndOfTurn {
            self.answersSoon = false
            self.finish()
        }
    }

    func leave(_ topic: String) { place.positions[topic] = nil }

    /// While a request waits, its connection says that the client is there.
    func ping() -> Bool { waiter != nil }

    func isGone(at now: Uptime) -> Bool { waiter == nil && heardAt.adding(milliseconds: Self.patience) <= now }

    func close(code: UInt16, reason: String) {
        guard !isClosed else { return }
        isClosed = true
        queue.append(Frame(text: GatewayReply.close(code: code, reason: reason), places: [:]))
        finish()
        loop.atEndOfTurn {
            self.socket?.closed(code: code)
            self.socket = nil
            self.ended()
        }
    }
}
