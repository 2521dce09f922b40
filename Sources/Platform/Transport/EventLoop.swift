internal import CUV
internal import Compression
internal import Glibc
internal import Synchronization

/// One thread waiting for sockets and timers, and running the jobs and closures that it is given, in order.
///
/// It is an executor: an actor may live on it, and a task may prefer it. A loop that was started lives as long as the process, because
/// jobs may hold it unowned; `stop` ends its thread and frees its handles.
public final class EventLoop: SerialExecutor, TaskExecutor, @unchecked Sendable {
    // SAFETY: `queue`, `isWoken` and `isStopped` are touched under `lock` only. Everything else that changes is confined to the loop's
    // thread once `start` has returned. libuv allows uv_async_send alone from other threads, and that is all `wake` calls.
    let uv: UnsafeMutablePointer<uv_loop_t>
    /// One buffer for all reads of this loop: what arrives is used before the next read.
    let readBuffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 16)
    /// Where small pieces are gathered, so that a turn costs each connection one write.
    let writeBuffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 16)
    /// Where TLS puts the plain text of one record.
    let plainBuffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 16 << 10, alignment: 16)
    /// Made when the first message is to be compressed or expanded, and gone with the thread.
    private var codecs = (deflater: Deflater?.none, inflater: Inflater?.none)
    /// Made for the first turn in which many connections write; nil inside where the kernel has none for us.
    private var ring: SendRing??
    private let usesRing: Bool
    public let label: String

    private let prepare = UnsafeMutablePointer<uv_prepare_t>.allocate(capacity: 1)
    private let check = UnsafeMutablePointer<uv_check_t>.allocate(capacity: 1)
    private let async = UnsafeMutablePointer<uv_async_t>.allocate(capacity: 1)
    let timer = UnsafeMutablePointer<uv_timer_t>.allocate(capacity: 1)
    var timers = TimerQueue()

    private let lock = Lock()
    private var queue: [Job] = []
    private var isWoken = false
    private var isStopped = false

    private var batch: [Job] = []
    private var endOfTurn: [@Sendable () -> Void] = []
    private var nextTurn: [@Sendable () -> Void] = []
    private var dirty: [Connection] = []
    private var backlog = WriteBacklog()
    private var whenWrittenSoFar: [@Sendable () -> Void] = []
    /// Nanoseconds of this turn that went to sockets which sent many frames at once.
    var crowdTime: UInt64 = 0
    /// Nanoseconds of this turn that went to new connections.
    var arrivalTime: UInt64 = 0
    /// What waits for the rest of each turn, and when it last had its share with some of it left.
    private var patient = LowPriorityQueue()
    private var patientSince: UInt64?

    enum Job {
        case executor(UnownedJob)
        case closure(@Sendable () -> Void)
    }

    public init(label: String = "loop", usesRing: Bool = true) {
        (self.label, self.usesRing) = (label, usesRing)
        uv = .allocate(capacity: 1)
        Self.check(uv_loop_init(uv), "uv_loop_init")
        Self.check(uv_prepare_init(uv, prepare), "uv_prepare_init")
        Self.check(uv_check_init(uv, check), "uv_check_init")
        Self.check(uv_timer_init(uv, timer), "uv_timer_init")
        let wake: uv_async_cb = { _ in }
        Self.check(uv_async_init(uv, async, wake), "uv_async_init")
    }

    static func check(_ status: Int32, _ call: StaticString) {
        precondition(status == 0, "\(call) failed: \(String(cString: uv_strerror(status)))")
    }

    // MARK: Life

    /// Starts the thread; returns when it runs.
    public func start() {
        let me = Unmanaged.passRetained(self).toOpaque()
        prepare.pointee.data = me
        check.pointee.data = me
        timer.pointee.data = me
        Self.check(
            uv_prepare_start(prepare) { Unmanaged<EventLoop>.fromOpaque($0!.pointee.data).takeUnretainedValue().turnBeforeWaiting() },
            "uv_prepare_start")
        Self.check(
            uv_check_start(check) { Unmanaged<EventLoop>.fromOpaque($0!.pointee.data).takeUnretainedValue().turnAfterWaiting() },
            "uv_check_start")
        var thread = pthread_t()
        let status = pthread_create(&thread, nil, { raw in Unmanaged<EventLoop>.fromOpaque(raw!).takeUnretainedValue().run() }, me)
        precondition(status == 0, "a thread could not be started: \(status)")
        pthread_setname_np(thread, String(label.prefix(15)))
        pthread_detach(thread)
    }

    private static let currentKey: pthread_key_t = {
        var key = pthread_key_t()
        let status = pthread_key_create(&key, nil)
        precondition(status == 0, "pthread_key_create failed: \(status)")
        return key
    }()

    /// The loop whose thread this is, if it is one's.
    public static var current: EventLoop? {
        pthread_getspecific(currentKey).map { Unmanaged<EventLoop>.fromOpaque($0).takeUnretainedValue() }
    }

    /// Whether the caller runs on this loop's thread.
    public var isCurrent: Bool { pthread_getspecific(Self.currentKey) == Unmanaged.passUnretained(self).toOpaque() }

    func preconditionCurrent() { precondition(isCurrent, "called off its loop's thread") }

    private func run() -> UnsafeMutableRawPointer? {
        pthread_setspecific(Self.currentKey, Unmanaged.passUnretained(self).toOpaque())
        uv_run(uv, UV_RUN_DEFAULT)
        // Only closed handles are left: `stop` closed all of them, and a loop without handles ends.
        Self.check(uv_loop_close(uv), "uv_loop_close")
        codecs = (nil, nil)
        ring = nil
        readBuffer.deallocate()
        writeBuffer.deallocate()
        plainBuffer.deallocate()
        for handle in [UnsafeMutableRawPointer(prepare), .init(check), .init(async), .init(timer), .init(uv)] { handle.deallocate() }
        return nil
    }

    /// Ends the thread after what is already queued; returns once it is asked to.
    ///
    /// All sockets of the loop must be closed before. What is enqueued after this never runs.
    public func stop() {
        execute {
            self.lock.withLock { self.isStopped = true }
            self.timers.removeAll()
            for handle in [UnsafeMutableRawPointer(self.prepare), .init(self.check), .init(self.async), .init(self.timer)] {
                uv_close(handle.assumingMemoryBound(to: uv_handle_t.self), nil)
            }
        }
    }

    // MARK: Work

    /// Runs a closure on the loop, behind what was enqueued before it; from any thread.
    public func execute(_ work: @escaping @Sendable () -> Void) { enqueue(.closure(work)) }

    func enqueue(_ job: Job) {
        let isCurrent = isCurrent
        lock.withLock {
            guard !isStopped else { return }
            queue.append(job)
            guard !isWoken else { return }
            isWoken = true
            // On the loop's own thread the turn under way, or the next prepare, finds the job. Under the lock, because `stop` frees the handle.
            if !isCurrent { uv_async_send(async) }
        }
    }

    /// Runs a closure when this turn's events are dealt with, before what they queued is written; loop-confined.
    public func atEndOfTurn(_ work: @escaping @Sendable () -> Void) {
        preconditionCurrent()
        endOfTurn.append(work)
    }

    /// Runs a closure once all sockets that are ready have been looked at again; loop-confined.
    func inNextTurn(_ work: @escaping @Sendable () -> Void) { nextTurn.append(work) }

    /// Runs a closure behind all that is ready, in order with others that may wait; loop-confined.
    ///
    /// It has a share of each turn: for what comes in crowds, and must not keep those from their answers who are here already. What it queues on
    /// the loop, a task that prefers it included, is part of the share.
    public func deferLowPriority(_ work: @escaping @Sendable () -> Void) {
        preconditionCurrent()
        patient.append(work)
    }

    /// Writes a connection's queue at the end of the turn.
    func flushAtEndOfTurn(_ connection: Connection) { dirty.append(connection) }

    /// Runs a closure when all that is queued on connections by now is written, as far as their peers take it; loop-confined.
    public func whenWritten(_ work: @escaping @Sendable () -> Void) {
        preconditionCurrent()
        whenWrittenSoFar.append(work)
    }

    private func turnBeforeWaiting() {
        turn()
        if !nextTurn.isEmpty || !patient.isEmpty { wake() }
    }

    private func turnAfterWaiting() {
        (crowdTime, arrivalTime) = (0, 0)
        let put = nextTurn
        nextTurn = []
        for work in put { work() }
        // Who came first may have taken the time that there was: the next turn begins with another.
        if nextTurn.count > 1 { nextTurn.append(nextTurn.removeFirst()) }
        turn()
        if !patient.isEmpty { servePatient() }
    }

    /// Nanoseconds of a turn for what waits for the others; where the others take long, a third of the time, within the second bound.
    private static let patientShare: (least: UInt64, most: UInt64) = (1_000_000, 10_000_000)

    private func servePatient() {
        let begin = uv_hrtime()
        let share = min(Self.patientShare.most, max(Self.patientShare.least, (begin - (patientSince ?? begin)) / 2))
        while let work = patient.popFirst() {
            work()
            var rounds = 0
            while rounds < 16, drain() {
                runEndOfTurn()
                rounds += 1
            }
            if uv_hrtime() - begin >= share { break }
        }
        turn()
        patientSince = patient.isEmpty ? nil : uv_hrtime()
    }

    /// The loop does not sleep before its next turn.
    private func wake() { lock.withLock { if !isStopped { uv_async_send(async) } } }

    /// Connections with something to write from which on one system call for many of them is less than one for each.
    private static let worthARing = 4

    /// Nanoseconds after which sockets are looked at again, whatever is still queued.
    private static let longestTurn: UInt64 = 500_000

    /// What prepare and check do: everything queued, then the writes; again while that queued more, within reason.
    private func turn() {
        var rounds = 0
        let begin = uv_hrtime()
        // A peer that always has more to do keeps nobody from being heard.
        while rounds < 16, uv_hrtime() - begin < Self.longestTurn {
            drain()
            runEndOfTurn()
            write()
            if endOfTurn.isEmpty, dirty.isEmpty, backlog.isEmpty, lock.withLock({ settle() }) { return }
            rounds += 1
        }
        wake()
    }

    private func runEndOfTurn() {
        let hooks = endOfTurn
        endOfTurn.removeAll(keepingCapacity: hooks.count < 1024)
        for hook in hooks { hook() }
    }

    /// Few are written at once. A crowd is written by and by, so that a request meanwhile is read, and answered, between two parts of it.
    private func write() {
        let connections = dirty
        dirty.removeAll(keepingCapacity: false)
        if connections.count <= WriteBacklog.part { flush(connections) } else { backlog.append(connections) }
        backlog.await(whenWrittenSoFar)
        whenWrittenSoFar = []
        flush(backlog.take())
        for work in backlog.takeReached() { work() }
    }

    private func flush(_ connections: some Collection<Connection>) {
        if connections.count >= Self.worthARing, let ring = sendRing {
            ring.flush(connections)
        } else {
            for connection in connections { connection.flush() }
        }
    }

    /// Whether nothing waits, so that the loop may sleep; from then on an enqueuer must wake it. Call under the lock.
    private func settle() -> Bool {
        guard queue.isEmpty else { return false }
        isWoken = false
        return true
    }

    /// - Returns: whether there was anything to do.
    @discardableResult
    private func drain() -> Bool {
        lock.withLock { swap(&queue, &batch) }
        guard !batch.isEmpty else { return false }
        var jobs: [Job] = []
        swap(&jobs, &batch)
        for job in jobs {
            switch job {
            case .executor(let job):
                job.runSynchronously(isolatedTo: asUnownedSerialExecutor(), taskExecutor: asUnownedTaskExecutor())
            case .closure(let work): work()
            }
        }
        if jobs.capacity <= 4096 {
            jobs.removeAll(keepingCapacity: true)
            swap(&jobs, &batch)
        }
        return true
    }
}

extension EventLoop {
    /// What compresses, and what expands, for all sockets of the loop in turn; loop-confined.
    var deflater: Deflater {
        let made = codecs.deflater ?? Deflater()
        codecs.deflater = made
        return made
    }
    var inflater: Inflater {
        let made = codecs.inflater ?? Inflater()
        codecs.inflater = made
        return made
    }

    private var sendRing: SendRing? {
        if let ring { return ring }
        let made = usesRing ? SendRing() : nil
        ring = .some(made)
        return made
    }
}

extension EventLoop {
    public func enqueue(_ job: consuming ExecutorJob) { enqueue(.executor(UnownedJob(job))) }

    public func asUnownedSerialExecutor() -> UnownedSerialExecutor { UnownedSerialExecutor(ordinary: self) }
    public func asUnownedTaskExecutor() -> UnownedTaskExecutor { UnownedTaskExecutor(ordinary: self) }

    public func checkIsolated() { preconditionCurrent() }
    public func isIsolatingCurrentContext() -> Bool? { isCurrent }
}
