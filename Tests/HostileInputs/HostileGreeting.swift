/// What a port of TLS is greeted with in place of a handshake, and what it says before it ends the connection.
package struct HostileGreeting: Sendable, CustomStringConvertible {
    package enum Answer: Sendable {
        /// In the clear, since that is what the peer speaks.
        case status(Int)
        /// The number of a fatal alert.
        case alert(UInt8)
        case nothing
    }

    package let name: String
    package let bytes: [UInt8]
    package let answer: Answer

    package var description: String { name }

    /// The answer in words.
    package var told: String {
        switch answer {
        case .status(let status): "\(status), in the clear"
        case .alert(let number): "alert \(number)"
        case .nothing: "none"
        }
    }

    init(_ name: String, _ bytes: [UInt8], _ answer: Answer) { (self.name, self.bytes, self.answer) = (name, bytes, answer) }

    package static let all = plain + records

    private static let plain = [
        HostileGreeting("plain HTTP: a request", Array("GET / HTTP/1.1\r\nHost: a\r\n\r\n".utf8), .status(400)),
        HostileGreeting("plain HTTP: a request that never ends", Array("GET / HTTP/1.1\r\nX: ".utf8), .status(400)),
        HostileGreeting(
            "plain HTTP: a body",
            Array("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 900000\r\n\r\n".utf8) + [UInt8](repeating: 0x61, count: 900_000),
            .status(400)),
        HostileGreeting("plain HTTP: a WebSocket", Array(HostileHandshake.good.utf8), .status(400)),
        HostileGreeting("the preface of HTTP/2", Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8), .status(400)),
    ]

    private static let records = [
        HostileGreeting("a handshake that is none", [0x16, 3, 1, 0, 5, 0x62, 0x61, 0x64, 0x21, 0x21], .alert(10)),
        HostileGreeting("application data before a handshake", [0x17, 3, 3, 0, 4, 1, 2, 3, 4], .alert(10)),
        HostileGreeting("an alert before a handshake", [0x15, 3, 3, 0, 2, 1, 0], .alert(10)),
        HostileGreeting("a hello without its content", [0x16, 3, 1, 0, 5, 1, 0, 0, 1, 0], .alert(50)),
        HostileGreeting("a record longer than any may be", [0x16, 3, 1, 0xFF, 0xFF], .alert(22)),
        HostileGreeting("a record of a version that is none", [0x16, 9, 9, 0, 5, 1, 0, 0, 1, 0], .nothing),
        HostileGreeting("zeros", [UInt8](repeating: 0, count: 64), .nothing),
    ]
}
