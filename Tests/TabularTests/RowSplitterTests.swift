import Kernel
import Seeded
import Tabular
import Testing

/// Rows of files that arrive piece by piece.
@Suite struct RowSplitterTests {
    private static func rows(_ pieces: [[UInt8]]) throws -> (form: RowSplitter.Form, rows: [[UInt8]]) {
        var (splitter, rows) = (RowSplitter(beginning: pieces.first ?? []), [[UInt8]]())
        for piece in pieces.dropFirst() {
            while let row = try splitter.next(isAtEnd: false) { rows.append(row) }
            splitter.add(piece)
        }
        while let row = try splitter.next(isAtEnd: true) { rows.append(row) }
        return (splitter.form, rows)
    }

    /// The same rows as the reader of whole files finds, wherever the pieces end.
    @Test(arguments: 0..<60 as Range<UInt64>) func piecesOfATableReadAsTheWhole(seed: UInt64) throws {
        var random = SeededRandom(seed)
        let parts = ["\"", "\"\"", ";", "\n", "\r\n", "a", "é", " ", ",", "x\"y", "\";", ";\""]
        for _ in 0..<40 {
            var text = "h;i\n"
            for _ in 0..<Int.random(in: 0..<40, using: &random) { text += parts.randomElement(using: &random) ?? "" }
            var whole: [[String]] = []
            var table = try DelimitedText(Array(text.utf8))
            do {
                while let row = try table.next() { whole.append(row.cells) }
            } catch DelimitedText.Fault.openQuote {
                #expect(throws: RowSplitter.Fault.cut) { try Self.rows([Array(text.utf8)]) }
                continue
            }
            // The first piece contains the header, by which the separator is chosen.
            let pieces = [Array(text.utf8.prefix(4))] + random.split(Array(text.utf8.dropFirst(4))).map { Array($0) }
            let (form, rows) = try Self.rows(pieces)
            guard case .table(let separator) = form else {
                Issue.record("no table: \(text)")
                return
            }
            let cells = try rows.dropFirst().map { try DelimitedText.cells(of: $0, separator: separator).cells }
                .filter { $0.contains { !$0.isEmpty } }
                .map { Array(($0 + ["", ""]).prefix(2)) }
            #expect(cells == whole, "\(text.debugDescription)")
        }
    }

    @Test func aListAndLinesAreSplit() throws {
        func texts(_ text: String, by count: Int) throws -> [String] {
            let bytes = Array(text.utf8)
            let pieces = stride(from: 0, to: bytes.count, by: count).map { Array(bytes[$0..<min($0 + count, bytes.count)]) }
            return try Self.rows(pieces).rows.map { String(own: $0) }
        }
        for count in 1...9 {
            #expect(try texts(#"[{"a": "]}\""}, 2 ,{"b":[1,{}]}]"#, by: count) == [#"{"a": "]}\""}"#, "2 ", #"{"b":[1,{}]}"#])
            #expect(try texts("{\"a\": 1}\n\n{\"b\": 2}", by: count) == ["{\"a\": 1}", "{\"b\": 2}"])
        }
        #expect(throws: RowSplitter.Fault.cut) { try texts(#"[{"a": 1}"#, by: 100) }
        #expect(throws: RowSplitter.Fault.rowTooLong) {
            try texts("{" + String(repeating: "x", count: RowSplitter.longest + 1), by: 1 << 16)
        }
    }

    /// `sep=;` is no row.
    @Test func aLineThatNamesTheSeparatorIsPassedOver() throws {
        let (form, rows) = try Self.rows([Array("sep=|\r\na|b\r\n1|2\r\n".utf8)])
        guard case .table(UInt8(ascii: "|")) = form else {
            Issue.record("another separator")
            return
        }
        #expect(rows.map { String(own: $0) } == ["a|b", "1|2"])
    }
}
