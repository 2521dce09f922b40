import Glibc
import HTTP
import Synchronization
import Testing
import Transport

/// Many sockets of one loop written to in the same turn, by io_uring where the kernel has it, and one by one.
@Suite struct CrowdTests {
    /// Each has all of it, in order: also who reads late, whose queue the kernel took in parts.
    @Test(arguments: [true, false]) func everySocketGetsAllInOrder(_ usesRing: Bool) async throws {
        let hall = Hall()
        try await TestServer.run(hall, loops: 1, usesRing: usesRing, configure: set(\.maxQueuedBytes, 64 << 20)) { server in
            let late = try server.client(receiveBuffer: 8 << 10)
            try await late.openWebSocket()
            var clients: [TestClient] = []
            for _ in 0..<6 {
                clients.append(try server.client())
                try await clients.last?.openWebSocket()
            }
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
            var clients: [TestClient] = []
            for _ in 0..<140 {
                clients.append(try server.client())
                try await clients.last?.openWebSocket()
            }
            for index in stride(from: 0, to: 140, by: 2) { clients[index].reset() }
            for number in 0..<10 { try await hall.say(number) }
            let expected = (0..<10).flatMap { WebSocketFrame.binaryFrame(Hall.message($0)) }
            for index in stride(from: 1, to: 140, by: 2) { #expect(try await clients[index].receive(exactly: expected.count) == expected) }
            #expect(try await server.counts { $0.webSockets == 70 })
        }
    }

    /// A socket whose frames take long has a share of a turn: another's request is answered before they are all dealt with.
    @Test func aFloodWaitsForTheOthers() async throws {
        let log = FrameLog()
        try await TestServer.run(Slow(log: log), loops: 1) { server in
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

/// Takes a while for each frame, and stands at the first.
private struct Slow: HTTPResponder {
    let log: FrameLog

    func respond(to request: HTTPRequest) async -> HTTPOutcome {
        guard request.isWebSocketUpgrade else {
            log.noteRequest()
            return await Routes().respond(to: request)
        }
        return .upgrade(headers: [:]) { _ in Listener(log: log) }
    }

    private final class Listener: WebSocketDelegate {
        private let log: FrameLog
        init(log: FrameLog) { self.log = log }

        func received(text: [UInt8]) {
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
