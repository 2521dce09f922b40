import Kernel
import Seeded
import Testing

@Suite struct JSONTests {
    @Test(arguments: [
        #"null"#, #"true"#, #"-12"#, #"9223372036854775807"#, #""é\n\"\\ \u0001""#, #"[]"#, #"{}"#, #"[1,[2,{"a":null}]]"#,
        #"{"b":1,"a":[true,false]}"#, #"1.5"#, #""😀""#,
    ])
    func writesWhatItReads(_ text: String) throws {
        let value = try JSONParser.parse(Array(text.utf8))
        #expect(value.text == text)
    }

    @Test func readsEscapes() throws {
        #expect(try JSONParser.parse(Array(#""\u00e9\ud83d\ude00\/\b\f\r\t""#.utf8)) == .string("é😀/\u{8}\u{c}\r\t"))
        #expect(try JSONParser.parse(Array(" [ 1e3 , -0.5 ] ".utf8)) == .array([.number(1000), .number(-0.5)]))
        #expect(try JSONParser.parse(Array("99999999999999999999".utf8)) == .number(1e20))
    }

    @Test(arguments: [
        "", " ", "{", "[1,]", "{\"a\":1,}", "{a:1}", "01", "1.", "-", "+1", "1e", "tru", "nulll", "\"a", "\"\n\"", "\"\\x\"", "\"\\u12\"",
        "\"\\ud800\"", "\"\\ud800\\u0041\"", "\"\\udc00\"", "[1] 2", "{\"a\":1,\"a\":2}", "1e999", "{\"a\" 1}", "[1 2]", "'a'", "\"\\",
        String(repeating: "[", count: 33) + String(repeating: "]", count: 33),
    ])
    func refusesWhatIsNotJSON(_ text: String) {
        #expect(throws: JSONParser.Fault.self) { try JSONParser.parse(Array(text.utf8)) }
    }

    @Test func refusesBrokenUTF8() {
        for bytes: [UInt8] in [
            [0x22, 0xFF, 0x22], [0x22, 0xC0, 0x80, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22], [0x22, 0x5C, 0x6E, 0xE9, 0x22],
        ] {
            #expect(throws: JSONParser.Fault.self) { try JSONParser.parse(bytes) }
        }
    }

    @Test func anyValueSurvivesARoundTrip() throws {
        var generator = SeededRandom(UInt64.random(in: .min ... .max))
        let seed = generator.state
        for _ in 0..<500 {
            let value = Self.random(&generator, depth: 4)
            #expect(try JSONParser.parse(value.bytes) == value, "seed \(seed)")
        }
    }

    @Test func objectsCompareWithoutOrder() {
        let left: JSONObject = ["a": 1, "b": 2]
        var right: JSONObject = ["b": 2, "a": 3]
        #expect(left != right)
        right["a"] = 1
        #expect(left == right)
        right["a"] = nil
        #expect(right.names == ["b"])
    }

    private static func random(_ generator: inout SeededRandom, depth: Int) -> JSON {
        switch Int.random(in: 0..<(depth > 0 ? 7 : 5), using: &generator) {
        case 0: .null
        case 1: .bool(Bool.random(using: &generator))
        case 2: .integer(Int64.random(in: .min ... .max, using: &generator))
        case 3: .number(Double.random(in: -1e6...1e6, using: &generator) + 0.5e-3)
        case 4:
            .string(String((0..<Int.random(in: 0..<8, using: &generator)).map { _ in "aé\"\\\u{1}\n😀/".randomElement(using: &generator)! }))
        case 5: .array((0..<Int.random(in: 0..<4, using: &generator)).map { _ in random(&generator, depth: depth - 1) })
        default:
            .object(
                (0..<Int.random(in: 0..<4, using: &generator)).reduce(into: JSONObject()) { object, index in
                    object.append("k\(index)", random(&generator, depth: depth - 1))
                })
        }
    }
}
