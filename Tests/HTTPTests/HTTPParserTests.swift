import HTTP
import HostileInputs
import Seeded
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
            case .bodyPiece: break
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

private func status(_ text: String, limits: HTTPParser.Limits = .init()) -> Int? { status(Array(text.utf8), limits: limits) }

private func status(_ bytes: [UInt8], limits: HTTPParser.Limits = .init()) -> Int? {
    var parser = HTTPParser(limits: limits)
    parser.append(bytes)
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

    @Test(arguments: HostileRequest.all) func refuses(_ hostile: HostileRequest) {
        #expect(status(hostile.bytes) == hostile.status)
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

    @Test func givesABodyInPieces() {
        let head = "POST / HTTP/1.1\r\nHost: a\r\n"
        let next = "GET /next HTTP/1.1\r\nHost: a\r\n\r\n"
        for body in ["Content-Length: 5\r\n\r\nhello", "Transfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\nA: b\r\n\r\n"] {
            let bytes = Array((head + body + next).utf8)
            for cut in 0...bytes.count {
                var parser = HTTPParser()
                var text = ""
                var requests: [String] = []
                for part in [bytes[..<cut], bytes[cut...]] {
                    parser.append(Array(part))
                    while let event = parser.next() {
                        switch event {
                        case .head: parser.streamsBody = true
                        case .bodyPiece(let piece): text += String(decoding: piece, as: UTF8.self)
                        case .request(let request): requests.append("\(request.target) \(request.body.count)")
                        case .continueExpected, .failed: Issue.record("\(event)")
                        }
                    }
                }
                #expect(text == "hello" && requests == ["/ 0", "/next 0"], "cut at \(cut)")
            }
        }
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
        for bytes in Self.good.map({ Array($0.utf8) }) + HostileRequest.all.map(\.bytes) where bytes.count < 4096 {
            let whole = transcript([bytes[...]])
            for cut in 0...bytes.count {
                #expect(
                    transcript([bytes[..<cut], bytes[cut...]]) == whole,
                    "\(String(decoding: bytes, as: UTF8.self).debugDescription) cut at \(cut)")
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
