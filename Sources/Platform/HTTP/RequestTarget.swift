internal import Kernel

/// The three forms of target that an origin server answers (RFC 9112, 3.2): origin, absolute, and `*`.
struct RequestTarget {
    var rawPath: String
    var query: String?
    /// The host of an absolute target, which replaces the Host field.
    var authority: String?

    init(_ bytes: UnsafeBufferPointer<UInt8>, method: HTTPMethod) throws(HTTPFailure) {
        var rest = bytes
        if bytes.count == 1, bytes[0] == UInt8(ascii: "*") {
            guard method == .options else { throw HTTPFailure(400, "only OPTIONS may ask for *") }
            rawPath = "*"
            return
        }
        if bytes.first != UInt8(ascii: "/") {
            let authorityStart = try Self.schemeLength(bytes)
            var end = authorityStart
            while end < bytes.count, bytes[end] != UInt8(ascii: "/"), bytes[end] != UInt8(ascii: "?") { end += 1 }
            let host = UnsafeBufferPointer(rebasing: bytes[authorityStart..<end])
            guard Authority.isValid(host) else { throw HTTPFailure(400, "the target's host is malformed") }
            authority = String(own: host)
            rest = UnsafeBufferPointer(rebasing: bytes[end...])
        }
        let mark = rest.firstIndex(of: UInt8(ascii: "?")) ?? rest.count
        let path = UnsafeBufferPointer(rebasing: rest[..<mark])
        guard ASCII.isPath(path) else { throw HTTPFailure(400, "the path holds a character that must be encoded") }
        rawPath = path.isEmpty ? "/" : String(own: path)
        try Self.checkEscapes(rawPath)
        if mark < rest.count {
            let text = UnsafeBufferPointer(rebasing: rest[(mark + 1)...])
            guard ASCII.isQuery(text) else { throw HTTPFailure(400, "the query holds a character that must be encoded") }
            query = String(own: text)
        }
    }

    private static func schemeLength(_ bytes: UnsafeBufferPointer<UInt8>) throws(HTTPFailure) -> Int {
        if bytes.count > 7, ASCII.equalIgnoringCase(UnsafeBufferPointer(rebasing: bytes[..<7]), "http://") { return 7 }
        if bytes.count > 8, ASCII.equalIgnoringCase(UnsafeBufferPointer(rebasing: bytes[..<8]), "https://") { return 8 }
        throw HTTPFailure(400, "the target is neither a path nor an http URL")
    }

    private static func checkEscapes(_ path: String) throws(HTTPFailure) {
        guard path.utf8.contains(UInt8(ascii: "%")) else { return }
        guard let decoded = PercentCoding.decode(path), !decoded.utf8.contains(0) else {
            throw HTTPFailure(400, "the path's escapes are malformed")
        }
    }
}

/// `host [":" port]` of a Host field or an absolute target (RFC 3986, 3.2, without user information).
enum Authority {
    static func isValid(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        guard !bytes.isEmpty else { return false }
        var hostEnd: Int
        if bytes[0] == UInt8(ascii: "[") {
            guard let bracket = bytes.firstIndex(of: UInt8(ascii: "]")), isAddress(UnsafeBufferPointer(rebasing: bytes[1..<bracket])) else {
                return false
            }
            hostEnd = bracket + 1
        } else {
            hostEnd = bytes.firstIndex(of: ASCII.colon) ?? bytes.count
            guard ASCII.isRegisteredName(UnsafeBufferPointer(rebasing: bytes[..<hostEnd])) else { return false }
        }
        return hostEnd == bytes.count || isPort(UnsafeBufferPointer(rebasing: bytes[hostEnd...]))
    }

    /// Hexadecimal groups, colons and a dotted tail: enough to keep anything else out, not a parser of addresses.
    private static func isAddress(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        bytes.count >= 2 && bytes.count <= 45
            && bytes.allSatisfy { ASCII.hexValue($0) != nil || $0 == ASCII.colon || $0 == UInt8(ascii: ".") }
    }

    private static func isPort(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        guard bytes[0] == ASCII.colon, bytes.count <= 6 else { return false }
        var port = 0
        for byte in bytes.dropFirst() {
            guard ASCII.isDigit(byte) else { return false }
            port = port * 10 + Int(byte - 0x30)
        }
        return port <= 65535
    }
}
