internal import Crypto
internal import Kernel

/// Why a token of a provider is refused; for the log alone.
enum IDTokenFault: Error, Sendable, Hashable {
    case malformed
    case algorithm
    case unknownKey
    case signature
    case claim(String)
}

/// A signed token of a provider, taken apart and not yet believed (RFC 7515 §3.1).
struct SignedToken: Sendable {
    static let maximumCount = 16_384

    let algorithm: SignatureAlgorithm
    /// `kid`, where it names its key.
    let key: String?
    let type: String?
    /// Nothing of them is true before `verify`.
    let claims: JSONObject
    private let signed: [UInt8]
    private let signature: [UInt8]

    /// - Parameter algorithms: those that the provider may use; no other is looked at.
    init(_ token: String, algorithms: [SignatureAlgorithm]) throws(IDTokenFault) {
        guard token.utf8.count <= Self.maximumCount else { throw .malformed }
        let parts = token.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).map { String(own: $0) }
        guard parts.count == 3, let header = Self.object(parts[0]), let claims = Self.object(parts[1]),
            let signature = Base64URL.decode(parts[2])
        else { throw .malformed }
        guard let name = header["alg"]?.string, let algorithm = algorithms.first(where: { $0.rawValue.hasSameBytes(as: name) }) else {
            throw .algorithm
        }
        // RFC 7515 §4.1.11: what it demands to be understood is not. Keys that a token brings along are never used.
        guard header["crit"] == nil, header["b64"] == nil else { throw .malformed }
        (self.algorithm, key, type) = (algorithm, header["kid"]?.string, header["typ"]?.string)
        (self.claims, self.signature, signed) = (claims, signature, Array((parts[0] + "." + parts[1]).utf8))
    }

    private static func object(_ part: String) -> JSONObject? {
        guard let bytes = Base64URL.decode(part) else { return nil }
        do { return try JSONParser.parse(bytes, maximumDepth: 16).object } catch { return nil }
    }

    /// The issuer that a token names, for finding who could have signed it.
    static func issuer(_ token: String) -> String? {
        guard token.utf8.count <= maximumCount else { return nil }
        let parts = token.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 3 else { return nil }
        return object(String(own: parts[1]))?["iss"]?.string
    }

    /// Checks the signature with the provider's keys: the one that the token names, or without a name any that could be.
    func verify(with keys: [SignatureKey]) throws(IDTokenFault) {
        let fitting = keys.filter { candidate in
            candidate.fits(algorithm) && (key.map { name in candidate.name?.hasSameBytes(as: name) ?? false } ?? true)
        }
        guard !fitting.isEmpty else { throw .unknownKey }
        guard fitting.prefix(Self.triedKeys).contains(where: { $0.isValid(signature, for: signed, by: algorithm) }) else {
            throw .signature
        }
    }

    private static let triedKeys = 16
}

/// The checks of OpenID Connect Core §3.1.3.7, and those of Back-Channel Logout 1.0 §2.6.
struct TokenChecks: Sendable {
    /// Seconds that clocks may differ.
    static let skew: Int64 = 60
    /// Seconds within which a token that answers a sign-in was made.
    static let maximumAge: Int64 = 600

    let issuer: String
    let clientID: String
    let now: Timestamp

    private var seconds: Int64 { now.milliseconds / 1000 }

    /// What an ID token says of whom, once it is believed.
    ///
    /// - Returns: the subject.
    func check(_ token: SignedToken, nonce: String, accessToken: String) throws(IDTokenFault) -> String {
        // A token for another purpose is none, whoever signed it (RFC 8725 §3.11).
        if let type = token.type?.lowercased(), type != "jwt", type != "application/jwt" { throw .claim("typ") }
        let claims = token.claims
        try checkParties(claims)
        guard let expiry = Self.time(claims["exp"]), expiry > seconds - Self.skew else { throw .claim("exp") }
        guard let issued = Self.time(claims["iat"]), issued <= seconds + Self.skew, issued >= seconds - Self.maximumAge - Self.skew else {
            throw .claim("iat")
        }
        if let start = claims["nbf"] {
            guard let start = Self.time(start), start <= seconds + Self.skew else { throw .claim("nbf") }
        }
        guard let said = claims["nonce"]?.string, constantTimeEquals(Array(said.utf8), Array(nonce.utf8)) else { throw .claim("nonce") }
        if let hash = claims["at_hash"] {
            let digest = token.algorithm.digest(Array(accessToken.utf8))
            let expected = Base64URL.encode(Array(digest.prefix(digest.count / 2)))
            guard let hash = hash.string, constantTimeEquals(Array(hash.utf8), Array(expected.utf8)) else { throw .claim("at_hash") }
        }
        return try Self.subject(claims)
    }

    /// What a logout token ends.
    struct Logout: Sendable, Hashable {
        let subject: String?
        /// One session at the provider, where it names one.
        let session: String?
        let tokenID: String
        let expiresAt: Timestamp
    }

    func checkLogout(_ token: SignedToken) throws(IDTokenFault) -> Logout {
        if let type = token.type?.lowercased(), !["jwt", "application/jwt", "logout+jwt", "application/logout+jwt"].contains(type) {
            throw .claim("typ")
        }
        let claims = token.claims
        try checkParties(claims)
        guard let issued = Self.time(claims["iat"]), issued <= seconds + Self.skew, issued >= seconds - Self.maximumAge - Self.skew else {
            throw .claim("iat")
        }
        if let expiry = claims["exp"] {
            guard let expiry = Self.time(expiry), expiry > seconds - Self.skew else { throw .claim("exp") }
        }
        guard claims["events"]?.object?["http://schemas.openid.net/event/backchannel-logout"]?.object != nil else {
            throw .claim("events")
        }
        // An ID token is no logout token.
        guard claims["nonce"] == nil else { throw .claim("nonce") }
        guard let tokenID = claims["jti"]?.string, (1...255).contains(tokenID.utf8.count) else { throw .claim("jti") }
        let subject = claims["sub"] == nil ? nil : try Self.subject(claims)
        let session = claims["sid"]?.string
        guard subject != nil || session != nil, (session?.utf8.count ?? 1) <= 255, session != "" else { throw .claim("sub") }
        // Kept for as long as the token could be accepted.
        let end = Timestamp(milliseconds: (issued + Self.maximumAge + 2 * Self.skew) * 1000)
        return Logout(subject: subject, session: session, tokenID: tokenID, expiresAt: end)
    }

    /// The issuer, byte by byte, and for whom it is: an audience that does not hold us is another client's.
    private func checkParties(_ claims: JSONObject) throws(IDTokenFault) {
        guard let said = claims["iss"]?.string, said.hasSameBytes(as: issuer) else { throw .claim("iss") }
        let audience: [String]
        switch claims["aud"] {
        case .string(let one): audience = [one]
        case .array(let list):
            audience = list.compactMap(\.string)
            guard audience.count == list.count, list.count <= 100 else { throw .claim("aud") }
        default: throw .claim("aud")
        }
        guard audience.contains(where: { $0.hasSameBytes(as: clientID) }) else { throw .claim("aud") }
        if let party = claims["azp"] {
            guard let party = party.string, party.hasSameBytes(as: clientID) else { throw .claim("azp") }
        } else if audience.contains(where: { !$0.hasSameBytes(as: clientID) }) {
            throw .claim("azp")
        }
    }

    private static func subject(_ claims: JSONObject) throws(IDTokenFault) -> String {
        guard let subject = claims["sub"]?.string, (1...255).contains(subject.utf8.count),
            subject.utf8.allSatisfy({ (0x20...0x7E).contains($0) })
        else { throw .claim("sub") }
        return subject
    }

    /// Seconds since 1970, also of a number with a fraction.
    private static func time(_ value: JSON?) -> Int64? {
        let bound: Int64 = 1 << 40
        switch value {
        case .integer(let seconds): return (0...bound).contains(seconds) ? seconds : nil
        case .number(let seconds): return seconds >= 0 && seconds <= Double(bound) ? Int64(seconds) : nil
        default: return nil
        }
    }
}
