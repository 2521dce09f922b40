internal import Kernel

/// The ASCII classes of RFC 9110 and RFC 3986 that the parsers ask about.
enum ASCII {
    static let tab: UInt8 = 0x09
    static let lf: UInt8 = 0x0A
    static let cr: UInt8 = 0x0D
    static let space: UInt8 = 0x20
    static let colon: UInt8 = 0x3A
    static let delete: UInt8 = 0x7F

    private static let tokenTable = table { byte in
        isAlphanumeric(byte) || "!#$%&'*+-.^_`|~".utf8.contains(byte)
    }
    /// What a browser may leave bare in a path; stricter than the query's.
    private static let pathTable = table { byte in
        isAlphanumeric(byte) || "-._~!$&'()*+,;=:@/%[]|^".utf8.contains(byte)
    }
    /// The URL standard leaves more characters bare in a query than RFC 3986 allows, and browsers send them.
    private static let queryTable = table { byte in
        isAlphanumeric(byte) || "-._~!$&'()*+,;=:@/%?[]|^{}`\\".utf8.contains(byte)
    }
    private static let hostTable = table { byte in
        isAlphanumeric(byte) || "-._~!$&'()*+,;=%".utf8.contains(byte)
    }

    private static func table(_ member: (UInt8) -> Bool) -> [Bool] { (0...255).map { member(UInt8($0)) } }

    static func isAlphanumeric(_ byte: UInt8) -> Bool {
        isDigit(byte) || (byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A)
    }
    static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }

    static func isToken(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool { !bytes.isEmpty && all(bytes, in: tokenTable) }
    static func isPath(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool { all(bytes, in: pathTable) }
    static func isQuery(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool { all(bytes, in: queryTable) }
    static func isRegisteredName(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool { !bytes.isEmpty && all(bytes, in: hostTable) }

    /// Whether a field value or chunk extension holds only tabs, spaces, visible characters and obs-text (RFC 9110, 5.5).
    static func isFieldValue(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        for byte in bytes where (byte < 0x20 && byte != tab) || byte == delete { return false }
        return true
    }

    private static func all(_ bytes: UnsafeBufferPointer<UInt8>, in table: [Bool]) -> Bool {
        table.withUnsafeBufferPointer { table in
            for byte in bytes where !table[Int(byte)] { return false }
            return true
        }
    }

    static func lowercased(_ byte: UInt8) -> UInt8 { byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte }

    /// Only ASCII letters change: a letter of another script never becomes one of ours.
    static func lowercased(_ text: String) -> String { String(own: text.utf8.map(lowercased(_:))) }

    static func equalIgnoringCase(_ left: UnsafeBufferPointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>) -> Bool {
        guard left.count == right.count else { return false }
        for index in 0..<left.count where lowercased(left[index]) != lowercased(right[index]) { return false }
        return true
    }

    static func equalIgnoringCase(_ left: UnsafeBufferPointer<UInt8>, _ right: StaticString) -> Bool {
        right.withUTF8Buffer { equalIgnoringCase(left, $0) }
    }

    static func hexValue(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x41 + 10
        case 0x61...0x66: byte - 0x61 + 10
        default: nil
        }
    }

    /// Without the spaces and tabs around (OWS).
    static func trimmed(_ bytes: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
        var start = 0
        var end = bytes.count
        while start < end, bytes[start] == space || bytes[start] == tab { start += 1 }
        while end > start, bytes[end - 1] == space || bytes[end - 1] == tab { end -= 1 }
        return UnsafeBufferPointer(rebasing: bytes[start..<end])
    }
}
