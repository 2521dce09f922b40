internal import Database
internal import Directory
internal import Kernel
internal import Web

/// `GET /settings`, `PATCH /settings` and `POST /auth/rules`
extension AccountsFeature {
    func readSettings(_ call: Call) async throws -> Reply {
        try await database.read { [self] in try settingsReply(in: $0) }
    }

    /// A merge patch: `site_name` (null: none), `registration_mode` (null: as the program was started), `rules` (both languages at once; null: none).
    func editSettings(_ call: Call) async throws -> Reply {
        let patch = try SettingsPatch(try call.body())
        let (scope, now) = (call.scope, clock.now())
        return try await call.mutate(database) { [self] transaction in
            let version = try settings.lock(in: transaction)
            guard try can(scope.userID, .settingsManage, in: transaction) else {
                throw Problem.forbidden(.settingsManage)
            }
            try call.checkIfMatch(version: version)
            let before = try settingsJSON(in: transaction)
            if let mode = patch.mode { try settings.set(Self.modeSetting, mode?.rawValue ?? "", in: transaction) }
            if let name = patch.siteName { try settings.set(Self.nameSetting, name ?? "", in: transaction) }
            if let rules = patch.rules { try SiteRules.add(rules, by: scope.userID, at: now, in: transaction) }
            let after = try settingsJSON(in: transaction)
            let changed = after.names.filter { before[$0] != after[$0] && $0 != "version" }
            let difference = { (side: JSONObject) in changed.reduce(into: JSONObject()) { $0[$1] = side[$1] } }
            try record(
                "settings.update", target: ("settings", "site"),
                payload: ["before": .object(difference(before)), "after": .object(difference(after))], scope: scope,
                in: transaction)
            return try settingsReply(in: transaction)
        }
    }

    /// Accepts the version of the rules in force.
    func acceptRules(_ call: Call) async throws -> Reply {
        let (user, now) = (try call.scope.requireWithoutAPIKey(), clock.now())
        var input = try Input(try call.body())
        let given = input.integer("version", 1...Int64.max, required: true)
        try input.finish()
        let version = try input.required(given)
        try await database.write { transaction in
            guard let rules = try SiteRules.current(in: transaction), rules.version == version else {
                throw Problem.conflict("rules_changed", Self.rulesChangedText)
            }
            try SiteRules.accept(version, by: user, at: now, in: transaction)
        }
        return .noContent
    }

    private static let nameSetting = "site_name"

    /// What the site is called; nil where nobody has named it.
    func siteName(in transaction: Transaction) throws -> String? {
        let name = try settings.value(Self.nameSetting, in: transaction)
        return name == "" ? nil : name
    }

    private func settingsReply(in transaction: Transaction) throws -> Reply {
        let version = try settings.version(in: transaction)
        return Reply.json(200, .object(try settingsJSON(in: transaction))).tagged(version: version)
    }

    private func settingsJSON(in transaction: Transaction) throws -> JSONObject {
        [
            "site_name": JSON(try siteName(in: transaction)),
            "registration_mode": .string(try registrationMode(in: transaction).rawValue),
            "default_registration_mode": .string(policy.registration.rawValue),
            "rules": try SiteRules.current(in: transaction)?.json ?? .null, "sends_mail": .bool(sendsMail),
            "public_url": JSON(policy.publicURL), "leave_grace_days": .integer(policy.leaveGrace / 86_400),
            "version": .integer(try settings.version(in: transaction)),
        ]
    }
}

/// What `PATCH /settings` may change.
private struct SettingsPatch: Sendable {
    /// `.some(nil)`: as the program was started.
    var mode: AccountPolicy.Registration??
    /// `.some(nil)`: without a name.
    var siteName: String??
    /// `.some(nil)`: no rules any more.
    var rules: (english: String, french: String)??

    private static let length = 1...20_000

    init(_ body: JSON) throws(Problem) {
        var input = try Input(body)
        if input.has("registration_mode") {
            mode = input.raw("registration_mode") == .null ? .some(nil) : input.choice("registration_mode", AccountPolicy.Registration.self)
        }
        if input.has("site_name") {
            siteName = input.raw("site_name") == .null ? .some(nil) : input.string("site_name", length: 1...64).map { .some($0) }
        }
        let rules = input.has("rules") ? input.raw("rules") : nil
        try input.finish()
        switch rules {
        case nil: break
        case .null: self.rules = .some(nil)
        case let texts:
            var input = try Input(texts, at: "/rules")
            let english = input.string("en", length: Self.length, required: true)
            let french = input.string("fr", length: Self.length, required: true)
            try input.finish()
            self.rules = .some((try input.required(english), try input.required(french)))
        }
    }
}
