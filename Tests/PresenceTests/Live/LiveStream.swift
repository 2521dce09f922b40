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
    func wait(for wanted: String, within seconds: Double = 30) async throws {
        try await read(within: seconds, for: wanted) { text.contains(wanted) ? () : nil }
    }

    /// The next event of the type that satisfies the condition; those before it are passed over.
    func next(
        _ type: String, within seconds: Double = 30, where condition: (JSON) -> Bool = { _ in true }
    ) async throws -> (id: String, data: JSON) {
        try await read(within: seconds, for: type) {
            for event in try events.dropFirst(passed) {
                passed += 1
                if event.data["type"]?.string == type, condition(event.data) { return event }
            }
            return nil
        }
    }

    /// The body of an answer that has a length.
    func body(within seconds: Double = 40) async throws -> String {
        try await read(within: seconds, for: "the answer") {
            guard let end = text.firstRange(of: "\r\n\r\n"), let name = text.firstRange(of: "Content-Length: ") else { return nil }
            let length = Int(text[name.upperBound...].prefix { $0.isNumber }) ?? 0
            let body = text[end.upperBound...]
            return body.utf8.count >= length ? String(body) : nil
        }
    }

    private var passed = 0

    /// Those that have come whole. Each is one chunk of the body, so that a chunk's length never stands inside.
    private var events: [(id: String, data: JSON)] {
        get throws {
            var events: [(String, JSON)] = []
            var rest = text[...]
            while let end = rest.firstRange(of: "\n\n") {
                let block = rest[..<end.lowerBound]
                rest = rest[end.upperBound...]
                guard let id = block.firstRange(of: "id: "), let data = block.firstRange(of: "\ndata: ") else { continue }
                events.append((String(block[id.upperBound..<data.lowerBound]), try JSONParser.parse(Array(block[data.upperBound...].utf8))))
            }
            return events
        }
    }

    private func read<Found>(within seconds: Double, for wanted: String, _ find: () throws -> Found?) async throws -> Found {
        let end = monotonicNanoseconds() + UInt64(seconds * 1e9)
        var buffer = [UInt8](repeating: 0, count: 16 << 10)
        while true {
            if let found = try find() { return found }
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
