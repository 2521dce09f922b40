/// One topic, and what of it somebody wants: admitted once, and checked again before each answer.
public struct SubscriptionRequest: Sendable {
    let topic: String
    let filter: TopicFilter
}
