internal import Kernel

/// Somebody as a provider describes them.
struct ProviderPerson: Sendable {
    let issuer: String
    let subject: String
    let email: String?
    /// The provider verified the address: the boolean true, nothing like it.
    let isEmailVerified: Bool
    let name: String?
    let username: String?
    /// Whether the provider asked for a second factor (RFC 8176).
    let hadSecondFactor: Bool
    /// The session at the provider, which it can end from there.
    let session: String?
    /// The roles that the provider's rules give them.
    let roles: [RoleID]

    /// - Parameter claims: of the ID token, completed by UserInfo.
    init(issuer: String, subject: String, claims: JSONObject, rules: [RoleRule]) {
        (self.issuer, self.subject) = (issuer, subject)
        email = Self.text(claims["email"], 254)
        isEmailVerified = claims["email_verified"]?.bool == true
        name = Self.text(claims["name"], 200)
        username = Self.text(claims["preferred_username"], 200)
        let methods = claims["amr"]?.array?.prefix(20).compactMap(\.string) ?? []
        hadSecondFactor = methods.contains { method in Self.secondFactors.contains { $0.hasSameBytes(as: method) } }
        session = Self.text(claims["sid"], 255)
        var roles: [RoleID] = []
        for rule in rules where rule.holds(in: claims) && !roles.contains(rule.role) { roles.append(rule.role) }
        self.roles = roles
    }

    private static let secondFactors = ["mfa", "otp", "hwk"]

    private static func text(_ value: JSON?, _ maximum: Int) -> String? {
        guard let text = value?.string?.trimmed, (1...maximum).contains(text.utf8.count),
            text.unicodeScalars.allSatisfy({ $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) })
        else { return nil }
        return text
    }

    /// By what the person knows this account of theirs.
    var label: String? { email ?? username ?? name }

    /// The address that the provider vouches for, where it is trusted with that.
    func vouchedEmail(by provider: IdentityProvider) -> String? { provider.trustsEmail && isEmailVerified ? email : nil }

    /// A username to begin with: what the provider calls them, as far as it can stand in one.
    var suggestedUsername: String {
        let source = username ?? email ?? name ?? ""
        let before = source.utf8.prefix { $0 != UInt8(ascii: "@") }
        let kept = before.map { (65...90).contains($0) ? $0 + 32 : $0 }.map { byte -> UInt8 in
            let isPlain = (97...122).contains(byte) || (48...57).contains(byte) || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ".")
            return isPlain ? byte : UInt8(ascii: "_")
        }
        return kept.count < 2 ? "" : String(own: kept.prefix(32))
    }

    var json: JSON {
        [
            "issuer": .string(issuer), "subject": .string(subject), "email": JSON(email), "email_verified": .bool(isEmailVerified),
            "name": JSON(name), "username": JSON(username), "second_factor": .bool(hadSecondFactor), "session": JSON(session),
            "roles": .array(roles.map { JSON($0) }),
        ]
    }

    init?(stored: JSON) {
        guard let issuer = stored["issuer"]?.string, let subject = stored["subject"]?.string else { return nil }
        (self.issuer, self.subject, email) = (issuer, subject, stored["email"]?.string)
        (isEmailVerified, name) = (stored["email_verified"]?.bool ?? false, stored["name"]?.string)
        (username, hadSecondFactor) = (stored["username"]?.string, stored["second_factor"]?.bool ?? false)
        session = stored["session"]?.string
        roles = stored["roles"]?.array?.compactMap { $0.string.flatMap { RoleID(uuid: $0) } } ?? []
    }
}
