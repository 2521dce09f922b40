internal import Kernel

/// Reads the address of a site as browsers know it: scheme, host and port, and nothing behind them.
enum WebAddress {
    struct Fault: Error {
        let sentence: String
    }

    /// In the one form that browsers send as `Origin`: scheme and host in lower case, no port where it is the scheme's own, no slash at the end.
    static func normalised(_ text: String) throws(Fault) -> String {
        let lower = text.utf8.map { (65...90).contains($0) ? $0 + 32 : $0 }
        let scheme: String
        let rest: ArraySlice<UInt8>
        if lower.starts(with: Array("https://".utf8)) {
            (scheme, rest) = ("https", lower.dropFirst(8))
        } else if lower.starts(with: Array("http://".utf8)) {
            (scheme, rest) = ("http", lower.dropFirst(7))
        } else {
            throw Fault(sentence: "must begin with https:// or http://, such as https://foyer.example")
        }
        guard !rest.contains(UInt8(ascii: "@")) else { throw Fault(sentence: "must not hold a user or a password") }
        let end = rest.firstIndex { [UInt8(ascii: "/"), UInt8(ascii: "?"), UInt8(ascii: "#")].contains($0) } ?? rest.endIndex
        guard rest[end...].isEmpty || rest[end...].elementsEqual([UInt8(ascii: "/")]) else {
            throw Fault(sentence: "must be an address without a path: Foyer has a host name of its own, such as https://foyer.example")
        }
        let (host, port) = try split(rest[..<end])
        let standard = scheme == "https" ? 443 : 80
        return "\(scheme)://\(host)" + (port == nil || port == standard ? "" : ":\(port ?? standard)")
    }

    private static func split(_ authority: ArraySlice<UInt8>) throws(Fault) -> (host: String, port: Int?) {
        var (host, port) = (authority, ArraySlice<UInt8>?.none)
        let colon = authority.lastIndex(of: UInt8(ascii: ":"))
        let bracket = authority.lastIndex(of: UInt8(ascii: "]"))
        if let colon, colon > bracket ?? -1 {
            (host, port) = (authority[..<colon], authority[authority.index(after: colon)...])
        }
        guard !host.contains(where: { $0 >= 128 }) else {
            throw Fault(sentence: "must spell its host in ASCII, as in https://xn--bcher-kva.example")
        }
        let isIPv6 = host.first == UInt8(ascii: "[") && host.last == UInt8(ascii: "]") && host.count > 4
        let inner = isIPv6 ? host.dropFirst().dropLast() : host
        let allowed = Array((isIPv6 ? "0123456789abcdef:." : "0123456789abcdefghijklmnopqrstuvwxyz-_.").utf8)
        guard inner.allSatisfy(allowed.contains), let first = inner.first, let last = inner.last, isIPv6 || (first != 46 && last != 46)
        else { throw Fault(sentence: "must name a host, such as https://foyer.example") }
        guard let port else { return (String(own: host), nil) }
        guard port.allSatisfy({ (48...57).contains($0) }), let number = Int(String(own: port)),
            (1...65_535).contains(number)
        else { throw Fault(sentence: "must have a port from 1 to 65535, or none") }
        return (String(own: host), number)
    }
}
