internal import Kernel

/// A table in text (RFC 4180, and what spreadsheets make of it), read row by row after its header.
///
/// The separator is a comma, a semicolon, a tab or a bar: the one that is most frequent in the header, or the one that a first line `sep=;` names. A
/// quote inside a cell that does not begin with one is a character; so is one inside a quoted cell that is followed by more text. Lines end with CR, LF or
/// both. Empty rows are passed over.
public struct DelimitedText: Sendable {
    /// Why a file is no table.
    public enum Fault: Error, Sendable, Hashable {
        /// There is no header.
        case empty
        /// A quoted cell that begins on this line has no end.
        case openQuote(line: Int)
        case tooManyColumns(line: Int)
    }

    /// One row of cells, as many as there are columns.
    public struct Row: Sendable {
        /// The line of the file where the row begins, from 1 on.
        public let line: Int
        public let cells: [String]
        /// What is wrong with single cells, by the place of their column.
        public let faults: [Int: CellFault]
        /// Whether there were more cells than columns.
        public let hasSurplus: Bool
    }

    public enum CellFault: Sendable, Hashable {
        /// More bytes than `longestCell`; the cell is empty.
        case tooLong
        /// A NUL or another control character, or marks without end; the cell is empty.
        case unreadable
    }

    /// Whether a text has no control character but tabs and line ends.
    public static func isReadable(_ text: String) -> Bool {
        !text.utf8.contains { $0 < 0x20 && $0 != 0x09 && $0 != 0x0A && $0 != 0x0D }
    }

    public static let mostColumns = 100
    /// In bytes of UTF-8.
    public static let longestCell = 20_000
    /// In characters; the rest of a column's name is cut off.
    public static let longestName = 100

    /// The header: each name once, none empty.
    public let columns: [String]
    public let encoding: TextEncoding
    /// A character of ASCII.
    public let separator: UInt8
    private var reader: CellReader

    public init(_ bytes: [UInt8]) throws(Fault) {
        let (text, encoding) = TextEncoding.decode(bytes)
        var reader = CellReader(text)
        reader.chooseSeparator()
        guard let head = try reader.row(), head.cells.contains(where: { !$0.isEmpty }) else { throw .empty }
        (self.encoding, separator, self.reader) = (encoding, reader.separator, reader)
        columns = Self.names(head.cells)
    }

    /// The next row that is not empty; nil at the end.
    public mutating func next() throws(Fault) -> Row? {
        while let raw = try reader.row() {
            if raw.faults.isEmpty, raw.cells.allSatisfy(\.isEmpty) { continue }
            let surplus = raw.cells.dropFirst(columns.count)
            let padding = [String](repeating: "", count: max(0, columns.count - raw.cells.count))
            return Row(
                line: raw.line, cells: raw.cells.prefix(columns.count) + padding, faults: raw.faults.filter { $0.key < columns.count },
                hasSurplus: surplus.contains { !$0.isEmpty })
        }
        return nil
    }

    /// The separator of a table that begins with these bytes, and how many of them a line `sep=;` takes.
    static func separator(of bytes: ArraySlice<UInt8>) -> (separator: UInt8, length: Int) {
        var reader = CellReader(Array(bytes))
        reader.chooseSeparator()
        return (reader.separator, reader.index)
    }

    /// The cells of one row that stands alone, in UTF-8 or Windows-1252, and what is wrong with single ones.
    public static func cells(of row: [UInt8], separator: UInt8) throws(Fault) -> (cells: [String], faults: [Int: CellFault]) {
        var reader = CellReader(TextEncoding.decode(row).text, separator: separator)
        guard let row = try reader.row() else { return ([], [:]) }
        return (row.cells, row.faults)
    }

    /// Names what has no name, and tells columns of one name apart.
    public static func names(_ cells: [String]) -> [String] {
        var cells = cells
        while cells.last?.isEmpty == true { cells.removeLast() }
        var seen: Set<ByteKey> = []
        return cells.enumerated().map { index, cell in
            var name = cell.isEmpty ? "#\(index + 1)" : cell.cut(to: longestName)
            if !seen.insert(ByteKey(name)).inserted {
                name = "\(name) (\(index + 1))"
                seen.insert(ByteKey(name))
            }
            return name
        }
    }
}

/// Takes cells off a text in UTF-8.
private struct CellReader: Sendable {
    private let bytes: [UInt8]
    private(set) var index = 0
    private var line = 1
    private(set) var separator: UInt8

    init(_ bytes: [UInt8], separator: UInt8 = UInt8(ascii: ",")) { (self.bytes, self.separator) = (bytes, separator) }

    mutating func chooseSeparator() {
        if bytes.starts(with: Array("sep=".utf8)), bytes.count > 5, bytes[5] == 0x0A || bytes[5] == 0x0D, Self.mayNameSeparator(bytes[4]) {
            separator = bytes[4]
            index = 5
            endLine()
            return
        }
        var (counts, isQuoted) = ([UInt8: Int](), false)
        for byte in bytes {
            if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
            if isQuoted { continue }
            if byte == 0x0A || byte == 0x0D { break }
            if [0x2C, 0x3B, 0x09, 0x7C].contains(byte) { counts[byte, default: 0] += 1 }
        }
        if let most = counts.max(by: { ($0.value, $1.key) < ($1.value, $0.key) }) { separator = most.key }
    }

    /// A tab or a printable character of ASCII that is neither a letter, a digit, a space nor a quote.
    private static func mayNameSeparator(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x09, 0x21, 0x23...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E: true
        default: false
        }
    }

    /// The next row; nil at the end.
    mutating func row() throws(DelimitedText.Fault) -> (line: Int, cells: [String], faults: [Int: DelimitedText.CellFault])? {
        guard index < bytes.count else { return nil }
        let first = line
        var (cells, faults) = ([String](), [Int: DelimitedText.CellFault]())
        while true {
            let (cell, isTooLong, isLast) = try cell()
            guard cells.count < DelimitedText.mostColumns else { throw .tooManyColumns(line: first) }
            if isTooLong {
                faults[cells.count] = .tooLong
                cells.append("")
            } else if let text = String(client: cell), DelimitedText.isReadable(text) {
                cells.append(text.trimmed)
            } else {
                faults[cells.count] = .unreadable
                cells.append("")
            }
            if isLast { return (first, cells, faults) }
        }
    }

    /// A cell, and whether it is the last of its row.
    private mutating func cell() throws(DelimitedText.Fault) -> (bytes: [UInt8], isTooLong: Bool, isLast: Bool) {
        var (cell, isTooLong) = ([UInt8](), false)
        let began = line
        var isQuoted = index < bytes.count && bytes[index] == UInt8(ascii: "\"")
        if isQuoted { index += 1 }
        while index < bytes.count {
            let byte = bytes[index]
            var isPart = true
            if isQuoted {
                if byte == UInt8(ascii: "\"") {
                    let next = index + 1 < bytes.count ? bytes[index + 1] : nil
                    if next == UInt8(ascii: "\"") {
                        index += 1
                    } else if endsCell(at: index + 1) {
                        isQuoted = false
                        isPart = false
                    }
                } else if byte == 0x0A || (byte == 0x0D && (index + 1 >= bytes.count || bytes[index + 1] != 0x0A)) {
                    line += 1
                }
            } else if byte == separator {
                index += 1
                return (cell, isTooLong, false)
            } else if byte == 0x0A || byte == 0x0D {
                endLine()
                return (cell, isTooLong, true)
            }
            index += 1
            guard isPart else { continue }
            if cell.count < DelimitedText.longestCell { cell.append(byte) } else { isTooLong = true }
        }
        if isQuoted { throw .openQuote(line: began) }
        return (cell, isTooLong, true)
    }

    /// Whether the closing quote before this place closes: only spaces stand between it and the end of the cell.
    private func endsCell(at place: Int) -> Bool {
        var place = place
        while place < bytes.count, bytes[place] == 0x20 { place += 1 }
        return place >= bytes.count || bytes[place] == separator || bytes[place] == 0x0A || bytes[place] == 0x0D
    }

    private mutating func endLine() {
        if bytes[index] == 0x0D, index + 1 < bytes.count, bytes[index + 1] == 0x0A { index += 1 }
        index += 1
        line += 1
    }
}
