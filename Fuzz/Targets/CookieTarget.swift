internal import Crypto
internal import HTTP
internal import Kernel

@testable internal import Accounts

extension FuzzTarget {
    /// `Cookie` (RFC 6265, 4.2): our cookie is found where a reader of bytes finds it, and nowhere else.
    static let cookies = FuzzTarget(
        "cookies", files: ["Features/Accounts/Sessions/SessionCookie.swift"],
        words: ["__Host-foyer=", "; ", ";", "=", "\u{37E}__Host-foyer=", "=\u{301}", "\t"]
    ) { bytes in
        var request = HTTPRequest(method: .get, target: "/")
        for line in bytes.split(separator: 0x0A, maxSplits: 4) { request.headers.append("Cookie", String(decoding: line, as: UTF8.self)) }
        let found = SessionCookie.value(of: "__Host-foyer", in: request)
        let expected = request.headers.values("Cookie").lazy.compactMap(plainly).first
        try hold(
            found.map { Array($0.utf8) } == expected, "found \(found ?? "nothing"), not \(expected.map { "\($0)" } ?? "nothing")")
    }

    /// The same, written to be seen through.
    private static func plainly(_ header: String) -> [UInt8]? {
        let name = Array("__Host-foyer=".utf8)
        for pair in Array(header.utf8).split(separator: UInt8(ascii: ";")) {
            let trimmed = pair.drop { $0 == UInt8(ascii: " ") }
            if trimmed.starts(with: name) { return Array(trimmed.dropFirst(name.count)) }
        }
        return nil
    }
}
