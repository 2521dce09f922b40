import Glibc
import Synchronization

/// A small mail server on a real socket: it says what the test tells it to, and keeps what it takes.
final class SMTPPeer: Sendable {
    struct Mail: Sendable {
        let sender: String
        let recipient: String
        /// With CRLF, the stuffed dots taken out.
        let content: String

        /// The field's value, unfolded.
        func header(_ name: String) -> String? {
            let head = content.components("\r\n\r\n")[0]
            let unfolded = head.components("\r\n ").joined(separator: " ").components("\r\n")
            return unfolded.first { $0.lowercased().hasPrefix(name.lowercased() + ": ") }.map { String($0.dropFirst(name.count + 2)) }
        }
    }

    private struct State {
        var answers: [String: [String]] = [:]
        var mails: [Mail] = []
        var isOver = false
    }

    let port: Int
    private let listener: Int32
    private let state = Mutex(State())

    init() throws {
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
        guard isBound, listen(listener, 16) == 0 else { throw SMTPPeerFailure() }
        (self.listener, port) = (listener, Int(UInt16(bigEndian: address.sin_port)))
    }

    /// Answers once so to the next command of that name (`greeting`, `RCPT`, `end` of the data), instead of accepting it.
    func answer(_ command: String, _ text: String) { state.withLock { $0.answers[command, default: []].append(text) } }

    var mails: [Mail] { state.withLock { $0.mails } }

    /// Serves on a thread of its own while the body runs.
    func run(_ body: () async throws -> Void) async throws {
        let thread = Pthread { self.serve() }
        defer {
            state.withLock { $0.isOver = true }
            shutdown(listener, Int32(SHUT_RDWR))
            close(listener)
            thread.join()
        }
        try await body()
    }

    private func serve() {
        while !state.withLock({ $0.isOver }) {
            let client = accept(listener, nil, nil)
            guard client >= 0 else { return }
            converse(client)
            close(client)
        }
    }

    private func converse(_ client: Int32) {
        var reader = LineReader(descriptor: client)
        guard say(client, "greeting", "220 peer ready") else { return }
        var (sender, recipient) = ("", "")
        while let line = reader.next() {
            switch line.prefix(4).uppercased() {
            case "EHLO": _ = say(client, "EHLO", "250-peer\r\n250 8BITMIME")
            case "MAIL":
                sender = line
                _ = say(client, "MAIL", "250 fine")
            case "RCPT":
                recipient = line
                _ = say(client, "RCPT", "250 fine")
            case "DATA":
                guard say(client, "DATA", "354 go on") else { continue }
                var content = ""
                while let line = reader.next(), line != "." { content += (line.hasPrefix(".") ? String(line.dropFirst()) : line) + "\r\n" }
                if say(client, "end", "250 taken") {
                    state.withLock { $0.mails.append(Mail(sender: sender, recipient: recipient, content: content)) }
                }
            case "QUIT":
                _ = say(client, "QUIT", "221 bye")
                return
            default: _ = say(client, "other", "502 what?")
            }
        }
    }

    /// - Returns: whether it was accepted.
    private func say(_ client: Int32, _ command: String, _ usual: String) -> Bool {
        let told = state.withLock { state -> String? in
            guard var waiting = state.answers[command], !waiting.isEmpty else { return nil }
            defer { state.answers[command] = waiting }
            return waiting.removeFirst()
        }
        let line = Array(((told ?? usual) + "\r\n").utf8)
        _ = send(client, line, line.count, Int32(MSG_NOSIGNAL))
        return told == nil
    }
}

struct SMTPPeerFailure: Error {}

private struct LineReader {
    let descriptor: Int32
    var buffer: [UInt8] = []

    init(descriptor: Int32) { self.descriptor = descriptor }

    mutating func next() -> String? {
        while true {
            if let end = buffer.firstIndex(of: 0x0A) {
                let line = buffer[..<end].filter { $0 != 0x0D }
                buffer.removeFirst(end + 1)
                return String(decoding: line, as: UTF8.self)
            }
            var chunk = [UInt8](repeating: 0, count: 4096)
            let count = recv(descriptor, &chunk, chunk.count, 0)
            guard count > 0 else { return nil }
            buffer += chunk[..<count]
        }
    }
}

/// A joinable thread.
private final class Pthread {
    private var thread = pthread_t()

    init(_ body: @escaping @Sendable () -> Void) {
        final class Box: Sendable {
            let body: @Sendable () -> Void
            init(_ body: @escaping @Sendable () -> Void) { self.body = body }
        }
        let context = Unmanaged.passRetained(Box(body)).toOpaque()
        pthread_create(
            &thread, nil,
            { context in
                context.map { Unmanaged<Box>.fromOpaque($0).takeRetainedValue() }?.body()
                return nil
            }, context)
    }

    func join() { pthread_join(thread, nil) }
}

extension String {
    /// What stands between the separators.
    func components(_ separator: String) -> [String] {
        var (parts, rest) = ([String](), Array(utf8)[...])
        let wanted = Array(separator.utf8)
        var start = rest.startIndex
        var index = start
        while index + wanted.count <= rest.endIndex {
            if rest[index..<index + wanted.count].elementsEqual(wanted) {
                parts.append(String(decoding: rest[start..<index], as: UTF8.self))
                index += wanted.count
                start = index
            } else {
                index += 1
            }
        }
        rest = rest[start...]
        return parts + [String(decoding: rest, as: UTF8.self)]
    }
}
