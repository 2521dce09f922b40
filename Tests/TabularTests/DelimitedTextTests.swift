import Kernel
import Tabular
import Testing

/// Tables as people and their spreadsheets save them.
@Suite struct DelimitedTextTests {
    private static func read(_ bytes: [UInt8]) throws -> (table: DelimitedText, rows: [DelimitedText.Row]) {
        var (table, rows) = (try DelimitedText(bytes), [DelimitedText.Row]())
        while let row = try table.next() { rows.append(row) }
        return (table, rows)
    }

    private static func read(_ text: String) throws -> (table: DelimitedText, rows: [DelimitedText.Row]) { try read(Array(text.utf8)) }

    private static func utf16(_ text: String, isLittleEndian: Bool) -> [UInt8] {
        ("\u{FEFF}" + text).utf16.flatMap { unit -> [UInt8] in
            let bytes = [UInt8(unit >> 8), UInt8(unit & 0xFF)]
            return isLittleEndian ? bytes.reversed() : bytes
        }
    }

    /// What each file says, beside a name: the same two columns and one row.
    private static let files: [(name: String, bytes: [UInt8])] = [
        ("commas", Array("nom,ville\nZoé,Orléans\n".utf8)),
        ("semicolons", Array("nom;ville\r\nZoé;Orléans\r\n".utf8)),
        ("tabs", Array("nom\tville\nZoé\tOrléans".utf8)),
        ("bars", Array("nom|ville\nZoé|Orléans\n".utf8)),
        ("a byte order mark", Array("\u{FEFF}nom;ville\r\nZoé;Orléans\r\n".utf8)),
        ("a line that names the separator", Array("sep=;\r\nnom;ville\r\nZoé;Orléans\r\n".utf8)),
        ("Windows-1252", Array("nom;ville\r\nZo".utf8) + [0xE9, 0x3B] + Array("Orl".utf8) + [0xE9] + Array("ans\r\n".utf8)),
        ("UTF-16, little-endian", utf16("nom\tville\r\nZoé\tOrléans\r\n", isLittleEndian: true)),
        ("UTF-16, big-endian", utf16("nom;ville\nZoé;Orléans\n", isLittleEndian: false)),
        ("lines that end with CR", Array("nom;ville\rZoé;Orléans\r".utf8)),
        ("quotes around everything", Array("\"nom\";\"ville\"\r\n\"Zoé\";\"Orléans\"\r\n".utf8)),
        ("spaces around cells", Array(" nom ; ville \r\n Zoé ; Orléans \r\n".utf8)),
        ("empty rows", Array("nom;ville\r\n\r\n;\r\nZoé;Orléans\r\n\r\n".utf8)),
        ("empty columns at the end", Array("nom;ville;;\r\nZoé;Orléans;;\r\n".utf8)),
        ("a space after the closing quote", Array("nom;ville\n\"Zoé\" ;Orléans".utf8)),
    ]

    @Test(arguments: files.indices) func manyFormsAreOneTable(_ index: Int) throws {
        let (name, bytes) = Self.files[index]
        let (table, rows) = try Self.read(bytes)
        #expect(table.columns == ["nom", "ville"], "\(name)")
        #expect(rows.map(\.cells) == [["Zoé", "Orléans"]], "\(name)")
        #expect(rows.allSatisfy { $0.faults.isEmpty && !$0.hasSurplus }, "\(name)")
    }

    @Test func encodingsAreTold() throws {
        #expect(try Self.read("a\nb").table.encoding == .utf8)
        #expect(try Self.read([0x61, 0x0A, 0x80, 0x9C]).table.encoding == .windows1252)
        #expect(try Self.read([0x61, 0x0A, 0x80, 0x9C]).rows[0].cells == ["€œ"])
        #expect(try Self.read(Self.utf16("a\n😀", isLittleEndian: true)).rows[0].cells == ["😀"])
    }

    @Test func quotes() throws {
        let text = "a;b\n\"x\n\"\"y\"\"\";Jean \"Jojo\" Dupont\n\"Rue \"du Bac\" 3\";z\n"
        let rows = try Self.read(text).rows
        #expect(rows.map(\.cells) == [["x\n\"y\"", "Jean \"Jojo\" Dupont"], ["Rue \"du Bac\" 3", "z"]])
        #expect(rows.map(\.line) == [2, 4])
        #expect(throws: DelimitedText.Fault.openQuote(line: 3)) { try Self.read("a;b\n1;2\n\"3;4\n5;6\n") }
    }

    @Test func cellsThatCannotBeRead() throws {
        let long = String(repeating: "x", count: 10 << 20)
        let rows = try Self.read("a;b\n\(long);1\nx\u{0}y;2\n3;4;5\n6\n").rows
        #expect(rows[0].faults == [0: .tooLong] && rows[0].cells == ["", "1"])
        #expect(rows[1].faults == [0: .unreadable])
        #expect(rows[2].hasSurplus && rows[2].cells == ["3", "4"])
        #expect(rows[3].cells == ["6", ""])
    }

    @Test func headers() throws {
        #expect(throws: DelimitedText.Fault.empty) { try DelimitedText([]) }
        #expect(throws: DelimitedText.Fault.empty) { try DelimitedText(Array(";;\n1;2;3".utf8)) }
        #expect(try Self.read("a;;a\n1;2;3").table.columns == ["a", "#2", "a (3)"])
        let wide = [String](repeating: "x", count: 101).joined(separator: ";")
        #expect(throws: DelimitedText.Fault.tooManyColumns(line: 1)) { try Self.read(wide) }
    }

    @Test(arguments: [0x00, 0x07, 0x22, 0x61, 0x80, 0xFF] as [UInt8]) func whatIsNoSeparator(_ byte: UInt8) throws {
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let bytes = mark + Array("sep=".utf8) + [byte, 0x0A] + Array("a;b\n1;2\n".utf8)
        do {
            let separator = try DelimitedText(bytes).separator
            #expect(separator == UInt8(ascii: ","))
        } catch DelimitedText.Fault.empty {
            // The line is a header that cannot be read.
        }
    }

    /// Reading any bytes ends, and lines are in order.
    @Test func anyBytes() throws {
        var state: UInt64 = 7
        for _ in 0..<300 {
            var bytes: [UInt8] = []
            for _ in 0..<200 {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                let parts: [UInt8] = [0x22, 0x3B, 0x0A, 0x0D, 0x61, 0x2C, UInt8(truncatingIfNeeded: state >> 40)]
                bytes.append(parts[Int(state >> 33) % parts.count])
            }
            guard let rows = try? Self.read(bytes).rows else { continue }
            #expect(rows.map(\.line) == rows.map(\.line).sorted())
        }
    }
}

/// Lists in JSON, read element by element.
@Suite struct JSONRecordsTests {
    private static func read(_ text: String) throws -> [JSON] {
        var (list, found) = (try JSONRecords(Array(text.utf8)), [JSON]())
        while let (number, value) = try list.next() {
            found.append(value)
            #expect(number == found.count)
        }
        return found
    }

    @Test func lists() throws {
        #expect(try Self.read(#"[{"a": "],{"}, 2 , "x\"y"]"#) == [["a": "],{"], 2, "x\"y"])
        #expect(try Self.read(#" {"next": [1, {}], "items": [1, [2]], "more": 3}"#) == [1, [2]])
        #expect(try Self.read("[]") == [])
        #expect(try Self.read("\u{FEFF}[null]") == [.null])
    }

    @Test(arguments: ["", "{}", "{\"items\"}", "7", "{\"a\": 1}", "{\"items\": 3}"]) func whatIsNoList(_ text: String) {
        #expect(throws: JSONRecords.Fault.notAList) { try Self.read(text) }
    }

    @Test(arguments: ["[1, x]", "[1, 2", "[1 2]", "[1, ]", "[1, \"a]", "[1, {\"a\": 1]"]) func whatBreaksOff(_ text: String) {
        #expect(throws: JSONRecords.Fault.self) { try Self.read(text) }
    }
}
