internal import CUV
internal import Glibc
internal import HTTP

/// One accepted TCP connection: its outbox, its deadlines, and how it ends. Loop-confined.
final class Connection: @unchecked Sendable {
    // SAFETY: every member is used on the loop's thread only; `@unchecked` lets closures that run there capture it.
    let loop: EventLoop
    let server: ServerLoop
    let remoteAddress: String
    var handler: (any ConnectionHandler)?
    /// Whether it counts against the limits on connections.
    var isAdmitted = true
    /// Where it stands in its loop's table.
    var index = -1

    private let handle: UnsafeMutablePointer<uv_tcp_t>
    let descriptor: Int32
    private var outbox = Outbox()
    /// Nil for plain HTTP, also where that was spoken to a port of TLS.
    private var tls: TLSSession?
    /// Bytes that libuv holds for this connection.
    private var inFlight = 0
    private var isWriting = false
    private var isDirty = false
    private var isReading = false
    /// Reading goes on at the end of the turn.
    private var isYielding = false
    private(set) var isClosed = false
    private(set) var peerHasEnded = false
    /// How the connection ends once the outbox is empty.
    private var reasonWhenDrained: CloseReason?
    /// Bytes still thrown away after our end was shut, so that the peer reads the last response before a reset.
    private var lingerBudget = -1
    private var lingerReason = CloseReason.finished

    private var readDeadline = Int.max
    private var writeDeadline = Int.max

    /// Takes over an accepted handle, whose memory lives until libuv has closed it.
    init(loop: EventLoop, server: ServerLoop, handle: UnsafeMutablePointer<uv_tcp_t>, remoteAddress: String, tls: TLSSession?) {
        self.loop = loop
        self.tls = tls
        self.server = server
        self.handle = handle
        self.remoteAddress = remoteAddress
        var descriptor: uv_os_fd_t = -1
        EventLoop.check(uv_fileno(UnsafeMutableRawPointer(handle).assumingMemoryBound(to: uv_handle_t.self), &descriptor), "uv_fileno")
        self.descriptor = descriptor
        handle.pointee.data = Unmanaged.passRetained(self).toOpaque()
        uv_tcp_nodelay(handle, 1)
        uv_tcp_keepalive(handle, 1, 60)
        giveUpOnSilence()
    }

    /// Has the kernel end the connection when nothing of what is sent is acknowledged for the write timeout: a peer that vanished while it
    /// was only listening would otherwise be kept for a quarter of an hour.
    private func giveUpOnSilence() {
        var milliseconds = UInt32(clamping: server.options.writeTimeout)
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_USER_TIMEOUT, &milliseconds, socklen_t(MemoryLayout<UInt32>.size))
    }

    private var stream: UnsafeMutablePointer<uv_stream_t> { UnsafeMutableRawPointer(handle).assumingMemoryBound(to: uv_stream_t.self) }

    var queuedBytes: Int { outbox.byteCount + inFlight + (tls?.wire.byteCount ?? 0) }
    var isSecure: Bool { tls != nil }
    var isEnding: Bool { isClosed || reasonWhenDrained != nil || lingerBudget >= 0 }

    // MARK: Deadlines

    /// Milliseconds from now until `timedOut`, or nil for none.
    func setReadDeadline(_ milliseconds: Int?) {
        readDeadline = milliseconds.map { loop.now + $0 } ?? Int.max
        noteDeadline()
    }

    private func noteDeadline() {
        if index >= 0 { server.table.setDeadline(min(readDeadline, writeDeadline), at: index) }
    }

    /// The table found that the earlier deadline passed.
    func deadlinePassed(_ now: Int) {
        if writeDeadline <= now { return close(.writeStalled) }
        readDeadline = Int.max
        noteDeadline()
        if lingerBudget >= 0 { return close(lingerReason) }
        if let reasonWhenDrained { return close(reasonWhenDrained) }
        handler?.timedOut()
    }

    // MARK: Reading

    func startReading() {
        guard !isReading, !isClosed, !peerHasEnded else { return }
        let allocate: uv_alloc_cb = { handle, _, buffer in
            let connection = Unmanaged<Connection>.fromOpaque(handle!.pointee.data).takeUnretainedValue()
            let memory = connection.loop.readBuffer
            buffer!.pointee = uv_buf_init(memory.baseAddress!.assumingMemoryBound(to: CChar.self), UInt32(memory.count))
        }
        let read: uv_read_cb = { stream, count, buffer in
            Unmanaged<Connection>.fromOpaque(stream!.pointee.data).takeUnretainedValue().didRead(count)
        }
        isReading = true
        if !isYielding, uv_read_start(stream, allocate, read) != 0 { close(.failure) }
    }

    /// Lets the others have their turn: libuv would read on, up to 2 MB, from a peer that sends faster than it is dealt with.
    private func yield() {
        guard isReading, !isClosed else { return }
        uv_read_stop(stream)
        isYielding = true
        loop.atEndOfTurn { [self] in
            isYielding = false
            guard isReading else { return }
            isReading = false
            startReading()
        }
    }

    func stopReading() {
        guard isReading, !isClosed else { return }
        if !isYielding { uv_read_stop(stream) }
        isReading = false
    }

    private func didRead(_ count: Int) {
        guard !isClosed, count != 0 else { return }
        if count > 0 {
            server.counters.bytesReceived.add(count)
            receive(UnsafeRawBufferPointer(rebasing: loop.readBuffer[..<count]))
            if count == loop.readBuffer.count { yield() }
        } else if count == Int(UV_EOF.rawValue) {
            isReading = false
            noteEnd()
        } else {
            close(isEnding ? (reasonWhenDrained ?? lingerReason) : .failure)
        }
    }

    private func receive(_ bytes: UnsafeRawBufferPointer) {
        guard let tls else { return deliver(bytes) }
        if !tls.hasBegun, Self.isPlainHTTP(bytes[0]) { refusePlainHTTP() } else { decrypt(bytes, with: tls) }
    }

    private func deliver(_ bytes: UnsafeRawBufferPointer) {
        if lingerBudget >= 0 {
            lingerBudget -= bytes.count
            if lingerBudget < 0 { close(lingerReason) }
        } else if reasonWhenDrained == nil {
            handler?.received(bytes)
        }
    }

    private func noteEnd() {
        guard !peerHasEnded else { return }
        peerHasEnded = true
        if lingerBudget >= 0 { close(lingerReason) } else if reasonWhenDrained == nil { handler?.peerEnded() }
    }

    /// Passes what arrived through TLS, record by record.
    private func decrypt(_ bytes: UnsafeRawBufferPointer, with tls: TLSSession) {
        tls.receive(bytes, decryptingInto: loop.plainBuffer) { reading in
            switch reading {
            case .bytes(let count):
                deliver(UnsafeRawBufferPointer(rebasing: loop.plainBuffer[..<count]))
                return !isClosed
            case .starved:
                // A peer that has TLS answer (new keys, over and over) and reads none of it.
                if tls.wire.byteCount > 256 << 10 { close(.slowReader) }
                // What was queued during the handshake can go now.
                if !tls.wire.isEmpty || !outbox.isEmpty { markDirty() }
            case .ended:
                // What comes behind the end is not for us, and would only gather in memory.
                stopReading()
                noteEnd()
            case .failed:
                // The alert that says why is written if the socket takes it at once.
                write()
                close(isEnding ? (reasonWhenDrained ?? lingerReason) : .protocolError)
            }
            return false
        }
    }

    /// A request begins with a method; a record of TLS with its number.
    private static func isPlainHTTP(_ byte: UInt8) -> Bool { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) }

    private func refusePlainHTTP() {
        tls = nil
        refuse(with: HTTPResponse(HTTPFailure(400, "this port speaks HTTPS")), .protocolError)
    }

    // MARK: Writing

    /// Queues bytes for the end of the turn.
    func send(_ bytes: SharedBytes) {
        guard !isEnding else { return }
        outbox.append(bytes)
        markDirty()
    }

    func dropUnstarted() { outbox.dropUnstarted() }

    private func markDirty() {
        guard !isDirty, !isWriting, !isClosed else { return }
        isDirty = true
        loop.flushAtEndOfTurn(self)
    }

    /// Writes what the socket takes at once, and tells when nothing is left.
    func flush() {
        isDirty = false
        guard !isWriting, !isClosed else { return }
        write()
        if isDrained, !isClosed { didDrain() }
        // What cannot be encrypted any more would wait for ever.
        if let tls, tls.hasFailed, tls.wire.isEmpty, !outbox.isEmpty { close(.failure) }
    }

    private var isDrained: Bool { outbox.isEmpty && !isWriting && tls?.wire.isEmpty != false }

    /// Whether more is queued than the limit even after the socket took what it can: the peer is slow, and not only the turn busy.
    func isOverfull(limit: Int) -> Bool {
        guard queuedBytes > limit else { return false }
        if !isWriting, !isClosed { write() }
        return queuedBytes > limit
    }

    /// The next bytes for the socket, or nil when there are none; under TLS the next records are made first.
    private func withNextPiece<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result? {
        guard let tls else { return outbox.isEmpty ? nil : outbox.withNext(gatheringIn: loop.writeBuffer, body) }
        tls.encrypt(from: &outbox, gatheringIn: loop.writeBuffer)
        return tls.wire.isEmpty ? nil : tls.wire.withNext(gatheringIn: loop.writeBuffer, body)
    }

    private func removeWritten(_ count: Int) {
        if let tls { tls.wire.remove(count) } else { outbox.remove(count) }
    }

    /// Copies all that is queued if it fits and can go at once; nil where `flush` must write it.
    func copyLittle(to space: UnsafeMutableRawBufferPointer) -> Int? {
        guard !isWriting, !isClosed, queuedBytes <= space.count else { return nil }
        return withNextPiece { bytes in
            guard bytes.count <= space.count else { return nil }
            space.copyMemory(from: bytes)
            return bytes.count
        } ?? nil
    }

    /// The first bytes of the queue were written by the ring; `flush` follows.
    func noteWritten(_ count: Int) {
        removeWritten(count)
        server.counters.bytesSent.add(count)
    }

    /// Writes until the socket takes no more, then leaves a piece to libuv, which says when to go on.
    private func write() {
        var budget = 1 << 20
        while budget > 0 {
            let tried = withNextPiece { bytes -> Int in
                var buffer = uv_buf_t(
                    base: UnsafeMutablePointer(mutating: bytes.baseAddress!.assumingMemoryBound(to: CChar.self)), len: bytes.count)
                return Int(uv_try_write(stream, &buffer, 1))
            }
            guard let written = tried else { return }
            if written == Int(UV_EAGAIN.rawValue) { break }
            if written < 0 { return close(.failure) }
            noteWritten(written)
            budget -= written
        }
        writeLater()
    }

    /// Hands one piece to libuv, copied, because the outbox may change before the socket takes it.
    private func writeLater() {
        let piece = withNextPiece { WriteRequest.make(UnsafeRawBufferPointer(rebasing: $0.prefix(64 << 10))) }
        guard let request = piece else { return }
        isWriting = true
        writeDeadline = loop.now + server.options.writeTimeout
        noteDeadline()
        removeWritten(request.pointee.count)
        inFlight = request.pointee.count
        var buffer = uv_buf_t(base: request.pointee.bytes, len: request.pointee.count)
        let done: uv_write_cb = { uvRequest, status in
            let request = UnsafeMutableRawPointer(uvRequest!).assumingMemoryBound(to: WriteRequest.self)
            let connection = Unmanaged<Connection>.fromOpaque(uvRequest!.pointee.handle.pointee.data).takeUnretainedValue()
            let count = request.pointee.count
            WriteRequest.free(request)
            connection.wroteLater(count, status)
        }
        let status = uv_write(WriteRequest.uv(request), stream, &buffer, 1, done)
        if status != 0 {
            WriteRequest.free(request)
            isWriting = false
            close(.failure)
        }
    }

    private func wroteLater(_ count: Int, _ status: Int32) {
        isWriting = false
        inFlight = 0
        guard !isClosed else { return }
        guard status == 0 else { return close(.failure) }
        server.counters.bytesSent.add(count)
        writeDeadline = Int.max
        noteDeadline()
        flush()
    }

    private func didDrain() {
        if let reason = reasonWhenDrained { return linger(reason) }
        handler?.drained()
    }

    // MARK: Ending

    /// Answers before anything is read, and ends; under TLS the handshake goes first.
    func refuse(with response: HTTPResponse, _ reason: CloseReason) {
        let head = HTTPResponseHead.bytes(
            status: response.status, headers: response.headers, framing: .length(response.body.count), keepAlive: false, date: server.date)
        send(SharedBytes(framed: head + response.body))
        closeWhenDrained(reason)
        guard tls != nil else { return }
        setReadDeadline(server.options.lingerTimeout)
        startReading()
    }

    /// Ends the connection when all that is queued is written, letting the peer read it.
    func closeWhenDrained(_ reason: CloseReason) {
        guard !isEnding else { return }
        reasonWhenDrained = reason
        readDeadline = Int.max
        noteDeadline()
        markDirty()
    }

    /// Shuts our end and waits a moment for the peer's: closing at once, with bytes unread, would reset what the peer has not read yet.
    private func linger(_ reason: CloseReason) {
        // The word of the end is queued once, and this comes again when it is written.
        if let tls, tls.notifyClose() { return markDirty() }
        guard !peerHasEnded, shutdown(descriptor, Int32(SHUT_WR)) == 0 else { return close(reason) }
        reasonWhenDrained = nil
        lingerReason = reason
        lingerBudget = 1 << 20
        setReadDeadline(server.options.lingerTimeout)
        startReading()
    }

    /// Ends the connection now.
    func close(_ reason: CloseReason) {
        guard !isClosed else { return }
        isClosed = true
        server.didClose(self, reason)
        let ended = handler
        handler = nil
        uv_close(UnsafeMutableRawPointer(handle).assumingMemoryBound(to: uv_handle_t.self)) { handle in
            Unmanaged<Connection>.fromOpaque(handle!.pointee.data).release()
            UnsafeMutableRawPointer(handle!).deallocate()
        }
        ended?.closed(reason)
    }
}
