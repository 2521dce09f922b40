package import Kernel

/// The types of the catalogue's ids.
package enum CatalogueTitle {}
package enum CataloguePerson {}
package enum CatalogueEpisode {}

package typealias MediaID = ID<CatalogueTitle>
package typealias PersonID = ID<CataloguePerson>
package typealias EpisodeID = ID<CatalogueEpisode>

/// The kinds of titles.
package enum TitleKind: String, CaseIterable, Sendable {
    case film
    case series
}

extension Permission {
    package static let mediaRead = Permission(known: "media.read")
    package static let mediaWrite = Permission(known: "media.write")
    package static let mediaManage = Permission(known: "media.manage")
}

/// Texts in the forms that addresses and searches use.
enum TitleText {
    /// The form in which the search compares titles: folded, words of letters and digits, one space between them.
    static func fold(_ text: String) -> String {
        var folded = String.UnicodeScalarView()
        var isApart = false
        func append(_ scalar: Unicode.Scalar) {
            if isApart, !folded.isEmpty { folded.append(" ") }
            isApart = false
            folded.append(scalar)
        }
        for scalar in text.searchFold.unicodeScalars {
            switch scalar {
            case "a"..."z", "0"..."9": append(scalar)
            case "½":
                isApart = true
                append("1")
                isApart = true
                append("2")
            default:
                if scalar.value >= 0x80, scalar.properties.isAlphabetic || scalar.properties.numericType != nil {
                    append(scalar)
                } else {
                    isApart = true
                }
            }
        }
        return String(folded)
    }

    /// The readable part of an address: at most 80 letters, digits and hyphens; empty for a title without Latin letters or digits.
    static func slug(_ text: String) -> String {
        var slug: [UInt8] = []
        for byte in fold(text).utf8 where slug.count < 80 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): slug.append(byte)
            case UInt8(ascii: " ") where !slug.isEmpty && slug.last != UInt8(ascii: "-"): slug.append(UInt8(ascii: "-"))
            default: break
            }
        }
        while slug.last == UInt8(ascii: "-") { slug.removeLast() }
        return String(own: slug)
    }
}

/// The languages in which a text is looked up, in order: `fr-CA`, `fr`, then the languages of the site.
struct ReadingLanguages: Sendable {
    let chain: [String]
    /// The language of names that the site translates itself, such as genres.
    let site: Language

    /// - Parameter wanted: a language tag; nil for the request's language.
    init(_ wanted: String?, _ language: Language) {
        let wanted = wanted ?? language.rawValue
        let base = String(wanted.prefix { $0 != "-" }).lowercased()
        site = Language(rawValue: base) ?? language
        var chain: [String] = []
        for tag in [wanted, base, site.rawValue, Language.english.rawValue, Language.french.rawValue] where !chain.contains(tag) {
            chain.append(tag)
        }
        self.chain = chain
    }

    /// Whether a text has the form of a language tag: `fr`, `pt-BR`.
    static func isTag(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard (2...3).contains(bytes.prefix { $0 != UInt8(ascii: "-") }.count), bytes.count <= 10 else { return false }
        return bytes.allSatisfy {
            switch $0 {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "-"):
                true
            default: false
            }
        }
    }
}
