internal import Crypto
internal import Kernel

/// As much of Structured Field Values (RFC 9651) as signatures and digests need: dictionaries, strings, integers, bytes.
enum StructuredFields {
    private static let memberLimit = 16

    /// The members of a dictionary with their values as they stand; nil for what is none, or names one twice.
    static func members(_ text: String) -> [(name: String, value: String)]? {
        var members: [(name: String, value: String)] = []
        var rest = Array(text.utf8)[...]
        while true {
            var reader = StructuredReader(rest)
            guard let name = reader.key(), reader.take("="), let value = reader.untilComma() else { return nil }
            guard members.count < memberLimit, !members.contains(where: { $0.name.hasSameBytes(as: name) }) else { return nil }
            members.append((name, value))
            guard !reader.isAtEnd else { return members }
            rest = reader.rest.dropFirst().drop { $0 == 0x20 }
        }
    }

    /// `:` base64 `:`, in the one spelling that the bytes have.
    static func bytes(_ text: String) -> [UInt8]? {
        let characters = Array(text.utf8)
        guard characters.count >= 2, characters.first == UInt8(ascii: ":"), characters.last == UInt8(ascii: ":") else { return nil }
        let encoded = characters.dropFirst().dropLast()
        let padding = encoded.reversed().prefix { $0 == UInt8(ascii: "=") }.count
        guard encoded.count % 4 == 0, padding <= 2, !encoded.contains(UInt8(ascii: "-")), !encoded.contains(UInt8(ascii: "_")) else {
            return nil
        }
        let url = encoded.dropLast(padding).map {
            $0 == UInt8(ascii: "+") ? UInt8(ascii: "-") : $0 == UInt8(ascii: "/") ? UInt8(ascii: "_") : $0
        }
        guard let bytes = Base64URL.decode(String(own: url)), bytes.count % 3 == (3 - padding) % 3 else { return nil }
        return bytes
    }
}

/// Reads the parts of a field from its front, by bytes.
struct StructuredReader {
    private(set) var rest: ArraySlice<UInt8>

    init(_ text: String) { rest = Array(text.utf8)[...] }
    init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

    var isAtEnd: Bool { rest.isEmpty }

    /// Takes this ASCII character if it stands first.
    mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard let first = rest.first, UInt32(first) == character.value else { return false }
        rest = rest.dropFirst()
        return true
    }

    /// A key: `[a-z*][a-z0-9_.*-]*`.
    mutating func key() -> String? {
        let count = rest.prefix { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"),
                UInt8(ascii: "."), UInt8(ascii: "*"):
                true
            default: false
            }
        }.count
        guard count > 0, let first = rest.first, first == UInt8(ascii: "*") || first >= UInt8(ascii: "a") else { return nil }
        defer { rest = rest.dropFirst(count) }
        return String(own: rest.prefix(count))
    }

    /// A string in quotation marks; one with an escape is not read, as nothing that we take needs any.
    mutating func string() -> String? {
        guard rest.first == UInt8(ascii: "\"") else { return nil }
        let content = rest.dropFirst().prefix { $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") && (0x20...0x7E).contains($0) }
        let end = rest.dropFirst(content.count + 1)
        guard end.first == UInt8(ascii: "\"") else { return nil }
        rest = end.dropFirst()
        return String(own: content)
    }

    /// A whole number of at most 15 digits, without a sign, without zeros in front.
    mutating func integer() -> Int64? {
        let digits = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        guard (1...15).contains(digits.count), digits.count == 1 || digits.first != UInt8(ascii: "0") else { return nil }
        rest = rest.dropFirst(digits.count)
        return Int64(String(own: digits))
    }

    /// What stands before the next comma that is outside of quotation marks.
    mutating func untilComma() -> String? {
        var isQuoted = false
        let value = rest.prefix { byte in
            if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
            return isQuoted || byte != UInt8(ascii: ",")
        }
        guard !value.isEmpty, !isQuoted else { return nil }
        rest = rest.dropFirst(value.count)
        return String(own: value)
    }
}
