/// The Stream-Safe Text Format (UAX #15, 13): at most 30 combining marks in a row.
///
/// Swift compares and hashes a `String` by its normal form, and to find that it sorts each run of marks: the cost grows with the square of a run's
/// length. Every text of a peer is checked where it enters, so that no comparison behind the border costs more than the text is long.
public enum StreamSafeText {
    public static let maximumMarks = 30

    /// Whether no run of marks in the UTF-8 is longer; bytes that are not UTF-8 end a run, as the replacement character does that stands for them.
    public static func holds(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        Steps.add(bytes.count)
        var (run, index) = (0, 0)
        while index < bytes.count {
            let byte = bytes[index]
            // What stands before U+0300 is no mark.
            guard byte >= 0xCC else {
                run = 0
                index += byte < 0xC2 ? 1 : 2
                continue
            }
            let (scalar, length) = scalar(of: bytes, at: index)
            run = scalar.map(isMark) == true ? run + 1 : 0
            if run > maximumMarks { return false }
            index += length
        }
        return true
    }

    public static func holds(_ bytes: some Sequence<UInt8>) -> Bool {
        bytes.withContiguousStorageIfAvailable { holds($0) } ?? Array(bytes).withUnsafeBufferPointer { holds($0) }
    }

    /// A scalar of two bytes or more, and how many they are; nil and 1 where there is none.
    private static func scalar(of bytes: UnsafeBufferPointer<UInt8>, at index: Int) -> (Unicode.Scalar?, Int) {
        let length = bytes[index] < 0xE0 ? 2 : bytes[index] < 0xF0 ? 3 : 4
        guard index + length <= bytes.count else { return (nil, 1) }
        var value = UInt32(bytes[index]) & (0xFF >> UInt32(length + 1))
        for byte in bytes[index + 1..<index + length] {
            guard byte & 0xC0 == 0x80 else { return (nil, 1) }
            value = value << 6 | UInt32(byte & 0x3F)
        }
        return (Unicode.Scalar(value), length)
    }

    private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        // Ideographs, Hangul and emoji, which are most of what is not Latin; three marks that the standard counts by what they decompose into.
        case 0x3400...0x9FFF, 0xAC00...0xD7A3, 0x1F000...0x1FFFF: false
        case 0x0F73, 0x0F75, 0x0F81: true
        default: scalar.properties.canonicalCombiningClass != .notReordered
        }
    }
}

extension String {
    /// The bytes that a peer sent as a text: nil unless they are UTF-8 and stream-safe.
    public init?(client bytes: some Collection<UInt8>) {
        guard StreamSafeText.holds(bytes), let text = String(validating: bytes, as: UTF8.self) else { return nil }
        self = text
    }

    /// Bytes that this program or its machine made, or that were checked where they came in.
    public init(own bytes: some Collection<UInt8>) { self.init(decoding: bytes, as: UTF8.self) }

    /// The same; nil unless they are UTF-8.
    public init?(ownUTF8 bytes: some Collection<UInt8>) { self.init(validating: bytes, as: UTF8.self) }

    /// Whether both are the same bytes; no normal form is looked for.
    public func hasSameBytes(as other: String) -> Bool {
        Steps.add(1)
        return utf8.count == other.utf8.count && utf8.elementsEqual(other.utf8)
    }

    /// At most as many scalars, for what quotes a peer's text.
    public func cut(to count: Int) -> String {
        let part = unicodeScalars.prefix(count)
        return part.endIndex == endIndex ? self : String(part) + "…"
    }
}

/// A text that is told from others by its bytes: the key of a set of what a peer names.
public struct ByteKey: Hashable, Sendable {
    public let text: String

    public init(_ text: String) { self.text = text }

    public static func == (left: ByteKey, right: ByteKey) -> Bool { left.text.hasSameBytes(as: right.text) }

    public func hash(into hasher: inout Hasher) {
        Steps.add(text.utf8.count)
        var text = text
        text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }
}
