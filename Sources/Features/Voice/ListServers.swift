internal import Crypto
internal import HTTP
internal import Kernel
internal import Web

/// `GET /voice/ice`
extension VoiceFeature {
    /// Seconds that a credential of coturn holds; a relay that was opened in time stays open.
    static let credentialSeconds: Int64 = 600

    func listServers(_ call: Call) async throws -> Reply {
        let (user, now) = (try call.scope.requireUser(), clock.now())
        let relays = options.servers.filter { $0.hasPrefix("turn") }
        let others = options.servers.filter { !$0.hasPrefix("turn") }
        var servers: [JSON] = []
        var end: Timestamp?
        if !others.isEmpty { servers.append(["urls": .array(others.map(JSON.string))]) }
        if !relays.isEmpty, let secret = options.secret {
            let expiry = now.adding(seconds: Self.credentialSeconds)
            let name = "\(expiry.milliseconds / 1000):\(user.uuid)"
            let code = try HMACSHA1.code(of: Array(name.utf8), key: Array(secret.utf8))
            servers.append([
                "urls": .array(relays.map(JSON.string)), "username": .string(name), "credential": .string(Base64.encode(code)),
            ])
            end = expiry
        }
        return .json(200, ["ice_servers": .array(servers), "expires_at": JSON(end)])
    }
}
