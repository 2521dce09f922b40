/// What speaks on a connection: HTTP, a streamed response, or a WebSocket. All calls come on the connection's loop.
protocol ConnectionHandler: AnyObject {
    /// Bytes arrived; they are valid during the call only.
    func received(_ bytes: UnsafeRawBufferPointer)
    /// The peer will send nothing more.
    func peerEnded()
    /// All that was queued is written.
    func drained()
    /// The read deadline passed.
    func timedOut()
    /// The server is going down: end as soon as it is polite.
    func shutDown()
    /// The connection is gone; called once.
    func closed(_ reason: CloseReason)
}
