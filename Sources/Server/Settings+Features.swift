internal import Accounts
internal import Files
internal import Friends
internal import Glibc
internal import Kernel
internal import Mail
internal import Media
internal import Outbound
internal import Passkeys
internal import Presence
internal import Realtime
internal import Runtime
internal import Voice
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
        if !bool("rate-limit") { (options.openings, options.sessionsEach, options.watchedEach) = (nil, nil, nil) }
        return options
    }

    var presenceOptions: PresenceOptions {
        var options = PresenceOptions()
        options.grace = Int64(integer("presence-grace")) * 1000
        options.lease = Int64(integer("heartbeat")) * 2000 + 5000
        options.idleAfter = Int64(integer("idle-after")) * 1000
        if !bool("rate-limit") { options.choices = nil }
        return options
    }

    var friendLimits: FriendLimits {
        var limits = FriendLimits()
        limits.friends = integer("friends")
        let isLimited = bool("rate-limit")
        limits.pending = isLimited ? integer("friend-requests-pending") : nil
        limits.daily = isLimited ? integer("friend-requests-daily") : nil
        return limits
    }

    /// How calls ring, and the servers that help two devices to find each other.
    var voiceOptions: VoiceOptions {
        var options = VoiceOptions()
        options.ringing = Int64(integer("ring-seconds")) * 1000
        (options.servers, options.secret) = (list("turn-urls"), text("turn-secret"))
        if !bool("rate-limit") { options.calls = nil }
        return options
    }

    /// For which address people make passkeys.
    ///
    /// - Throws: one sentence when what is set cannot be used.
    var passkeyOptions: PasskeyOptions {
        get throws(Settings.Fault) {
            do {
                return try PasskeyOptions(publicURL: publicURL, id: text("passkey-rp-id")) { NetworkAddress($0) != nil }
            } catch {
                throw Settings.Fault(error.sentence)
            }
        }
    }

    /// Where files are stored, and how many bytes members may upload.
    func fileOptions(in folder: DataFolder) -> FileOptions {
        var options = FileOptions(folder: text("files-dir") ?? folder.file("files"))
        (options.fileBytes, options.quotaBytes) = (Int64(integer("file-bytes")), Int64(integer("file-quota")))
        return options
    }

    /// The addresses of TMDB, and where its pictures are stored: with the files, whose folder several nodes share.
    func sourceOptions(in folder: DataFolder) -> SourceOptions {
        SourceOptions(
            api: self["tmdb-url"], images: self["tmdb-images-url"], folder: text("files-dir") ?? folder.path,
            imageBytes: Int64(integer("tmdb-images-bytes")))
    }

    /// - Throws: one sentence when what is set cannot be understood.
    func applicationOptions() throws(Settings.Fault) -> Application.Options {
        var options = Application.Options()
        options.isSecure = isSecure
        options.trustedProxies = try networks("trusted-proxies")
        options.limits.isOn = bool("rate-limit")
        options.limits.perUser = budget("user", burstSeconds: 3)
        options.limits.perKey = budget("key", burstSeconds: 3, purpose: "api_key")
        options.limits.perAddress = budget("address", burstSeconds: 5)
        return options
    }

    /// The limit of requests a second that a setting names, with as many at once as come in some seconds.
    private func budget(_ name: String, burstSeconds: Int, purpose: String? = nil) -> RateLimiter.Budget {
        let rate = integer("rate-limit-\(name)")
        return .steady(purpose ?? name, burst: rate * burstSeconds, perSecond: Double(rate))
    }

    /// The private networks that requests for webhooks may be sent to.
    var outboundAllow: [NetworkBlock] {
        get throws(Settings.Fault) { try networks("outbound-allow") }
    }

    /// The sites whose pages may report visits, as browsers send them in `Origin`.
    var snippetOrigins: Set<String> {
        get throws(Settings.Fault) {
            var origins = Set([publicURL].compactMap(\.self))
            for text in list("snippet-origins") {
                let host = text.hasPrefix("https://") ? text.dropFirst(8) : text.hasPrefix("http://") ? text.dropFirst(7) : ""
                let isOrigin =
                    !host.isEmpty
                    && host.utf8.allSatisfy { byte in
                        (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte) || ".-:[]".utf8.contains(byte)
                    }
                guard isOrigin else {
                    throw Settings.Fault(
                        "--snippet-origins must be addresses of sites with commas between, such as https://www.example.com, not “\(text)”.")
                }
                origins.insert(text)
            }
            return origins
        }
    }

    private func networks(_ name: String) throws(Settings.Fault) -> [NetworkBlock] {
        var networks: [NetworkBlock] = []
        for text in list(name) {
            guard let network = NetworkBlock(text) else {
                throw Settings.Fault(
                    "--\(name) must be addresses or networks with commas between, such as 127.0.0.1,10.0.0.0/8, not “\(text)”.")
            }
            networks.append(network)
        }
        return networks
    }

    /// What stands between commas, without the spaces around it.
    func list(_ name: String) -> [String] {
        self[name].split(separator: ",").map { String($0).trimmed }.filter { !$0.isEmpty }
    }

    /// As browsers send it.
    var publicURL: String? { address("public-url") }

    private var isSecure: Bool { publicURL?.hasPrefix("https://") ?? (text("tls-cert") != nil) }

    /// Where the built web app is: as set, beside the program's build folder, or below the current folder.
    var webFolder: String? {
        if let folder = text("web") { return Self.holdsWebApp(folder) ? folder : nil }
        var candidates = ["web/dist"]
        if let program = Self.programFolder {
            candidates += ["\(program)/web", "\(program)/../../../web/dist", "\(program)/../share/foyer/web"]
        }
        return candidates.first(where: Self.holdsWebApp)
    }

    /// The first page of the built web app.
    var webPage: String? { webFolder.flatMap { readFile("\($0)/index.html") }.flatMap { String(ownUTF8: $0) } }

    /// The catalogue that ships with the program: beside it, in the source folder of a build, or in the current folder.
    var starterCatalogue: String? {
        var candidates = ["catalogue/starter.json"]
        if let program = Self.programFolder {
            candidates += ["catalogue", "../../../catalogue", "../share/foyer/catalogue"].map { "\(program)/\($0)/starter.json" }
        }
        return candidates.first { access($0, R_OK) == 0 }
    }

    private static func holdsWebApp(_ folder: String) -> Bool { access("\(folder)/index.html", R_OK) == 0 }

    private static var programFolder: String? {
        var buffer = [CChar](repeating: 0, count: 4096)
        let count = readlink("/proc/self/exe", &buffer, buffer.count - 1)
        guard count > 0 else { return nil }
        let path = String(own: buffer.prefix(count).map(UInt8.init(bitPattern:)))
        return path.lastIndex(of: "/").map { String(path[..<$0]) }
    }
}
