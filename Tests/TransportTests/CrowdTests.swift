import Glibc
import HTTP
import Synchronization
import Testing
import Transport

/// Many sockets of one loop written to in the same turn, by io_uring where the kernel has it, and one by one.
@Suite struct CrowdTests {
    private static func webSockets(_ count: Int, of server: TestServer) async throws -> [TestClient] {
        var clients: [TestClient] = []
        for _ in 0..<count {
            let client = try server.client()
            try await client.openWebSocket()
            clients.append(client)
        }
        return clients
    }

    /// Each has all of it, in order: also who reads late, whose queue the kernel took in parts.
    @Test(arguments: [true, false]) func everySocketGetsAllInOrder(_ usesRing: Bool) async throws {
        let hall = Hall()
        try await TestServer.run(hall, loops: 1, usesRing: usesRing, configure: set(\.maxQueuedBytes, 64 << 20)) { server in
            let late = try server.client(receiveBuffer: 8 << 10)
            try await late.openWebSocket()
            let clients = try await Self.webSockets(6, of: server)
            let rounds = 1500
            let expected = (0..<rounds).flatMap { WebSocketFrame.binaryFrame(Hall.message($0)) }
            for number in 0..<rounds { try await hall.say(number) }
            for client in [late] + clients.prefix(3) { #expect(try await client.receive(exactly: expected.count) == expected) }
        }
    }

    /// One that is gone does not keep the others from theirs.
    @Test(arguments: [true, false]) func whoHasGoneIsLeftOut(_ usesRing: Bool) async throws {
        let hall = Hall()
        try await TestServer.run(hall, loops: 1, usesRing: usesRing) { server in
            let clients = try await Self.webSockets(140, of: server)
            for index in stride(from: 0, to: 140, by: 2) { clients[index].reset() }
            for number in 0..<10 { try await hall.say(number) }
            let expected = (0..<10).flatMap { WebSocketFrame.binaryFrame(Hall.message($0)) }
            for index in stride(from: 1, to: 140, by: 2) { #expect(try await clients[index].receive(exactly: expected.count) == expected) }
            #expect(try await server.counts { $0.webSockets == 70 })
        }
    }

    /// A crowd is written by and by: what came meanwhile is done before the last of them, each gets all of it in order, and the end of it is told.
    @Test(arguments: [true, false]) func othersAreServedWhileACrowdIsWritten(_ usesRing: Bool) async throws {
        let hall = Hall()
        try await TestServer.run(hall, loops: 1, usesRing: usesRing) { server in
            let clients = try await Self.webSockets(400, of: server)
            for number in 0..<3 { #expect(try await hall.order(ofSaying: number) == ["meanwhile", "written"]) }
            let expected = (0..<3).flatMap { WebSocketFrame.binaryFrame(Hall.message($0)) }
            for client in clients { #expect(try await client.receive(exactly: expected.count) == expected) }
        }
    }

    /// Frames that take long have a share of a turn, and so has what may wait for the others: another's request is answered before all are dealt
    /// with, and those in their order.
    @Test(arguments: [false, true]) func aFloodWaitsForTheOthers(_ isPatient: Bool) async throws {
        let log = FrameLog()
        try await TestServer.run(Slow(log: log, isPatient: isPatient), loops: 1) { server in
            let flood = try server.client()
            try await flood.openWebSocket()
            let numbers = (0..<200).map(String.init)
            try await flood.send(numbers.flatMap { WebSocketFrame.encode(.text, Array($0.utf8), mask: 1) })
            // The loop stands at the first frame until the request is there.
            try await log.begun.wait()
            let good = try server.client()
            try await good.send(HTTPServerTests.get)
            log.goOn.open()
            #expect(try await good.response().body == "GET / ")
            #expect(log.countAtRequest < 50)
            while log.texts.count < 200 { try await Task.sleep(for: .milliseconds(5)) }
            #expect(log.texts == numbers)
        }
    }

    /// A thousand who connect in one turn do not keep the loop from those who are connected, and all are let in.
    @Test func newConnectionsHaveAShareOfATurn() async throws {
        let (begun, goOn) = (Gate(), Latch())
        let accepted = Mutex(Int.max)
        let doorkeeper = Doorkeeper(begun: begun, goOn: goOn)
        try await TestServer.run(doorkeeper, loops: 1) { server in
            doorkeeper.onRequest.withLock { $0 = { accepted.withLock { $0 = server.server.snapshot.accepted } } }
            let (stopper, good) = (try server.client(), try server.client())
            try await good.send(HTTPServerTests.get)
            _ = try await good.response()
            try await stopper.send("GET /stop HTTP/1.1\r\nHost: a\r\n\r\n")
            try await begun.wait()
            var crowd: [TestClient] = []
            for _ in 0..<1000 { crowd.append(try server.client()) }
            try await good.send(HTTPServerTests.get)
            goOn.open()
            _ = try await good.response()
            #expect(accepted.withLock { $0 } < 1002)
            #expect(try await server.counts { $0.accepted == 1002 && $0.connections == 1002 })
            // Held back as they are, the ends of a thousand are heard of.
            for client in crowd { client.reset() }
            #expect(try await server.counts { $0.connections == 2 })
        }
    }

    /// Who was closed and sends on, without a close of its own, is not looked at for ever.
    @Test func aFloodBehindACloseEnds() async throws {
        try await TestServer.run(loops: 1) { server in
            let client = try server.client()
            try await client.openWebSocket()
            let ping = WebSocketFrame.encode(.ping, [], mask: 1)
            let sending = client.sending(WebSocketFrame.encode(.text, Array("bye".utf8), mask: 1) + (0..<2000).flatMap { _ in ping })
            #expect(try await client.events { _ in false } == [.close(code: 4001, reason: Array("as asked".utf8))])
            try await sending.value
            client.close()
            #expect(try await server.counts { $0.connections == 0 && $0.closes[.finished] == 1 })
        }
    }
}

/// A room that everybody is in.
private final class Hall: HTTPResponder, @unchecked Sendable {
    // SAFETY: the sockets are touched on the server's one loop only, which the lock guards the name of.
    private var sockets: [WebSocketConnection] = []
    private let loop = Mutex<EventLoop?>(nil)

    func respond(to request: HTTPRequest) async -> HTTPOutcome {
        .upgrade(headers: [:]) { socket in
            self.sockets.append(socket)
            self.loop.withLock { $0 = socket.loop }
            return Silent()
        }
    }

    static func message(_ number: Int) -> [UInt8] { Array("\(number) ".utf8) + [UInt8](repeating: 0x61, count: 3000) }

    /// Says it to all in one turn, and returns once that is written or queued.
    func say(_ number: Int) async throws {
        let loop = try #require(loop.withLock { $0 })
        let frame = SharedBytes(framed: WebSocketFrame.binaryFrame(Self.message(number)))
        await withCheckedContinuation { continuation in
            loop.execute {
                for socket in self.sockets { socket.send(frame: frame) }
                loop.execute { continuation.resume() }
            }
        }
    }

    /// Says it to all, while something else is to be done. - Returns: what came to an end first.
    func order(ofSaying number: Int) async throws -> [String] {
        let loop = try #require(loop.withLock { $0 })
        let frame = SharedBytes(framed: WebSocketFrame.binaryFrame(Self.message(number)))
        let order = Mutex<[String]>([])
        await withCheckedContinuation { continuation in
            loop.execute {
                for socket in self.sockets { socket.send(frame: frame) }
                loop.whenWritten {
                    order.withLock { $0.append("written") }
                    continuation.resume()
                }
                loop.execute { order.withLock { $0.append("meanwhile") } }
            }
        }
        return order.withLock { $0 }
    }

    private final class Silent: WebSocketDelegate {
        func received(text: [UInt8]) {}
        func closed(code: UInt16) {}
    }
}

private final class FrameLog: Sendable {
    private let heard = Mutex<[String]>([])
    private let answeredAfter = Mutex<Int>(.max)
    let begun = Gate()
    let goOn = Latch()

    var texts: [String] { heard.withLock { $0 } }
    var countAtRequest: Int { answeredAfter.withLock { $0 } }

    func add(_ text: String) { heard.withLock { $0.append(text) } }
    func noteRequest() { answeredAfter.withLock { $0 = texts.count } }
}

/// What a thread stands at until it is opened.
private final class Latch: @unchecked Sendable {
    // SAFETY: the semaphore is used through its own functions only.
    private let semaphore = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)

    init() { sem_init(semaphore, 0, 0) }
    deinit { semaphore.deallocate() }
    func open() { sem_post(semaphore) }
    func wait() { while sem_wait(semaphore) != 0 {} }
}

/// Stands at a request until it is let go, and tells of each.
private final class Doorkeeper: HTTPResponder {
    let begun: Gate
    let goOn: Latch
    let onRequest = Mutex<@Sendable () -> Void>({})

    init(begun: Gate, goOn: Latch) { (self.begun, self.goOn) = (begun, goOn) }

    func respond(to request: HTTPRequest) async -> HTTPOutcome {
        if request.rawPath == "/stop" {
            begun.open()
            goOn.wait()
        } else {
            onRequest.withLock { $0 }()
        }
        return await Routes().respond(to: request)
    }
}

/// Takes a while for each frame, and stands at the first.
private struct Slow: HTTPResponder {
    let log: FrameLog
    /// Whether its frames wait for the others.
    let isPatient: Bool

    func respond(to request: HTTPRequest) async -> HTTPOutcome {
        guard request.isWebSocketUpgrade else {
            log.noteRequest()
            return await Routes().respond(to: request)
        }
        return .upgrade(headers: [:]) { socket in Listener(log: log, loop: isPatient ? socket.loop : nil) }
    }

    private final class Listener: WebSocketDelegate {
        private let log: FrameLog
        private let loop: EventLoop?
        init(log: FrameLog, loop: EventLoop?) { (self.log, self.loop) = (log, loop) }

        func received(text: [UInt8]) {
            guard let loop else { return Self.take(text, log) }
            loop.deferLowPriority { [log] in Self.take(text, log) }
        }

        private static func take(_ text: [UInt8], _ log: FrameLog) {
            if log.texts.isEmpty {
                log.begun.open()
                log.goOn.wait()
            }
            usleep(1000)
            log.add(String(decoding: text, as: UTF8.self))
        }
        func closed(code: UInt16) {}
    }
}
