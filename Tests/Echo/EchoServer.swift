import Glibc
import HTTP
import Transport

/// The server's transport with nothing behind it. What a WebSocket sends comes back, at `/` as it stands, at `/compressed` like a broadcast; a
/// plain request gets the bytes of a file.
///
///     EchoServer [--port P] [--loops N] [--io-uring no] [--limit BYTES] [--body FILE] [--cert FILE --key FILE]
///
/// Prints its port, and ends with its standard input.
struct EchoServer {
    private var options = HTTPServerOptions()
    private var loops: Int?
    private var usesRing = true
    private var files = TLSFiles(certificate: "", key: "")
    private var body: [UInt8] = []

    init(_ arguments: [String]) {
        options.port = 0
        for (name, value) in zip(arguments, arguments.dropFirst()) {
            switch name {
            case "--port": options.port = Int(value) ?? 0
            case "--loops": loops = Int(value)
            case "--io-uring": usesRing = value != "no"
            case "--body": body = Self.read(value)
            case "--limit": options.maxMessageSize = Int(value) ?? options.maxMessageSize
            case "--cert": files.certificate = value
            case "--key": files.key = value
            default: break
            }
        }
    }

    private static func read(_ path: String) -> [UInt8] {
        guard let file = fopen(path, "r") else { return [] }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 1 << 20)
        return Array(bytes.prefix(fread(&bytes, 1, bytes.count, file)))
    }

    func run() async throws {
        var options = options
        if !files.certificate.isEmpty { options.tls = try TLSContext([files]) }
        let group = EventLoopGroup(count: loops, usesRing: usesRing)
        let server = HTTPServer(options: options, group: group, responder: Echoes(body: body))
        print(try server.start())
        fflush(nil)
        await withCheckedContinuation { continuation in
            Task.detached {
                while readLine() != nil {}
                continuation.resume()
            }
        }
        await server.shutdown(deadline: .seconds(1))
    }
}

private struct Echoes: HTTPResponder {
    let body: [UInt8]

    func respond(to request: HTTPRequest) async -> HTTPOutcome {
        guard request.isWebSocketUpgrade else {
            return .response(HTTPResponse(headers: ["Content-Type": "application/json"], body: body))
        }
        let compresses = request.rawPath == "/compressed"
        return .upgrade(headers: [:]) { Echo($0, compresses) }
    }
}

private final class Echo: WebSocketDelegate {
    private let socket: WebSocketConnection
    private let compresses: Bool

    init(_ socket: WebSocketConnection, _ compresses: Bool) { (self.socket, self.compresses) = (socket, compresses) }

    func received(text: [UInt8]) {
        if compresses { socket.send(message: SharedMessage(text: text)) } else { socket.send(text: text) }
    }
    func received(binary: [UInt8]) { socket.send(binary: binary) }
    func closed(code: UInt16) {}
}
