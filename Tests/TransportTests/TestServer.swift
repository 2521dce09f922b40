import HTTP
import Transport

/// A server on two loops and a free port, ended with its test.
struct TestServer {
    let server: HTTPServer
    let port: Int

    static func run(
        _ responder: any HTTPResponder = Routes(), loops: Int = 2, usesRing: Bool = true,
        configure: (inout HTTPServerOptions) -> Void = { _ in },
        _ body: (TestServer) async throws -> Void
    ) async throws {
        var options = HTTPServerOptions()
        options.port = 0
        // However busy the machine is, only what a test sets itself runs out.
        options.headTimeout = 600_000
        options.bodyTimeout = 600_000
        options.keepAliveTimeout = 600_000
        options.writeTimeout = 600_000
        options.lingerTimeout = 600_000
        options.closeTimeout = 600_000
        configure(&options)
        let group = EventLoopGroup(count: loops, usesRing: usesRing)
        let server = HTTPServer(options: options, group: group, responder: responder)
        let running = TestServer(server: server, port: try server.start())
        do {
            try await body(running)
        } catch {
            await running.stop()
            throw error
        }
        await running.stop()
    }

    private func stop() async {
        await server.shutdown(deadline: .milliseconds(200))
        server.group.stop()
    }

    /// Whether the counters come to say so: a peer may read an end before the server has counted it.
    func counts(_ condition: (HTTPServerSnapshot) -> Bool) async throws -> Bool {
        for _ in 0..<4000 where !condition(server.snapshot) { try await Task.sleep(for: .milliseconds(5)) }
        return condition(server.snapshot)
    }

    func client(receiveBuffer: Int32? = nil) throws -> TestClient { try TestClient(port: port, receiveBuffer: receiveBuffer) }
}

/// One option unlike its default.
func set<Value>(_ option: WritableKeyPath<HTTPServerOptions, Value>, _ value: Value) -> (inout HTTPServerOptions) -> Void {
    { $0[keyPath: option] = value }
}

/// What the tests ask for.
struct Routes: HTTPResponder {
    func plan(for head: HTTPRequest) -> BodyPlan { BodyPlan(limit: head.rawPath == "/upload" ? 3 << 20 : nil) }

    func respond(to request: HTTPRequest) async -> HTTPOutcome {
        switch request.rawPath {
        case "/ws": return .upgrade(headers: ["X-Extra": "yes"]) { Echo($0) }
        case "/flood": return .upgrade(headers: [:]) { Flood($0) }
        case "/events": return .stream(HTTPResponse(headers: ["Content-Type": "text/event-stream"])) { Ticks($0) }
        case "/slow":
            do { try await Task.sleep(for: .milliseconds(100)) } catch { return .response(HTTPResponse(status: 500)) }
            return .response(HTTPResponse(status: 200, text: "slow"))
        case "/large": return .response(HTTPResponse(body: [UInt8](repeating: 0x61, count: 8 << 20)))
        case "/nothing": return .response(HTTPResponse(status: 204))
        default:
            return .response(
                HTTPResponse(status: 200, text: "\(request.method) \(request.target) " + String(decoding: request.body, as: UTF8.self)))
        }
    }
}

private final class Echo: WebSocketDelegate {
    private let socket: WebSocketConnection
    init(_ socket: WebSocketConnection) { self.socket = socket }

    func received(text: [UInt8]) {
        switch String(decoding: text, as: UTF8.self) {
        case "ten": for index in 0..<10 { socket.send(text: Array("\(index)".utf8)) }
        case "bye": socket.close(code: 4001, reason: "as asked")
        default: socket.send(text: text)
        }
    }
    func received(binary: [UInt8]) { socket.send(binary: binary) }
    func closed(code: UInt16) {}
}

/// Sends more than any queue takes.
private final class Flood: WebSocketDelegate {
    init(_ socket: WebSocketConnection) {
        let frame = SharedBytes(text: [UInt8](repeating: 0x62, count: 64 << 10))
        for _ in 0..<400 { socket.send(frame: frame) }
    }
    func received(text: [UInt8]) {}
    func closed(code: UInt16) {}
}

private final class Ticks: HTTPStreamDelegate {
    init(_ stream: HTTPStream) {
        stream.send(Array("data: 1\n\n".utf8))
        stream.loop.schedule(after: 20) {
            stream.send(Array("data: 2\n\n".utf8))
            stream.finish()
        }
    }
    func closed() {}
}
