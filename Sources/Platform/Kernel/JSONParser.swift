/// A strict JSON reader (RFC 8259): one value, valid UTF-8, no duplicate names, bounded depth.
///
/// It is the border for what a peer says: texts are stream-safe, names and numbers have a greatest length, and the work grows with the bytes alone.
public struct JSONParser {
    /// Why bytes are not JSON, and at which byte.
    public struct Fault: Error, Sendable, Hashable {
        public let reason: String
        public let offset: Int
    }

    private let bytes: [UInt8]
    private var index = 0
    private var depth = 0
    private let maximumDepth: Int
    private let isOwn: Bool

    /// Bytes of a member's name.
    public static let maximumName = 256
    /// Bytes of a number.
    static let maximumNumber = 1000

    private init(_ bytes: [UInt8], maximumDepth: Int, isOwn: Bool) {
        (self.bytes, self.maximumDepth, self.isOwn) = (bytes, maximumDepth, isOwn)
    }

    public static func parse(_ bytes: [UInt8], maximumDepth: Int = 32) throws(Fault) -> JSON {
        var parser = JSONParser(bytes, maximumDepth: maximumDepth, isOwn: false)
        return try parser.whole()
    }

    /// What this program wrote, which may be from before texts were held to the stream-safe form.
    public static func parse(own bytes: [UInt8]) throws(Fault) -> JSON {
        var parser = JSONParser(bytes, maximumDepth: 64, isOwn: true)
        return try parser.whole()
    }

    private mutating func whole() throws(Fault) -> JSON {
        defer { Steps.add(index) }
        skipSpace()
        let value = try value()
        skipSpace()
        guard index == bytes.count else { throw fault("something follows the value") }
        return value
    }

    private func fault(_ reason: String) -> Fault { Fault(reason: reason, offset: index) }

    private var current: UInt8? { index < bytes.count ? bytes[index] : nil }

    private mutating func skipSpace() {
        while let byte = current, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { index += 1 }
    }

    private mutating func value() throws(Fault) -> JSON {
        switch current {
        case UInt8(ascii: "{"): return try object()
        case UInt8(ascii: "["): return try array()
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try literal("true", .bool(true))
        case UInt8(ascii: "f"): return try literal("false", .bool(false))
        case UInt8(ascii: "n"): return try literal("null", .null)
        case nil: throw fault("the text ends too early")
        case let byte? where byte == UInt8(ascii: "-") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte): return try number()
        default: throw fault("unexpected character")
        }
    }

    private mutating func literal(_ text: String, _ value: JSON) throws(Fault) -> JSON {
        let end = index + text.utf8.count
        guard end <= bytes.count, bytes[index..<end].elementsEqual(text.utf8) else { throw fault("unexpected character") }
        index = end
        return value
    }

    private mutating func enter() throws(Fault) {
        depth += 1
        guard depth <= maximumDepth else { throw fault("too deeply nested") }
        index += 1
        skipSpace()
    }

    private mutating func object() throws(Fault) -> JSON {
        try enter()
        var object = JSONObject()
        var names = NameSet()
        if current == UInt8(ascii: "}") {
            index += 1
            depth -= 1
            return .object(object)
        }
        while true {
            guard current == UInt8(ascii: "\"") else { throw fault("a member's name is expected") }
            let name = try string()
            guard isOwn || name.utf8.count <= Self.maximumName else { throw fault("a member's name is too long") }
            guard names.insert(name, behind: object) else { throw fault("the name \(name.cut(to: 60)) stands twice") }
            skipSpace()
            guard current == UInt8(ascii: ":") else { throw fault("a colon is expected") }
            index += 1
            skipSpace()
            object.append(name, try value())
            skipSpace()
            if try closes(with: UInt8(ascii: "}")) { return .object(object) }
        }
    }

    private mutating func array() throws(Fault) -> JSON {
        try enter()
        var elements: [JSON] = []
        if current == UInt8(ascii: "]") {
            index += 1
            depth -= 1
            return .array(elements)
        }
        while true {
            elements.append(try value())
            skipSpace()
            if try closes(with: UInt8(ascii: "]")) { return .array(elements) }
        }
    }

    /// True at the closing bracket, false after a comma.
    private mutating func closes(with bracket: UInt8) throws(Fault) -> Bool {
        if current == bracket {
            index += 1
            depth -= 1
            return true
        }
        guard current == UInt8(ascii: ",") else { throw fault("a comma or the end is expected") }
        index += 1
        skipSpace()
        return false
    }

    private mutating func number() throws(Fault) -> JSON {
        let start = index
        var isInteger = true
        if current == UInt8(ascii: "-") { index += 1 }
        if current == UInt8(ascii: "0") { index += 1 } else { try digits() }
        if current == UInt8(ascii: ".") {
            isInteger = false
            index += 1
            try digits()
        }
        if current == UInt8(ascii: "e") || current == UInt8(ascii: "E") {
            isInteger = false
            index += 1
            if current == UInt8(ascii: "+") || current == UInt8(ascii: "-") { index += 1 }
            try digits()
        }
        guard index - start <= Self.maximumNumber else { throw fault("the number is too long") }
        let text = String(own: bytes[start..<index])
        if isInteger, let integer = Int64(text) { return .integer(integer) }
        guard let number = Double(text), number.isFinite else { throw fault("the number is out of range") }
        return .number(number)
    }

    private mutating func digits() throws(Fault) {
        let start = index
        while let byte = current, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { index += 1 }
        guard index > start else { throw fault("a digit is expected") }
    }

    private mutating func string() throws(Fault) -> String {
        index += 1
        let start = index
        while let byte = current, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 { index += 1 }
        if current == UInt8(ascii: "\"") {
            defer { index += 1 }
            return try utf8(bytes[start..<index])
        }
        var text = Array(bytes[start..<index])
        while let byte = current {
            switch byte {
            case UInt8(ascii: "\""):
                index += 1
                return try utf8(text[...])
            case UInt8(ascii: "\\"):
                index += 1
                try escape(into: &text)
            case 0..<0x20: throw fault("a control character must be escaped")
            default:
                text.append(byte)
                index += 1
            }
        }
        throw fault("the text ends too early")
    }

    private func utf8(_ slice: ArraySlice<UInt8>) throws(Fault) -> String {
        guard isOwn || StreamSafeText.holds(slice) else {
            throw fault("more than \(StreamSafeText.maximumMarks) combining marks in a row")
        }
        guard let text = String(validating: slice, as: UTF8.self) else { throw fault("not valid UTF-8") }
        return text
    }

    private mutating func escape(into text: inout [UInt8]) throws(Fault) {
        guard let byte = current else { throw fault("the text ends too early") }
        index += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"): try unicodeEscape(into: &text)
        default: throw fault("unknown escape")
        }
    }

    private mutating func unicodeEscape(into text: inout [UInt8]) throws(Fault) {
        var scalar = try fourHexDigits()
        if 0xD800..<0xDC00 ~= scalar {
            guard current == UInt8(ascii: "\\"), index + 1 < bytes.count, bytes[index + 1] == UInt8(ascii: "u") else {
                throw fault("half a surrogate pair")
            }
            index += 2
            let low = try fourHexDigits()
            guard 0xDC00..<0xE000 ~= low else { throw fault("half a surrogate pair") }
            scalar = 0x10000 + (scalar - 0xD800) << 10 + (low - 0xDC00)
        }
        guard let unicode = Unicode.Scalar(scalar) else { throw fault("half a surrogate pair") }
        text.append(contentsOf: String(unicode).utf8)
    }

    private mutating func fourHexDigits() throws(Fault) -> UInt32 {
        guard index + 4 <= bytes.count else { throw fault("the text ends too early") }
        var value: UInt32 = 0
        for byte in bytes[index..<index + 4] {
            guard let digit = Hex.value(byte) else { throw fault("a hexadecimal digit is expected") }
            value = value << 4 | UInt32(digit)
        }
        index += 4
        return value
    }
}

/// The names that an object has so far, by their bytes; most objects have too few to be worth a set.
private struct NameSet {
    private static let few = 8
    private var names: Set<ByteKey> = []

    /// - Parameter object: what stands before the name.
    /// - Returns: false when it stands there already.
    mutating func insert(_ name: String, behind object: JSONObject) -> Bool {
        if object.count < Self.few { return object[name] == nil }
        if names.isEmpty { names = Set(object.members.map { ByteKey($0.name) }) }
        return names.insert(ByteKey(name)).inserted
    }
}
