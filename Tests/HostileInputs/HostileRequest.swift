/// A request that is hostile or broken, and the answer it gets before the connection is closed.
///
/// Three readers: the parser's own tests (split at every byte), the server over a raw socket, and the page `docs/security.md`.
package struct HostileRequest: Sendable, CustomStringConvertible {
    /// Of RFC 9112, unless another is named.
    package let section: String
    package let name: String
    package let bytes: [UInt8]
    package let status: Int

    package var description: String { "\(section) \(name)" }

    init(_ section: String, _ name: String, _ text: String, _ status: Int = 400) {
        (self.section, self.name, bytes, self.status) = (section, name, Array(text.utf8), status)
    }

    package static let all = lines + targets + hosts + fields + framing + chunks + limits

    /// A request line and its usual Host.
    private static func line(_ section: String, _ name: String, _ line: String, _ status: Int = 400) -> HostileRequest {
        HostileRequest(section, name, "\(line)\r\nHost: a\r\n\r\n", status)
    }

    private static func field(_ section: String, _ name: String, _ field: String, _ status: Int = 400) -> HostileRequest {
        HostileRequest(section, name, "GET / HTTP/1.1\r\nHost: a\r\n\(field)\r\n\r\n", status)
    }

    private static func body(_ section: String, _ name: String, _ fields: String, _ body: String = "", _ status: Int = 400)
        -> HostileRequest
    {
        HostileRequest(section, name, "POST / HTTP/1.1\r\nHost: a\r\n\(fields)\r\n\r\n\(body)", status)
    }

    private static func chunk(_ name: String, _ body: String, _ status: Int = 400) -> HostileRequest {
        HostileRequest("7.1", name, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n\(body)", status)
    }

    private static let lines = [
        HostileRequest("2.2", "a bare line feed behind the request line", "GET / HTTP/1.1\nHost: a\r\n\r\n"),
        HostileRequest("2.2", "a bare line feed behind a field", "GET / HTTP/1.1\r\nHost: a\n\r\n"),
        HostileRequest("2.2", "a bare line feed as the end of the head", "GET / HTTP/1.1\r\nHost: a\r\n\n"),
        HostileRequest("2.2", "two empty lines in front", "\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"),
        line("3", "two spaces behind the method", "GET  / HTTP/1.1"),
        line("3", "a space behind the version", "GET / HTTP/1.1 "),
        line("3", "a space in front of the method", " GET / HTTP/1.1"),
        HostileRequest("3", "no version (HTTP/0.9)", "GET /\r\n\r\n"),
        line("3.1", "a method that is not a token", "G@T / HTTP/1.1"),
        line("3.1", "CONNECT", "CONNECT a:80 HTTP/1.1", 501),
        line("2.3", "a version in lower case", "GET / http/1.1"),
        line("2.3", "HTTP/1.9", "GET / HTTP/1.9", 505),
        line("2.3", "HTTP/2.0", "GET / HTTP/2.0", 505),
        line("2.3", "HTTP/0.9 by name", "GET / HTTP/0.9", 505),
        line("2.3", "a version of three digits", "GET / HTTP/1.10"),
        HostileRequest("2.3", "the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505),
    ]

    private static let targets = [
        line("3.2.1", "a target without a slash", "GET a HTTP/1.1"),
        line("3.2.4", "the asterisk without OPTIONS", "GET * HTTP/1.1"),
        line("3.2", "a fragment in the target", "GET /a#b HTTP/1.1"),
        line("3.2", "a backslash in the target", "GET /a\\b HTTP/1.1"),
        line("3.2", "a letter beyond ASCII in the target", "GET /\u{e9} HTTP/1.1"),
        line("3.2", "NUL in the target", "GET /a\u{0}b HTTP/1.1"),
        line("3.2", "NUL in the target, escaped", "GET /a%00b HTTP/1.1"),
        line("3.2", "an escape that is none", "GET /a%zz HTTP/1.1"),
        line("3.2", "an escape that is cut", "GET /a%2 HTTP/1.1"),
        line("3.2", "an escape that is not UTF-8", "GET /%ff HTTP/1.1"),
        line("3.2.2", "a target of another scheme", "GET ftp://a/ HTTP/1.1"),
        line("3.2.2", "a target with a user", "GET http://user@a/ HTTP/1.1"),
        line("3.2.2", "a target without a host", "GET http:/// HTTP/1.1"),
    ]

    private static let hosts = [
        HostileRequest("3.2", "no Host", "GET / HTTP/1.1\r\n\r\n"),
        HostileRequest("3.2", "an empty Host", "GET / HTTP/1.1\r\nHost:\r\n\r\n"),
        HostileRequest("3.2", "two Hosts that agree", "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n"),
        HostileRequest("3.2", "a Host with a space", "GET / HTTP/1.1\r\nHost: a b\r\n\r\n"),
        HostileRequest("3.2", "a Host with a path", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n"),
        HostileRequest("3.2", "a Host with a port beyond the last", "GET / HTTP/1.1\r\nHost: a:99999\r\n\r\n"),
        HostileRequest("3.2", "a Host whose port is no number", "GET / HTTP/1.1\r\nHost: a:8x\r\n\r\n"),
        HostileRequest("3.2", "a Host whose bracket is not closed", "GET / HTTP/1.1\r\nHost: [::1\r\n\r\n"),
    ]

    private static let fields = [
        HostileRequest("5.1", "a space before Host's colon", "GET / HTTP/1.1\r\nHost : a\r\n\r\n"),
        field("5.1", "a space before a colon", "A : b"),
        field("5.2", "a folded line (obs-fold)", "X: b\r\n c"),
        HostileRequest("5.2", "a space in front of the first field", "GET / HTTP/1.1\r\n Host: a\r\n\r\n"),
        field("5", "a field without a colon", "X"),
        field("5", "a field without a name", ": b"),
        field("9110 5.5", "a bare carriage return in a value", "X: b\rc"),
        field("9110 5.5", "NUL in a value", "X: b\u{0}c"),
        field("9110 5.5", "DEL in a value", "X: b\u{7f}c"),
        field("9110 5.1", "a letter beyond ASCII in a name", "X\u{e9}: b"),
        body("9110 10.1.1", "an expectation that is not known", "Expect: magic\r\nContent-Length: 1", "a", 417),
    ]

    private static let framing = [
        body("6.3", "two Content-Lengths that agree", "Content-Length: 1\r\nContent-Length: 1", "a"),
        body("6.3", "two Content-Lengths that differ", "Content-Length: 1\r\nContent-Length: 2", "ab"),
        body("6.3", "a list as Content-Length", "Content-Length: 1, 1", "a"),
        body("6.2", "a sign in Content-Length", "Content-Length: +1", "a"),
        body("6.2", "a negative Content-Length", "Content-Length: -1", "a"),
        body("6.2", "a hexadecimal Content-Length", "Content-Length: 0x1", "a"),
        body("6.2", "a space in Content-Length", "Content-Length: 1 1", "a"),
        body("6.2", "an empty Content-Length", "Content-Length:"),
        body("6.2", "a Content-Length that overflows", "Content-Length: 9999999999999999999"),
        body("6.3", "Content-Length and Transfer-Encoding", "Content-Length: 1\r\nTransfer-Encoding: chunked"),
        body("6.3", "Transfer-Encoding and Content-Length", "Transfer-Encoding: chunked\r\nContent-Length: 1"),
        HostileRequest("6.1", "Transfer-Encoding in HTTP/1.0", "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        body("6.1", "Transfer-Encoding: gzip", "Transfer-Encoding: gzip", "", 501),
        body("6.1", "Transfer-Encoding: identity", "Transfer-Encoding: identity", "", 501),
        body("6.1", "gzip, then chunked", "Transfer-Encoding: gzip, chunked", "", 501),
        body("6.1", "chunked that is not last", "Transfer-Encoding: chunked, gzip"),
        body("6.1", "chunked twice", "Transfer-Encoding: chunked, chunked"),
        body("6.1", "chunked in two fields", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked"),
        body("6.1", "an empty Transfer-Encoding", "Transfer-Encoding:"),
        body("6.1", "a vertical tab in front of chunked", "Transfer-Encoding: \u{b}chunked"),
    ]

    private static let chunks = [
        chunk("a size that is no number", "g\r\n"), chunk("an empty size", "\r\n"),
        chunk("a space in front of a size", " 5\r\nhello\r\n"), chunk("a space behind a size", "5 \r\nhello\r\n"),
        chunk("something behind the last size", "0 x\r\n\r\n"), chunk("a size with 0x", "0x5\r\nhello\r\n"),
        chunk("a negative size", "-5\r\nhello\r\n"), chunk("a bare line feed behind a size", "5\nhello\r\n"),
        chunk("a bare line feed in an extension", "5;a\nb\r\nhello\r\n"), chunk("NUL in an extension", "5;a\u{0}\r\nhello\r\n"),
        chunk("a chunk longer than its size", "5\r\nhellox\r\n"), chunk("a bare line feed behind a chunk", "5\r\nhello\n"),
        chunk("a carriage return alone behind a chunk", "5\r\nhello\rx"),
        chunk("a trailer with a space in its name", "0\r\nBad Trailer: x\r\n\r\n"),
        chunk("a folded trailer", "0\r\n x\r\n\r\n"), chunk("a bare line feed as the end", "0\r\n\n"),
        chunk("a size that overflows", "FFFFFFFFFFFFFFFF\r\n"), chunk("a size of eight exbibytes", "FFFFFFFFFFFFFFF\r\n", 413),
        chunk("an extension of 2 KB", "5;" + String(repeating: "x", count: 2000) + "\r\n"),
    ]

    private static let limits = [
        HostileRequest("3", "a request line of 9,000 bytes without an end", String(repeating: "A", count: 9000), 414),
        line("3", "a target of 9,000 bytes", "GET /\(String(repeating: "a", count: 9000)) HTTP/1.1", 414),
        field("5", "fields of 33,000 bytes", "X: \(String(repeating: "b", count: 33000))", 431),
        field("5", "101 fields", (0..<100).map { "X-\($0): y" }.joined(separator: "\r\n"), 431),
        body("6.2", "a body of one byte more than 1 MiB, by its length", "Content-Length: 1048577", "", 413),
        chunk("a body of one byte more than 1 MiB, in a chunk", "100001\r\n", 413),
    ]
}
