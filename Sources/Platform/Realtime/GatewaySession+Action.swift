internal import Kernel

extension GatewaySession {
    /// What the owner of a session does after a frame, an answer or a tick.
    enum Action {
        case send([UInt8])
        /// Answer with `authenticated`; without a token by what came with the upgrade.
        case authenticate(token: String?)
        /// Answer with `welcomed` once `ready` is sent.
        case welcome(GatewayIdentity, GatewayResume?)
        /// Answer with `resolved`.
        case resolve(id: JSON, TopicAliases)
        case listen(Subscription)
        case unlisten(Subscription)
        case run(Command, CommandCall.Frame)
        case ping
        case close(CloseCode)
    }
}
