internal import Bus
internal import Kernel
internal import Transport

/// A session's frames as server-sent events; the id of each is the client's place after it. Loop-confined.
final class StreamTransport: SessionTransport, HTTPStreamDelegate, @unchecked Sendable {
    // SAFETY: touched on the stream's loop only, as the protocols say; `@unchecked` lets closures that run there capture it.

    let stream: HTTPStream
    /// Set once, before the first frame; let go at the end.
    var socket: GatewaySocket?
    private var place = ResumeToken(session: "")
    private var code: UInt16 = 1006

    init(_ stream: HTTPStream) {
        self.stream = stream
        stream.send(Array("retry: 2000\n\n".utf8))
    }

    var executor: any LoopExecutor { stream.loop }
    var isOneWay: Bool { true }
    var queuedBytes: Int { stream.queuedBytes }

    func begin(_ session: String) { place.session = session }

    func send(_ text: [UInt8], places: [String: Position]) {
        place.move(places)
        stream.send(Array("id: \(place)\ndata: ".utf8) + text + Array("\n\n".utf8))
    }

    func leave(_ topic: String) { place.positions[topic] = nil }

    /// A dead peer is found by the write timeout, which the kernel counts for what it does not acknowledge.
    func ping() -> Bool {
        stream.send(Array(": still here\n\n".utf8))
        return true
    }

    func close(code: UInt16, reason: String) {
        self.code = code
        send(GatewayReply.close(code: code, reason: reason), places: [:])
        stream.finish()
    }

    func closed() {
        socket?.closed(code: code)
        socket = nil
    }
}
