internal import CUV
internal import Synchronization

/// A timer's handle; dropping it does not cancel.
public struct TimerToken: Sendable {
    let loop: EventLoop
    let id: UInt64

    /// Keeps the timer from firing again; on the loop's thread it surely does not, from elsewhere it may once more.
    public func cancel() {
        if loop.isCurrent {
            loop.timers.remove(id)
        } else {
            loop.execute { [loop, id] in loop.timers.remove(id) }
        }
    }
}

extension EventLoop {
    private static let nextTimer = Atomic<UInt64>(1)

    /// Milliseconds of a clock that only goes forward, as of the start of the turn when asked on the loop.
    public var now: Int { isCurrent ? Int(uv_now(uv)) : Int(uv_hrtime() / 1_000_000) }

    /// Runs work on the loop after some milliseconds and, with an interval, again on a schedule that does not drift; from any thread.
    ///
    /// When the loop was held up for more than an interval the missed turns are left out.
    @discardableResult
    public func schedule(after milliseconds: Int, repeating interval: Int? = nil, _ work: @escaping @Sendable () -> Void) -> TimerToken {
        let id = Self.nextTimer.wrappingAdd(1, ordering: .relaxed).oldValue
        let begin = Int(uv_hrtime() / 1_000_000)
        let timer = TimerQueue.Timer(deadline: begin + max(0, milliseconds), interval: interval.map { max(1, $0) }, work: work)
        if isCurrent {
            addTimer(id, timer)
        } else {
            execute { self.addTimer(id, timer) }
        }
        return TimerToken(loop: self, id: id)
    }

    private func addTimer(_ id: UInt64, _ timer: TimerQueue.Timer) {
        if timers.add(id, timer) { armTimer() }
    }

    /// Sets libuv's one timer to the earliest of ours.
    private func armTimer() {
        guard let deadline = timers.earliest else { return }
        uv_update_time(uv)
        let delay = max(0, deadline - Int(uv_hrtime() / 1_000_000))
        let fire: uv_timer_cb = { Unmanaged<EventLoop>.fromOpaque($0!.pointee.data).takeUnretainedValue().fireTimers() }
        Self.check(uv_timer_start(timer, fire, UInt64(delay), 0), "uv_timer_start")
    }

    private func fireTimers() {
        let now = Int(uv_hrtime() / 1_000_000)
        while let work = timers.takeDue(now) { work() }
        armTimer()
    }
}

/// Timers by deadline; a cancelled one leaves its place in the heap until it comes up or the heap is mostly such places.
struct TimerQueue {
    struct Timer {
        var deadline: Int
        var interval: Int?
        var work: @Sendable () -> Void
    }

    private struct Place {
        var deadline: Int
        var id: UInt64
    }

    private var timers: [UInt64: Timer] = [:]
    private var heap: [Place] = []

    var earliest: Int? { heap.first?.deadline }

    /// Whether the new timer is the first to fire.
    mutating func add(_ id: UInt64, _ timer: Timer) -> Bool {
        timers[id] = timer
        push(Place(deadline: timer.deadline, id: id))
        return heap[0].id == id
    }

    mutating func remove(_ id: UInt64) {
        guard timers.removeValue(forKey: id) != nil, heap.count > 64, heap.count > timers.count * 2 else { return }
        let live = heap.filter { timers[$0.id] != nil }
        heap = []
        for place in live { push(place) }
    }

    mutating func removeAll() {
        timers = [:]
        heap = []
    }

    /// Takes out the first timer that is due, set to its next time when it repeats; one at a time, so that each may cancel the others.
    mutating func takeDue(_ now: Int) -> (@Sendable () -> Void)? {
        while let first = heap.first, first.deadline <= now {
            pop()
            guard let timer = timers[first.id] else { continue }
            if let interval = timer.interval {
                let next = timer.deadline + ((now - timer.deadline) / interval + 1) * interval
                timers[first.id]?.deadline = next
                push(Place(deadline: next, id: first.id))
            } else {
                timers[first.id] = nil
            }
            return timer.work
        }
        return nil
    }

    private mutating func push(_ place: Place) {
        heap.append(place)
        var child = heap.count - 1
        while child > 0, heap[child].deadline < heap[(child - 1) / 2].deadline {
            heap.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    private mutating func pop() {
        heap.swapAt(0, heap.count - 1)
        heap.removeLast()
        var parent = 0
        while true {
            var least = parent
            let (left, right) = (2 * parent + 1, 2 * parent + 2)
            if left < heap.count, heap[left].deadline < heap[least].deadline { least = left }
            if right < heap.count, heap[right].deadline < heap[least].deadline { least = right }
            if least == parent { return }
            heap.swapAt(parent, least)
            parent = least
        }
    }
}
