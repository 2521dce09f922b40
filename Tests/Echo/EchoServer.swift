import Glibc
import HTTP
import Transport

/// The server's WebSockets with nothing behind them: what a client sends comes back, at `/` as it stands, at `/compressed` like a broadcast.
///
///     EchoServer [--port P] [--loops N] [--limit BYTES]
///
/// Prints its port, and ends with its standard input.
struct EchoServer {
    private var options = HTTPServerOptions()
    private var loops: Int?

    init(_ arguments: [String]) {
        options.port = 0
        for (name, value) in zip(arguments, arguments.dropFirst()) {
            switch name {
            case "--port": options.port = Int(value) ?? 0
            case "--loops": loops = Int(value)
            case "--limit": options.maxMessageSize = Int(value) ?? options.maxMessageSize
            default: break
            }
        }
    }

    func run() async throws {
        let group = EventLoopGroup(count: loops)
        let server = HTTPServer(options: options, group: group, responder: Echoes())
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
    func respond(to request: HTTPRequest) async -> HTTPOutcome {
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
