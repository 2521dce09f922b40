internal import Crypto
internal import Database
internal import HTTP
internal import Kernel
internal import Runtime
internal import Web

/// `GET /auth/providers`, `GET /auth/oidc/{provider}/start`
extension OpenIDFeature {
    /// What the sign-in page offers.
    func listOffered(_ call: Call) async throws -> Reply {
        let providers = try await database.read { [table] in try table.all(in: $0) }
        let items = providers.filter(\.isEnabled).map { ["key": .string($0.key), "name": .string($0.name)] as JSON }
        return .page(items, next: nil)
    }

    /// Leads the browser to the provider. Another site's page may begin this, too: only who is signed in at the provider comes out of it, as themselves.
    func startSignIn(_ call: Call) async throws -> Reply {
        var query = try call.query
        let returnTo = ReturnPath.read(query.string("return_to", maximum: ReturnPath.maximum))
        try query.finish()
        let key = call.parameter("provider")
        let provider = try await offered(key)
        let (location, cookies) = try await begin(provider, returnTo: returnTo, link: nil, call)
        var reply = Reply(status: 303, headers: ["Location": location])
        for cookie in cookies { reply.headers.append("Set-Cookie", cookie) }
        return reply
    }

    /// - Throws: 404 where no such provider lets people in.
    func offered(_ key: String) async throws -> IdentityProvider {
        guard key.utf8.count <= ProviderInput.keyLength.upperBound else { throw Problem.notFound }
        let found = try await database.read { [table] in try table.enabled(key, in: $0) }
        guard let found else { throw Problem.notFound }
        return found
    }

    /// Writes the attempt down and gives the address of the provider with its parameters (OpenID Connect Core §3.1.2.1).
    func begin(
        _ provider: IdentityProvider, returnTo: String, link: (user: UserID, session: SessionID)?, _ call: Call
    ) async throws -> (location: String, cookies: [String]) {
        try limiter.spend(RateLimiter.Charge(.openIDStarts, AddressBlock.of(call.scope.address)))
        let (state, nonce, verifier, now) = (Random.token(), Random.token(), Random.token(), clock.now())
        let (browser, cookies) = binding.bind(state, in: call.request)
        let attempt = SignInAttempt(provider: provider.id, nonce: nonce, verifier: verifier, returnTo: returnTo, link: link)
        try await database.write { [attempts] in try attempts.insert(attempt, state: state, browser: browser, at: now, in: $0) }
        let parameters = ProviderClient.encode([
            ("response_type", "code"), ("client_id", provider.clientID), ("redirect_uri", redirectURI(of: provider.key)),
            ("scope", provider.scopes.joined(separator: " ")), ("state", state), ("nonce", nonce),
            ("code_challenge", Base64URL.encode(SHA256.digest(verifier))), ("code_challenge_method", "S256"),
        ])
        let endpoint = provider.metadata.authorizationEndpoint
        let separator = endpoint.utf8.contains(UInt8(ascii: "?")) ? "&" : "?"
        return (endpoint + separator + parameters, cookies)
    }
}

extension RateLimiter.Budget {
    /// Sign-ins with providers that one address may begin.
    static let openIDStarts = steady("openid_starts", burst: 60, perSecond: 0.2)
    /// Logout tokens that one address may bring.
    static let openIDLogouts = steady("openid_logouts", burst: 120, perSecond: 2)
    /// Descriptions of providers that one person may have fetched.
    static let openIDDiscoveries = steady("openid_discoveries", burst: 30, perSecond: 0.1)
}
