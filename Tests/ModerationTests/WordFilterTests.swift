import Kernel
import Testing

@testable import Sanctions

/// The filter of words against evasions, and against innocent texts.
@Suite struct WordFilterTests {
    private static let matcher = WordMatcher([
        "fuck*", "shit", "ass", "cunt", "con", "connard", "salope", "pute", "viol", "penis", "scam*", "cul", "laide", "rapist",
        "kill yourself",
        "хуй", "死ね", "dildo", "slut", "bite", "420",
    ])

    private func found(_ text: String) -> [String] { Self.matcher.matches(in: FoldedText(text)).map(\.word) }

    static let evasions: [(String, String)] = [
        // Case and accents.
        ("FuCk", "fuck*"), ("fück", "fuck*"), ("f̷u̶c̵k̴", "fuck*"), ("SÂLÔPE", "salope"), ("ｆｕｃｋ", "fuck*"), ("𝕗𝕦𝕔𝕜", "fuck*"),
        ("ⓕⓤⓒⓚ", "fuck*"),
        ("🅵🆄🅲🅺", "fuck*"), ("🇫🇺🇨🇰", "fuck*"),
        // Invisible characters.
        ("fu\u{200B}ck", "fuck*"), ("f\u{00AD}uck", "fuck*"), ("f\u{2060}u\u{FEFF}c\u{200D}k", "fuck*"), ("f\u{3164}uck", "fuck*"),
        ("f\u{E0061}uck", "fuck*"), ("p\u{034F}ute", "pute"),
        // Lookalikes.
        ("fuсk", "fuck*"), ("ѕhіt", "shit"), ("сunt", "cunt"), ("ρute", "pute"), ("реnis", "penis"), ("ѕсаm", "scam*"), ("sh1t", "shit"),
        ("$hit", "shit"),
        ("a$$", "ass"), ("@ss", "ass"), ("c0n", "con"), ("s4l0pe", "salope"), ("5hit", "shit"), ("sh!t", "shit"), ("d1ld0", "dildo"),
        ("s1ut", "slut"),
        ("сосk fuсk", "fuck*"), ("xyй", "хуй"),
        // Repeats.
        ("fuuuuuck", "fuck*"), ("shiiiit", "shit"), ("assss", "ass"), ("fuuck", "fuck*"), ("ccccunt", "cunt"),
        // Something between the letters.
        ("f u c k", "fuck*"), ("f.u.c.k", "fuck*"), ("f-u-c-k", "fuck*"), ("f_u_c_k", "fuck*"), ("fu_ck", "fuck*"), ("f*u*c*k", "fuck*"),
        ("fu.ck", "fuck*"),
        ("s h i t", "shit"), ("i f u c k you", "fuck*"), ("s.h.i.t!", "shit"), ("c-u-n-t", "cunt"), ("f  u  c  k", "fuck*"),
        ("p·u·t·e", "pute"), ("pu-te", "pute"),
        // Parts, phrases, other scripts.
        ("fucker", "fuck*"), ("scammers", "scam*"), ("kill   yourself", "kill yourself"), ("Kill yourself!", "kill yourself"),
        ("お前死ねよ", "死ね"), ("хуй", "хуй"),
        ("what a shit!", "shit"), ("“ass”", "ass"), ("(con)", "con"), ("\u{202E}kcuf", "fuck*"), ("420", "420"), ("**shit**", "shit"),
        ("con.", "con"),
    ]

    @Test(arguments: evasions) func findsEvasions(_ text: String, _ word: String) {
        #expect(found(text).contains(word), "\(text) should be found")
    }

    static let innocents = [
        "Scunthorpe", "Penistone", "glasses", "classic assassin", "assess the assets", "Essex and Sussex", "cockpit", "Massachusetts",
        "shiitake", "Hitchcock",
        "concombre", "contre, content, console", "une reconnaissance", "le calcul du cumul", "l’aide de l'aide", "violon, violet, violette",
        "députée", "réputé",
        "disputer", "assiette", "Assas", "la bitte d’amarrage", "une bitume", "biter", "cui-cui", "MP3", "A55", "Galaxy A55", "5 as", "3D",
        "4 a s", "h264",
        "4200", "14 20", "pen is", "the pen.It works", "the pen. Is it?", "as sure as", "a, b, c", "therapist", "the rapids", "Lassie",
        "compass", "grass",
        "sake", "il y a un con­cert".replacing("\u{00AD}", with: ""), "con­cert", "scan", "puttering", "reputation",
        "C’est l’été à la plage", "Y a-t-il un pilote ?",
        "e.g. this", "J. R. R. Tolkien", "USA, U.S.A.", "1 000 000 €", "5$", "a b c d e f g h i j k", "сон", "рот", "Это просто текст",
        "これは普通の文章です",
        "kill the lights yourself", "https://en.wikipedia.org/wiki/Scunthorpe", "foo_bar_baz", "10-4", "12.5 %", "I am, he is", "coon",
        "aas", "as", "s", "",
        "Dr. Cull", "cull", "Sulpice", "salopette", "puttin’ on the Ritz", "shift", "ship it", "bit e", "conn", "v1ol1n",
    ]

    @Test(arguments: innocents) func leavesInnocentTexts(_ text: String) {
        #expect(found(text).isEmpty, "\(text) was taken for \(found(text))")
    }

    @Test func namesTheWordAsItStands() {
        let text = FoldedText("Oh, ce n’est que du sh\u{200B}1t, non ?")
        let match = Self.matcher.matches(in: text).first
        #expect(match?.word == "shit")
        #expect(match.map { text.quote($0.range) } == "sh\u{200B}1t")
    }

    @Test func refusesWordsThatWouldHitEverything() {
        #expect(!WordMatcher.isUsable("*") && !WordMatcher.isUsable("a") && !WordMatcher.isUsable("…") && !WordMatcher.isUsable(""))
        #expect(WordMatcher.isUsable("死") && WordMatcher.isUsable("ab*") && WordMatcher.isUsable("42"))
    }

    static let links: [(String, Bool)] = [
        ("see http://evil.com/x", true), ("evil.com", true), ("EVIL.com", true), ("www.evil.com", true), ("a.b.evil.com", true),
        ("hxxp://evil.com", true),
        ("evil[.]com", true), ("evil (dot) com", true), ("evil dot com", true), ("еvil.com", true), ("evil。com", true),
        ("ev\u{200B}il.com", true),
        ("http://good.com@evil.com/", true), ("[text](https://evil.com)", true), ("<https://evil.com>", true),
        ("https://good.com//evil.com", true),
        ("notevil.com", false), ("evil.com.good.org", false), ("evil", false), ("https://good.com/evil.company", false),
        ("devil.com", false),
    ]

    @Test(arguments: links) func findsDeniedDomains(_ text: String, _ isFound: Bool) {
        let found = LinkFinder.links(in: text).contains { LinkFinder.matches($0.host, ["evil.com"]) }
        #expect(found == isFound, "\(text): \(LinkFinder.links(in: text).map(\.host))")
    }

    static let plain: [(String, Bool)] = [
        ("https://a.example/x", true), ("example.com", true), ("www.x.y", true), ("t.me/abc", true), ("discord.gg/abc", true),
        ("end.Next sentence", false), ("file.txt", false),
        ("Node.js", false), ("3.14", false), ("e.g. this", false), ("J.-C.", false), ("so. me", false), ("", false), ("...", false),
        ("a..com", false),
    ]

    @Test(arguments: plain) func tellsLinksFromText(_ text: String, _ isLink: Bool) {
        #expect(LinkFinder.links(in: text).contains(where: \.isCertain) == isLink, "\(text)")
    }

    @Test func costGrowsWithTheTextAlone() {
        let matcher = WordMatcher((0..<2000).map { "word\($0)x" })
        let text = String(repeating: "word12", count: 300) + " word1987x"
        #expect(matcher.matches(in: FoldedText(text)).map(\.word) == ["word1987x"])
    }
}
