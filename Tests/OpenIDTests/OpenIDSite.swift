import Authorization
import Crypto
import Database
import HTTP
import Jobs
import Kernel
import SiteSupport
import Synchronization
import TestSupport
import Testing

@testable import OpenID
@testable import Server

/// A site with one provider that is ours.
struct OpenIDSite: Sendable {
    let site: TestSite
    let owner: TestUser
    let provider: HostileProvider
    let providerID: String

    /// - Parameter settings: of the provider.
    static func with(
        _ kind: TestDatabase, _ settings: JSONObject = [:], site more: [String: String] = [:], clock: WallClock = .system,
        _ body: @escaping @Sendable (OpenIDSite) async throws -> Void
    ) async throws {
        let all = ["outbound-allow": "127.0.0.0/8"].merging(more) { $1 }
        try await TestSite.with(kind, settings: all, clock: clock) { site in
            let (owner, provider) = (try await TestUser(site, .owner), try HostileProvider())
            try await provider.run {
                let made = try await owner.send("POST", "/identity-providers", Self.input(provider, settings))
                try #require(made.status == 201, "\(made.json.text)")
                try await body(OpenIDSite(site: site, owner: owner, provider: provider, providerID: try made.text("id")))
            }
        }
    }

    static func input(_ provider: HostileProvider, _ settings: JSONObject = [:]) -> JSON {
        var members: JSONObject = [
            "key": "ours", "name": "Our provider", "issuer": .string(provider.issuer), "client_id": .string(HostileProvider.client),
            "client_secret": .string(HostileProvider.secret),
        ]
        for (name, value) in settings { members[name] = value }
        return .object(members)
    }

    /// A sign-in that has begun.
    struct Journey: Sendable {
        let location: String
        let cookie: String
        let state: String
    }

    /// Goes as far as the provider, which takes note of what it was asked.
    func begin(returnTo: String? = nil, cookies: String = "") async throws -> Journey {
        let query = returnTo.map { "?return_to=\(PercentCoding.encode($0))" } ?? ""
        let answer = try await site.send("GET", "/auth/oidc/ours/start\(query)", cookies.isEmpty ? [:] : ["Cookie": cookies])
        try #require(answer.status == 303, "\(answer.json.text)")
        return try journey(answer.headers["Location"] ?? "", answer)
    }

    func journey(_ location: String, _ answer: TestSite.Answer) throws -> Journey {
        let query = try #require(PercentCoding.decodeForm(location.split(separator: "?", maxSplits: 1).last.map(String.init) ?? ""))
        let value = { (name: String) in query.first { $0.name == name }?.value ?? "" }
        provider.change { ($0.nonce, $0.challenge) = (value("nonce"), value("code_challenge")) }
        let cookie = answer.headers.values("Set-Cookie").last.map { String($0.prefix { $0 != ";" }) } ?? ""
        return Journey(location: location, cookie: cookie, state: value("state"))
    }

    /// Comes back from the provider.
    func finish(_ journey: Journey, with more: String = "&code=the-code", cookies: [String] = []) async throws -> TestSite.Answer {
        let cookie = ([journey.cookie] + cookies).joined(separator: "; ")
        return try await site.send("GET", "/auth/oidc/ours/callback?state=\(journey.state)\(more)", ["Cookie": cookie])
    }

    func signIn() async throws -> TestSite.Answer { try await finish(try await begin()) }

    /// The cookie that an answer sets and does not take away.
    func kept(_ answer: TestSite.Answer, _ prefix: String) -> String? {
        answer.headers.values("Set-Cookie").first { $0.hasPrefix(prefix) && !$0.contains("Max-Age=0") }.map {
            String($0.prefix { $0 != ";" })
        }
    }

    func session(_ answer: TestSite.Answer) -> String? { kept(answer, "__Host-foyer=") }

    /// Who a session's cookie is.
    func username(_ cookie: String?) async throws -> String? {
        guard let cookie else { return nil }
        return try await site.send("GET", "/auth/session", ["Cookie": cookie]).json["user"]?["username"]?.string
    }

    /// The code in the address of the page that says why it did not go on.
    func refusal(_ answer: TestSite.Answer) -> String? {
        let location = answer.headers["Location"] ?? ""
        guard location.hasPrefix("/openid?error=") else { return nil }
        return String(location.dropFirst(14).prefix { $0 != "&" })
    }

    /// The secret and the cookie with which a sign-in goes on.
    func ticket(_ answer: TestSite.Answer) throws -> (secret: String, cookie: String) {
        let location = answer.headers["Location"] ?? ""
        try #require(location.hasPrefix("/openid#token="), "\(location)")
        return (String(location.dropFirst(14)), try #require(kept(answer, "__Host-foyer-openid-")))
    }

    func complete(_ ticket: (secret: String, cookie: String), _ fields: JSONObject) async throws -> TestSite.Answer {
        var body: JSONObject = ["ticket": .string(ticket.secret)]
        for (name, value) in fields { body.append(name, value) }
        return try await site.send(
            "POST", "/auth/oidc/complete", ["Cookie": ticket.cookie, "X-Foyer-Session": "cookie"], body: JSON.object(body).bytes)
    }

    /// Links the provider's person to a member who is signed in.
    func link(_ user: TestUser) async throws -> TestSite.Answer {
        let browser = try await site.signIn(user.person)
        let body: JSON = ["provider": "ours", "password": .string(TestSite.password), "return_to": "/settings/security"]
        let started = try await site.send(
            "POST", "/users/me/identities", ["Cookie": browser.cookie, "X-Foyer-CSRF": browser.csrf], body: body.bytes)
        try #require(started.status == 200, "\(started.json.text)")
        return try await finish(try journey(try started.text("location"), started), cookies: [browser.cookie])
    }

    /// Runs what goes on by itself, and what a minute later does.
    func work(_ time: TestClock) async {
        await site.composition.runner.runDue()
        time.advance(seconds: 61)
        await site.composition.runner.runDue()
    }

    func audited(_ action: String, _ result: String = "success") async throws -> Int {
        try await site.database.read {
            try $0.row("SELECT COUNT(*) FROM audit_log WHERE action = \(action) AND result = \(result)")?.int(0) ?? 0
        }
    }
}

/// A clock that a test moves.
final class TestClock: Sendable {
    private let offset = Mutex<Int64>(0)

    var clock: WallClock { WallClock { [self] in WallClock.system.now().adding(milliseconds: offset.withLock { $0 }) } }
    func advance(seconds: Int64) { offset.withLock { $0 += seconds * 1000 } }
}
