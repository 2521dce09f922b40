internal import Accounts
internal import Crypto
internal import Database
internal import HTTP
internal import Kernel
internal import Runtime
internal import Web

/// `GET /auth/oidc/{provider}/callback`
extension OpenIDFeature {
    /// Where a sign-in leads in the end, as a redirect: to a page of ours in every case.
    func finishSignIn(_ call: Call) async throws -> Reply {
        var query = try call.query
        let state = query.string("state", maximum: 200) ?? ""
        let answer = CallbackAnswer(
            code: query.string("code", maximum: 4096), error: query.string("error", maximum: 100), issuer: query.string("iss", maximum: 500)
        )
        let key = call.parameter("provider")
        guard let browser = binding.hash(for: state, in: call.request), !state.isEmpty else {
            return failed(OpenIDProblems.expired, key, state)
        }
        let now = clock.now()
        let found = try await database.write { [attempts, table] transaction -> (SignInAttempt, IdentityProvider)? in
            guard let attempt = try attempts.spend(state: state, browser: browser, at: now, in: transaction),
                let provider = try table.find(attempt.provider, in: transaction), provider.isEnabled
            else { return nil }
            return (attempt, provider)
        }
        // The answer comes to the address of the provider that was asked, and of no other (RFC 9700 §4.4.2.2).
        guard let (attempt, provider) = found, provider.key.hasSameBytes(as: key) else {
            return failed(OpenIDProblems.expired, key, state)
        }
        do {
            let code = try answer.code(from: provider)
            let person = try await person(behind: code, attempt, provider)
            var reply =
                attempt.link == nil
                ? try await arrive(person, attempt, provider, call) : try await link(person, attempt, provider, call)
            reply.headers.append("Set-Cookie", binding.removal(for: state))
            return reply
        } catch let problem as Problem {
            if let cause = problem.cause {
                log.warning("a sign-in with a provider failed", [("provider", .string(provider.key)), ("cause", .string(cause))])
            }
            return failed(problem, provider.key, state, isLink: attempt.link != nil)
        }
    }

    /// The parameters of a provider's answer.
    private struct CallbackAnswer: Sendable {
        let code: String?
        let error: String?
        let issuer: String?

        /// - Throws: 403 for an answer of another issuer (RFC 9207 §2.4), for a refusal, and for one without a code.
        func code(from provider: IdentityProvider) throws(Problem) -> String {
            if let issuer {
                guard issuer.hasSameBytes(as: provider.issuer) else { throw OpenIDProblems.refused("iss is another issuer") }
            } else if provider.metadata.namesIssuer {
                throw OpenIDProblems.refused("iss is missing")
            }
            if let error {
                let isDeclined = ["access_denied", "login_required", "consent_required", "interaction_required"]
                    .contains { $0.hasSameBytes(as: error) }
                throw isDeclined ? OpenIDProblems.declined : OpenIDProblems.refused("the provider answers with an error")
            }
            guard let code else { throw OpenIDProblems.refused("there is no code") }
            return code
        }
    }

    /// Exchanges the code and checks what comes of it, until it is known who it is.
    private func person(behind code: String, _ attempt: SignInAttempt, _ provider: IdentityProvider) async throws -> ProviderPerson {
        let tokens = try await client.exchange(
            code, verifier: attempt.verifier, redirectURI: redirectURI(of: provider.key), at: provider)
        do {
            let token = try SignedToken(tokens.idToken, algorithms: provider.metadata.algorithms)
            try await verify(token, of: provider)
            let checks = TokenChecks(issuer: provider.issuer, clientID: provider.clientID, now: clock.now())
            let subject = try checks.check(token, nonce: attempt.nonce, accessToken: tokens.accessToken)
            var claims = try await client.userInfo(tokens.accessToken, about: subject, at: provider)
            // What is signed stands above what is not.
            for (name, value) in token.claims { claims[name] = value }
            return ProviderPerson(issuer: provider.issuer, subject: subject, claims: claims, rules: provider.rules)
        } catch let fault as IDTokenFault {
            throw OpenIDProblems.refused("the ID token is refused: \(fault)")
        }
    }

    /// Checks a signature; keys that do not fit are asked for again, for the provider may have changed them.
    func verify(_ token: SignedToken, of provider: IdentityProvider) async throws {
        let keys = try await self.keys.keys(of: provider.metadata)
        do {
            try token.verify(with: keys)
        } catch {
            try token.verify(with: try await self.keys.keys(of: provider.metadata, unfit: true))
        }
    }

    /// To the page that says what happened, in words.
    private func failed(_ problem: Problem, _ key: String, _ state: String, isLink: Bool = false) -> Reply {
        let fields = [("error", problem.code), ("provider", key)] + (isLink ? [("from", "settings")] : [])
        var reply = Reply(status: 303, headers: ["Location": "/openid?" + ProviderClient.encode(fields)])
        reply.headers.append("Set-Cookie", binding.removal(for: state))
        return reply
    }
}
