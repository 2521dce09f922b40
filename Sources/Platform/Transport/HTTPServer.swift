internal import Synchronization

/// Listens on every loop of a group and has requests answered by one responder.
public final class HTTPServer: Sendable {
    public let options: HTTPServerOptions
    public let group: EventLoopGroup
    private let parts: [ServerLoop]

    public init(options: HTTPServerOptions, group: EventLoopGroup, responder: any HTTPResponder) {
        self.options = options
        self.group = group
        let admission = Admission(options)
        parts = group.loops.map { ServerLoop(loop: $0, options: options, responder: responder, admission: admission) }
    }

    /// Binds and begins to accept; returns the port, which the kernel chose where the options say 0. Call it once.
    public func start() throws(ListenFailure) -> Int {
        let (descriptors, port) = try Listening.open(options, loops: parts.count)
        for (part, sockets) in zip(parts, descriptors) { part.loop.execute { part.start(sockets) } }
        return port
    }

    /// Stops accepting, lets requests in progress finish, closes WebSockets with 1001, and after the deadline closes what is left.
    ///
    /// Returns when no connection is left. The loops go on: `EventLoopGroup.stop` ends them.
    public func shutdown(deadline: Duration) async {
        let milliseconds = Int(deadline.components.seconds * 1000 + deadline.components.attoseconds / 1_000_000_000_000_000)
        await withTaskGroup(of: Void.self) { group in
            for part in parts {
                group.addTask { await Self.shutDown(part, milliseconds) }
            }
        }
    }

    private static func shutDown(_ part: ServerLoop, _ milliseconds: Int) async {
        await withCheckedContinuation { continuation in
            part.loop.execute {
                let token = part.loop.schedule(after: milliseconds) { part.endShutdown() }
                part.beginShutdown {
                    token.cancel()
                    part.endShutdown()
                    // The delegates of the last connections hear of it when this turn is over; the caller goes on after that.
                    part.loop.atEndOfTurn { part.loop.deferLowPriority { continuation.resume() } }
                }
            }
        }
    }

    /// What was counted so far; from any thread.
    public var snapshot: HTTPServerSnapshot {
        var snapshot = HTTPServerSnapshot()
        for part in parts { part.counters.add(to: &snapshot) }
        return snapshot
    }
}
