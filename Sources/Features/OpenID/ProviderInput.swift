internal import Kernel
internal import Outbound

/// The fields of a provider in a request.
struct ProviderInput: Sendable {
    static let keyLength = 2...32
    static let nameLength = 1...60
    static let clientLength = 1...300
    static let secretLength = 1...500
    static let scopeCount = 1...20
    static let claimLength = 1...100
    static let valueLength = 1...200

    let key: String?
    let name: String?
    let issuer: String?
    let clientID: String?
    /// `.some(nil)` takes the secret away.
    let secret: String??
    let scopes: [String]?
    let isEnabled: Bool?
    let trustsEmail: Bool?
    let trustsFactor: Bool?
    let rules: [Rule]?

    /// A rule as it was written, with a reference to a role.
    struct Rule: Sendable {
        let claim: String
        let value: String
        let role: String
    }

    init(_ body: JSON, isNew: Bool) throws(Problem) {
        var input = try Input(body)
        key = isNew ? input.string("key", length: Self.keyLength, required: true) : nil
        if let key, !Self.isKey(key) {
            input.fail(
                "key", "invalid",
                LocalizedText(en: "2 to 32 of these: a–z, 0–9 and “-”.", fr: "De 2 à 32 caractères parmi a–z, 0–9 et « - »."))
        }
        issuer = isNew ? input.string("issuer", length: 1...500, required: true) : nil
        if let issuer, !IssuerAddress.isIssuer(issuer) { input.take(ProviderClient.invalidIssuer.faults) }
        name = input.name("name", length: Self.nameLength, required: isNew)
        clientID = input.string("client_id", length: Self.clientLength, required: isNew)
        let given = input.string("client_secret", length: Self.secretLength)
        if let given {
            secret = .some(given)
        } else {
            secret = input.has("client_secret") ? .some(nil) : nil
        }
        let scopes = input.strings("scopes", count: Self.scopeCount, length: 1...100)
        if let scopes, !scopes.allSatisfy(Self.isScope) {
            input.fail("scopes", "invalid", LocalizedText(en: "A scope has no spaces.", fr: "Une portée ne contient pas d’espace."))
        }
        // Without it there is no ID token.
        self.scopes = scopes.map { $0.contains("openid") ? $0 : ["openid"] + $0 }
        isEnabled = input.bool("enabled")
        trustsEmail = input.bool("trusts_email")
        trustsFactor = input.bool("trusts_mfa")
        rules = Self.rules(&input)
        try input.finish()
    }

    private static func rules(_ input: inout Input) -> [Rule]? {
        guard let given = input.raw("role_rules"), !given.isNull else { return nil }
        guard let list = given.array, list.count <= RoleRule.limit else {
            input.fail(
                "role_rules", "count",
                LocalizedText(en: "At most \(RoleRule.limit) rules.", fr: "\(RoleRule.limit) règles au plus."))
            return nil
        }
        var rules: [Rule] = []
        for (index, element) in list.enumerated() {
            do {
                var one = try Input(element, at: "/role_rules/\(index)")
                let claim = one.string("claim", length: claimLength, required: true)
                let value = one.string("value", length: valueLength, required: true)
                let role = one.string("role", length: 1...200, required: true)
                try one.finish()
                rules.append(Rule(claim: try one.required(claim), value: try one.required(value), role: try one.required(role)))
            } catch {
                input.take(error.faults)
            }
        }
        return rules
    }

    private static func isKey(_ text: String) -> Bool {
        text.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == UInt8(ascii: "-") }
            && !text.hasPrefix("-") && !text.hasSuffix("-")
    }

    /// RFC 6749 §3.3.
    private static func isScope(_ text: String) -> Bool {
        text.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }
    }
}
