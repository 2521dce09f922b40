internal import CUV
internal import Glibc
internal import HTTP
internal import Synchronization

/// How many connections the whole server and each address have open, over all loops.
final class Admission: @unchecked Sendable {
    // SAFETY: the dictionary is touched under the lock only.
    private let total = Atomic<Int>(0)
    private let lock = Lock()
    private var perAddress: [String: Int] = [:]
    /// Accepted and not yet closed, admitted or not.
    private let sockets = Atomic<Int>(0)
    private let limit: Int
    private let socketLimit: Int
    private let addressLimit: Int?

    init(_ options: HTTPServerOptions) {
        limit = options.maxConnections
        socketLimit = options.maxSockets
        addressLimit = options.maxConnectionsPerAddress
    }

    /// Whether a descriptor is free for one more; if so, it is taken.
    func takeSocket() -> Bool {
        guard sockets.wrappingAdd(1, ordering: .relaxed).newValue <= socketLimit else {
            giveSocketBack()
            return false
        }
        return true
    }

    func giveSocketBack() { sockets.wrappingSubtract(1, ordering: .relaxed) }

    func enter(_ address: String) -> Bool {
        guard total.wrappingAdd(1, ordering: .relaxed).newValue <= limit, enterAddress(address) else {
            total.wrappingSubtract(1, ordering: .relaxed)
            return false
        }
        return true
    }

    func leave(_ address: String) {
        total.wrappingSubtract(1, ordering: .relaxed)
        guard addressLimit != nil else { return }
        lock.withLock {
            let count = perAddress[address, default: 1] - 1
            perAddress[address] = count > 0 ? count : nil
        }
    }

    private func enterAddress(_ address: String) -> Bool {
        guard let addressLimit else { return true }
        return lock.withLock {
            let count = perAddress[address, default: 0]
            guard count < addressLimit else { return false }
            perAddress[address] = count + 1
            return true
        }
    }
}

/// A server's part on one loop: its listening sockets, its connections and their deadlines. Loop-confined but for `counters`.
final class ServerLoop: @unchecked Sendable {
    // SAFETY: all that changes is used on the loop's thread only; `@unchecked` lets closures that run there capture it.
    let loop: EventLoop
    let options: HTTPServerOptions
    let responder: any HTTPResponder
    let counters = LoopCounters()
    let admission: Admission
    var table = ConnectionTable()
    private(set) var isShuttingDown = false
    /// Connections that are being refused.
    private var refusals = 0
    private var listeners: [UnsafeMutablePointer<uv_tcp_t>] = []
    /// Milliseconds from one look at the deadlines to the next; while there is no connection nobody looks.
    private let sweepInterval: Int
    private var sweep: TimerToken?
    private var whenEmpty: [@Sendable () -> Void] = []
    private var dateSecond = 0
    private var dateLine: [UInt8] = []

    init(loop: EventLoop, options: HTTPServerOptions, responder: any HTTPResponder, admission: Admission) {
        self.loop = loop
        self.options = options
        self.responder = responder
        self.admission = admission
        let times = [
            options.headTimeout, options.bodyTimeout, options.keepAliveTimeout, options.writeTimeout, options.lingerTimeout,
            options.closeTimeout,
        ]
        sweepInterval = max(20, min(1000, (times.min() ?? 1000) / 4))
    }

    /// Begins to accept on sockets that are bound already.
    func start(_ descriptors: [Int32]) {
        for descriptor in descriptors { listen(descriptor) }
    }

    private func listen(_ descriptor: Int32) {
        let handle = UnsafeMutablePointer<uv_tcp_t>.allocate(capacity: 1)
        EventLoop.check(uv_tcp_init(loop.uv, handle), "uv_tcp_init")
        handle.pointee.data = Unmanaged.passRetained(self).toOpaque()
        EventLoop.check(uv_tcp_open(handle, descriptor), "uv_tcp_open")
        let accept: uv_connection_cb = { stream, status in
            guard status == 0 else { return }
            Unmanaged<ServerLoop>.fromOpaque(stream!.pointee.data).takeUnretainedValue().acceptInTurn(stream!)
        }
        let stream = UnsafeMutableRawPointer(handle).assumingMemoryBound(to: uv_stream_t.self)
        EventLoop.check(uv_listen(stream, Int32(options.backlog), accept), "uv_listen")
        listeners.append(handle)
    }

    /// Nanoseconds of a turn for new connections; at least one is accepted. Longer than what waits for the others has, since the kernel sends away whom
    /// its backlog has no room for.
    private static let arrivalShare: UInt64 = 2_000_000

    /// Accepts as long as there is time in this turn. A connection that is held back keeps libuv from the next: the kernel has them wait.
    private func acceptInTurn(_ listener: UnsafeMutablePointer<uv_stream_t>) {
        let held = UInt(bitPattern: listener)
        guard loop.arrivalTime < Self.arrivalShare else { return loop.inNextTurn { self.acceptHeld(held) } }
        guard admission.takeSocket() else {
            loop.schedule(after: Self.fullPause) { self.acceptHeld(held) }
            return
        }
        let begin = uv_hrtime()
        accept(listener)
        loop.arrivalTime += uv_hrtime() - begin
    }

    /// Milliseconds until a connection that finds no free descriptor is looked at again.
    private static let fullPause = 50

    private func acceptHeld(_ address: UInt) {
        guard let listener = listeners.first(where: { UInt(bitPattern: $0) == address }) else { return }
        acceptInTurn(UnsafeMutableRawPointer(listener).assumingMemoryBound(to: uv_stream_t.self))
    }

    private func accept(_ listener: UnsafeMutablePointer<uv_stream_t>) {
        let raw = UnsafeMutableRawPointer.allocate(byteCount: MemoryLayout<uv_tcp_t>.stride, alignment: 16)
        let handle = raw.bindMemory(to: uv_tcp_t.self, capacity: 1)
        EventLoop.check(uv_tcp_init(loop.uv, handle), "uv_tcp_init")
        let stream = raw.assumingMemoryBound(to: uv_stream_t.self)
        guard uv_accept(listener, stream) == 0 else {
            admission.giveSocketBack()
            uv_close(raw.assumingMemoryBound(to: uv_handle_t.self)) { UnsafeMutableRawPointer($0!).deallocate() }
            return
        }
        let session = options.tls?.session()
        guard (session == nil) == (options.tls == nil) else {
            admission.giveSocketBack()
            uv_close(raw.assumingMemoryBound(to: uv_handle_t.self)) { UnsafeMutableRawPointer($0!).deallocate() }
            return
        }
        let address = SocketAddress.peer(of: handle)
        let connection = Connection(loop: loop, server: self, handle: handle, remoteAddress: address, tls: session)
        counters.accepted.add(1)
        counters.connections.add(1)
        table.add(connection)
        if sweep == nil { sweepLater() }
        connection.handler = HTTPConnection(connection)
        if !admission.enter(connection.remoteAddress) {
            connection.isAdmitted = false
            refusals += 1
            // A handshake costs more than an answer is worth when they come in crowds.
            guard !connection.isSecure || refusals <= 64 else { return connection.close(.refused) }
            connection.refuse(with: HTTPResponse(status: 503, headers: ["Retry-After": "5"]), .refused)
        } else {
            connection.setReadDeadline(options.headTimeout)
            connection.startReading()
        }
    }

    private func sweepLater() {
        sweep = loop.schedule(after: sweepInterval) { self.sweepDeadlines() }
    }

    private func sweepDeadlines() {
        let now = loop.now
        for connection in table.expired(now) where !connection.isClosed { connection.deadlinePassed(now) }
        sweep = nil
        if table.count > 0 { sweepLater() }
    }

    func didClose(_ connection: Connection, _ reason: CloseReason) {
        table.remove(connection)
        admission.giveSocketBack()
        counters.connections.add(-1)
        counters.countClose(reason)
        if connection.isAdmitted { admission.leave(connection.remoteAddress) } else { refusals -= 1 }
        if table.count == 0 {
            let waiting = whenEmpty
            whenEmpty = []
            for done in waiting { done() }
        }
    }

    /// The `Date` line of this second.
    var date: [UInt8] {
        let second = time(nil)
        if second != dateSecond {
            dateSecond = second
            dateLine = Array("Date: \(HTTPDate.format(second))\r\n".utf8)
        }
        return dateLine
    }

    // MARK: Shutting down

    /// Stops accepting and tells each connection to end; `done` is called when none is left.
    func beginShutdown(_ done: @escaping @Sendable () -> Void) {
        isShuttingDown = true
        for listener in listeners {
            uv_close(UnsafeMutableRawPointer(listener).assumingMemoryBound(to: uv_handle_t.self)) { handle in
                Unmanaged<ServerLoop>.fromOpaque(handle!.pointee.data).release()
                UnsafeMutableRawPointer(handle!).deallocate()
            }
        }
        listeners = []
        for connection in table.all where !connection.isClosed { connection.handler?.shutDown() }
        if table.count == 0 { done() } else { whenEmpty.append(done) }
    }

    /// Closes what is left.
    func endShutdown() {
        for connection in table.all { connection.close(.shutdown) }
        sweep?.cancel()
        sweep = nil
    }
}
