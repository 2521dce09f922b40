internal import HTTP
internal import Kernel

/// Where mail is handed over, as the owner set it.
public struct MailServer: Sendable {
    public enum Encryption: Sendable, Hashable {
        /// TLS from the first byte: `smtps://`.
        case implicit
        /// Plain until STARTTLS, which must be there.
        case startTLS
        /// Never: for a server on this machine.
        case none
    }

    /// A sentence for the terminal, without any secret.
    public struct Fault: Error, Sendable, CustomStringConvertible {
        public let description: String
    }

    public let host: String
    public let port: Int
    public let encryption: Encryption
    let credentials: (user: String, password: String)?
    /// A certificate authority's file, instead of the system's.
    let authority: String?

    /// - Parameters:
    ///   - url: `smtp://user:password@host:587` or `smtps://…:465`; the user and the password percent-encoded.
    ///   - isEncrypted: false allows plain SMTP.
    public init(url: String, isEncrypted: Bool, authority: String?) throws(Fault) {
        guard let parts = url.firstParts(around: "://"), parts.0 == "smtp" || parts.0 == "smtps" else {
            throw Fault(description: "it must begin with smtp:// or smtps://")
        }
        var place = parts.1.hasSuffix("/") ? String(parts.1.dropLast()) : parts.1
        if let at = place.lastIndex(of: "@") {
            credentials = try Self.credentials(String(place[..<at]))
            place = String(place[place.index(after: at)...])
        } else {
            credentials = nil
        }
        let isImplicit = parts.0 == "smtps"
        (host, port) = try Self.place(place, defaultPort: isImplicit ? 465 : 587)
        encryption = isImplicit ? .implicit : isEncrypted ? .startTLS : .none
        self.authority = authority
        let isHere =
            host == "localhost" || host == "::1"
            || host.hasPrefix("127.") && host.utf8.allSatisfy { $0 == UInt8(ascii: ".") || (0x30...0x39).contains($0) }
        guard encryption != .none || credentials == nil || isHere else {
            throw Fault(description: "a password is not sent to \(host) without TLS: use smtps://, or leave smtp-tls at required")
        }
    }

    /// For libcurl: without credentials; the path is the name that EHLO gives.
    func address(greeting: String) -> String {
        "\(encryption == .implicit ? "smtps" : "smtp")://\(host.contains(":") ? "[\(host)]" : host):\(port)/\(PercentCoding.encode(greeting))"
    }

    private static func credentials(_ text: String) throws(Fault) -> (user: String, password: String) {
        let halves = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map { PercentCoding.decode($0) }
        guard halves.count == 2, let user = halves[0], let password = halves[1], !user.isEmpty, !password.isEmpty else {
            throw Fault(description: "before the @ stand user:password, percent-encoded")
        }
        return (user, password)
    }

    private static func place(_ text: String, defaultPort: Int) throws(Fault) -> (String, Int) {
        var (host, port) = (text, defaultPort)
        if let colon = text.lastIndex(of: ":"), !text.hasSuffix("]") {
            guard let number = Int(text[text.index(after: colon)...]), (1...65_535).contains(number) else {
                throw Fault(description: "behind the host stands a port, from 1 to 65535")
            }
            (host, port) = (String(text[..<colon]), number)
        }
        if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
        let isHost = host.unicodeScalars.allSatisfy { $0.value > 0x20 && !"/?#%@<>\"\\ ".unicodeScalars.contains($0) }
        guard !host.isEmpty, isHost else { throw Fault(description: "it names no host") }
        return (host, port)
    }
}

extension String {
    fileprivate func firstParts(around separator: String) -> (String, String)? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(separator) {
                return (String(self[..<start]), String(self[index(start, offsetBy: separator.count)...]))
            }
            start = index(after: start)
        }
        return nil
    }
}
