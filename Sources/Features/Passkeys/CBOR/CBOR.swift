internal import Kernel

/// A CBOR value (RFC 8949), as far as authenticators write it: no floating-point numbers, no tags, no undefined.
package enum CBOR: Sendable, Equatable {
    case unsigned(UInt64)
    /// The value is −1 − n.
    case negative(UInt64)
    case bytes([UInt8])
    case text(String)
    case array([CBOR])
    /// In the order of the bytes; no key stands twice.
    case map([Entry])
    case bool(Bool)
    case null

    package struct Entry: Sendable, Equatable {
        package let key: CBOR
        package let value: CBOR

        package init(_ key: CBOR, _ value: CBOR) { (self.key, self.value) = (key, value) }
    }

    /// A whole number that fits 64 bits.
    package var integer: Int64? {
        switch self {
        case .unsigned(let value): Int64(exactly: value)
        case .negative(let value): Int64(exactly: value).map { -1 - $0 }
        default: nil
        }
    }

    package var bytes: [UInt8]? { if case .bytes(let value) = self { value } else { nil } }
    package var text: String? { if case .text(let value) = self { value } else { nil } }
    package var map: [Entry]? { if case .map(let entries) = self { entries } else { nil } }

    /// The value of a map at a text.
    package subscript(name: String) -> CBOR? {
        map?.first { $0.key.text.map { $0.hasSameBytes(as: name) } ?? false }?.value
    }

    /// The value of a map at a number, as COSE names its members.
    package subscript(label: Int64) -> CBOR? { map?.first { $0.key.integer == label }?.value }

    package static func == (left: CBOR, right: CBOR) -> Bool {
        switch (left, right) {
        case (.unsigned(let left), .unsigned(let right)), (.negative(let left), .negative(let right)): left == right
        case (.bytes(let left), .bytes(let right)): left == right
        case (.text(let left), .text(let right)): left.hasSameBytes(as: right)
        case (.array(let left), .array(let right)): left == right
        case (.map(let left), .map(let right)): left == right
        case (.bool(let left), .bool(let right)): left == right
        case (.null, .null): true
        default: false
        }
    }
}

/// Why bytes are not taken.
package enum CBORFault: Error, Sendable, Hashable {
    case truncated
    /// Bytes follow the value.
    case rest
    case tooDeep
    /// A length or number in more bytes than it needs, or of no definite length.
    case form
    /// A tag, a floating-point number, undefined, or another simple value.
    case kind
    /// A text that is not UTF-8, or that costs more than it is long.
    case text
    case doubleKey
}
