internal import Crypto
internal import Kernel
internal import Outbound

/// What a provider says of itself (OpenID Connect Discovery 1.0 §3), as far as Foyer uses it.
struct ProviderMetadata: Sendable, Hashable {
    let authorizationEndpoint: String
    let tokenEndpoint: String
    let keySet: String
    let userInfoEndpoint: String?
    /// With which ID tokens may be signed: those of the provider that Foyer accepts.
    let algorithms: [SignatureAlgorithm]
    /// The client's secret goes into the body, since the provider does not take it in the header.
    let takesSecretInBody: Bool
    /// The answer of the authorisation endpoint names its issuer (RFC 9207 §3).
    let namesIssuer: Bool

    /// Why a provider cannot be used.
    enum Fault: Error, Sendable, Hashable {
        case notDiscovery
        case otherIssuer
        case noAlgorithm
        case noCodeFlow
        case insecure(String)
    }

    /// Reads the answer of `/.well-known/openid-configuration`.
    init(_ body: [UInt8], issuer: String) throws(Fault) {
        guard let found = Self.object(body) else { throw .notDiscovery }
        // Discovery §4.3: identical, byte by byte.
        guard let said = found["issuer"]?.string, said.hasSameBytes(as: issuer) else { throw .otherIssuer }
        func endpoint(_ name: String) throws(Fault) -> String? {
            guard let value = found[name] else { return nil }
            guard let url = value.string, HTTPClient.host(of: url) != nil, !url.utf8.contains(UInt8(ascii: "#")) else {
                throw .notDiscovery
            }
            guard IssuerAddress.isSafe(url, beside: issuer) else { throw .insecure(name) }
            return url
        }
        guard let authorization = try endpoint("authorization_endpoint"), let token = try endpoint("token_endpoint"),
            let keySet = try endpoint("jwks_uri")
        else { throw .notDiscovery }
        (authorizationEndpoint, tokenEndpoint, self.keySet) = (authorization, token, keySet)
        userInfoEndpoint = try endpoint("userinfo_endpoint")
        let names = Self.texts(found["id_token_signing_alg_values_supported"]) ?? ["RS256"]
        algorithms = SignatureAlgorithm.allCases.filter { algorithm in names.contains { $0.hasSameBytes(as: algorithm.rawValue) } }
        guard !algorithms.isEmpty else { throw .noAlgorithm }
        if let types = Self.texts(found["response_types_supported"]), !types.contains(where: { $0.hasSameBytes(as: "code") }) {
            throw .noCodeFlow
        }
        let methods = Self.texts(found["token_endpoint_auth_methods_supported"]) ?? ["client_secret_basic"]
        takesSecretInBody =
            !methods.contains { $0.hasSameBytes(as: "client_secret_basic") }
            && methods.contains { $0.hasSameBytes(as: "client_secret_post") }
        namesIssuer = found["authorization_response_iss_parameter_supported"]?.bool ?? false
    }

    private static func object(_ body: [UInt8]) -> JSONObject? {
        do { return try JSONParser.parse(body, maximumDepth: 16).object } catch { return nil }
    }

    private static func texts(_ value: JSON?) -> [String]? { value?.array?.prefix(200).compactMap(\.string) }

    var json: JSON {
        [
            "authorization_endpoint": .string(authorizationEndpoint), "token_endpoint": .string(tokenEndpoint), "jwks_uri": .string(keySet),
            "userinfo_endpoint": JSON(userInfoEndpoint), "algorithms": .array(algorithms.map { .string($0.rawValue) }),
            "secret_in_body": .bool(takesSecretInBody), "names_issuer": .bool(namesIssuer),
        ]
    }

    /// As `json` wrote it.
    init?(stored: JSON) {
        guard let authorization = stored["authorization_endpoint"]?.string, let token = stored["token_endpoint"]?.string,
            let keySet = stored["jwks_uri"]?.string
        else { return nil }
        (authorizationEndpoint, tokenEndpoint, self.keySet) = (authorization, token, keySet)
        userInfoEndpoint = stored["userinfo_endpoint"]?.string
        algorithms = stored["algorithms"]?.array?.compactMap { $0.string.flatMap(SignatureAlgorithm.init(rawValue:)) } ?? []
        takesSecretInBody = stored["secret_in_body"]?.bool ?? false
        namesIssuer = stored["names_issuer"]?.bool ?? false
    }
}

/// The address that names a provider.
enum IssuerAddress {
    /// `https://…` without a query or a fragment (Discovery §2); plain HTTP for this machine alone, which `outbound-allow` must allow, too.
    static func isIssuer(_ url: String) -> Bool {
        HTTPClient.host(of: url) != nil && !url.utf8.contains(UInt8(ascii: "?")) && !url.utf8.contains(UInt8(ascii: "#"))
            && (url.hasPrefix("https://") || isLoopback(url))
    }

    /// An endpoint is as safe as its issuer.
    static func isSafe(_ url: String, beside issuer: String) -> Bool {
        url.hasPrefix("https://") || isLoopback(url) && isLoopback(issuer)
    }

    private static func isLoopback(_ url: String) -> Bool {
        guard url.hasPrefix("http://"), let host = HTTPClient.host(of: url) else { return false }
        return host == "localhost" || host == "127.0.0.1" || host == "::1"
    }

    /// Where the provider describes itself (Discovery §4).
    static func discovery(of issuer: String) -> String {
        (issuer.hasSuffix("/") ? String(issuer.dropLast()) : issuer) + "/.well-known/openid-configuration"
    }
}
