extension GatewaySession {
    struct Limits: Sendable {
        var subscriptions = 200
        /// People whom all subscriptions together name.
        var watched = 5_000
        /// Subscriptions that search for parts of words.
        var searches = 10
        /// Frames per second.
        var rate = 50.0
        /// Frames at once.
        var burst = 200.0
        /// Refused frames after which the connection is closed; a pause starts the count again.
        var flood = 200
        /// Frames that wait until `ready` is sent.
        var waiting = 100
        /// Milliseconds.
        var hello: Int64 = 10_000
        var heartbeat: Int64 = 25_000
        var tokenGrace: Int64 = 30_000
    }

    /// What all sessions of a gateway share.
    final class Terms: Sendable {
        let limits: Limits
        let rules: TopicRules
        let commands: [String: Command]
        let stock: PersonalStock

        init(limits: Limits, rules: TopicRules, commands: [String: Command], stock: PersonalStock = PersonalStock()) {
            (self.limits, self.rules, self.commands, self.stock) = (limits, rules, commands, stock)
        }
    }
}
