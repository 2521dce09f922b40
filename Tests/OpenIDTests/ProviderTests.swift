import Authorization
import Crypto
import Database
import HTTP
import Kernel
import SiteSupport
import TestSupport
import Testing

@testable import OpenID
@testable import Server

/// Who sets providers up, what is refused, and what follows from their claims.
@Suite struct ProviderTests {
    @Test(arguments: TestDatabase.all) func aProviderIsCheckedWhenItIsSaved(_ kind: TestDatabase) async throws {
        try await OpenIDSite.with(kind) { openID in
            let (owner, provider) = (openID.owner, openID.provider)
            let path = "/identity-providers/\(openID.providerID)"
            let shown = try await owner.send("GET", path)
            #expect(shown.json["has_secret"] == true && !shown.json.text.contains("with signs"))
            #expect(shown.json["redirect_uri"] == "https://site.test/api/v1/auth/oidc/ours/callback")
            #expect(try await owner.send("POST", "/identity-providers", OpenIDSite.input(provider)).code == "provider_exists")
            let sealed = try await openID.site.database.read { try $0.row("SELECT secret_cipher FROM identity_providers")?.blob(0) }
            #expect(sealed.map { !Array($0).elementsEqual(HostileProvider.secret.utf8) } == true)
            let spoiled: [(String, @Sendable (inout JSONObject) -> Void)] = [
                ("other_issuer", { $0["issuer"] = .string(($0["issuer"]?.string ?? "") + "/") }),
                ("no_discovery", { $0["token_endpoint"] = nil }), ("no_discovery", { $0["jwks_uri"] = "javascript:1" }),
                ("no_algorithm", { $0["id_token_signing_alg_values_supported"] = ["HS256", "none"] }),
                ("no_code_flow", { $0["response_types_supported"] = ["id_token"] }),
                ("insecure_endpoint", { $0["token_endpoint"] = "http://provider.test/token" }),
            ]
            for (code, change) in spoiled {
                provider.change { $0.discovery = change }
                let refused = try await owner.send("PATCH", path, ["client_id": "another"])
                #expect(refused.status == 422 && refused.json["errors"]?[0]?["code"]?.string == code, "\(code): \(refused.json.text)")
            }
            provider.change { ($0.discovery, $0.isDown) = ({ _ in }, true) }
            #expect(try await owner.send("PATCH", path, ["client_id": "another"]).status == 422)
            // A provider that does not answer can be switched off.
            #expect(try await owner.send("PATCH", path, ["enabled": false, "name": "Off"]).json["enabled"] == false)
            #expect(try await openID.site.send("GET", "/auth/providers").json["items"] == [])
            #expect(try await openID.site.send("GET", "/auth/oidc/ours/start").status == 404)
            provider.change { $0.isDown = false }
            let restored = try await owner.send("PATCH", path, ["client_secret": .null, "enabled": true])
            #expect(restored.json["has_secret"] == false && restored.json["enabled"] == true)
            #expect(try await owner.send("PATCH", path, ["name": "Stale"], ifMatch: "\"1\"").status == 412)
            #expect(try await owner.send("DELETE", path).status == 204)
            for action in ["identity_provider.create", "identity_provider.delete"] {
                #expect(try await openID.audited(action) == 1, "\(action)")
            }
            #expect(try await openID.audited("identity_provider.update") == 2)
        }
    }

    @Test(arguments: TestDatabase.all) func badInputIsRefused(_ kind: TestDatabase) async throws {
        try await OpenIDSite.with(kind) { openID in
            let wrong: [(JSONObject, String)] = [
                (["key": "Über"], "/key"), (["key": "-a"], "/key"), (["issuer": "http://provider.test"], "/issuer"),
                (["issuer": "https://provider.test/?a=b"], "/issuer"), (["issuer": "ftp://provider.test"], "/issuer"),
                (["name": ""], "/name"), (["client_id": ""], "/client_id"), (["scopes": ["open id"]], "/scopes"),
                (["role_rules": [["claim": "groups", "value": "a"]]], "/role_rules/0/role"),
                (["role_rules": [["claim": "groups", "value": "a", "role": "role_nobody"]]], "/role_rules/0/role"),
                (["role_rules": [["claim": "groups", "value": "a", "role": "role_owner"]]], "/role_rules/0/role"),
                (["more": true], "/more"),
            ]
            for (members, pointer) in wrong {
                var all: JSONObject = ["key": "another"]
                for (name, value) in members { all[name] = value }
                // The issuer is asked before roles are looked at: one that answers, and is not taken.
                let answer = try await openID.owner.send("POST", "/identity-providers", OpenIDSite.input(openID.provider, all))
                #expect(answer.status == 422 && answer.json["errors"]?[0]?["pointer"]?.string == pointer, "\(answer.json.text)")
            }
        }
    }

    @Test(arguments: TestDatabase.all) func privateNetworksAreRefused(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let owner = try await TestUser(site, .owner)
            for host in [
                "http://127.0.0.1:8080", "https://127.0.0.1", "https://10.0.0.1", "https://[::1]", "https://0x7f.1", "https://localhost",
            ] {
                let body: JSON = ["key": "inside", "name": "Inside", "issuer": .string(host), "client_id": "client"]
                let refused = try await owner.send("POST", "/identity-providers", body)
                #expect(refused.json["errors"]?[0]?["code"] == "private_address", "\(host): \(refused.json.text)")
            }
        }
    }

    @Test(arguments: TestDatabase.all) func anAdministratorDoesNotDecideWhomToTrust(_ kind: TestDatabase) async throws {
        try await OpenIDSite.with(kind) { openID in
            let admin = try await TestUser(openID.site, .admin)
            let path = "/identity-providers/\(openID.providerID)"
            for field in ["trusts_email", "trusts_mfa"] {
                #expect(try await admin.send("PATCH", path, .object([field: true])).code == "owner_only")
                #expect(try await openID.owner.send("PATCH", path, .object([field: true])).status == 200)
            }
            #expect(try await admin.send("PATCH", path, ["trusts_email": false]).json["trusts_email"] == false)
            let member = try await TestUser(openID.site)
            #expect(try await member.send("GET", path).status == 403)
        }
    }

    @Test(arguments: TestDatabase.all) func rolesFollowTheClaims(_ kind: TestDatabase) async throws {
        let time = TestClock()
        try await OpenIDSite.with(kind, clock: time.clock) { openID in
            let (site, owner) = (openID.site, openID.owner)
            let editor = try await owner.send("POST", "/roles", ["name": "editor", "priority": 10, "permissions": ["media.read"]]).text(
                "id")
            let nested = try await owner.send("POST", "/roles", ["name": "nested", "priority": 11, "permissions": ["media.read"]]).text(
                "id")
            let rules: JSON = [
                ["claim": "groups", "value": "editors", "role": .string(editor)],
                ["claim": "realm_access.roles", "value": "inner", "role": "role_nested"],
            ]
            let path = "/identity-providers/\(openID.providerID)"
            #expect(try await owner.send("PATCH", path, ["role_rules": rules]).json["role_rules"]?[1]?["role"]?.string == nested)
            let member = try await TestUser(site)
            let held = { () async throws -> [String] in
                try await owner.send("GET", "/users/\(member.alias)/roles").json["roles"]?.array?.compactMap { $0["name"]?.string } ?? []
            }
            openID.provider.change { $0.claims = { ($0["groups"], $0["realm_access"]) = (["editors", "others"], ["roles": ["inner"]]) } }
            #expect(try await openID.link(member).status == 303)
            #expect(Set(try await held()) == ["member", "editor", "nested"])
            openID.provider.change { $0.claims = { $0["groups"] = "editors" } }
            #expect(openID.session(try await openID.signIn()) != nil)
            #expect(Set(try await held()) == ["member", "editor"])
            openID.provider.change { $0.claims = { $0["groups"] = ["editor", "EDITORS"] } }
            #expect(openID.session(try await openID.signIn()) != nil)
            #expect(try await held() == ["member"])
            // By hand it stays, whatever the claims say.
            #expect(try await owner.send("POST", "/users/\(member.alias)/roles", ["role_id": .string(editor)]).status == 200)
            for groups in [["editors"], []] as [JSON] {
                openID.provider.change { $0.claims = { $0["groups"] = groups } }
                #expect(openID.session(try await openID.signIn()) != nil)
                #expect(Set(try await held()) == ["member", "editor"])
            }
            // A provider that goes takes its roles along.
            openID.provider.change { $0.claims = { $0["realm_access"] = ["roles": ["inner"]] } }
            #expect(openID.session(try await openID.signIn()) != nil)
            #expect(try await held().contains("nested"))
            #expect(try await owner.send("DELETE", path).status == 204)
            await openID.work(time)
            #expect(Set(try await held()) == ["member", "editor"])
        }
    }

    @Test(arguments: TestDatabase.all) func nobodyGivesByRuleWhatTheyMayNotGive(_ kind: TestDatabase) async throws {
        try await OpenIDSite.with(kind) { openID in
            let (site, owner) = (openID.site, openID.owner)
            let admin = try await TestUser(site, .admin)
            let path = "/identity-providers/\(openID.providerID)"
            let rule = { (role: String) -> JSON in ["role_rules": [["claim": "groups", "value": "a", "role": .string(role)]]] }
            #expect(try await admin.send("PATCH", path, rule("role_admin")).status == 403)
            #expect(try await admin.send("PATCH", path, rule("role_mod")).status == 200)
            openID.provider.change { $0.claims = { $0["groups"] = "a" } }
            // With the rights of now: the author has lost theirs.
            #expect(try await owner.send("POST", "/users/\(admin.alias)/disable", [:]).status < 300)
            let member = try await TestUser(site)
            #expect(try await openID.link(member).status == 303)
            let roles = try await owner.send("GET", "/users/\(member.alias)/roles").json["roles"]?.array ?? []
            #expect(roles.compactMap { $0["name"]?.string } == ["member"])
            #expect(try await openID.audited("identity.roles_left_out", "fail") == 1)
        }
    }

    @Test(arguments: TestDatabase.all) func aProviderEndsItsSessions(_ kind: TestDatabase) async throws {
        try await OpenIDSite.with(kind) { openID in
            let (site, member) = (openID.site, try await TestUser(openID.site))
            #expect(try await openID.link(member).status == 303)
            let logout = { (token: String) async throws -> TestSite.Answer in
                try await site.send(
                    "POST", "/auth/oidc/backchannel-logout", body: Array("logout_token=\(token)".utf8),
                    type: "application/x-www-form-urlencoded")
            }
            let (one, two) = (openID.session(try await openID.signIn()), openID.session(try await openID.signIn()))
            let spoiled: [(inout JSONObject) -> Void] = [
                { $0["nonce"] = "a nonce" }, { $0["events"] = nil }, { $0["events"] = ["http://another.test": [:]] }, { $0["jti"] = nil },
                { $0["aud"] = [] }, { $0["iat"] = 1 }, { $0["exp"] = 1 }, { $0["iss"] = "https://another.test" },
                { ($0["sub"], $0["sid"]) = (nil, nil) },
            ]
            for (index, change) in spoiled.enumerated() {
                let refused = try await logout(try openID.provider.logoutToken("spoiled-\(index)", change))
                #expect(refused.status == 400 && refused.code == "logout_token_invalid", "\(index)")
            }
            #expect(try await logout("no token").status == 400)
            #expect(try await openID.username(one) == member.person.name)
            let token = try openID.provider.logoutToken("once") { $0["sid"] = "session-1" }
            let done = try await logout(token)
            #expect(done.status == 200 && done.headers["Cache-Control"] == "no-store")
            for cookie in [one, two] { #expect(try await openID.username(cookie) == nil) }
            // The password's session is not the provider's.
            #expect(try await member.send("GET", "/auth/session").status == 200)
            #expect(try await logout(token).status == 400)
            #expect(try await openID.audited("auth.backchannel_logout") == 1)
            // Another session at the provider, and another person, are not meant.
            let three = openID.session(try await openID.signIn())
            #expect(try await logout(try openID.provider.logoutToken("other") { $0["sid"] = "session-2" }).status == 200)
            #expect(try await logout(try openID.provider.logoutToken("person") { $0["sub"] = "person-2" }).status == 200)
            #expect(try await openID.username(three) == member.person.name)
            #expect(try await logout(try openID.provider.logoutToken("all")).status == 200)
            #expect(try await openID.username(three) == nil)
        }
    }
}
