import Kernel
import Testing

@Suite struct PunycodeTests {
    /// RFC 3492 §7.1, without those that need mixed case.
    static let vectors: [(String, String)] = [
        ("ليهمابتكلموشعربي؟", "egbpdaj6bu4bxfgehfvwxn"), ("他们为什么不说中文", "ihqwcrb4cv8a8dqg056pqjye"),
        ("他們爲什麽不說中文", "ihqwctvzc91f659drss3x8bo0yb"), ("למההםפשוטלאמדבריםעברית", "4dbcagdahymbxekheh6e0a7fei0b"),
        ("यहलोगहिन्दीक्योंनहींबोलसकतेहैं", "i1baa7eci9glrd9b2ae1bj0hfcgg6iyaf8o0a1dig0cd"),
        ("なぜみんな日本語を話してくれないのか", "n8jok5ay5dzabd5bym9f0cm5685rrjetr6pdxa"),
        ("세계의모든사람들이한국어를이해한다면얼마나좋을까", "989aomsvi5e83db1d2a355cv1e0vak1dwrv93d5xbh15a0dt30a5jpsd879ccm6fea98c"),
        ("почемужеонинеговорятпорусски", "b1abfaaepdrnnbgefbadotcwatmq2g4l"),
        ("3年b組金八先生", "3b-ww4c5e180e575a65lsy2b"), ("安室奈美恵-with-super-monkeys", "-with-super-monkeys-pc58ag80a8qai00g7n9n"),
        ("hello-another-way-それぞれの場所", "hello-another-way--fc4qua05auwb3674vfr0b"), ("ひとつ屋根の下2", "2-u9tlzr9756bt3uc0v"),
        ("majiでkoiする5秒前", "majikoi5-783gue6qz075azm5e"), ("パフィーdeルンバ", "de-jg4avhby1noc0d"),
        ("そのスピードで", "d9juau41awczczp"), ("-> $1.00 <-", "-> $1.00 <--"), ("bücher", "bcher-kva"),
    ]

    @Test(arguments: vectors) func theVectorsOfTheRFC(_ readable: String, _ encoded: String) throws {
        #expect(Punycode.encode(readable.unicodeScalars) == encoded)
        let decoded = try #require(Punycode.decode(encoded))
        #expect(String(String.UnicodeScalarView(decoded)) == readable)
    }

    @Test func whatNothingIsEncodedAsIsRefused() {
        for text in ["é", "a-!", "zzzzzzzzzzzzzzzzzzzzzzzzzzzz", "-9", String(repeating: "a", count: 257)] {
            #expect(Punycode.decode(text) == nil, "\(text)")
        }
        #expect(Punycode.encode(String(repeating: "é", count: 257).unicodeScalars) == nil)
    }

    @Test(
        arguments: [
            ("Bücher.Example", "xn--bcher-kva.example"), ("xn--BCHER-kva.example", "xn--bcher-kva.example"),
            ("bu\u{308}cher.example", "xn--bcher-kva.example"), ("bücher。example", "xn--bcher-kva.example"),
            ("straße.example", "xn--strae-oqa.example"), ("a.b", "a.b"), ("LOCALHOST", "localhost"),
            ("पाठ.example", "xn--d2bt4d.example"),
        ])
    func aNameHasOneForm(_ given: String, _ form: String) {
        #expect(DomainName(given)?.text == form)
    }

    @Test func whatIsNoNameIsRefused() {
        let long = String(repeating: "a", count: 64)
        for text in [
            "", "a", "a..b", ".a.b", "-a.b", "a-.b", "a b.c", "xn--.b", "xn--abc.b", "xn--bcher-kva-.b", "ｂücher.example", "ﬁn.example",
            "xn--bcher-KVA9.b", "\(long).b", "a_b.c", "münchen\u{200B}.example", String(repeating: "ü", count: 60) + ".b",
        ] {
            #expect(DomainName(text) == nil, "\(text)")
        }
    }
}
