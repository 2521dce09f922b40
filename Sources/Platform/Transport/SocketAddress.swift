internal import CUV
internal import Glibc

/// A numeric address and port to listen on.
struct SocketAddress {
    var storage = sockaddr_storage()
    var length: socklen_t
    var family: Int32 { Int32(storage.ss_family) }

    /// Nil unless the text is an IPv4 or IPv6 address, the latter with or without brackets.
    init?(_ host: String, port: Int) {
        let bare = host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : host
        var v4 = sockaddr_in()
        var v6 = sockaddr_in6()
        if uv_ip4_addr(bare, Int32(port), &v4) == 0 {
            length = socklen_t(MemoryLayout<sockaddr_in>.size)
            withUnsafeMutableBytes(of: &storage) { to in withUnsafeBytes(of: &v4) { to.copyMemory(from: $0) } }
        } else if uv_ip6_addr(bare, Int32(port), &v6) == 0 {
            length = socklen_t(MemoryLayout<sockaddr_in6>.size)
            withUnsafeMutableBytes(of: &storage) { to in withUnsafeBytes(of: &v6) { to.copyMemory(from: $0) } }
        } else {
            return nil
        }
    }

    func withSockaddr<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        withUnsafeBytes(of: storage) { body($0.baseAddress!.assumingMemoryBound(to: sockaddr.self), length) }
    }

    /// The port a socket is bound to.
    static func port(of descriptor: Int32) -> Int {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        return withUnsafeMutableBytes(of: &storage) { raw in
            let address = raw.baseAddress!.assumingMemoryBound(to: sockaddr.self)
            guard getsockname(descriptor, address, &length) == 0 else { return 0 }
            // The port stands at the same place in both families.
            return Int(UInt16(bigEndian: raw.load(fromByteOffset: 2, as: UInt16.self)))
        }
    }

    /// The other end's address as text, IPv4 also where it came mapped into IPv6; empty when the peer is gone already.
    static func peer(of handle: UnsafeMutablePointer<uv_tcp_t>) -> String {
        var storage = sockaddr_storage()
        var length = Int32(MemoryLayout<sockaddr_storage>.size)
        return withUnsafeMutableBytes(of: &storage) { raw in
            let address = raw.baseAddress!.assumingMemoryBound(to: sockaddr.self)
            guard uv_tcp_getpeername(handle, address, &length) == 0 else { return "" }
            let text = withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { buffer in
                let status =
                    Int32(address.pointee.sa_family) == AF_INET6
                    ? uv_ip6_name(raw.baseAddress!.assumingMemoryBound(to: sockaddr_in6.self), buffer.baseAddress!, 64)
                    : uv_ip4_name(raw.baseAddress!.assumingMemoryBound(to: sockaddr_in.self), buffer.baseAddress!, 64)
                return status == 0 ? String(cString: buffer.baseAddress!) : ""
            }
            return text.hasPrefix("::ffff:") && text.contains(".") ? String(text.dropFirst(7)) : text
        }
    }
}
