import HTTP
import Kernel
import TestSupport
import Testing
import Web

@testable import Outbound

@Suite struct HTTPClientTests {
    private static let loopback = PublicAddresses(allowing: [NetworkBlock("127.0.0.0/8")].compactMap { $0 })
    private let client = HTTPClient(threads: 2, admits: Self.loopback.admits)

    @Test func aRequestIsSentAndItsResponseReturned() async throws {
        let peer = try HTTPPeer { _ in "HTTP/1.1 201 Created\r\nX-One: 1\r\nbad name: x\r\nx-one: 2\r\nContent-Length: 4\r\n\r\nbody" }
        try await peer.run {
            let request = HTTPClient.Request("PUT", peer.url + "/path?q=1", headers: ["X-Own": "yes"], body: Array("hello".utf8))
            let response = try await client.send(request)
            #expect(response.status == 201 && response.isSuccess)
            #expect(response.headers.values("x-one") == ["1", "2"])
            #expect(String(decoding: response.body, as: UTF8.self) == "body")
            let sent = try #require(peer.requests.first)
            #expect(sent.hasPrefix("PUT /path?q=1 HTTP/1.1\r\n"))
            #expect(sent.contains("X-Own: yes\r\n") && sent.hasSuffix("\r\n\r\nhello"))
        }
    }

    @Test func getHeadAndRedirectsAreReturnedAsTheyAre() async throws {
        let peer = try HTTPPeer { request in
            request.hasPrefix("HEAD")
                ? "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n" : "HTTP/1.1 302 Found\r\nLocation: /other\r\nContent-Length: 0\r\n\r\n"
        }
        try await peer.run {
            let redirect = try await client.send(.init("GET", peer.url))
            #expect(redirect.status == 302 && redirect.headers["Location"] == "/other")
            let head = try await client.send(.init("HEAD", peer.url))
            #expect(head.status == 200)
            #expect(peer.requests.count == 2)
        }
    }

    @Test func aResponseHasALimit() async throws {
        let peer = try HTTPPeer { _ in "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n" + String(repeating: "x", count: 100) }
        try await peer.run {
            let whole = try await client.send(.init("GET", peer.url, responseLimit: 100))
            #expect(whole.body.count == 100)
            let failure = await #expect(throws: DeliveryFailure.self) { try await client.send(.init("GET", peer.url, responseLimit: 99)) }
            #expect(failure?.kind == .refusedForNow)
            var request = HTTPClient.Request("GET", peer.url, responseLimit: 10)
            request.cutsResponse = true
            let cut = try await client.send(request)
            #expect(cut.status == 200 && cut.body.count == 10)
        }
        let endless = try HTTPPeer { _ in
            "HTTP/1.1 200 OK\r\n" + String(repeating: "X-A: \(String(repeating: "x", count: 1000))\r\n", count: 100) + "\r\n"
        }
        try await endless.run {
            await #expect(throws: DeliveryFailure.self) { try await client.send(.init("GET", endless.url)) }
        }
    }

    @Test func aSilentServerEndsAtTheTimeoutAndACancelledTaskSooner() async throws {
        let peer = try HTTPPeer { _ in nil }
        try await peer.run {
            let failure = await #expect(throws: DeliveryFailure.self) { try await client.send(.init("GET", peer.url, timeout: 1)) }
            #expect(failure?.kind == .unreachable)
            let task = Task { try await client.send(.init("GET", peer.url, timeout: 600)) }
            while peer.requests.count < 2 { await Task.yield() }
            task.cancel()
            let stopped = await #expect(throws: DeliveryFailure.self) { try await task.value }
            #expect(stopped?.kind == .ours)
        }
    }

    @Test func addressesThatAreNotAdmittedAreRefusedBeforeAndAtTheConnection() async throws {
        let strict = HTTPClient(threads: 1, admits: PublicAddresses().admits)
        let peer = try HTTPPeer { _ in "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n" }
        try await peer.run {
            // Spellings of this machine: by name, decimal, hexadecimal, octal, short, mapped and embedded.
            for host in [
                "127.0.0.1", "localhost", "2130706433", "0x7f000001", "0177.0.0.1", "127.1", "[::1]", "[::ffff:127.0.0.1]",
                "[::ffff:7f00:1]",
                "0.0.0.0", "[::]", "169.254.169.254", "10.0.0.1", "[fe80::1]", "[fd00::1]", "[64:ff9b::7f00:1]",
            ] {
                let url = "http://\(host):\(peer.port)/"
                await #expect(throws: HTTPClient.AddressFault.refused, "\(host)") { try await strict.check(url) }
                let failure = await #expect(throws: DeliveryFailure.self, "\(host)") {
                    try await strict.send(.init("POST", url, timeout: 4))
                }
                #expect(failure?.kind == .refusedForGood, "\(host)")
            }
            #expect(peer.requests.isEmpty)
        }
    }

    @Test func malformedAddressesAreRefused() async throws {
        for url in [
            "", "ftp://example.org/", "file:///etc/passwd", "gopher://127.0.0.1/", "http://", "http:///path",
            "http://user:secret@example.org/",
            "http://exam ple.org/", "http://example.org\\@127.0.0.1/", "http://example.org/\r\nX: y", "//example.org/",
            "HTTP://example.org/",
            "http://example.org/" + String(repeating: "a", count: 2000),
        ] {
            await #expect(throws: HTTPClient.AddressFault.malformed, "\(url.prefix(60))") { try await client.check(url) }
        }
    }
}
