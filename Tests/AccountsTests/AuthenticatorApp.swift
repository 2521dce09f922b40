import Crypto
import HTTP
import Kernel
import Testing

/// What the person's telephone does.
struct AuthenticatorApp: Sendable {
    let secret: [UInt8]

    /// - Parameter text: base32, as it is shown.
    init(_ text: String) {
        var (bytes, buffer, bits): ([UInt8], UInt32, UInt32) = ([], 0, 0)
        for letter in text.utf8 {
            let value = letter >= UInt8(ascii: "A") ? letter - UInt8(ascii: "A") : letter - UInt8(ascii: "2") + 26
            (buffer, bits) = (buffer << 5 | UInt32(value), bits + 5)
            guard bits >= 8 else { continue }
            bits -= 8
            bytes.append(UInt8(truncatingIfNeeded: buffer >> bits))
        }
        secret = bytes
    }

    /// - Parameter steps: half minutes ahead of the server's clock.
    func code(_ site: AccountsSite, steps: Int64 = 0) throws -> String {
        try TOTP.code(secret: secret, step: TOTP.step(atMilliseconds: site.clock.wall.now().milliseconds) + steps)
    }

    /// Six digits that are none of the three that would be taken now.
    func wrongCode(_ site: AccountsSite) throws -> String {
        let right = try (-1...1).map { try code(site, steps: $0) }
        return try #require((0...3).map { "00000\($0)" }.first { !right.contains($0) })
    }
}

extension AccountsSite {
    /// Gives somebody a second factor and lets a minute pass, so that the next code is a fresh one.
    func enrol(_ name: String, token: String? = nil) async throws -> (app: AuthenticatorApp, recoveryCodes: [String]) {
        let own: String
        if let token { own = token } else { own = try await self.token(name) }
        let begun = try await send(.post, "/users/me/totp", token: own, ["password": .string(Self.password(of: name))])
        try #require(begun.status == 201, "\(begun.json.text)")
        let app = AuthenticatorApp(begun.text("secret"))
        let confirmed = try await send(.post, "/users/me/totp/confirm", token: own, ["code": .string(try app.code(self))])
        try #require(confirmed.status == 200, "\(confirmed.json.text)")
        clock.advance(seconds: 60)
        return (app, confirmed.strings("recovery_codes"))
    }

    func login(_ name: String, otp: String, from address: String = "192.0.2.1") async throws -> Answer {
        try await send(
            .post, "/auth/login",
            ["username": .string(name), "password": .string(Self.password(of: name)), "otp": .string(otp)], from: address)
    }
}
