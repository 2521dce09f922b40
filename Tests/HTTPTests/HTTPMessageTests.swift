import HTTP
import Testing

@Suite struct HTTPMessageTests {
    @Test func looksHeadersUpWithoutCase() {
        var headers: HTTPHeaders = ["Content-Type": "a", "X-B": "1", "x-b": "2"]
        #expect(headers["content-type"] == "a")
        #expect(headers.values("X-b") == ["1", "2"])
        headers["x-B"] = "3"
        #expect(headers.map(\.name) == ["Content-Type", "x-B"])
        headers["content-TYPE"] = nil
        #expect(headers.map { "\($0.name): \($0.value)" } == ["x-B: 3"])
        #expect(headers["missing"] == nil)
    }

    @Test func findsTokensInLists() {
        let headers: HTTPHeaders = ["Connection": "keep-alive ,\tUpgrade", "connection": "x"]
        #expect(headers.contains("Connection", token: "upgrade"))
        #expect(headers.contains("Connection", token: "X"))
        #expect(!headers.contains("Connection", token: "grade"))
    }

    @Test func noValueStartsALineOfItsOwn() {
        let headers: HTTPHeaders = ["Location": "/a\r\nSet-Cookie: x\u{0}"]
        let head = HTTPResponseHead.bytes(status: 302, headers: headers, framing: .length(0), keepAlive: true)
        #expect(String(decoding: head, as: UTF8.self) == "HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: /a  Set-Cookie: x \r\n\r\n")
    }

    @Test func ownsTheFieldsThatFrame() {
        let headers: HTTPHeaders = [
            "content-length": "7", "Transfer-Encoding": "chunked", "Connection": "upgrade", "Date": "now", "X": "y",
        ]
        func head(_ framing: HTTPResponseFraming, keepsLength: Bool = false) -> String {
            let bytes = HTTPResponseHead.bytes(
                status: 200, headers: headers, framing: framing, keepAlive: false, date: Array("Date: D\r\n".utf8), keepsLength: keepsLength
            )
            return String(decoding: bytes, as: UTF8.self)
        }
        #expect(head(.length(3)) == "HTTP/1.1 200 OK\r\nDate: D\r\nContent-Length: 3\r\nConnection: close\r\nX: y\r\n\r\n")
        #expect(head(.chunked) == "HTTP/1.1 200 OK\r\nDate: D\r\nTransfer-Encoding: chunked\r\nConnection: close\r\nX: y\r\n\r\n")
        #expect(
            head(.length(0), keepsLength: true) == "HTTP/1.1 200 OK\r\nDate: D\r\nConnection: close\r\ncontent-length: 7\r\nX: y\r\n\r\n")
    }

    @Test(arguments: [
        (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"), (0, "Thu, 01 Jan 1970 00:00:00 GMT"),
        (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"),
        (4_107_542_399, "Sun, 28 Feb 2100 23:59:59 GMT"), (-1, "Wed, 31 Dec 1969 23:59:59 GMT"),
    ]) func formatsDates(_ seconds: Int, _ text: String) {
        #expect(HTTPDate.format(seconds) == text)
        #expect(HTTPDate.parse(text) == seconds)
    }

    @Test func refusesWhatIsNoDate() {
        for text in [
            "", "Sun, 06 Nov 1994 08:49:37", "Mon, 06 Nov 1994 08:49:37 GMT", "Sun, 31 Jun 1994 08:49:37 GMT", "Sun Nov  6 08:49:37 1994",
            "Tue, 31 Jun 2020 23:59:60 GMT", "Sun, 06 Nov 1994x08:49:60 GMT",
        ] {
            #expect(HTTPDate.parse(text) == nil, "\(text)")
        }
        #expect(HTTPDate.parse("Sat, 31 Dec 2016 23:59:60 GMT") == HTTPDate.parse("Sun, 01 Jan 2017 00:00:00 GMT"))
    }

    @Test func splitsAPathBeforeItDecodesIt() {
        let request = HTTPRequest(method: .get, target: "/a%2Fb/c%20d/?q=x+y&r=%26&s&=t")
        #expect(request.pathSegments == ["a/b", "c d", ""])
        #expect(request.path == "/a/b/c d/")
        #expect(request.queryItems?.map { "\($0.name)=\($0.value)" } == ["q=x y", "r=&", "s=", "=t"])
        #expect(HTTPRequest(method: .get, target: "/?a=%f").queryItems == nil)
        #expect(HTTPRequest(method: .get, target: "/").pathSegments == [])
    }

    @Test func encodesWhatItDecodes() {
        #expect(PercentCoding.encode("a b/ü~") == "a%20b%2F%C3%BC~")
        #expect(PercentCoding.decode("a%20b%2F%c3%BC~") == "a b/ü~")
        #expect(PercentCoding.decode("%C3") == nil)
        // A mark that combines with the separator before it does not hide it.
        #expect(PercentCoding.decodeForm("a=1&\u{301}b=\u{301}2")?.map(\.value) == ["1", "\u{301}2"])
    }

    @Test func framesAChunk() {
        let chunk = HTTPResponseHead.chunk([UInt8](repeating: 0x61, count: 17))
        #expect(String(decoding: chunk.bytes, as: UTF8.self) == "11\r\naaaaaaaaaaaaaaaaa\r\n")
        #expect(HTTPResponseHead.chunk([]).bytes.isEmpty)
    }
}
