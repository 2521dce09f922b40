import Database
import HTTP
import Kernel
import Seeded
import SiteSupport
import TestSupport
import Testing

@testable import Media
@testable import Server

/// The search over the starter's titles.
@Suite struct SearchTests {
    /// Every name that is shown, looked for in memory; some also as a request.
    @Test(arguments: TestDatabase.all) func everyTitleFindsItselfFirst(_ kind: TestDatabase) async throws {
        try await CatalogueSite.with(kind) { catalogue in
            var asked: [(id: MediaID, name: String)] = []
            var names: [MediaID: Set<String>] = [:]
            for language in ["fr", "en"] {
                for title in try await catalogue.all("&lang=\(language)") {
                    let id = try #require(title["id"]?.string.flatMap { MediaID(uuid: $0) })
                    for name in [title["title"]?.string, title["original_title"]?.string].compactMap(\.self)
                    where names[id, default: []].insert(name).inserted { asked.append((id, name)) }
                }
            }
            try #require(names.count == 964)
            let index = catalogue.site.composition.media.catalogue.index
            let (wanted, known) = (asked, names)
            let missed = try await catalogue.site.database.read(.heavy) { transaction in
                let table = try index.table(in: transaction)
                return wanted.filter { each in
                    let first = table.find(each.name).first.map { table.ids[$0.place] }
                    // Two titles may have one name: the other one is as right.
                    return first != each.id && !(first.flatMap { known[$0] } ?? []).contains(each.name)
                }.map(\.name)
            }
            #expect(missed.isEmpty, "\(missed.count): \(missed.prefix(10))")
            for each in asked.enumerated() where each.offset % 50 == 0 {
                let first = try await catalogue.found(each.element.name).first.flatMap { MediaID(uuid: $0) }
                let isRight = first.flatMap { names[$0] }?.contains(each.element.name) ?? false
                #expect(isRight, "\(each.element.name)")
            }
        }
    }

    @Test func accentsAndLigaturesDoNotMatter() async throws {
        try await CatalogueSite.with(.sqlite) { catalogue in
            for (typed, year) in [
                ("Leon", 1994), ("LÉON", 1994), ("lé\u{301}on", 1994), ("de battre mon coeur", 2005),
                ("De battre mon cœur s’est arrêté", 2005), ("DEUX SOEURS", 2003),
            ] {
                let found = try await catalogue.items("?limit=10&lang=fr&search=\(typed.asQuery)")
                #expect(found.first?["year"]?.integer == Int64(year), "\(typed): \(found.prefix(3).map { $0["title"]?.string ?? "" })")
            }
        }
    }

    @Test func folding() {
        #expect(TitleText.fold("Łódź") == "lodz")
        #expect(TitleText.fold("Cœur, fidèle !") == "coeur fidele")
        #expect(TitleText.fold("2001 : l’Odyssée de l’espace") == "2001 l odyssee de l espace")
        #expect(TitleText.fold("8½") == "8 1 2")
        #expect(TitleText.slug("Léon — le Professionnel") == "leon-le-professionnel")
        #expect(TitleText.slug("Сталкер") == "")
    }

    /// Random one-letter mistakes: a letter too many, missing, another, or two in each other's place.
    @Test func oneWrongLetterIsForgiven() async throws {
        try await CatalogueSite.with(.sqlite) { catalogue in
            var random = SeededRandom(7)
            var (asked, found, first, missed) = (0, 0, 0, [String]())
            for title in try await catalogue.all("&lang=fr").filter({ ($0["title"]?.string?.count ?? 0) > 3 }).enumerated()
            where title.offset % 4 == 0 {
                let (id, name) = (title.element["id"]?.string ?? "", title.element["title"]?.string ?? "")
                let typed = name.mistyped(&random)
                let ids = try await catalogue.found(typed, "fr")
                asked += 1
                if ids.contains(id) { found += 1 } else { missed.append("\(typed) for \(name)") }
                if ids.first == id { first += 1 }
            }
            let (inTen, atOnce) = (Double(found) / Double(asked), Double(first) / Double(asked))
            #expect(asked > 200)
            #expect(inTen >= 0.97, "\(inTen) of \(asked) in ten: \(missed.prefix(10))")
            #expect(atOnce >= 0.9, "\(atOnce) of \(asked) first")
        }
    }

    @Test func wordsInAnotherOrderAndYears() async throws {
        try await CatalogueSite.with(.sqlite) { catalogue in
            #expect(try await catalogue.items("?search=metropolis%201927").first?["year"]?.integer == 1927)
            #expect(try await catalogue.items("?search=blade%20runner%202049").first?["title"]?.string == "Blade Runner 2049")
            #expect(try await catalogue.items("?lang=en&search=bull%20raging").first?["title"]?.string == "Raging Bull")
            let begun = try await catalogue.items("?lang=en&search=ragin").compactMap { $0["title"]?.string }
            #expect(begun.contains("Raging Bull"))
            #expect(try await catalogue.items("?search=qqqqzzzzxxxx").isEmpty)
        }
    }

    @Test func hostileTexts() async throws {
        try await CatalogueSite.with(.sqlite) { catalogue in
            let long = String(repeating: "a", count: 200)
            let marks = "e" + String(repeating: "\u{301}", count: 20)
            for text in [
                "%", "_", "'; DROP TABLE media; --", "\"", "\\", "(((", "*", "🎬", "ＭＡＴＲＩＸ", "…", long, marks, "' OR 1=1", "NULL",
                "\u{202E}abc",
            ] {
                let answer = try await catalogue.page("?search=\(text.asQuery)")
                #expect(answer.status == 200, "\(text)")
            }
            #expect(try await catalogue.page("?search=\((long + "a").asQuery)").status == 422)
            #expect(try await catalogue.page("?search=a%00b").status == 422)
            #expect(try await catalogue.page("?year=19x0").status == 422)
            #expect(try await catalogue.page("?year=1995s").status == 422)
            #expect(try await catalogue.page("?sort=likes").status == 422)
            #expect(try await catalogue.page("?lang=%27fr").status == 422)
            #expect(try await catalogue.page("?cursor=zz").status == 422)
            #expect(try await catalogue.page("?cursor=\(Hex.encode(JSON.array(["nan", "x"]).bytes))").status == 422)
            #expect(try await catalogue.items("?genre=nothing").isEmpty)
            #expect(try await catalogue.items("?search=\("ＭＡＴＲＩＸ".asQuery)").first?["title"]?.string == "The Matrix")
        }
    }
}

extension String {
    /// With one wrong letter in it.
    func mistyped(_ random: inout SeededRandom) -> String {
        var letters = Array(self)
        let places = letters.indices.filter { letters[$0].isLetter }
        guard let place = places.randomElement(using: &random) else { return self }
        let letter = Array("abcdefghijklmnopqrstuvwxyz").randomElement(using: &random) ?? "x"
        switch Int.random(in: 0..<4, using: &random) {
        case 0: letters[place] = letter
        case 1: letters.remove(at: place)
        case 2: letters.insert(letter, at: place)
        default: if place + 1 < letters.count { letters.swapAt(place, place + 1) } else { letters[place] = letter }
        }
        return String(letters)
    }
}
