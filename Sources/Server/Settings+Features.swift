internal import Accounts
internal import Glibc
internal import Kernel
internal import Mail
internal import Outbound
internal import Presence
internal import Realtime
internal import Runtime
internal import Web

/// The settings as each part of the site takes them.
extension Settings {
    var accountPolicy: AccountPolicy {
        var policy = AccountPolicy()
        policy.registration = AccountPolicy.Registration(rawValue: self["registration"]) ?? .closed
        policy.publicURL = publicURL
        policy.isSecure = isSecure
        policy.leaveGrace = Int64(integer("leave-grace")) * 86_400
        return policy
    }

    /// How mail is sent; nil where it is not.
    ///
    /// - Throws: one sentence when what is set cannot be used.
    func mailOptions() throws(Settings.Fault) -> MailFeature.Options? {
        guard let url = text("smtp-url") else { return nil }
        guard let publicURL else { throw Settings.Fault("--smtp-url needs --public-url: mails hold links to the site.") }
        guard let from = text("mail-from").flatMap(MailAddress.init(field:)) else {
            throw Settings.Fault("--smtp-url needs --mail-from, such as Foyer <foyer@foyer.example>.")
        }
        do {
            let server = try MailServer(url: url, isEncrypted: self["smtp-tls"] == "required", authority: text("smtp-ca"))
            return MailFeature.Options(server: server, from: from, site: publicURL)
        } catch {
            throw Settings.Fault("--smtp-url cannot be used: \(error.description).")
        }
    }

    var gatewayOptions: Gateway.Options {
        var options = Gateway.Options()
        options.heartbeat = Int64(integer("heartbeat")) * 1000
        if let publicURL { options.origins = [publicURL] }
        if !bool("rate-limit") { options.openings = nil }
        return options
    }

    var presenceOptions: PresenceOptions {
        var options = PresenceOptions()
        options.grace = Int64(integer("presence-grace")) * 1000
        options.lease = Int64(integer("heartbeat")) * 2000 + 5000
        options.idleAfter = Int64(integer("idle-after")) * 1000
        return options
    }

    var applicationOptions: Application.Options {
        var options = Application.Options()
        options.isSecure = isSecure
        options.trustedProxies = Set(list("trusted-proxies"))
        options.limits.isOn = bool("rate-limit")
        options.limits.perUser = RateLimit.Rule(rate: Double(integer("rate-limit-user")), burst: Double(integer("rate-limit-user")) * 3)
        options.limits.perKey = RateLimit.Rule(rate: Double(integer("rate-limit-key")), burst: Double(integer("rate-limit-key")) * 3)
        options.limits.perAddress = RateLimit.Rule(
            rate: Double(integer("rate-limit-address")), burst: Double(integer("rate-limit-address")) * 5)
        return options
    }

    /// What stands between commas, without the spaces around it.
    func list(_ name: String) -> [String] {
        self[name].split(separator: ",").map { String($0).trimmed }.filter { !$0.isEmpty }
    }

    /// Without a trailing slash.
    var publicURL: String? { text("public-url").map { $0.hasSuffix("/") ? String($0.dropLast()) : $0 } }

    private var isSecure: Bool { publicURL?.hasPrefix("https://") ?? (text("tls-cert") != nil) }

    /// Where the built web app is: as set, beside the program's build folder, or below the current folder.
    var webFolder: String? {
        if let folder = text("web") { return folder }
        var candidates = ["web/dist"]
        if let program = Self.programFolder {
            candidates += ["\(program)/web", "\(program)/../../../web/dist", "\(program)/../share/foyer/web"]
        }
        return candidates.first { access("\($0)/index.html", R_OK) == 0 }
    }

    private static var programFolder: String? {
        var buffer = [CChar](repeating: 0, count: 4096)
        let count = readlink("/proc/self/exe", &buffer, buffer.count - 1)
        guard count > 0 else { return nil }
        let path = String(decoding: buffer.prefix(count).map(UInt8.init(bitPattern:)), as: UTF8.self)
        return path.lastIndex(of: "/").map { String(path[..<$0]) }
    }
}
