import HTTP
import Testing

/// What a parser made of a whole input, in a form that two runs can be compared in.
private func transcript(_ pieces: [ArraySlice<UInt8>], limits: HTTPParser.Limits = .init()) -> [String] {
    var parser = HTTPParser(limits: limits)
    var lines: [String] = []
    for piece in pieces {
        parser.append(Array(piece))
        while let event = parser.next() {
            switch event {
            case .head(let request): lines.append("head \(request.method) \(request.target)")
            case .continueExpected: break  // whether it is needed hangs on what has arrived
            case .request(let request):
                let headers = request.headers.map { "\($0.name)=\($0.value)" }.joined(separator: ";")
                let body = String(decoding: request.body, as: UTF8.self)
                lines.append(
                    "request \(request.method) \(request.rawPath) ?\(request.query ?? "-") [\(headers)] \(request.keepAlive) {\(body)}")
            case .failed(let failure): lines.append("failed \(failure.status) \(failure.reason)")
            }
        }
    }
    return lines
}

private func status(_ text: String, limits: HTTPParser.Limits = .init()) -> Int? {
    var parser = HTTPParser(limits: limits)
    parser.append(Array(text.utf8))
    while let event = parser.next() {
        if case .failed(let failure) = event { return failure.status }
        if case .request = event { return 200 }
    }
    return nil
}

@Suite struct HTTPParserTests {
    static let good: [String] = [
        "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
        "\r\nGET /p%20q?x=1&y=%41 HTTP/1.1\r\nhost:a.example:8080\r\nX-A:  b\t\r\n\r\nGET /2 HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
        "POST /b HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\nhelloPOST /c HTTP/1.1\r\nHost: [::1]:80\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
        "PUT /c HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n\r\n5;x=\"y\"\r\nhello\r\n00A\r\n0123456789\r\n0\r\nTrailer: t\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET http://b.example/x?y HTTP/1.1\r\nHost: a\r\n\r\n",
        "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n",
    ]

    /// Hostile or broken inputs, and what each must be refused with.
    static let refused: [(String, Int)] = [
        ("GET / HTTP/1.1\nHost: a\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: a\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: a\r\n\n", 400),
        ("\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        ("GET  / HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        ("GET / HTTP/1.1 \r\nHost: a\r\n\r\n", 400),
        (" GET / HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        ("GET /\r\n\r\n", 400),
        ("GET / http/1.1\r\nHost: a\r\n\r\n", 400),
        ("GET / HTTP/1.9\r\nHost: a\r\n\r\n", 505),
        ("GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505),
        ("GET / HTTP/0.9\r\nHost: a\r\n\r\n", 505),
        ("GET / HTTP/1.10\r\nHost: a\r\n\r\n", 400),
        ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505),
        ("G@T / HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        ("CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n", 501),
        ("GET a HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        ("GET * HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        ("GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        ("GET /a\\b HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        ("GET /\u{e9} HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        ("GET /a\u{0}b HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        ("GET /a%00b HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        ("GET /a%zz HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        ("GET /a%2 HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        ("GET /%ff HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        ("GET ftp://a/ HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        ("GET http://user@a/ HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        ("GET http:/// HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost:\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: a b\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: a:99999\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: a:8x\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: [::1\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost : a\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: a\r\nA : b\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: a\r\nX: b\r\n c\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\n Host: a\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: a\r\nX\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: a\r\n: b\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: a\r\nX: b\rc\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: a\r\nX: b\u{0}c\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: a\r\nX: b\u{7f}c\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: a\r\nX\u{e9}: b\r\n\r\n", 400),
        ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\na", 400),
        ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1, 1\r\n\r\na", 400),
        ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +1\r\n\r\na", 400),
        ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\na", 400),
        ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0x1\r\n\r\na", 400),
        ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1 1\r\n\r\na", 400),
        ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length:\r\n\r\na", 400),
        ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9999999999999999999\r\n\r\n", 400),
        ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1048577\r\n\r\n", 413),
        ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", 400),
        ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n", 400),
        ("POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
        ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n", 501),
        ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: identity\r\n\r\n", 501),
        ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", 501),
        ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, gzip\r\n\r\n", 400),
        ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, chunked\r\n\r\n", 400),
        ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n", 400),
        ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\r\n\r\n", 400),
        ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: \u{b}chunked\r\n\r\n", 400),
        ("POST / HTTP/1.1\r\nHost: a\r\nExpect: magic\r\nContent-Length: 1\r\n\r\na", 417),
    ]

    /// Bodies behind `Transfer-Encoding: chunked`.
    static let refusedChunks: [(String, Int)] = [
        ("g\r\n", 400), ("\r\n", 400), (" 5\r\nhello\r\n", 400), ("5 \r\nhello\r\n", 400), ("0 x\r\n\r\n", 400), ("0x5\r\nhello\r\n", 400),
        ("-5\r\nhello\r\n", 400), ("5\nhello\r\n", 400), ("5;a\nb\r\nhello\r\n", 400), ("5;a\u{0}\r\nhello\r\n", 400),
        ("5\r\nhellox\r\n", 400),
        ("5\r\nhello\n", 400), ("5\r\nhello\rx", 400), ("0\r\nBad Trailer: x\r\n\r\n", 400), ("0\r\n x\r\n\r\n", 400), ("0\r\n\n", 400),
        ("FFFFFFFFFFFFFFFF\r\n", 400), ("FFFFFFFFFFFFFFF\r\n", 413), ("100001\r\n", 413),
        ("5;" + String(repeating: "x", count: 2000) + "\r\n", 400),
    ]

    @Test(arguments: refused) func refuses(_ input: String, _ expected: Int) {
        #expect(status(input) == expected)
    }

    @Test(arguments: refusedChunks) func refusesChunks(_ body: String, _ expected: Int) {
        #expect(status("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + body) == expected)
    }

    @Test func readsWhatIsAllowed() {
        #expect(
            transcript([Array(Self.good[1].utf8)[...]]) == [
                "request GET /p%20q ?x=1&y=%41 [host=a.example:8080;X-A=b] true {}", "request GET /2 ?- [Connection=keep-alive] true {}",
            ])
        #expect(
            transcript([Array(Self.good[2].utf8)[...]]) == [
                "head POST /b", "request POST /b ?- [Host=a;Content-Length=5;Expect=100-continue] true {hello}",
                "request POST /c ?- [Host=[::1]:80;Connection=close;Content-Length=0] false {}",
            ])
        #expect(
            transcript([Array(Self.good[3].utf8)[...]]) == [
                "head PUT /c", "request PUT /c ?- [Host=a;Transfer-Encoding=Chunked] true {hello0123456789}",
                "request GET / ?- [Host=a] true {}",
            ])
        #expect(transcript([Array(Self.good[4].utf8)[...]]) == ["request GET /x ?y [Host=b.example] true {}"])
    }

    @Test func holdsItsLimits() {
        func get(_ target: Int, _ header: Int = 1) -> String {
            "GET /\(String(repeating: "a", count: target)) HTTP/1.1\r\nHost: a\r\nX: \(String(repeating: "b", count: header))\r\n\r\n"
        }
        #expect(status(get(8192 - 14)) == 200)
        #expect(status(get(8192 - 13)) == 414)
        #expect(status(get(1, 32768 - 9 - 5)) == 200)
        #expect(status(get(1, 32768 - 9 - 5 + 1)) == 431)
        let fields = (0..<99).map { "X-\($0): y\r\n" }.joined()
        #expect(status("GET / HTTP/1.1\r\nHost: a\r\n\(fields)\r\n") == 200)
        #expect(status("GET / HTTP/1.1\r\nHost: a\r\n\(fields)Z: y\r\n\r\n") == 431)
        #expect(status(String(repeating: "A", count: 9000)) == 414)
        #expect(status("GET / HTTP/1.1\r\nHost: a\r\nX: " + String(repeating: "A", count: 33000)) == 431)
        var limits = HTTPParser.Limits()
        limits.body = 5
        #expect(status("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello", limits: limits) == 200)
        #expect(status("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\n", limits: limits) == 413)
        #expect(status("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n3\r\n", limits: limits) == 413)
    }

    @Test func asksForTheBodyOnlyWhenThePeerWaits() {
        let head = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n"
        func asks(_ text: String) -> Bool {
            var parser = HTTPParser()
            parser.append(Array(text.utf8))
            while let event = parser.next() {
                if case .continueExpected = event { return true }
            }
            return false
        }
        #expect(asks(head))
        #expect(!asks(head + "h"))
        #expect(!asks(head.replacing("1.1", with: "1.0", maxReplacements: 1)))
    }

    @Test func anyOneSplitGivesTheSame() {
        for input in Self.good + Self.refused.map(\.0) {
            let bytes = Array(input.utf8)
            let whole = transcript([bytes[...]])
            for cut in 0...bytes.count {
                #expect(transcript([bytes[..<cut], bytes[cut...]]) == whole, "\(input.debugDescription) cut at \(cut)")
            }
            #expect(transcript(bytes.indices.map { bytes[$0...$0] }) == whole)
        }
    }

    @Test func randomSplitsOfRandomDamageGiveTheSame() {
        let seed = UInt64.random(in: 0 ... .max)
        var random = SeededRandom(seed)
        var limits = HTTPParser.Limits()
        limits.requestLine = 40
        limits.headerBlock = 120
        limits.headerCount = 4
        limits.body = 20
        for _ in 0..<3000 {
            var bytes =
                Array((Self.good.randomElement(using: &random) ?? "").utf8) + Array((Self.good.randomElement(using: &random) ?? "").utf8)
            for _ in 0..<Int.random(in: 0...3, using: &random) {
                let at = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: bytes[at] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes.remove(at: at)
                default: bytes.insert(contentsOf: [13, 10, 32, 0, 58, 48].shuffled(using: &random).prefix(2).map { UInt8($0) }, at: at)
                }
            }
            let whole = transcript([bytes[...]], limits: limits)
            #expect(
                transcript(random.split(bytes), limits: limits) == whole,
                "seed \(seed): \(String(decoding: bytes, as: UTF8.self).debugDescription)")
        }
    }
}
