internal import Directory
internal import Kernel

/// A merge patch of a person (RFC 7396): only what is named changes, null clears.
struct UserPatch: Sendable {
    /// A field that was named: with a value, or with null.
    enum Change<Value: Sendable>: Sendable {
        case set(Value)
        case clear

        var value: Value? { if case .set(let value) = self { value } else { nil } }
    }

    var username: String?
    /// Cleared, it is the username again.
    var displayName: Change<String>?
    var email: Change<EmailAddress>?
    var avatarURL: Change<String>?
    var bio: Change<String>?
    /// Of the banner, in degrees.
    var bannerHue: Change<Int64>?
    var locale: Language?
    var tags: [String]?
    var password: String?
    /// The full set, as ids or `role_<name>`.
    var roles: [String]?
    /// The members of `POST /users/{id}/status`, as they stand.
    var presence = JSONObject()

    static let presenceFields = ["status", "status_message", "status_emoji", "status_expires_at", "activity_name", "activity"]

    init(_ body: JSON, language: Language) throws(Problem) {
        var input = try Input(body)
        username = Self.present("username", &input) { $0.username(required: true) }
        displayName = Self.clearable("display_name", &input) { $0.displayName() }
        email = Self.clearable("email", &input) { $0.email("email") }
        avatarURL = Self.clearable("avatar_url", &input) { $0.avatarURL() }
        bio = Self.clearable("bio", &input) { $0.string("bio", length: 0...2000) }
        bannerHue = Self.clearable("banner_hue", &input) { $0.integer("banner_hue", Self.hues) }
        locale = Self.present("locale", &input) { $0.choice("locale", Language.self, required: true) }
        if Self.isNull("tags", &input) { tags = [] } else { tags = input.tags() }
        password = Self.present("password", &input) { Password.read(&$0) }
        roles = Self.isNull("roles", &input) ? [] : input.strings("roles", count: 0...100)
        for field in Self.presenceFields where input.has(field) { presence[field] = input.raw(field) }
        try input.finish()
    }

    static let tagLimit = 50
    /// Degrees of the colour wheel.
    static let hues: ClosedRange<Int64> = 0...359

    /// A patch of the tags alone.
    init(tags: [String]) { self.tags = tags }

    var isEmpty: Bool { !touchesProfile && password == nil && roles == nil && presence.isEmpty }

    /// Whether it names anything of the profile or the account, beside roles, presence and the password.
    var touchesProfile: Bool {
        username != nil || displayName != nil || email != nil || avatarURL != nil || bio != nil || bannerHue != nil || locale != nil
            || tags != nil
    }

    /// Whether it sets a text or picture that others see: a mute forbids it.
    var speaksToOthers: Bool { username != nil || displayName?.value != nil || avatarURL?.value != nil || bio?.value != nil }

    /// What others read of it, with the pointers.
    var texts: [(pointer: String, text: String?)] {
        [("/username", username), ("/display_name", displayName?.value), ("/bio", bio?.value)]
    }

    private static func present<Value>(_ name: String, _ input: inout Input, _ read: (inout Input) -> Value?) -> Value? {
        input.has(name) ? read(&input) : nil
    }

    private static func isNull(_ name: String, _ input: inout Input) -> Bool { input.has(name) && input.raw(name) == .null }

    private static func clearable<Value>(_ name: String, _ input: inout Input, _ read: (inout Input) -> Value?) -> Change<Value>? {
        guard input.has(name) else { return nil }
        return isNull(name, &input) ? .clear : read(&input).map { .set($0) }
    }
}

extension UserPatch {
    /// Writes what the row keeps and gives the difference for the audit log; e-mail addresses and passwords are named, never shown.
    func apply(to member: inout Member) -> (before: JSONObject, after: JSONObject) {
        var before = JSONObject()
        var after = JSONObject()
        func note(_ name: String, _ old: JSON, _ new: JSON) {
            guard old != new else { return }
            before.append(name, old)
            after.append(name, new)
        }
        if let username {
            note("username", .string(member.username), .string(username))
            member.username = username
        }
        if let displayName {
            let name = displayName.value ?? member.username
            note("display_name", .string(member.displayName), .string(name))
            member.displayName = name
        }
        if let avatarURL {
            note("avatar_url", JSON(member.avatarURL), JSON(avatarURL.value))
            member.avatarURL = avatarURL.value
        }
        if let bio {
            note("bio", JSON(member.bio), JSON(bio.value))
            member.bio = bio.value
        }
        if let bannerHue {
            note("banner_hue", JSON(member.bannerHue), JSON(bannerHue.value))
            member.bannerHue = bannerHue.value
        }
        if let locale {
            note("locale", .string(member.locale.rawValue), .string(locale.rawValue))
            member.locale = locale
        }
        if let tags {
            note("tags", .array(member.tags.map { .string($0) }), .array(tags.map { .string($0) }))
            member.tags = tags
        }
        return (before, after)
    }
}
