internal import Kernel

extension GatewaySession {
    /// One subscription of a client; the session, its loop’s lists and the store of resumable sessions share the object.
    final class Subscription: Sendable {
        let id: JSON
        let topic: String
        let filter: TopicFilter

        init(id: JSON, topic: String, filter: TopicFilter = .none) { (self.id, self.topic, self.filter) = (id, topic, filter) }
    }
}
