package import Crypto
package import Kernel

/// Lets a banned person appeal against the ban, and do nothing else. The 423 of a sign-in with the right password carries it.
///
/// An HMAC over sanction, person and end of validity; nothing is stored.
package struct AppealToken: Sendable {
    /// Milliseconds.
    package static let lifetime: Int64 = 3_600_000

    private let key: HMACKey

    package init(key: HMACKey) { self.key = key }

    package func token(for sanction: SanctionID, of user: UserID, at now: Timestamp) -> String {
        let end = now.adding(milliseconds: Self.lifetime)
        return "\(end.milliseconds)." + Base64URL.encode(key.authenticate(Self.message(sanction, user, end)))
    }

    package func isGood(_ token: String, for sanction: SanctionID, of user: UserID, at now: Timestamp) -> Bool {
        guard token.utf8.count <= 100 else { return false }
        let parts = token.utf8.split(separator: UInt8(ascii: ".")).map { String(Substring($0)) }
        guard parts.count == 2, let milliseconds = Int64(parts[0]), now.milliseconds < milliseconds else { return false }
        guard let code = Base64URL.decode(parts[1]) else { return false }
        return key.isValid(code, for: Self.message(sanction, user, Timestamp(milliseconds: milliseconds)))
    }

    private static func message(_ sanction: SanctionID, _ user: UserID, _ end: Timestamp) -> [UInt8] {
        Array("appeal\0\(sanction.rawValue)\0\(user.rawValue)\0\(end.milliseconds)".utf8)
    }
}
