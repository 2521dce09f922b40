internal import Glibc
internal import Kernel

/// Who is behind an address, as far as limits are concerned: an IPv4 address, or the /64 that one subscriber of IPv6 has to choose from.
public enum AddressBlock {
    public static func of(_ address: String) -> String {
        guard address.utf8.contains(UInt8(ascii: ":")) else { return address }
        var bytes = [UInt8](repeating: 0, count: 16)
        guard inet_pton(AF_INET6, address, &bytes) == 1 else { return address }
        return Hex.encode(bytes.prefix(8)) + "::/64"
    }
}
