internal import Glibc
internal import Synchronization

/// A small HTTP server on a loopback socket: it answers each connection with the given bytes and keeps the requests.
package final class HTTPPeer: Sendable {
    package let port: Int
    private let listener: Int32
    private let answer: @Sendable (String) -> String?
    private let received = Mutex<[String]>([])

    package var requests: [String] { received.withLock { $0 } }
    package var url: String { "http://127.0.0.1:\(port)" }

    /// - Parameter answer: the response to a request; nil leaves the connection open without one.
    package init(_ answer: @escaping @Sendable (String) -> String?) throws {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, length) == 0 && getsockname(listener, $0, &length) == 0
            }
        }
        guard isBound, listen(listener, 16) == 0 else { throw Failure() }
        (self.listener, self.answer, port) = (listener, answer, Int(UInt16(bigEndian: address.sin_port)))
    }

    struct Failure: Error {}

    /// Serves while the body runs.
    package func run(_ body: () async throws -> Void) async throws {
        let thread = Thread { self.serve() }
        defer {
            shutdown(listener, Int32(SHUT_RDWR))
            thread.join()
            close(listener)
        }
        try await body()
    }

    private func serve() {
        var held: [Int32] = []
        defer { for each in held { close(each) } }
        while true {
            let client = accept(listener, nil, nil)
            guard client >= 0 else { return }
            let request = read(client)
            received.withLock { $0.append(request) }
            guard let text = answer(request) else {
                held.append(client)
                continue
            }
            var bytes = Array(text.utf8)[...]
            while !bytes.isEmpty {
                let count = bytes.withUnsafeBytes { send(client, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
                guard count > 0 else { break }
                bytes = bytes.dropFirst(count)
            }
            shutdown(client, Int32(SHUT_WR))
            held.append(client)
        }
    }

    /// The head and as much of the body as `Content-Length` says.
    private func read(_ client: Int32) -> String {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let text = String(decoding: bytes, as: UTF8.self)
            if let end = text.range(of: "\r\n\r\n") {
                let fields = text[..<end].split(separator: "\r\n").filter { $0.lowercased().hasPrefix("content-length:") }
                let length = fields.first.flatMap { Int($0.drop { $0 != ":" }.dropFirst().filter { $0 != " " }) } ?? 0
                if text[end...].utf8.count - 4 >= length { return text }
            }
            let count = recv(client, &buffer, buffer.count, 0)
            guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
            bytes += buffer[..<count]
        }
    }
}

extension String {
    /// The place where a text begins.
    fileprivate func range(of text: String) -> String.Index? {
        let (own, sought) = (utf8, Array(text.utf8))
        var index = own.startIndex
        while index < own.endIndex {
            if own[index...].starts(with: sought) { return index }
            index = own.index(after: index)
        }
        return nil
    }
}

/// A thread that is joined.
private final class Thread {
    private var id = pthread_t()

    init(_ body: @escaping @Sendable () -> Void) {
        let box = Unmanaged.passRetained(Body(body))
        pthread_create(
            &id, nil,
            { context in
                context.map { Unmanaged<Body>.fromOpaque($0).takeRetainedValue().run() }
                return nil
            }, box.toOpaque())
    }

    func join() { pthread_join(id, nil) }

    private final class Body: Sendable {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }
}
