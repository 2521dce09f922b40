internal import Kernel

/// A CSV file (RFC 4180). The separator is a comma, a semicolon or a tab: the one that is most frequent in the first line.
struct CSVText: Sendable {
    let columns: [String]
    let rows: [[String]]

    enum Fault: Error {
        case empty
        /// A quoted cell has no end.
        case openQuote
        case tooManyColumns
        case tooManyRows
        case cellTooLong
        case notUTF8
    }

    static let mostColumns = 100
    static let longestCell = 20_000

    init(_ bytes: [UInt8], mostRows: Int) throws(Fault) {
        var reader = Reader(bytes: bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes[3...] : bytes[...])
        reader.chooseSeparator()
        guard let head = try reader.row(), head.contains(where: { !$0.isEmpty }) else { throw .empty }
        var rows: [[String]] = []
        while let row = try reader.row() {
            if row.allSatisfy(\.isEmpty) { continue }
            guard rows.count < mostRows else { throw .tooManyRows }
            rows.append(row)
        }
        (columns, self.rows) = (head.map(\.trimmed), rows)
    }

    private struct Reader {
        var bytes: ArraySlice<UInt8>
        var separator = UInt8(ascii: ",")

        init(bytes: ArraySlice<UInt8>) { self.bytes = bytes }

        mutating func chooseSeparator() {
            let line = bytes.prefix { $0 != UInt8(ascii: "\n") }
            let counts = [UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t")].map { mark in (mark, line.count { $0 == mark }) }
            if let most = counts.max(by: { $0.1 < $1.1 }), most.1 > 0 { separator = most.0 }
        }

        /// The next row; nil at the end.
        mutating func row() throws(Fault) -> [String]? {
            guard !bytes.isEmpty else { return nil }
            var cells: [String] = []
            while true {
                let (cell, end) = try cell()
                guard cell.count <= CSVText.longestCell else { throw .cellTooLong }
                guard let text = String(client: cell) else { throw .notUTF8 }
                guard cells.count < CSVText.mostColumns else { throw .tooManyColumns }
                cells.append(text.trimmed)
                if end { return cells }
            }
        }

        /// A cell, and whether it is the last of its row.
        private mutating func cell() throws(Fault) -> ([UInt8], Bool) {
            var cell: [UInt8] = []
            var isQuoted = bytes.first == UInt8(ascii: "\"")
            if isQuoted { bytes.removeFirst() }
            while let byte = bytes.popFirst() {
                if isQuoted {
                    guard byte == UInt8(ascii: "\"") else {
                        cell.append(byte)
                        continue
                    }
                    if bytes.first == UInt8(ascii: "\"") {
                        bytes.removeFirst()
                        cell.append(byte)
                    } else {
                        isQuoted = false
                    }
                } else if byte == separator {
                    return (cell, false)
                } else if byte == UInt8(ascii: "\n") {
                    return (cell, true)
                } else if byte != UInt8(ascii: "\r") {
                    cell.append(byte)
                }
            }
            if isQuoted { throw .openQuote }
            return (cell, true)
        }
    }
}
