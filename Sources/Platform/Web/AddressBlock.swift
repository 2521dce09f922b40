internal import Kernel

/// Who is behind an address, as far as limits are concerned: an IPv4 address, or the /64 that one subscriber of IPv6 has to choose from.
public enum AddressBlock {
    public static func of(_ address: String) -> String {
        guard address.utf8.contains(UInt8(ascii: ":")), let parsed = NetworkAddress(address) else { return address }
        return parsed.isIPv4 ? parsed.description : Hex.encode(parsed.bytes.prefix(8)) + "::/64"
    }

    /// The network around it, which one party often has whole: the /24 of an IPv4 address, the /48 of one of IPv6.
    public static func network(of address: String) -> String {
        guard let parsed = NetworkAddress(address) else { return address }
        if !parsed.isIPv4 { return Hex.encode(parsed.bytes.prefix(6)) + "::/48" }
        return String(parsed.description.prefix { $0 != "/" }.split(separator: ".").prefix(3).joined(separator: ".")) + ".0/24"
    }
}
