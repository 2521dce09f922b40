internal import Crypto
internal import HTTP
internal import Kernel
internal import Outbound
internal import Runtime

/// What Foyer asks of providers; every request goes through the client that refuses private networks, and no redirect is followed.
struct ProviderClient: Sendable {
    /// Bytes of an answer: a set of keys or a description may be this long, tokens and claims less.
    static let documentLimit = 1 << 20
    static let answerLimit = 256 << 10
    /// Seconds for one request.
    static let timeout = 10

    let http: HTTPClient

    /// What a provider gave for a code.
    struct Tokens: Sendable {
        let idToken: String
        let accessToken: String
    }

    /// The provider's description of itself.
    ///
    /// - Throws: 422 at `/issuer` where it cannot be used.
    func discover(_ issuer: String) async throws -> ProviderMetadata {
        let response: HTTPClient.Response
        do {
            try await http.check(issuer)
            response = try await get(IssuerAddress.discovery(of: issuer), limit: Self.documentLimit)
        } catch HTTPClient.AddressFault.malformed {
            throw Self.invalidIssuer
        } catch HTTPClient.AddressFault.refused {
            throw Problem.invalid(
                "/issuer", "private_address",
                LocalizedText(
                    en: "This address leads to a private network. FOYER_OUTBOUND_ALLOW can allow it.",
                    fr: "Cette adresse mène à un réseau privé. FOYER_OUTBOUND_ALLOW peut l’autoriser."))
        } catch let failure as DeliveryFailure {
            throw Self.undiscovered(failure.description)
        }
        guard response.status == 200 else { throw Self.undiscovered("it answers \(response.status)") }
        do {
            return try ProviderMetadata(response.body, issuer: issuer)
        } catch {
            throw Self.unusable(error)
        }
    }

    /// The bytes of the provider's set of keys, with how long they may be kept, in seconds.
    func keySet(of metadata: ProviderMetadata) async throws -> (body: [UInt8], maximumAge: Int64?) {
        let response = try await reach { try await get(metadata.keySet, limit: Self.documentLimit) }
        guard response.status == 200 else { throw OpenIDProblems.unreachable("the set of keys is answered by \(response.status)") }
        return (response.body, Self.maximumAge(response.headers["Cache-Control"]))
    }

    /// Exchanges a code (RFC 6749 §4.1.3, RFC 7636 §4.5).
    func exchange(_ code: String, verifier: String, redirectURI: String, at provider: IdentityProvider) async throws -> Tokens {
        var form = [
            ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", redirectURI), ("code_verifier", verifier),
        ]
        var headers: HTTPHeaders = ["Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"]
        if let secret = provider.secret, !provider.metadata.takesSecretInBody {
            // RFC 6749 §2.3.1: both are encoded as a form has them before they are joined.
            let pair = PercentCoding.encode(provider.clientID) + ":" + PercentCoding.encode(secret)
            headers["Authorization"] = "Basic " + Base64.encode(Array(pair.utf8))
        } else {
            form.append(("client_id", provider.clientID))
            if let secret = provider.secret { form.append(("client_secret", secret)) }
        }
        let body = Array(Self.encode(form).utf8)
        let response = try await reach {
            try await http.send(
                HTTPClient.Request(
                    "POST", provider.metadata.tokenEndpoint, headers: headers, body: body, responseLimit: Self.answerLimit,
                    timeout: Self.timeout))
        }
        let answer = Self.object(response.body)
        guard response.status == 200, let answer else {
            // `error` is a word of the protocol; nothing else of the answer is logged.
            let code = answer?["error"]?.string.map { String($0.prefix(40)) } ?? ""
            guard response.status < 500 else { throw OpenIDProblems.unreachable("the token endpoint answers \(response.status)") }
            throw OpenIDProblems.refused("the token endpoint answers \(response.status) \(code)")
        }
        guard answer["token_type"]?.string?.lowercased() == "bearer", let access = answer["access_token"]?.string,
            let token = answer["id_token"]?.string
        else { throw OpenIDProblems.refused("the token endpoint gives no ID token") }
        return Tokens(idToken: token, accessToken: access)
    }

    /// The claims that are not in the ID token (OpenID Connect Core §5.3); nothing where the provider has no such endpoint.
    ///
    /// - Parameter subject: of the ID token; an answer about anybody else is refused (§5.3.2).
    func userInfo(_ accessToken: String, about subject: String, at provider: IdentityProvider) async throws -> JSONObject {
        guard let endpoint = provider.metadata.userInfoEndpoint else { return [:] }
        guard accessToken.utf8.count <= 16_384, accessToken.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw OpenIDProblems.refused("the access token is malformed")
        }
        let headers: HTTPHeaders = ["Authorization": "Bearer \(accessToken)", "Accept": "application/json"]
        let response = try await reach {
            try await http.send(
                HTTPClient.Request("GET", endpoint, headers: headers, responseLimit: Self.answerLimit, timeout: Self.timeout))
        }
        guard response.status == 200 else { throw OpenIDProblems.unreachable("UserInfo is answered by \(response.status)") }
        guard let claims = Self.object(response.body) else { throw OpenIDProblems.refused("UserInfo is no JSON object") }
        guard let said = claims["sub"]?.string, said.hasSameBytes(as: subject) else {
            throw OpenIDProblems.refused("UserInfo is about another subject")
        }
        return claims
    }

    private func get(_ url: String, limit: Int) async throws -> HTTPClient.Response {
        try await http.send(
            HTTPClient.Request("GET", url, headers: ["Accept": "application/json"], responseLimit: limit, timeout: Self.timeout))
    }

    /// - Throws: 503 where nothing whole comes back.
    private func reach(_ body: () async throws -> HTTPClient.Response) async throws -> HTTPClient.Response {
        do {
            return try await body()
        } catch let failure as DeliveryFailure {
            throw OpenIDProblems.unreachable(failure.description)
        } catch is QueueRefusal {
            throw OpenIDProblems.unreachable("too many requests to providers wait")
        }
    }

    /// Seconds of `max-age`; zero where nothing may be kept.
    private static func maximumAge(_ field: String?) -> Int64? {
        guard let field = field?.lowercased(), field.utf8.count <= 500 else { return nil }
        for part in field.utf8.split(separator: UInt8(ascii: ",")) {
            let directive = String(own: part).trimmed
            if directive == "no-store" || directive == "no-cache" { return 0 }
            if directive.hasPrefix("max-age=") { return Int64(directive.dropFirst(8)) }
        }
        return nil
    }

    private static func object(_ body: [UInt8]) -> JSONObject? {
        do { return try JSONParser.parse(body, maximumDepth: 16).object } catch { return nil }
    }

    static func encode(_ form: [(String, String)]) -> String {
        form.map { "\($0.0)=\(PercentCoding.encode($0.1))" }.joined(separator: "&")
    }

    static let invalidIssuer = Problem.invalid(
        "/issuer", "invalid",
        LocalizedText(
            en: "An https:// address without a query is expected.", fr: "Une adresse https:// sans paramètres est attendue."))

    private static func undiscovered(_ cause: String) -> Problem {
        var problem = Problem.invalid(
            "/issuer", "no_discovery",
            LocalizedText(
                en: "No provider answers at this address with /.well-known/openid-configuration.",
                fr: "Aucun fournisseur ne répond à cette adresse avec /.well-known/openid-configuration."))
        problem.cause = cause
        return problem
    }

    private static func unusable(_ fault: ProviderMetadata.Fault) -> Problem {
        let (code, detail) =
            switch fault {
            case .notDiscovery:
                (
                    "no_discovery",
                    LocalizedText(
                        en: "The provider’s description of itself cannot be read.",
                        fr: "La description que le fournisseur donne de lui-même est illisible.")
                )
            case .otherIssuer:
                (
                    "other_issuer",
                    LocalizedText(
                        en: "The provider names another issuer. Enter it exactly as the provider does.",
                        fr: "Le fournisseur indique un autre émetteur. Saisissez-le exactement comme lui.")
                )
            case .noAlgorithm:
                (
                    "no_algorithm",
                    LocalizedText(
                        en: "The provider signs with no algorithm that Foyer accepts.",
                        fr: "Le fournisseur ne signe avec aucun algorithme accepté par Foyer.")
                )
            case .noCodeFlow:
                (
                    "no_code_flow",
                    LocalizedText(
                        en: "The provider does not support the authorisation code flow.",
                        fr: "Le fournisseur ne prend pas en charge le flux par code d’autorisation.")
                )
            case .insecure(let name):
                (
                    "insecure_endpoint",
                    LocalizedText(en: "The provider’s \(name) is not https.", fr: "L’adresse \(name) du fournisseur n’est pas en https.")
                )
            }
        return .invalid("/issuer", code, detail)
    }
}
