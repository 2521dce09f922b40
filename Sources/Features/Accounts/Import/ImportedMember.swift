internal import Kernel

/// Something wrong with a row of a file.
struct RowFault: Sendable {
    /// Nil for the row as a whole.
    let field: MemberField?
    let code: String
    let detail: LocalizedText

    init(_ field: MemberField?, _ code: String, _ detail: LocalizedText) { (self.field, self.code, self.detail) = (field, code, detail) }

    init(stored json: JSON) {
        field = json["field"]?.string.flatMap(MemberField.init)
        code = json["code"]?.string ?? ""
        detail = LocalizedText(en: json["en"]?.string ?? "", fr: json["fr"]?.string ?? "")
    }

    var stored: JSON {
        ["field": JSON(field?.rawValue), "code": .string(code), "en": .string(detail(.english)), "fr": .string(detail(.french))]
    }
}

/// A member as a row describes them, with what is wrong in the row itself; whether names are free is looked up later.
struct ImportedMember: Sendable {
    /// Nil where the row names none: then one is made from the name.
    private(set) var username: String?
    private(set) var displayName: String?
    private(set) var email: EmailAddress?
    /// In the words of the file.
    private(set) var roles: [String] = []
    private(set) var tags: [String] = []
    private(set) var locale: Language?
    private(set) var bio: String?
    private(set) var passwordHash: String?
    private(set) var faults: [RowFault] = []

    init(_ row: ImportRow, _ mapping: [MemberField: String]) {
        func texts(_ field: MemberField) -> [String] { (mapping[field].flatMap { row[$0] } ?? []).filter { !$0.isEmpty } }
        func text(_ field: MemberField) -> String? {
            texts(field).first.map { CSV.plain($0).trimmed.nfc }.flatMap { $0.isEmpty ? nil : $0 }
        }
        faults = row.faults.map { fault in
            RowFault(mapping.first { $0.value.hasSameBytes(as: fault.column) }?.key, fault.code, fault.detail)
        }
        readNames(text)
        readAddress(text(.email))
        roles = Self.list(texts(.roles), commas: false)
        readTags(Self.list(texts(.tags), commas: true))
        if let code = text(.locale) { readLanguage(code) }
        if let text = text(.bio) {
            if text.unicodeScalars.count > 2000 {
                fail(.bio, "length", LocalizedText(en: "At most 2,000 characters.", fr: "2 000 caractères au plus."))
            }
            bio = text
        }
        if let hash = text(.passwordHash) {
            if !PasswordHashText.isKnown(hash) {
                fail(
                    .passwordHash, "unknown_hash",
                    LocalizedText(
                        en: "This is not a password hash that this site can verify.",
                        fr: "Ce n’est pas un hachage de mot de passe que ce site sait vérifier."))
            }
            passwordHash = hash
        }
    }

    private mutating func fail(_ field: MemberField, _ code: String, _ detail: LocalizedText) {
        // One fault a field is enough to find it.
        if !faults.contains(where: { $0.field == field }) { faults.append(RowFault(field, code, detail)) }
    }

    private mutating func readNames(_ text: (MemberField) -> String?) {
        if let given = text(.username) {
            let folded = given.lowercased()
            if MemberName.isUsername(folded) {
                username = folded
            } else {
                fail(
                    .username, "invalid",
                    LocalizedText(
                        en: "2 to 32 of these: a–z, 0–9, “_” and “.”.", fr: "De 2 à 32 caractères parmi a–z, 0–9, « _ » et « . »."))
            }
        }
        let parts = [text(.firstName), text(.lastName)].compactMap { $0 }
        let whole = text(.displayName) ?? (parts.isEmpty ? nil : parts.joined(separator: " "))
        guard let whole else { return }
        let field: MemberField = text(.displayName) != nil ? .displayName : text(.firstName) != nil ? .firstName : .lastName
        if whole.unicodeScalars.count > 64 {
            fail(field, "length", LocalizedText(en: "At most 64 characters.", fr: "64 caractères au plus."))
        } else if let (code, detail) = NameText.fault(in: whole) {
            fail(field, code, detail)
        }
        displayName = whole
    }

    private mutating func readAddress(_ text: String?) {
        guard let text else {
            fail(.email, "required", LocalizedText(en: "There is no e-mail address.", fr: "L’adresse e-mail manque."))
            return
        }
        email = EmailAddress(text)
        if email == nil {
            fail(.email, "invalid", LocalizedText(en: "This is not an e-mail address.", fr: "Ce n’est pas une adresse e-mail."))
        }
    }

    private mutating func readTags(_ given: [String]) {
        var seen: Set<ByteKey> = []
        tags = given.filter { seen.insert(ByteKey($0)).inserted }
        if tags.count > UserPatch.tagLimit {
            fail(.tags, "count", LocalizedText(en: "At most \(UserPatch.tagLimit) tags.", fr: "\(UserPatch.tagLimit) étiquettes au plus."))
        }
        for tag in tags where tag.unicodeScalars.count > 40 || NameText.fault(in: tag) != nil {
            fail(
                .tags, "invalid",
                LocalizedText(en: "“\(tag.cut(to: 40))” is not a valid tag.", fr: "« \(tag.cut(to: 40)) » n’est pas une étiquette valide."))
        }
    }

    private mutating func readLanguage(_ text: String) {
        let folded = text.searchFold
        if folded.hasPrefix("fr") {
            locale = .french
        } else if folded.hasPrefix("en") || folded.hasPrefix("an") {
            locale = .english
        } else {
            fail(.locale, "invalid", LocalizedText(en: "The site knows fr and en.", fr: "Le site connaît fr et en."))
        }
    }

    /// - Parameter commas: whether a comma separates, too: the name of a role may contain one.
    private static func list(_ texts: [String], commas: Bool) -> [String] {
        texts.flatMap { text -> [String] in
            let parts = text.utf8.split { $0 == 0x3B || $0 == 0x7C || $0 == 0x0A || $0 == 0x0D || (commas && $0 == 0x2C) }
            return parts.map { CSV.plain(String(Substring($0)).trimmed).nfc }.filter { !$0.isEmpty }
        }
    }

    /// A username that the row's names suggest; never empty.
    var suggestedName: String {
        let source = displayName ?? email.map { String(Substring($0.text.utf8.prefix { $0 != UInt8(ascii: "@") })) } ?? ""
        return MemberName.suggestion(from: source)
    }
}
