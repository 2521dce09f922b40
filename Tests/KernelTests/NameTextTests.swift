import Kernel
import Testing

/// How texts are compared in a search, and what may be a name.
@Suite struct NameTextTests {
    @Test(arguments: [
        ("Lelièvre", "lelievre"), ("Lelie\u{300}vre", "lelievre"), ("ZOÉ", "zoe"), ("Straße", "strasse"), ("STRASSE", "strasse"),
        ("İstanbul", "istanbul"), ("Diyarbakır", "diyarbakir"), ("ёлка", "елка"), ("Œuvre", "oeuvre"), ("Ægir", "aegir"),
        ("Øystein", "oystein"), ("Łódź", "lodz"), ("Đorđe", "dorde"), ("Ðór", "dor"), ("Þór", "thor"), ("ﬁn", "fin"), ("Ｆｕｌｌ", "full"),
        ("𝓡oot", "root"), ("Ⓐda", "ada"), ("l’été", "l'ete"), ("a\u{200B}b", "ab"), ("Σίσυφος", "σισυφοσ"),
        ("plain ASCII_1", "plain ascii_1"),
        ("№ 5", "no 5"), ("x²", "x2"), ("ĳ", "ij"), ("東京", "東京"),
    ])
    func aSearchFindsWhatPeopleType(_ text: String, _ folded: String) {
        #expect(text.searchFold.unicodeScalars.elementsEqual(folded.nfd.searchFold.unicodeScalars))
        #expect(text.searchFold.unicodeScalars.elementsEqual(folded.unicodeScalars), "\(text.searchFold)")
        #expect(text.searchFold.searchFold.hasSameBytes(as: text.searchFold))
    }

    @Test(arguments: ["e\u{301}", "é", "한글", "\u{1E9B}\u{323}", "plain"])
    func theNormalFormsAreEachOthers(_ text: String) {
        #expect(text.nfc.hasSameBytes(as: text.nfd.nfc) && text.nfd.hasSameBytes(as: text.nfc.nfd) && text.nfc == text)
    }

    @Test(arguments: ["Léa", "🦉", "👩‍👩‍👧", "\u{2764}\u{FE0F}", "ا\u{200F}ب", "می\u{200C}خواهم", "1", ".", "東京", "क\u{94D}ष"])
    func whatShowsIsAName(_ text: String) { #expect(NameText.fault(in: text) == nil) }

    @Test(arguments: [
        ("Al\nice", "control_character"), ("Al\tice", "control_character"), ("a\u{85}b", "control_character"),
        ("a\u{2028}b", "control_character"),
        ("a\u{202E}b", "direction"), ("\u{2066}a", "direction"), ("\u{2060}", "invisible"), ("\u{AD}", "invisible"),
        ("\u{3164}", "invisible"),
        ("\u{2800}", "invisible"), ("\u{200B}\u{200B}", "invisible"), ("\u{115F}", "invisible"), ("\u{FFA0}", "invisible"),
        ("\u{301}", "invisible"), ("\u{FE0F}", "invisible"), ("\u{E0041}", "invisible"), ("\u{E000}", "invisible"),
        ("\u{180E}", "invisible"),
    ])
    func whatShowsNothingIsNone(_ text: String, _ code: String) { #expect(NameText.fault(in: text)?.code == code) }

    @Test(arguments: [
        "ow\u{200B}ner", "Owner", "оwner", "0wner", "ΟWNER", "ｏｗｎｅｒ", "ówner", "𝐨𝐰𝐧𝐞𝐫", "o w n e r", "ᴏᴡner", "ovvner", "οաner",
    ])
    func whatLooksLikeOwnerHasItsSkeleton(_ text: String) {
        #expect(NameText.skeleton(text) == NameText.skeleton("owner"), "\(NameText.skeleton(text))")
    }

    @Test func pairsAndStrokesLookAlike() {
        #expect(NameText.skeleton("rnernber") == NameText.skeleton("member"))
        #expect(NameText.skeleton("ADMIN") == NameText.skeleton("admln") && NameText.skeleton("adm1n") == NameText.skeleton("аdmin"))
        for other in ["owners", "own", "order", "known"] { #expect(NameText.skeleton(other) != NameText.skeleton("owner")) }
    }

    @Test(arguments: [
        ("star", true), ("⭐", true), (":star:", true), ("https://a.example/i.png", true), ("/i.png", true), ("10:30", true),
        ("javascript:alert(1)", false),
        ("JavaScript:alert(1)", false), ("data:image/svg+xml,x", false), ("http://a.example/i.png", false), ("//a.example/i.png", false),
        ("\\\\a.example", false), ("vbscript:x", false), ("java\nscript:x", false), ("\u{2800}", false),
    ])
    func anIconRunsNothing(_ text: String, _ isTaken: Bool) throws {
        var input = try Input(["icon": .string(text)])
        #expect((input.icon("icon", length: 1...100) != nil) == isTaken && input.faults.isEmpty == isTaken)
    }

    @Test func textsAreStoredInOneForm() throws {
        var input = try Input(["name": "Le\u{301}a ", "tags": ["e\u{301}"], "password": " e\u{301}"])
        #expect(input.string("name")?.hasSameBytes(as: "L\u{E9}a") == true)
        #expect(input.strings("tags")?.first?.hasSameBytes(as: "\u{E9}") == true)
        #expect(input.string("password", trimmed: false)?.hasSameBytes(as: " e\u{301}") == true)
    }
}
