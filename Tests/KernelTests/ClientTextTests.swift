import Kernel
import Testing

/// What a peer sends becomes text that costs no more to compare than it is long.
@Suite struct ClientTextTests {
    private static let acute = "\u{301}"

    @Test(arguments: ["\u{301}", "\u{316}", "\u{344}", "\u{F73}", "\u{1D165}"])
    func aRunOfMarksHasAnEnd(_ mark: String) {
        let most = String(repeating: mark, count: StreamSafeText.maximumMarks)
        #expect(String(client: Array(("e" + most + "e" + most).utf8)) != nil)
        #expect(String(client: Array(("e" + most + mark).utf8)) == nil)
        #expect(String(client: Array((most + mark).utf8)) == nil)
    }

    @Test func whatIsNotUTF8IsNoTextAndEndsARun() {
        #expect(String(client: [0x61, 0xFF]) == nil && String(client: [0xCC]) == nil && String(client: [0xE0, 0x80]) == nil)
        let marks = Array(String(repeating: Self.acute, count: 20).utf8)
        #expect(StreamSafeText.holds(marks + [0xFF] + marks))
        #expect(!StreamSafeText.holds(marks + marks))
    }

    @Test(arguments: ["", "Lève-toi", "नमस्ते", "Tiếng Việt", "עִבְרִית", "👩‍👩‍👧‍👦🇫🇷", "각각", "ก็ดี"])
    func whatPeopleWriteIsTaken(_ text: String) {
        #expect(String(client: Array(text.utf8)).map { $0.hasSameBytes(as: text) } == true)
    }

    @Test(arguments: ["{\"e#\":1}", "{\"a\":\"e#\"}", "[[\"#\"]]"])
    func textWithALongRunIsRefused(_ form: String) throws {
        func text(_ count: Int) -> [UInt8] {
            let parts = form.split(separator: "#", omittingEmptySubsequences: false)
            return Array(parts.joined(separator: String(repeating: "\\u0301", count: count)).utf8)
        }
        #expect(throws: Never.self) { try JSONParser.parse(text(StreamSafeText.maximumMarks)) }
        let fault = #expect(throws: JSONParser.Fault.self) { try JSONParser.parse(text(StreamSafeText.maximumMarks + 1)) }
        #expect(fault?.reason == "more than 30 combining marks in a row")
        // What was stored before is still read.
        #expect(throws: Never.self) { try JSONParser.parse(own: text(StreamSafeText.maximumMarks + 1)) }
    }

    @Test func namesAndNumbersHaveAGreatestLength() throws {
        func object(_ length: Int) -> [UInt8] { Array("{\"\(String(repeating: "n", count: length))\":1}".utf8) }
        #expect(throws: Never.self) { try JSONParser.parse(object(JSONParser.maximumName)) }
        #expect(throws: JSONParser.Fault.self) { try JSONParser.parse(object(JSONParser.maximumName + 1)) }
        #expect(throws: JSONParser.Fault.self) { try JSONParser.parse(Array("1".utf8) + [UInt8](repeating: 0x30, count: 1000)) }
    }

    @Test func namesAreToldApartByTheirBytes() throws {
        let value = try JSONParser.parse(Array("{\"\u{E9}\":1,\"e\u{301}\":2}".utf8))
        #expect(value["\u{E9}"] == 1 && value["e\u{301}"] == 2)
        #expect(JSON.string("\u{E9}") != JSON.string("e\u{301}"))
        for count in [2, 20] {
            let names = (0..<count).map { "\"n\($0)\":1" }.joined(separator: ",")
            #expect(throws: Never.self) { try JSONParser.parse(Array("{\(names)}".utf8)) }
            #expect(throws: JSONParser.Fault.self) { try JSONParser.parse(Array("{\(names),\"n0\":1}".utf8)) }
        }
    }

    @Test func objectsOfAnotherOrderAreTheSame() {
        #expect(["a": 1, "b": ["c": 2]] as JSON == ["b": ["c": 2], "a": 1] as JSON)
        #expect(["a": 1, "b": 1] as JSON != ["a": 1, "c": 1] as JSON)
    }

    /// The counted steps of twice as many members are no more than twice as many.
    @Test func readingAnObjectIsLinear() throws {
        func steps(_ count: Int) throws -> Int {
            let text = Array("{\((0..<count).map { "\"f\($0)é\":1" }.joined(separator: ","))}".utf8)
            return try Steps.count {
                var input = try Input(try JSONParser.parse(text))
                for name in ["a", "b", "c"] { _ = input.string(name) }
                _ = #expect(throws: Problem.self) { try input.finish() }
            }
        }
        let (once, twice) = (try steps(2000), try steps(4000))
        #expect(once > 2000 && twice <= 2 * once + once / 4)
    }

    @Test func onlyTheFirstLanguagesOfAHeaderAreRead() {
        #expect(Language(acceptLanguage: String(repeating: "de,", count: 19) + "fr") == .french)
        #expect(Language(acceptLanguage: String(repeating: "de,", count: 20) + "fr") == .english)
        #expect(Language(acceptLanguage: "FR-ca") == .french)
        #expect(Language(acceptLanguage: "fro") == .english)
    }
}
