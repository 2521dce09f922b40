import Glibc
import HTTP
import Kernel
import Runtime
import Testing

@testable import Web

/// Whom a request is from, behind proxies.
@Suite struct ClientAddressTests {
    private func find(_ field: String?, peer: String = "127.0.0.1", trusting: [String] = ["127.0.0.0/8", "10.0.0.0/8"]) throws -> String {
        let networks = try trusting.map { try #require(NetworkBlock($0)) }
        var request = HTTPRequest(method: .get, target: "/", remoteAddress: peer)
        if let field { request.headers.append("X-Forwarded-For", field) }
        return ClientAddress(trusting: networks, log: .silent).find(request)
    }

    @Test(arguments: [
        ("203.0.113.7", "203.0.113.7"), ("203.0.113.7:40001", "203.0.113.7"), ("::ffff:203.0.113.7", "203.0.113.7"),
        ("[::ffff:203.0.113.7]:40001", "203.0.113.7"), ("2001:DB8::7", "2001:db8::7"), ("[2001:db8::7]:40001", "2001:db8::7"),
        ("[2001:db8::7]", "2001:db8::7"), ("198.51.100.1, 203.0.113.7, 10.1.2.3", "203.0.113.7"), ("10.9.9.9, 10.1.2.3", "10.9.9.9"),
        ("unknown", "127.0.0.1"), ("AAAAAAAA", "127.0.0.1"), ("203.0.113.7, unknown", "127.0.0.1"),
        ("203.0.113.7, unknown, 10.0.0.1", "10.0.0.1"),
        ("[203.0.113.7]:80", "127.0.0.1"), ("203.0.113.7:x", "127.0.0.1"), ("203.0.113.7:123456", "127.0.0.1"), ("", "127.0.0.1"),
        ("fe80::1%eth0", "127.0.0.1"), ("203.0.113", "127.0.0.1"), ("010.0.0.1", "127.0.0.1"),
    ])
    func aHopIsReadWhicheverWayItIsWritten(_ field: String, _ address: String) throws {
        #expect(try find(field) == address)
    }

    @Test func onlyTheTrustedAreBelieved() throws {
        #expect(try find("203.0.113.7", peer: "192.0.2.1") == "192.0.2.1")
        #expect(try find("203.0.113.7", trusting: []) == "127.0.0.1")
        #expect(try find(nil) == "127.0.0.1")
        #expect(try find("203.0.113.7", peer: "2001:db8::9", trusting: ["2001:db8::/32"]) == "203.0.113.7")
    }

    @Test(arguments: ["127.0.0.1", "10.0.0.0/8", "0.0.0.0/0", "::/0", "2001:db8::/32", "::1", "::ffff:10.0.0.0/104", "10.1.2.3/32"])
    func networksAreTaken(_ text: String) { #expect(NetworkBlock(text) != nil) }

    @Test(arguments: [
        "localhost", "*", "", "10.0.0.0/33", "10.0.0.1/8", "10.0.0.0/", "10.0.0.0/08", "/8", "10.0.0/8", "::/129", "10.0.0.0/8/8",
    ])
    func whatIsNoNetworkIsRefused(_ text: String) { #expect(NetworkBlock(text) == nil) }

    @Test func aNetworkHoldsItsAddresses() throws {
        let network = try #require(NetworkBlock("172.16.0.0/12"))
        for (text, isInside) in [
            ("172.16.0.0", true), ("172.31.255.255", true), ("172.32.0.0", false), ("172.15.255.255", false), ("::1", false),
        ] {
            #expect(network.contains(try #require(NetworkAddress(text))) == isInside, "\(text)")
        }
    }

    @Test func allOfAMappedAddressIsOneBlock() {
        #expect(AddressBlock.of("::ffff:203.0.113.7") == "203.0.113.7")
        #expect(AddressBlock.of("::ffff:203.0.113.8") != AddressBlock.of("::ffff:203.0.113.7"))
        #expect(AddressBlock.of("2001:db8::7") == AddressBlock.of("2001:0db8::8"))
    }

    @Test func aProxyThatIsNotTrustedIsToldOnce() throws {
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        defer { close(ends[0]) }
        let log = Log(descriptor: ends[1])
        let addresses = ClientAddress(trusting: [], log: log)
        var request = HTTPRequest(method: .get, target: "/", remoteAddress: "192.0.2.1")
        request.headers.append("X-Forwarded-For", "203.0.113.7")
        for _ in 0..<3 { _ = addresses.find(request) }
        log.flush()
        close(ends[1])
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = max(0, read(ends[0], &bytes, bytes.count))
        let lines = String(decoding: bytes.prefix(count), as: UTF8.self).split(separator: "\n")
        #expect(lines.count == 1 && lines.allSatisfy { $0.contains("trusted-proxies") && $0.contains("192.0.2.1") })
    }
}
