internal import Kernel

/// Percent-encoding of RFC 3986, and the `+` of HTML forms.
public enum PercentCoding {
    /// Decodes a path segment or, with `plusIsSpace`, a form value.
    ///
    /// Nil when an escape is cut or not hexadecimal, or the bytes are not UTF-8 of the stream-safe form.
    public static func decode(_ text: some StringProtocol, plusIsSpace: Bool = false) -> String? {
        Steps.add(text.utf8.count)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count)
        var iterator = text.utf8.makeIterator()
        while let byte = iterator.next() {
            switch byte {
            case UInt8(ascii: "%"):
                guard let high = iterator.next().flatMap(ASCII.hexValue), let low = iterator.next().flatMap(ASCII.hexValue) else {
                    return nil
                }
                bytes.append(high << 4 | low)
            case UInt8(ascii: "+") where plusIsSpace:
                bytes.append(ASCII.space)
            default:
                bytes.append(byte)
            }
        }
        return String(client: bytes)
    }

    /// Leaves only unreserved characters bare, so that the result can stand in a segment or a value.
    public static func encode(_ text: String) -> String {
        let hex = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            if ASCII.isAlphanumeric(byte) || "-._~".utf8.contains(byte) {
                bytes.append(byte)
            } else {
                bytes += [UInt8(ascii: "%"), hex[Int(byte >> 4)], hex[Int(byte & 15)]]
            }
        }
        return String(own: bytes)
    }

    /// The name and value pairs of a query or of a form body, in order; nil when one cannot be decoded.
    public static func decodeForm(_ text: String) -> [(name: String, value: String)]? {
        var pairs: [(name: String, value: String)] = []
        // By bytes: a combining mark behind a separator makes another character of it.
        for part in text.utf8.split(separator: UInt8(ascii: "&")) {
            let halves = part.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = decode(Substring(halves[0]), plusIsSpace: true),
                let value = halves.count > 1 ? decode(Substring(halves[1]), plusIsSpace: true) : ""
            else { return nil }
            pairs.append((name, value))
        }
        return pairs
    }
}
