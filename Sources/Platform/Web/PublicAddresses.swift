internal import Kernel

/// The addresses that the server may send requests to when a user chose the address: those of the public internet, and those that the owner allows.
public struct PublicAddresses: Sendable {
    private let allowed: [NetworkBlock]

    /// - Parameter allowed: private networks that are admitted, too.
    public init(allowing allowed: [NetworkBlock] = []) { self.allowed = allowed }

    /// Whether an IP address, as text, is admitted; false for a text that is no IP address.
    public func admits(_ text: String) -> Bool {
        guard let address = NetworkAddress(text) else { return false }
        if allowed.contains(where: { $0.contains(address) }) { return true }
        return !Self.special.contains { $0.contains(address) }
    }

    /// IANA's registries of special-purpose addresses (RFC 6890) that are not globally reachable, and those that embed an IPv4 address.
    private static let special: [NetworkBlock] = [
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
        "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4", "::/96",
        "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20", "5f00::/16", "fc00::/7",
        "fe80::/10", "fec0::/10", "ff00::/8",
    ].map { text in
        guard let block = NetworkBlock(text) else { preconditionFailure("\(text) is no network") }
        return block
    }
}
