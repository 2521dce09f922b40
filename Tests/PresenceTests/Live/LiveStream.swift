import Glibc
import Kernel

/// A plain HTTP request whose answer is read as it comes: server-sent events.
final class LiveStream {
    private let descriptor: Int32
    private(set) var text = ""

    init(port: Int, path: String, headers: [String]) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let status = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
        }
        let head = Array("GET \(path) HTTP/1.1\r\nHost: 127.0.0.1\r\n\(headers.map { $0 + "\r\n" }.joined())\r\n".utf8)
        guard status == 0, send(descriptor, head, head.count, Int32(MSG_NOSIGNAL)) == head.count else {
            throw LiveSocket.Failure(what: "connect: \(errno)")
        }
    }

    deinit { close(descriptor) }

    /// Reads until the answer holds the text.
    func wait(for wanted: String, within seconds: Double = 10) async throws {
        let end = monotonicNanoseconds() + UInt64(seconds * 1e9)
        var buffer = [UInt8](repeating: 0, count: 16 << 10)
        while !text.contains(wanted) {
            let count = recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
            if count > 0 {
                text += String(decoding: buffer[..<count], as: UTF8.self)
            } else if count == 0 || monotonicNanoseconds() > end {
                throw LiveSocket.Failure(what: "no \(wanted); there was \(text)")
            } else {
                try await Task.sleep(for: .milliseconds(1))
            }
        }
    }
}
