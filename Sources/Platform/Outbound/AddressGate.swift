internal import CCurl
internal import Glibc
internal import Kernel

/// Opens the sockets of a transfer to admitted addresses only. It sees the address that is connected to, after names are resolved.
final class AddressGate {
    private let admits: @Sendable (String) -> Bool
    private(set) var hasRefused = false

    init(_ admits: @escaping @Sendable (String) -> Bool) { self.admits = admits }

    private func isAdmitted(_ address: UnsafePointer<sockaddr>, _ length: socklen_t) -> Bool {
        if let text = Self.text(address, length), admits(text) { return true }
        hasRefused = true
        return false
    }

    /// The address as text, without the zone of a link-local address.
    static func text(_ address: UnsafePointer<sockaddr>, _ length: socklen_t) -> String? {
        var buffer = [CChar](repeating: 0, count: Int(NI_MAXHOST))
        guard getnameinfo(address, length, &buffer, socklen_t(buffer.count), nil, 0, NI_NUMERICHOST) == 0 else { return nil }
        let text = String(own: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) })
        return String(text.prefix { $0 != "%" })
    }

    /// The callback of `CURLOPT_OPENSOCKETFUNCTION`.
    static let open: @convention(c) (UnsafeMutableRawPointer?, curlsocktype, UnsafeMutablePointer<curl_sockaddr>?) -> curl_socket_t = {
        context, _, address in
        guard let context, let address else { return -1 }
        let gate = Unmanaged<AddressGate>.fromOpaque(context).takeUnretainedValue()
        let isAdmitted = withUnsafePointer(to: &address.pointee.addr) { gate.isAdmitted($0, socklen_t(address.pointee.addrlen)) }
        guard isAdmitted else { return -1 }
        return socket(address.pointee.family, address.pointee.socktype | Int32(SOCK_CLOEXEC.rawValue), address.pointee.`protocol`)
    }
}
