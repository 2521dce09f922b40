internal import HTTP
internal import Kernel
internal import Runtime
internal import Synchronization

/// Finds whom a request is from: the peer, or what proxies that are trusted say of it.
final class ClientAddress: Sendable {
    private let trusted: [NetworkBlock]
    private let log: Log
    private let hasWarned = Atomic<Bool>(false)
    /// Hops of one request that are looked at.
    private static let maximumHops = 32

    init(trusting trusted: [NetworkBlock], log: Log) { (self.trusted, self.log) = (trusted, log) }

    /// The nearest hop that is not one of ours: everything before it is the client's word. A hop that is no address is none, and ends the search.
    func find(_ request: HTTPRequest) -> String {
        guard request.headers.contains("X-Forwarded-For") || request.headers.contains("Forwarded") else { return request.remoteAddress }
        guard let peer = NetworkAddress(request.remoteAddress), isTrusted(peer) else {
            warn(request.remoteAddress)
            return request.remoteAddress
        }
        // A whole field may be the client's: some proxies add theirs behind it instead of going on with its list.
        let hops = request.headers.values("X-Forwarded-For").flatMap { $0.utf8.split(separator: UInt8(ascii: ",")) }
        var nearest = peer
        for hop in hops.suffix(Self.maximumHops).reversed() {
            guard let address = NetworkAddress(forwarded: String(Substring(hop)).trimmed) else { break }
            nearest = address
            if !isTrusted(address) { break }
        }
        return nearest.description
    }

    private func isTrusted(_ address: NetworkAddress) -> Bool { trusted.contains { $0.contains(address) } }

    /// Said once: a proxy that is not named makes one visitor of all, and one that comes by itself would fill the log.
    private func warn(_ address: String) {
        guard !hasWarned.exchange(true, ordering: .relaxed) else { return }
        log.warning(
            "a request came with forwarding headers from an address that is not among trusted-proxies: they are not believed",
            [("ip", .string(address))])
    }
}
