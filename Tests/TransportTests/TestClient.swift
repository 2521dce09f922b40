import Glibc
import HTTP

/// A socket that sends and reads exactly what a test says; blocking calls run on threads of their own.
final class TestClient {
    struct Failure: Error {
        var call: String
        var code: Int32
    }

    private let descriptor: Int32
    private var isOpen = true
    /// Read, and not yet asked for.
    private var ahead: ArraySlice<UInt8> = []

    init(port: Int, receiveBuffer: Int32? = nil) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw Failure(call: "socket", code: errno) }
        if var receiveBuffer { setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &receiveBuffer, 4) }
        var limit = timeval(tv_sec: 120, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let status = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
        }
        guard status == 0 else { throw Failure(call: "connect", code: errno) }
    }

    deinit { close() }

    func close() {
        guard isOpen else { return }
        isOpen = false
        Glibc.close(descriptor)
    }

    func send(_ text: String) async throws { try await send(Array(text.utf8)) }

    func send(_ bytes: [UInt8]) async throws {
        try await onThread { [descriptor] in try writeAll(bytes, to: descriptor) }
    }

    /// Sends while the test goes on. The client must outlive it.
    func sending(_ bytes: [UInt8]) -> Task<Void, any Error> {
        Task { [descriptor] in
            try await onThread { try writeAll(bytes, to: descriptor) }
        }
    }

    /// Sends a byte every few milliseconds until the connection is gone; returns how many went. The client must outlive it.
    func trickle(_ byte: UInt8, times: Int, every milliseconds: UInt32) -> Task<Int, any Error> {
        Task { [descriptor] in
            try await onThread {
                var byte = byte
                for sent in 0..<times {
                    guard Glibc.send(descriptor, &byte, 1, Int32(MSG_NOSIGNAL)) == 1 else { return sent }
                    usleep(milliseconds * 1000)
                }
                return times
            }
        }
    }

    /// Whether something came that is not read yet.
    var canRead: Bool {
        var watched = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&watched, 1, 0) == 1
    }

    /// Some bytes, `count` at most; none at the end of the stream.
    func receive(atMost count: Int = 64 << 10) async throws -> [UInt8] {
        if ahead.isEmpty {
            ahead = try await onThread { [descriptor] in
                try [UInt8](unsafeUninitializedCapacity: 64 << 10) { buffer, filled in
                    filled = recv(descriptor, buffer.baseAddress!, buffer.count, 0)
                    guard filled >= 0 else {
                        let code = errno
                        filled = 0
                        throw Failure(call: "recv", code: code)
                    }
                }
            }[...]
        }
        defer { ahead = ahead.dropFirst(count) }
        return Array(ahead.prefix(count))
    }

    /// Everything until the stream's end.
    func receiveToTheEnd() async throws -> [UInt8] {
        var all: [UInt8] = []
        while true {
            let piece = try await receive()
            if piece.isEmpty { return all }
            all += piece
        }
    }

    func receiveAll() async throws -> String { String(decoding: try await receiveToTheEnd(), as: UTF8.self) }

    /// What arrives until it ends in `end`.
    func receive(until end: String) async throws -> String {
        var all: [UInt8] = []
        while !all.suffix(end.utf8.count).elementsEqual(end.utf8) {
            let piece = try await receive(atMost: 1)
            guard !piece.isEmpty else {
                throw Failure(call: "recv: ended before \(end), after \(String(decoding: all, as: UTF8.self))", code: 0)
            }
            all += piece
        }
        return String(decoding: all, as: UTF8.self)
    }

    /// One response with a Content-Length: its head and its body.
    func response() async throws -> (head: String, body: String) {
        let head = try await receive(until: "\r\n\r\n")
        let length = head.split(separator: "\r\n").first { $0.lowercased().hasPrefix("content-length:") }
            .flatMap { Int($0.split(separator: " ").last ?? "") }
        var body: [UInt8] = []
        while body.count < length ?? 0 { body += try await receive(atMost: (length ?? 0) - body.count) }
        return (head, String(decoding: body, as: UTF8.self))
    }

    /// Ends our side; the other may go on.
    func endSending() { Glibc.shutdown(descriptor, Int32(SHUT_WR)) }

    /// Ends the connection with a reset.
    func reset() {
        var option = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
        close()
    }

    // MARK: WebSocket

    static func handshake(_ target: String, offering extensions: String? = nil) -> String {
        "GET \(target) HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n"
            + (extensions.map { "Sec-WebSocket-Extensions: \($0)\r\n" } ?? "")
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    }

    /// - Returns: the response's head.
    @discardableResult
    func openWebSocket(_ target: String = "/ws", offering extensions: String? = nil) async throws -> String {
        try await send(Self.handshake(target, offering: extensions))
        let head = try await receive(until: "\r\n\r\n")
        guard head.hasPrefix("HTTP/1.1 101 ") else { throw Failure(call: "upgrade: \(head)", code: 0) }
        return head
    }

    /// The next frame of the server as it stands on the wire.
    func frame() async throws -> [UInt8] {
        var frame = try await receive(exactly: 2)
        let short = Int(frame[1])
        if short >= 126 { frame += try await receive(exactly: short == 126 ? 2 : 8) }
        let length = short < 126 ? short : frame[2...].reduce(0) { $0 << 8 | Int($1) }
        return frame + (try await receive(exactly: length))
    }

    func receive(exactly count: Int) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < count {
            let piece = try await receive(atMost: count - bytes.count)
            guard !piece.isEmpty else { throw Failure(call: "recv: ended", code: 0) }
            bytes += piece
        }
        return bytes
    }

    func send(frame opcode: WebSocketFrame.Opcode, _ payload: [UInt8]) async throws {
        try await send(WebSocketFrame.encode(opcode, payload, mask: 0x1234_5678))
    }

    /// Decodes what arrives until `isLast`, or the stream's end.
    func events(until isLast: (WebSocketFrameDecoder.Event) -> Bool) async throws -> [WebSocketFrameDecoder.Event] {
        var decoder = WebSocketFrameDecoder(role: .client, maxMessageSize: 64 << 20)
        var events: [WebSocketFrameDecoder.Event] = []
        while true {
            let piece = try await receive()
            if piece.isEmpty { return events }
            events += decoder.consume(piece)
            if events.contains(where: isLast) { return events }
        }
    }
}

/// Runs blocking code off the pool of the concurrency runtime.
func onThread<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
    try await withCheckedThrowingContinuation { continuation in
        let work = Unmanaged.passRetained(ThreadWork { continuation.resume(with: Swift.Result(catching: body)) })
        var thread = pthread_t()
        pthread_create(
            &thread, nil,
            { raw in
                Unmanaged<ThreadWork>.fromOpaque(raw!).takeRetainedValue().run()
                return nil
            }, work.toOpaque())
        pthread_detach(thread)
    }
}

private final class ThreadWork: Sendable {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
}

private func writeAll(_ bytes: [UInt8], to descriptor: Int32) throws {
    var sent = 0
    while sent < bytes.count {
        let count = bytes.withUnsafeBytes {
            Glibc.send(descriptor, $0.baseAddress! + sent, bytes.count - sent, Int32(MSG_NOSIGNAL))
        }
        guard count > 0 else { throw TestClient.Failure(call: "send", code: errno) }
        sent += count
    }
}
