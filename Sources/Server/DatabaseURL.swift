internal import Runtime

/// Looks at a database's URL before libpq does, whose messages would show parts of a password that is not encoded.
enum DatabaseURL {
    /// - Throws: one sentence that names no part of the URL.
    static func check(_ text: String) throws(Settings.Fault) {
        guard let scheme = ["postgres://", "postgresql://"].first(where: { text.utf8.starts(with: $0.utf8) }) else {
            throw Settings.Fault("--database-url must begin with postgres://; without it, SQLite in the data folder is used.")
        }
        let rest = text.utf8.dropFirst(scheme.utf8.count)
        let end = rest.firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") } ?? rest.endIndex
        let authority = rest[..<end]
        let at = authority.lastIndex(of: UInt8(ascii: "@"))
        let user = at.map { authority[..<$0] } ?? authority[..<authority.startIndex]
        let hosts = at.map { authority[authority.index(after: $0)...] } ?? authority
        // A slash, a question mark or a sign in the password ends the authority early: what is left of it stands in the path.
        guard !user.contains(UInt8(ascii: "@")), !rest[end...].prefix(while: { $0 != UInt8(ascii: "?") }).contains(UInt8(ascii: "@")),
            !user.contains(UInt8(ascii: "#")), user.count(where: { $0 == UInt8(ascii: ":") }) <= 1, isEncoded(user), hostsAreSound(hosts)
        else {
            throw Settings.Fault(
                "--database-url cannot be read: it must be postgres://user:password@host:port/database, with the signs @ : / ? # and % in the user and the password percent-encoded (@ is %40)."
            )
        }
    }

    /// Whether each `%` is followed by two hexadecimal digits.
    private static func isEncoded(_ text: Substring.UTF8View) -> Bool {
        var digits = 0
        for byte in text {
            if digits > 0 {
                guard (48...57).contains(byte) || (65...70).contains(byte & 0xDF) else { return false }
                digits -= 1
            } else if byte == UInt8(ascii: "%") {
                digits = 2
            }
        }
        return digits == 0
    }

    /// `host:port,[::1]:port`; nothing where the query says it.
    private static func hostsAreSound(_ hosts: Substring.UTF8View) -> Bool {
        hosts.split(separator: UInt8(ascii: ",")).allSatisfy { host in
            let bracket = host.lastIndex(of: UInt8(ascii: "]"))
            let name = bracket.map { host[host.index(after: $0)...] } ?? host
            guard let colon = name.firstIndex(of: UInt8(ascii: ":")) else { return bracket == nil || name.isEmpty }
            let port = name[name.index(after: colon)...]
            return !port.isEmpty && port.count <= 5 && port.allSatisfy { (48...57).contains($0) }
        }
    }
}
