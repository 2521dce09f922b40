/// What a name must be: one line that shows something, in the order in which it is written.
public enum NameText {
    /// Why a text is no name; nil for one that is.
    public static func fault(in text: String) -> (code: String, detail: LocalizedText)? {
        if text.unicodeScalars.contains(where: breaksLine) {
            return ("control_character", LocalizedText(en: "A name is one line.", fr: "Un nom tient sur une ligne."))
        }
        if text.unicodeScalars.contains(where: turnsDirection) {
            return (
                "direction",
                LocalizedText(
                    en: "Characters that change the direction of the text are not allowed.",
                    fr: "Les caractères qui changent le sens du texte sont refusés.")
            )
        }
        guard text.unicodeScalars.contains(where: shows) else {
            return ("invisible", LocalizedText(en: "This name shows nothing.", fr: "Ce nom n’affiche rien."))
        }
        return nil
    }

    private static func breaksLine(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }

    /// Embeddings, overrides and isolates; the marks of a direction alone (U+200E, U+200F, U+061C) only place what has none.
    private static func turnsDirection(_ scalar: Unicode.Scalar) -> Bool {
        (0x202A...0x202E).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value)
    }

    private static func shows(_ scalar: Unicode.Scalar) -> Bool {
        let properties = scalar.properties
        // The blank pattern of Braille is a symbol by its category.
        guard !properties.isDefaultIgnorableCodePoint, !properties.isWhitespace, scalar.value != 0x2800 else { return false }
        switch properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .spacingMark, .format, .privateUse, .unassigned, .surrogate: return false
        default: return true
        }
    }

    /// What two names have in common that look alike (after UTS 39, 4): compatibility forms taken apart, marks and what shows nothing left out, and letters of
    /// Cyrillic, Greek and Armenian, digits and pairs as the Latin letters that they look like.
    public static func skeleton(_ text: String) -> String {
        var skeleton = String.UnicodeScalarView()
        for scalar in String(String.UnicodeScalarView(text.unicodeScalars.map { lookalikes[$0] ?? $0 })).searchFold.unicodeScalars {
            guard !scalar.properties.isWhitespace else { continue }
            let latin = lookalikes[scalar] ?? scalar
            skeleton.append(alike[latin] ?? latin)
        }
        return ["rn": "m", "vv": "w"].reduce(String(skeleton)) { text, pair in
            text.utf8.split(separator: Array(pair.key.utf8), omittingEmptySubsequences: false).map { String(Substring($0)) }.joined(
                separator: pair.value)
        }
    }

    /// In lower case: `I`, `l` and `1` are one shape in many typefaces, and `i` is the lower case of one of them.
    private static let alike: [Unicode.Scalar: Unicode.Scalar] = [
        "i": "l", "1": "l", "|": "l", "!": "l", "0": "o", "3": "e", "5": "s", "$": "s", "@": "a",
    ]

    /// Letters of other scripts, capitals first: what looks like a capital need not look like its small letter.
    private static let lookalikes: [Unicode.Scalar: Unicode.Scalar] = {
        let pairs = """
            АA ВB ЕE ЅS ІI ЈJ КK МM НH ОO РP СC ТT УY ХX ԚQ ԜW аa еe ѕs іi јj кk мm оo рp сc тt уy хx ԁd ԛq ԝw һh ґr гr пn ѵv \
            ΑA ΒB ΕE ΖZ ΗH ΙI ΚK ΜM ΝN ΟO ΡP ΤT ΥY ΧX αa γy ιi κk νv οo ρp υu χx ηn τt ωw աw եt հh ոn օo սu ցg ɑa ɡg ɩi ɪi ɴn ʀr ᴀa ᴄc ᴅd ᴇe ᴍm ᴏo \
            ᴛt ᴜu ᴠv ᴡw ᴢz ǀl ∣l ԍg
            """
        var table: [Unicode.Scalar: Unicode.Scalar] = [:]
        for pair in pairs.split(separator: " ") {
            let scalars = Array(pair.unicodeScalars)
            if scalars.count == 2 { table[scalars[0]] = scalars[1] }
        }
        return table
    }()
}

extension Input {
    /// A name: one line that shows something.
    public mutating func name(_ name: String, length: ClosedRange<Int>, required: Bool = false) -> String? {
        guard let text = string(name, length: length, required: required) else { return nil }
        guard !text.isEmpty, let (code, detail) = NameText.fault(in: text) else { return text }
        fail(name, code, detail)
        return nil
    }

    /// A name of a picture, a character, or an address of one: `https://…` or a path on this site; no other scheme, which a browser might run.
    public mutating func icon(_ name: String, length: ClosedRange<Int>) -> String? {
        guard let text = self.name(name, length: length) else { return nil }
        let scheme = text.utf8.firstIndex(of: UInt8(ascii: ":")).map { text.utf8[..<$0] }
        let isAddress = scheme?.first.map { (0x41...0x5A).contains($0 & 0xDF) } ?? false
        guard !text.hasPrefix("//"), !text.utf8.contains(UInt8(ascii: "\\")), !isAddress || text.hasPrefix("https://") else {
            fail(name, "invalid", LocalizedText(en: "An https:// address is expected.", fr: "Une adresse https:// est attendue."))
            return nil
        }
        return text
    }
}
