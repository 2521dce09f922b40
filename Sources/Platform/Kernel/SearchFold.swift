@_spi(_Unicode) internal import Swift

extension String {
    /// In the composed normal form (NFC), as names and texts are stored.
    public var nfc: String { isASCII ? self : String(UnicodeScalarView(_nfc)) }

    /// In the decomposed normal form (NFD).
    public var nfd: String { isASCII ? self : String(UnicodeScalarView(_nfd)) }

    var isASCII: Bool { utf8.allSatisfy { $0 < 0x80 } }

    /// As every search compares it: compatibility forms taken apart (NFKD), without marks and what shows nothing, in lower case, and œ, æ, ß, ø, ł, đ, ð, þ
    /// and ı as the letters that people type for them.
    public var searchFold: String {
        if isASCII { return lowercased() }
        var folded = UnicodeScalarView()
        for scalar in String(String.UnicodeScalarView(nfd.unicodeScalars.flatMap(CompatibilityForms.scalars))).nfd.unicodeScalars {
            guard scalar.properties.canonicalCombiningClass == .notReordered, !Self.isLeftOut(scalar) else { continue }
            for letter in scalar.properties.lowercaseMapping.unicodeScalars {
                if let typed = Self.typed[letter] { folded.append(contentsOf: typed.unicodeScalars) } else { folded.append(letter) }
            }
        }
        return String(folded)
    }

    private static func isLeftOut(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.generalCategory == .nonspacingMark || scalar.properties.isDefaultIgnorableCodePoint
    }

    private static let typed: [Unicode.Scalar: String] = [
        "œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ς": "σ", "’": "'", "‘": "'",
    ]
}

/// The compatibility decompositions (NFKD) of what stands for letters and digits of Latin: the standard library has the canonical ones alone.
enum CompatibilityForms {
    static func scalars(of scalar: Unicode.Scalar) -> [Unicode.Scalar] {
        if scalar.value < 0x80 { return [scalar] }
        if let plain = shifted(scalar.value).flatMap(Unicode.Scalar.init) { return [plain] }
        return table[scalar].map { Array($0.unicodeScalars) } ?? [scalar]
    }

    /// Blocks that are the alphabet once more.
    private static func shifted(_ value: UInt32) -> UInt32? {
        func letter(_ place: UInt32) -> UInt32 { place < 26 ? 0x41 + place : 0x61 + place - 26 }
        return switch value {
        // Full width.
        case 0xFF01...0xFF5E: value - 0xFEE0
        // Mathematical letters and digits.
        case 0x1D400...0x1D6A3: letter((value - 0x1D400) % 52)
        case 0x1D7CE...0x1D7FF: 0x30 + (value - 0x1D7CE) % 10
        // Circled and squared.
        case 0x24B6...0x24CF: 0x41 + value - 0x24B6
        case 0x24D0...0x24E9: 0x61 + value - 0x24D0
        case 0x1F130...0x1F149: 0x41 + value - 0x1F130
        case 0x2460...0x2468: 0x31 + value - 0x2460
        // Raised and lowered digits.
        case 0x2070, 0x2074...0x2079: 0x30 + value - 0x2070
        case 0x2080...0x2089: 0x30 + value - 0x2080
        case 0xA0, 0x2000...0x200A, 0x202F, 0x205F, 0x3000: 0x20
        default: nil
        }
    }

    private static let table: [Unicode.Scalar: String] = {
        var table: [Unicode.Scalar: String] = [:]
        for pair in pairs.split(separator: " ") {
            let scalars = pair.unicodeScalars
            if let from = scalars.first { table[from] = String(String.UnicodeScalarView(scalars.dropFirst())) }
        }
        return table
    }()

    /// Each form and what it stands for.
    private static let pairs = """
        ªa ºo ²2 ³3 ¹1 ĳij Ĳij ŉ'n ſs ǆdž Ǆdž ǅdž Ǉlj ǈlj ǉlj Ǌnj ǋnj ǌnj Ǳdz ǲdz ǳdz ʰh ʲj ʳr ʷw ʸy ˡl ˢs ˣx ᴬA ᴮB ᴰD ᴱE ᴳG ᴴH ᴵI ᴶJ ᴷK ᴸL ᴹM ᴺN ᴼO \
        ᴾP ᴿR ᵀT ᵁU ᵂW ᵃa ᵇb ᵈd ᵉe ᵍg ᵏk ᵐm ᵒo ᵖp ᵗt ᵘu ᵛv ᶜc ᶠf ᶻz ⁱi ⁿn ℂC ℊg ℋH ℌH ℍH ℎh ℐI ℑI ℒL ℓl ℕN №No ℙP ℚQ ℛR ℜR ℝR ™TM ℤZ ℬB ℭC ℯe ℰE ℱF \
        ℳM ℴo ℹi ⅅD ⅆd ⅇe ⅈi ⅉj Ⅰi Ⅱii Ⅲiii Ⅳiv Ⅴv Ⅵvi Ⅶvii Ⅷviii Ⅸix Ⅹx Ⅺxi Ⅻxii Ⅼl Ⅽc Ⅾd Ⅿm ⅰi ⅱii ⅲiii ⅳiv ⅴv ⅵvi ⅶvii ⅷviii ⅸix ⅹx ⅺxi ⅻxii \
        ⅼl ⅽc ⅾd ⅿm ﬀff ﬁfi ﬂfl ﬃffi ﬄffl ﬅst ﬆst …...
        """
}
