import Glibc
import HTTP
import Kernel

/// A WebSocket client over a socket of its own: sends and reads exactly what a test says.
final class LiveSocket: @unchecked Sendable {
    // SAFETY: one test uses it, one call at a time.
    struct Failure: Error {
        let what: String
    }

    private let descriptor: Int32
    private var decoder = WebSocketFrameDecoder(role: .client, maxMessageSize: 16 << 20)
    private var waiting: [JSON] = []
    private(set) var closeCode: UInt16?
    private var isOpen = true

    init(port: Int, path: String, receiveBuffer: Int32? = nil) async throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        if var receiveBuffer {
            // Segments as of a network: for the loopback's of 64 KB the kernel takes megabytes, which a small window is long in draining.
            var segment: Int32 = 1400
            setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &receiveBuffer, 4)
            setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_MAXSEG, &segment, 4)
        }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let status = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
        }
        guard status == 0 else { throw Failure(what: "connect: \(errno)") }
        let head = """
            GET \(path) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
            Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n
            """
        try write(Array(head.utf8))
        try await readHead()
    }

    deinit { cut() }

    /// Ends the connection without a word.
    func cut() {
        guard isOpen else { return }
        isOpen = false
        close(descriptor)
    }

    func send(_ frame: JSON) throws { try write(WebSocketFrame.encode(.text, frame.bytes, mask: 0x1234_5678)) }

    /// The next frame of the type that satisfies the condition; others are kept for later calls.
    func next(_ type: String, within seconds: Double = 30, where condition: (JSON) -> Bool = { _ in true }) async throws -> JSON {
        let end = monotonicNanoseconds() + UInt64(seconds * 1e9)
        while true {
            if let index = waiting.firstIndex(where: { $0["type"]?.string == type && condition($0) }) { return waiting.remove(at: index) }
            guard closeCode == nil else { throw Failure(what: "closed with \(closeCode ?? 0), waiting for \(type)") }
            guard try await readMore(until: end) else { throw Failure(what: "no \(type); there were \(waiting)") }
        }
    }

    /// What has come until the answer to a ping: everything that was sent before it.
    func everything() async throws -> [JSON] {
        try send(["type": "ping"])
        _ = try await next("pong")
        defer { waiting = [] }
        return waiting
    }

    /// The topic's events that have come, without waiting.
    func received(on topic: String) -> [JSON] {
        func isEvent(_ frame: JSON) -> Bool { frame["topic"]?.string == topic && frame["position"] != nil && frame["type"] != "subscribed" }
        defer { waiting.removeAll(where: isEvent) }
        return waiting.filter(isEvent)
    }

    /// Waits for more to come, or for the end.
    func more(within seconds: Double = 30) async throws {
        guard try await readMore(until: monotonicNanoseconds() + UInt64(seconds * 1e9)) else {
            throw Failure(what: "nothing more; there were \(waiting.count) frames")
        }
    }

    /// Reads until the server closes.
    func closed(within seconds: Double = 30) async throws -> UInt16 {
        let end = monotonicNanoseconds() + UInt64(seconds * 1e9)
        while closeCode == nil {
            guard try await readMore(until: end) else { throw Failure(what: "not closed; there were \(waiting.count) frames") }
        }
        return closeCode ?? 0
    }

    private func write(_ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress! + sent, bytes.count - sent, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { throw Failure(what: "send: \(errno)") }
            sent += count
        }
    }

    private func readHead() async throws {
        var head: [UInt8] = []
        let end = monotonicNanoseconds() + 30_000_000_000
        while !head.hasSuffix("\r\n\r\n") {
            var byte: UInt8 = 0
            let count = recv(descriptor, &byte, 1, Int32(MSG_DONTWAIT))
            if count == 1 {
                head.append(byte)
            } else if count == 0 || monotonicNanoseconds() > end {
                throw Failure(what: "no handshake: \(String(decoding: head, as: UTF8.self))")
            } else {
                try await Task.sleep(for: .milliseconds(1))
            }
        }
        guard head.starts(with: Array("HTTP/1.1 101".utf8)) else { throw Failure(what: String(decoding: head, as: UTF8.self)) }
    }

    /// - Returns: false when the time is up.
    private func readMore(until end: UInt64) async throws -> Bool {
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
            if count > 0 {
                for event in decoder.consume(Array(buffer[..<count])) { try take(event) }
                return true
            }
            if count == 0 {
                closeCode = closeCode ?? 1006
                return true
            }
            guard errno == EAGAIN || errno == EINTR else {
                closeCode = closeCode ?? 1006
                return true
            }
            guard monotonicNanoseconds() < end else { return false }
            try await Task.sleep(for: .milliseconds(1))
        }
    }

    private func take(_ event: WebSocketFrameDecoder.Event) throws {
        switch event {
        case .text(let text): waiting.append(try JSONParser.parse(text))
        case .ping(let payload): try write(WebSocketFrame.encode(.pong, payload, mask: 0x1234_5678))
        case .close(let code, _): closeCode = code
        case .failed(let code): throw Failure(what: "the server broke the protocol: \(code)")
        case .binary, .pong: break
        }
    }
}

extension [UInt8] {
    fileprivate func hasSuffix(_ text: String) -> Bool { suffix(text.utf8.count).elementsEqual(text.utf8) }
}
