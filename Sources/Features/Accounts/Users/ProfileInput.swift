internal import Directory
internal import Kernel

/// The readers of the fields that people, and those who manage them, can write.
extension Input {
    mutating func username(_ name: String = "username", required: Bool = false) -> String? {
        guard let text = string(name, length: 1...64, required: required) else { return nil }
        let folded = MemberDirectory.fold(text)
        guard MemberDirectory.isUsername(folded) else {
            fail(
                name, "invalid",
                LocalizedText(
                    en: "2 to 32 of these: a–z, 0–9, “_” and “.”.", fr: "De 2 à 32 caractères parmi a–z, 0–9, « _ » et « . »."))
            return nil
        }
        return folded
    }

    mutating func displayName(required: Bool = false) -> String? { name("display_name", length: 1...64, required: required) }

    mutating func language() -> Language? { choice("locale", Language.self) }

    /// `https://…`, or a path on this site.
    mutating func avatarURL() -> String? {
        guard let text = string("avatar_url", length: 1...500) else { return nil }
        let isOurs = text.hasPrefix("/") && !text.hasPrefix("//") && !text.contains("\\")
        guard isOurs || text.hasPrefix("https://") || text.hasPrefix("http://"), !text.contains(where: { $0.isWhitespace || $0 == "\"" })
        else {
            fail("avatar_url", "invalid", LocalizedText(en: "An https:// address is expected.", fr: "Une adresse https:// est attendue."))
            return nil
        }
        return text
    }

    /// Labels, each once, in the order given.
    mutating func tags() -> [String]? {
        guard let tags = strings("tags", count: 0...UserPatch.tagLimit, length: 1...40) else { return nil }
        for (index, tag) in tags.enumerated() {
            if let (code, detail) = NameText.fault(in: tag) { fail("tags", at: index, code, detail) }
        }
        var seen: Set<String> = []
        return tags.filter { seen.insert($0).inserted }
    }
}

/// Everything that is known of a person before they are a row.
struct AccountDraft: Sendable {
    var username: String
    var email: EmailAddress?
    var displayName: String?
    var locale: Language = .english
    var bio: String?
    var avatarURL: String?
    var tags: [String] = []
    var passwordHash: String?
    var emailVerifiedAt: Timestamp?
}
