import Database
import Kernel
import SiteSupport
import TestSupport
import Testing

@testable import Conversations

/// Words are found as people type them, in what one may read at that moment.
@Suite struct SearchTests {
    /// What is written, and what it must be found by.
    static let pairs: [(String, String)] = [
        ("un été", "ete"), ("un ete", "été"), ("des élèves", "élève"), ("un élève", "eleves"), ("un œuf", "oeuf"), ("des oeufs", "œuf"),
        ("des chevaux", "cheval"), ("un cheval", "chevaux"), ("l’été", "été"), ("l'été", "l’été"), ("à l’été", "ete"),
        ("cafe\u{301}", "café"),
        ("café", "cafe\u{301}"), ("İstanbul", "istanbul"), ("les journaux", "journal"), ("les bateaux", "bateau"), ("des jeux", "jeu"),
        ("les séries", "série"), ("une série", "series"), ("two movies", "movie"), ("a movie", "movies"), ("the parties", "party"),
        ("boxes", "box"), ("churches", "church"), ("classes", "class"), ("STRASSE", "straße"), ("上海电影", "上海"), ("東京タワー", "東京"),
        ("qu’elle", "elle"), ("Ｆｕｌｌ", "full"), ("the 7 samurai", "7"), ("d’accord", "accord"), ("Ångström", "angstrom"),
    ]

    @Test func bothSpellingsHaveTheSameTerms() {
        for (text, question) in Self.pairs {
            #expect(SearchTerms.terms(in: question).isSubset(of: SearchTerms.terms(in: text)), "\(question) in \(text)")
        }
        #expect(!SearchTerms.terms(in: "film").isSubset(of: SearchTerms.terms(in: "filmer")))
    }

    @Test(arguments: TestDatabase.all) func bothDatabasesFindTheSame(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let (alice, bob) = (try await TestUser(site), try await TestUser(site))
            let id = try await alice.direct(with: bob)
            for (text, _) in Self.pairs { #expect(try await alice.say(text, in: id).status == 201) }
            for (text, question) in Self.pairs {
                let escaped = question.utf8.map { byte in
                    let digits = String(byte, radix: 16)
                    return "%" + (digits.count == 1 ? "0" : "") + digits
                }.joined()
                let found = try await bob.items("/search/messages?q=\(escaped)&limit=50").compactMap { $0["content"]?.string }
                #expect(found.contains { Array($0.utf8) == Array(text.nfc.utf8) }, "\(question) for \(text): \(found)")
            }
        }
    }

    @Test(arguments: TestDatabase.all) func theIndexFollowsTheMessage(_ kind: TestDatabase) async throws {
        try await TestSite.with(kind) { site in
            let (alice, bob, eve) = (try await TestUser(site), try await TestUser(site), try await TestUser(site))
            let id = try await alice.direct(with: bob)
            let message = try await alice.say("a wonderful comedy", in: id).text("id")
            let hit = try await bob.items("/search/messages?q=comedy").first
            #expect(hit?["id"] == .string(message) && hit?["conversation"]?["id"] == .string(id))
            #expect(try await eve.items("/search/messages?q=comedy").isEmpty)
            #expect(try await eve.send("GET", "/search/messages?q=comedy&conversation=\(id)").status == 404)
            _ = try await alice.send("PATCH", "/messages/\(message)", ["content": "a wonderful drama"])
            #expect(try await bob.items("/search/messages?q=comedy").isEmpty)
            #expect(try await bob.items("/search/messages?q=wonderful+drama").count == 1)
            #expect(try await bob.items("/search/messages?q=wonderful+comedy").isEmpty)
            _ = try await alice.send("DELETE", "/messages/\(message)")
            #expect(try await bob.items("/search/messages?q=drama").isEmpty)
            #expect(try await site.count("message_terms") == 0)
            for query in ["", "?q=", "?q=...", "?q=a+b+c+d+e+f+g+h+i+j+k"] {
                #expect(try await bob.send("GET", "/search/messages\(query)").status == 422, "\(query)")
            }
        }
    }

    /// In few conversations, and in more than are asked one by one.
    @Test(arguments: TestDatabase.all, [1, 40]) func pagesGoOnWithoutAGap(_ kind: TestDatabase, conversations: Int) async throws {
        try await TestSite.with(kind) { site in
            let (alice, bob) = (try await TestUser(site), try await TestUser(site))
            var ids: [String] = []
            for number in 0..<conversations { ids.append(try await alice.begin(with: bob, named: "g\(number)").text("id")) }
            for number in 0..<45 {
                let text = number.isMultiple(of: 3) ? "popcorn number \(number)" : "popcorn"
                _ = try await alice.say(text, in: ids[number % ids.count])
            }
            for (question, count) in [("popcorn", 45), ("popcorn+number", 15), ("number+popcorn", 15)] {
                var (found, next): ([String], String?) = ([], nil)
                repeat {
                    let path = "/search/messages?q=\(question)&limit=7" + (next.map { "&cursor=\($0)" } ?? "")
                    let answer = try await bob.send("GET", path).json
                    found += (answer["items"]?.array ?? []).compactMap { $0["id"]?.string }
                    next = answer["next"]?.string
                } while next != nil
                #expect(found.count == count && Set(found).count == count)
                #expect(found == found.sorted().reversed())
            }
        }
    }

    @Test func hostileTextsHaveABoundedNumberOfTerms() {
        let many = (0..<2000).map { String($0, radix: 36) }.joined(separator: " ")
        #expect(SearchTerms.terms(in: many).count <= SearchTerms.maximum)
        #expect(SearchTerms.terms(in: String(repeating: "a", count: 4000)).count == 1)
    }
}
