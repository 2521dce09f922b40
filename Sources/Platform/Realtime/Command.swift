public import Kernel
public import Web

/// One request of a client over the gateway, by the frame's `type`: `presence.set`.
public struct Command: Sendable {
    public let name: String
    /// A person must be signed in; guests get `error {code: "unauthenticated"}` before the handler.
    public let handler: @Sendable (CommandCall) async throws -> Void

    public init(_ name: String, handler: @escaping @Sendable (CommandCall) async throws -> Void) {
        (self.name, self.handler) = (name, handler)
    }

    /// The same command, unknown while the condition does not hold.
    public func available(while isOn: @escaping @Sendable () -> Bool) -> Command {
        Command(name) { [name, handler] call in
            guard isOn() else { throw GatewaySession.unknownType(name) }
            try await handler(call)
        }
    }

    /// The same command, measured like a request.
    public func measured(by meter: any RequestMeter, clock: WallClock) -> Command {
        Command(name) { [name, handler] call in
            let start = monotonicNanoseconds()
            let note = { (status: Int) in
                meter.note(
                    RequestMeasure(
                        method: "WS", route: name, status: status, nanoseconds: monotonicNanoseconds() - start, user: call.scope.userID,
                        session: call.scope.sessionID, rank: call.scope.rank, userAgent: call.scope.userAgent,
                        at: clock.now()))
            }
            do {
                try await handler(call)
                note(200)
            } catch {
                note(Application.problem(from: error).status)
                throw error
            }
        }
    }
}

/// A command as it came: who asks, on which connection, with which members.
public struct CommandCall: Sendable {
    public let scope: Scope
    public let connection: ConnectionID
    /// The frame without `type` and `id`.
    public let body: JSONObject

    public init(scope: Scope, connection: ConnectionID, body: JSONObject) {
        (self.scope, self.connection, self.body) = (scope, connection, body)
    }

    /// What of it the frame says.
    struct Frame: Sendable {
        let scope: Scope
        let id: JSON?
        let body: JSONObject
    }
}
