/// Why a connection ended, as counted by the server.
public enum CloseReason: String, Sendable, CaseIterable {
    /// The exchange was over: a response with `Connection: close`, a WebSocket closed by either side.
    case finished
    /// The peer went away between messages.
    case peer
    /// The peer reset the connection, or the kernel reported an error.
    case failure
    /// No request came within the keep-alive time.
    case idle
    /// A head or a body took too long.
    case requestTimeout
    /// The peer took nothing of what was written for too long.
    case writeStalled
    /// The queue of unwritten bytes passed its limit.
    case slowReader
    /// The peer broke HTTP or WebSocket.
    case protocolError
    /// A limit on connections refused it.
    case refused
    /// The server is going down.
    case shutdown
}
