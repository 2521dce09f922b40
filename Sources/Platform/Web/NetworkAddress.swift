internal import Glibc
internal import Kernel

/// An IP address as a value, whichever way it is written; an IPv4 address mapped into IPv6 is the IPv4 address.
public struct NetworkAddress: Hashable, Sendable, CustomStringConvertible {
    /// 16, of IPv6 or of an IPv4 address mapped into it.
    let bytes: [UInt8]

    private static let mapped: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF]

    var isIPv4: Bool { bytes.starts(with: Self.mapped) }

    /// `203.0.113.7` or `2001:db8::7`; nil for anything else.
    public init?(_ text: String) {
        guard (2...45).contains(text.utf8.count), text.utf8.allSatisfy({ $0 < 0x80 && $0 != 0 }) else { return nil }
        var four = [UInt8](repeating: 0, count: 4)
        var sixteen = [UInt8](repeating: 0, count: 16)
        if inet_pton(AF_INET, text, &four) == 1 {
            bytes = Self.mapped + four
        } else if inet_pton(AF_INET6, text, &sixteen) == 1 {
            bytes = sixteen
        } else {
            return nil
        }
    }

    /// As proxies write it: also `203.0.113.7:40001`, `[2001:db8::7]` and `[2001:db8::7]:40001`; the port is dropped.
    init?(forwarded text: String) {
        guard text.utf8.count <= 60 else { return nil }
        let bytes = Array(text.utf8)
        if bytes.first == UInt8(ascii: "["), let bracket = bytes.firstIndex(of: UInt8(ascii: "]")) {
            guard Self.isPort(bytes[(bracket + 1)...]) else { return nil }
            self.init(String(own: bytes[1..<bracket]))
            guard bytes[..<bracket].contains(UInt8(ascii: ":")) else { return nil }
        } else if let colon = bytes.firstIndex(of: UInt8(ascii: ":")), bytes[..<colon].contains(UInt8(ascii: ".")) {
            guard Self.isPort(bytes[colon...]) else { return nil }
            self.init(String(own: bytes[..<colon]))
        } else {
            self.init(text)
        }
    }

    /// Nothing, or a colon and one to five digits.
    private static func isPort(_ bytes: ArraySlice<UInt8>) -> Bool {
        bytes.isEmpty
            || bytes.first == UInt8(ascii: ":") && (2...6).contains(bytes.count)
                && bytes.dropFirst().allSatisfy { (0x30...0x39).contains($0) }
    }

    public var description: String {
        var text = [CChar](repeating: 0, count: 64)
        let isWritten = isIPv4 ? inet_ntop(AF_INET, Array(bytes.suffix(4)), &text, 64) : inet_ntop(AF_INET6, bytes, &text, 64)
        return isWritten == nil ? "" : String(own: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) })
    }
}

/// A network such as `10.0.0.0/8`, or one address.
public struct NetworkBlock: Hashable, Sendable {
    private let start: [UInt8]
    private let prefix: Int

    /// Nil for what is neither an address nor a network whose host bits are zero.
    public init?(_ text: String) {
        let parts = text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).map { String(Substring($0)) }
        guard parts.count <= 2, let address = NetworkAddress(parts[0]) else { return nil }
        let isShort = address.isIPv4 && !parts[0].utf8.contains(UInt8(ascii: ":"))
        guard parts.count == 2 else {
            (start, prefix) = (address.bytes, 128)
            return
        }
        guard parts[1].utf8.count <= 3, let bits = UInt8(parts[1]), String(bits) == parts[1], bits <= (isShort ? 32 : 128) else {
            return nil
        }
        let prefix = Int(bits) + (isShort ? 96 : 0)
        guard Self.masked(address.bytes, prefix) == address.bytes else { return nil }
        (start, self.prefix) = (address.bytes, prefix)
    }

    public func contains(_ address: NetworkAddress) -> Bool { Self.masked(address.bytes, prefix) == start }

    private static func masked(_ bytes: [UInt8], _ prefix: Int) -> [UInt8] {
        bytes.enumerated().map { index, byte in
            let kept = min(8, max(0, prefix - index * 8))
            return byte & UInt8(truncatingIfNeeded: 0xFF00 >> kept)
        }
    }
}
