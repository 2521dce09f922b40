/// A WebSocket handshake that is refused, as it stands on the wire.
package struct HostileHandshake: Sendable, CustomStringConvertible {
    package let name: String
    package let request: String
    package let status: Int
    package var description: String { name }

    init(_ name: String, _ status: Int, line: String = "GET /ws HTTP/1.1", without: String = "", _ more: String...) {
        (self.name, self.status) = (name, status)
        let usual = [
            "Host: a", "Connection: keep-alive, Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        ].filter { without.isEmpty || !$0.hasPrefix(without + ":") }
        request = ([line] + usual + more).joined(separator: "\r\n") + "\r\n\r\n"
    }

    /// One that is not refused.
    static let good = HostileHandshake("none", 101).request

    package static let all = [
        HostileHandshake("another method", 400, line: "POST /ws HTTP/1.1", "Content-Length: 0"),
        HostileHandshake("HTTP/1.0", 400, line: "GET /ws HTTP/1.0"),
        HostileHandshake("a body", 400, "Content-Length: 2\r\n\r\nab"),
        HostileHandshake("no Host", 400, without: "Host"),
        HostileHandshake("no Upgrade", 400, without: "Upgrade"),
        HostileHandshake("another protocol", 400, without: "Upgrade", "Upgrade: websockets"),
        HostileHandshake("no upgrade among the connection's options", 400, without: "Connection", "Connection: keep-alive"),
        HostileHandshake("no key", 400, without: "Sec-WebSocket-Key"),
        HostileHandshake("two keys", 400, "Sec-WebSocket-Key: AQIDBAUGBwgJCgsMDQ4PEA=="),
        HostileHandshake("a key of 15 bytes", 400, without: "Sec-WebSocket-Key", "Sec-WebSocket-Key: AQIDBAUGBwgJCgsMDQ4P"),
        HostileHandshake("a key of 17 bytes", 400, without: "Sec-WebSocket-Key", "Sec-WebSocket-Key: AQIDBAUGBwgJCgsMDQ4PEBE="),
        HostileHandshake("a key that is not base64", 400, without: "Sec-WebSocket-Key", "Sec-WebSocket-Key: AQIDBAUGBwgJCgsMDQ4P*A=="),
        HostileHandshake("no version", 426, without: "Sec-WebSocket-Version"),
        HostileHandshake("version 8", 426, without: "Sec-WebSocket-Version", "Sec-WebSocket-Version: 8"),
        HostileHandshake("two versions", 426, "Sec-WebSocket-Version: 8"),
    ]
}
