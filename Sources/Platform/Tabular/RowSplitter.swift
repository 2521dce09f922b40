/// Finds the rows of a file that arrives piece by piece, so that a file of any size is read in little memory.
public struct RowSplitter: Sendable {
    public enum Form: Sendable {
        /// Lines with cells, of which a quoted one may have line breaks.
        case table(separator: UInt8)
        /// A JSON object a line.
        case lines
        /// One JSON list of objects.
        case list
    }

    public enum Fault: Error, Sendable, Hashable {
        /// The file ends in the middle of a row.
        case cut
        /// A row has more bytes than `longest`.
        case rowTooLong
    }

    /// In bytes of one row.
    public static let longest = 1 << 20

    public let form: Form
    private var bytes: [UInt8]
    private var start = 0
    private var hasListEnded = false

    /// Tells the form by the first bytes.
    public init(beginning: [UInt8]) {
        bytes = beginning
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { start = 3 }
        switch bytes[start...].first(where: { !Self.isSpace($0) }) {
        case UInt8(ascii: "{"): form = .lines
        case UInt8(ascii: "["):
            form = .list
            start = (bytes[start...].firstIndex(of: UInt8(ascii: "[")) ?? start) + 1
        default:
            let (separator, length) = DelimitedText.separator(of: bytes[start...])
            form = .table(separator: separator)
            start += length
        }
    }

    public mutating func add(_ more: [UInt8]) {
        bytes.removeFirst(start)
        start = 0
        bytes += more
    }

    /// The next row that is not empty, without its line end; nil when more bytes are needed, or at the end.
    public mutating func next(isAtEnd: Bool) throws(Fault) -> [UInt8]? {
        while true {
            guard let end = end(isAtEnd) else {
                guard bytes.count - start <= Self.longest else { throw .rowTooLong }
                if isAtEnd, start < bytes.count || isListOpen { throw .cut }
                return nil
            }
            guard end - start <= Self.longest else { throw .rowTooLong }
            let row = bytes[start..<end]
            if case .list = form { start = end } else { start = min(end + 1, bytes.count) }
            if row.contains(where: { !Self.isSpace($0) }) { return Array(row) }
        }
    }

    private var isListOpen: Bool { if case .list = form { !hasListEnded } else { false } }

    private mutating func end(_ isAtEnd: Bool) -> Int? {
        switch form {
        case .table(let separator): rowEnd(separator, isAtEnd)
        case .lines: lineEnd(isAtEnd)
        case .list: elementEnd()
        }
    }

    /// Quotes as `DelimitedText` reads them: only a cell that begins with one is quoted, and it ends with one that a separator or a line end follows.
    private func rowEnd(_ separator: UInt8, _ isAtEnd: Bool) -> Int? {
        let quote = UInt8(ascii: "\"")
        var (place, isQuoted, isCellStart) = (start, false, true)
        while place < bytes.count {
            let byte = bytes[place]
            if isQuoted {
                if byte == quote {
                    if place + 1 < bytes.count, bytes[place + 1] == quote {
                        place += 1
                    } else {
                        var next = place + 1
                        while next < bytes.count, bytes[next] == 0x20 { next += 1 }
                        if next < bytes.count {
                            isQuoted = !(bytes[next] == separator || Self.isLineEnd(bytes[next]))
                        } else {
                            return isAtEnd ? bytes.count : nil
                        }
                    }
                }
            } else if Self.isLineEnd(byte) {
                return place
            } else {
                isQuoted = isCellStart && byte == quote
                isCellStart = byte == separator
            }
            place += 1
        }
        return isAtEnd && !isQuoted && start < bytes.count ? bytes.count : nil
    }

    private func lineEnd(_ isAtEnd: Bool) -> Int? {
        bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? (isAtEnd && start < bytes.count ? bytes.count : nil)
    }

    /// The end of the next element of the list; moves past what stands before it.
    private mutating func elementEnd() -> Int? {
        while start < bytes.count, Self.isSpace(bytes[start]) || bytes[start] == UInt8(ascii: ",") { start += 1 }
        guard start < bytes.count, !hasListEnded else { return nil }
        if bytes[start] == UInt8(ascii: "]") {
            (hasListEnded, start) = (true, bytes.count)
            return nil
        }
        var (depth, isText, isEscaped) = (0, false, false)
        for place in start..<bytes.count {
            let byte = bytes[place]
            if isText {
                if isEscaped {
                    isEscaped = false
                } else if byte == UInt8(ascii: "\\") {
                    isEscaped = true
                } else if byte == UInt8(ascii: "\"") {
                    isText = false
                }
                continue
            }
            switch byte {
            case UInt8(ascii: "\""): isText = true
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
                if depth == 0 { return place + 1 }
                if depth < 0 { return place }
            case UInt8(ascii: ",") where depth == 0: return place
            default: break
            }
        }
        return nil
    }

    private static func isLineEnd(_ byte: UInt8) -> Bool { byte == 0x0A || byte == 0x0D }
    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
}
