/// How a response's end is found by the peer.
public enum HTTPResponseFraming: Sendable, Equatable {
    /// `Content-Length` with this many bytes.
    case length(Int)
    /// `Transfer-Encoding: chunked`.
    case chunked
    /// The end of the connection (HTTP/1.0 streams).
    case untilClose
    /// Interim, 204 and 304 responses: no body and no length.
    case none
}

/// Writes the bytes in front of a response's body.
public enum HTTPResponseHead {
    /// The status line, the connection's own fields, the response's fields and the empty line.
    ///
    /// `date` is a whole `Date: …` line with CRLF, or empty. A Content-Length that the handler set is kept only where `keepsLength`
    /// (the answer to a HEAD whose body was never made).
    public static func bytes(
        status: Int, headers: HTTPHeaders, framing: HTTPResponseFraming, keepAlive: Bool, isHTTP10: Bool = false, date: [UInt8] = [],
        keepsLength: Bool = false, reserving bodyCount: Int = 0
    ) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(160 + headers.block.count + bodyCount)
        bytes.append(contentsOf: "HTTP/1.1 ".utf8)
        append(decimal: status, to: &bytes)
        bytes.append(ASCII.space)
        bytes.append(contentsOf: reason(status).utf8)
        bytes.append(contentsOf: "\r\n".utf8)
        bytes.append(contentsOf: date)
        let ownsLength = !(keepsLength && headers.contains("Content-Length"))
        switch framing {
        case .length(let length) where ownsLength:
            bytes.append(contentsOf: "Content-Length: ".utf8)
            append(decimal: length, to: &bytes)
            bytes.append(contentsOf: "\r\n".utf8)
        case .chunked: bytes.append(contentsOf: "Transfer-Encoding: chunked\r\n".utf8)
        default: break
        }
        if !keepAlive {
            bytes.append(contentsOf: "Connection: close\r\n".utf8)
        } else if isHTTP10 {
            bytes.append(contentsOf: "Connection: keep-alive\r\n".utf8)
        }
        if status == 426 { bytes.append(contentsOf: upgradeToWebSocket) }
        appendFields(headers, keepsLength: !ownsLength, to: &bytes)
        bytes.append(contentsOf: "\r\n".utf8)
        return bytes
    }

    /// `101 Switching Protocols` with the fields given, Connection and Upgrade among them.
    public static func switchingProtocols(_ headers: HTTPHeaders, date: [UInt8] = []) -> [UInt8] {
        var bytes = Array("HTTP/1.1 101 Switching Protocols\r\n".utf8)
        bytes += date
        bytes += headers.block
        bytes += "\r\n".utf8
        return bytes
    }

    /// What a 426 must name (RFC 9110, 15.5.22 and 7.8); there is one protocol to change to.
    private static let upgradeToWebSocket = Array("Upgrade: websocket\r\nConnection: Upgrade\r\n".utf8)

    /// `100 Continue`, whole.
    public static let interim = Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)

    /// One chunk of a chunked body around its payload, and where the payload begins; an empty payload would end the body, so it has none.
    public static func chunk(_ payload: [UInt8]) -> (bytes: [UInt8], payloadStart: Int) {
        guard !payload.isEmpty else { return ([], 0) }
        var bytes = Array(String(payload.count, radix: 16).utf8)
        bytes.reserveCapacity(bytes.count + payload.count + 4)
        bytes += "\r\n".utf8
        let start = bytes.count
        bytes += payload
        bytes += "\r\n".utf8
        return (bytes, start)
    }

    /// The chunk that ends a chunked body.
    public static let lastChunk = Array("0\r\n\r\n".utf8)

    /// Whether a response of this status has no body by definition (RFC 9110, 6.4.1).
    public static func isBodiless(_ status: Int) -> Bool { status < 200 || status == 204 || status == 304 }

    private static func appendFields(_ headers: HTTPHeaders, keepsLength: Bool, to bytes: inout [UInt8]) {
        headers.block.withUnsafeBufferPointer { block in
            for field in headers.fields {
                let name = UnsafeBufferPointer(rebasing: block[field.name])
                if isOwned(name), !(keepsLength && name.count == 14) { continue }
                bytes.append(contentsOf: UnsafeBufferPointer(rebasing: block[field.line]))
            }
        }
    }

    private static func isOwned(_ name: UnsafeBufferPointer<UInt8>) -> Bool {
        switch name.count {
        case 4: ASCII.equalIgnoringCase(name, "date")
        case 10: ASCII.equalIgnoringCase(name, "connection")
        case 14: ASCII.equalIgnoringCase(name, "content-length")
        case 17: ASCII.equalIgnoringCase(name, "transfer-encoding")
        default: false
        }
    }

    private static func append(decimal number: Int, to bytes: inout [UInt8]) {
        var digits = String(number)
        digits.withUTF8 { bytes.append(contentsOf: $0) }
    }
}

extension HTTPResponseHead {
    /// The registered phrase of a status, or an empty one.
    public static func reason(_ status: Int) -> String { reasons[status] ?? "" }

    private static let reasons: [Int: String] = [
        100: "Continue", 101: "Switching Protocols", 200: "OK", 201: "Created", 202: "Accepted", 204: "No Content", 206: "Partial Content",
        207: "Multi-Status", 301: "Moved Permanently", 302: "Found", 303: "See Other", 304: "Not Modified", 307: "Temporary Redirect",
        308: "Permanent Redirect", 400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed",
        406: "Not Acceptable", 408: "Request Timeout", 409: "Conflict", 410: "Gone", 411: "Length Required", 412: "Precondition Failed",
        413: "Content Too Large", 414: "URI Too Long", 415: "Unsupported Media Type", 416: "Range Not Satisfiable",
        417: "Expectation Failed", 421: "Misdirected Request", 422: "Unprocessable Content", 423: "Locked", 425: "Too Early",
        426: "Upgrade Required", 428: "Precondition Required", 429: "Too Many Requests", 431: "Request Header Fields Too Large",
        451: "Unavailable For Legal Reasons", 460: "Checksum Mismatch", 500: "Internal Server Error", 501: "Not Implemented",
        502: "Bad Gateway", 503: "Service Unavailable", 504: "Gateway Timeout", 505: "HTTP Version Not Supported",
        507: "Insufficient Storage",
    ]
}
