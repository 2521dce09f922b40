internal import HTTP

extension FuzzTarget {
    /// Requests on one connection: any split gives the same, nothing grows past its limit, and what was read reads the same again.
    static let http = FuzzTarget(
        "http",
        files: [
            "Platform/HTTP/HTTPParser.swift", "Platform/HTTP/HTTPParser+Head.swift", "Platform/HTTP/HTTPParser+Body.swift",
            "Platform/HTTP/RequestTarget.swift", "Platform/HTTP/Bytes.swift", "Platform/HTTP/HTTPHeaders.swift",
        ],
        words: [
            "GET ", "POST ", "OPTIONS * ", " HTTP/1.1\r\n", " HTTP/1.0\r\n", "Host: a\r\n", "Content-Length: ",
            "Transfer-Encoding: chunked\r\n",
            "Connection: close\r\n", "keep-alive", "Expect: 100-continue\r\n", "\r\n\r\n", "0\r\n\r\n", "http://", "https://", "[::1]",
            "%00", ";x=",
        ]
    ) { bytes in
        for limits in [HTTPParser.Limits(), narrow] {
            let readings = try splits(of: bytes).map { try Reading($0, limits: limits) }
            let streamed = try splits(of: bytes).map { try Reading($0, limits: limits, streamsBodies: true) }
            for reading in readings.dropFirst() + streamed {
                try hold(reading.lines == readings[0].lines, "split or streamed: \(readings[0].lines) became \(reading.lines)")
            }
            for request in readings[0].requests { try checkRequest(request, limits) }
        }
    }

    /// So small that every limit is met.
    private static let narrow = {
        var limits = HTTPParser.Limits()
        (limits.requestLine, limits.headerBlock, limits.headerCount, limits.body) = (40, 120, 4, 20)
        return limits
    }()

    private struct Reading {
        var lines: [String] = []
        var requests: [HTTPRequest] = []

        init(_ pieces: [ArraySlice<UInt8>], limits: HTTPParser.Limits, streamsBodies: Bool = false) throws(BrokenProperty) {
            var body: [UInt8] = []
            var parser = HTTPParser(limits: limits)
            var hasFailed = false
            let most = max(limits.requestLine, limits.headerBlock, 1024) + 2
            for piece in pieces {
                parser.append(Array(piece))
                while let event = parser.next() {
                    try hold(!hasFailed, "something was read after a failure")
                    switch event {
                    case .head:
                        parser.streamsBody = streamsBodies
                        body = []
                    case .bodyPiece(let piece):
                        try hold(streamsBodies && !piece.isEmpty, "a piece that nobody asked for")
                        body += piece
                        try hold(body.count <= limits.body, "\(body.count) bytes in pieces")
                    case .failed: hasFailed = true
                    default: break
                    }
                    note(event, piecewise: body)
                    if case .request = event { body = [] }
                }
                try hold(parser.bufferedBytes <= most, "\(parser.bufferedBytes) bytes are held where \(most) are the most")
            }
        }

        private mutating func note(_ event: HTTPParser.Event, piecewise: [UInt8]) {
            switch event {
            case .head(let request): lines.append("head \(request.method) \(request.target)")
            case .bodyPiece: break
            case .continueExpected: break  // whether it is needed hangs on what has arrived
            case .request(var request):
                if request.body.isEmpty { request.body = piecewise }
                requests.append(request)
                lines.append("request \(request.method) \(request.target) \(request.keepAlive) \(Array(request.headers)) \(request.body)")
            case .failed(let failure): lines.append("failed \(failure.status) \(failure.reason)")
            }
        }
    }

    private static func checkRequest(_ request: HTTPRequest, _ limits: HTTPParser.Limits) throws(BrokenProperty) {
        try hold(request.body.count <= limits.body, "a body of \(request.body.count) bytes")
        try hold(request.headers.count <= limits.headerCount + 1, "\(request.headers.count) fields")
        try hold(request.rawPath.hasPrefix("/") || request.rawPath == "*", "a path without a slash: \(request.rawPath)")
        try hold(!request.path.utf8.contains(0), "a path with a NUL")
        for (name, value) in request.headers {
            let isClean = (name + value).utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }
            try hold(isClean, "a control character in \(name)")
            try hold(!name.isEmpty && !name.utf8.contains(UInt8(ascii: ":")), "the name \(name)")
        }
        let lengths = request.headers.values("Content-Length").count
        let codings = request.headers.values("Transfer-Encoding").count
        try hold(lengths + codings == (request.hasBody ? 1 : 0), "a body framed \(lengths + codings) times")
        try hold(request.isHTTP10 || request.headers.values("Host").count == 1, "no one host")
        try checkAgain(request)
    }

    /// Another reader must see the same request in what we would pass on: this is what smuggling breaks.
    private static func checkAgain(_ request: HTTPRequest) throws(BrokenProperty) {
        let framing: Set<String> = ["content-length", "transfer-encoding", "expect"]
        func fields(_ request: HTTPRequest) -> [String] {
            request.headers.filter { !framing.contains($0.name.lowercased()) }.map { "\($0.name): \($0.value)\r\n" }
        }
        var text = "\(request.method) \(request.target) HTTP/\(request.isHTTP10 ? "1.0" : "1.1")\r\n" + fields(request).joined()
        if request.hasBody { text += "Content-Length: \(request.body.count)\r\n" }
        var parser = HTTPParser()
        parser.append(Array((text + "\r\n").utf8) + request.body)
        var again: HTTPRequest?
        while let event = parser.next() {
            switch event {
            case .request(let request): again = request
            case .failed(let failure): throw BrokenProperty(description: "read again, it fails: \(failure.reason)")
            default: break
            }
        }
        guard let again else { throw BrokenProperty(description: "read again, it is not whole") }
        try hold(parser.isIdle, "read again, something is left over")
        let isSame =
            again.method == request.method && again.target == request.target && again.rawPath == request.rawPath
            && again.query == request.query && again.body == request.body && again.keepAlive == request.keepAlive
            && again.hasBody == request.hasBody && fields(again) == fields(request)
        try hold(isSame, "read again, it is another request")
    }
}
